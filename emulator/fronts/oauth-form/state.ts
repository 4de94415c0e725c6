import type { JWK } from 'jose';
import type { GrantType } from '../../core/attempt.ts';
import type { Fault, RegisteredClient, State } from '../../core/state.ts';
import type { AuthMethod } from './methods.ts';

/** What this front remembers besides the core. */
export interface OAuthState {
  /** Where the emulator listens, without a path: for whoever does not say how they reach it. */
  origin: string;
  /** Of the authorization endpoint, which is no operation of the core. */
  readonly faults: Set<Omit<Fault, 'operation'>>;
  readonly grants: readonly GrantType[];
  /** Of client assertions: the client and the `jti`. */
  readonly usedClientAssertions: Set<string>;
  /** By user name. */
  readonly passwords: Map<string, string>;
}

export const newOAuthState = (grants: readonly GrantType[]): OAuthState => ({
  faults: new Set(),
  grants,
  origin: 'http://127.0.0.1',
  usedClientAssertions: new Set(),
  passwords: new Map(),
});

export const oauthOf = ({ ofFront }: State): OAuthState => ofFront as OAuthState;

/** A client with what RFC 7591 lets it say of itself. */
export interface OAuthClient extends RegisteredClient {
  readonly name: string | undefined;
  readonly method: AuthMethod;
  /** The one algorithm of its assertions; undefined leaves it to the method. */
  readonly assertionAlgorithm: string | undefined;
  readonly keys: readonly JWK[] | undefined;
  readonly keysUri: string | undefined;
  readonly responseTypes: readonly string[];
  /** Reads and deletes the registration (RFC 7592). */
  readonly registrationToken: string;
}
