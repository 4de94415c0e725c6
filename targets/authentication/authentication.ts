import type { KeyObject } from 'node:crypto';
import type { Members } from '../members.ts';
import type { RegisteredMethod, Target } from '../target/target.ts';
import type { WireRequest } from '../transport/transport.ts';
import type { Credentials, SigningChange } from './aws-signature.ts';

/** How a client shows who it is, by the names of RFC 7591 and OpenID Connect; `sigv4` is AWS's. */
export type AuthMethod = RegisteredMethod | 'sigv4';

/** Who asks, as a request presents it, right or wrong. */
export interface Credential {
  readonly method: AuthMethod;
  readonly client_id?: unknown;
  readonly client_secret?: unknown;
  /** The name of the keys that it signs with. */
  readonly kid?: string;
  readonly client_assertion?: string;
  /** In place of the usual one; null leaves it out. */
  readonly client_assertion_type?: string | null;
}

/** How an Authorization header differs from the right one, from the inside out. */
export interface BasicChange {
  /** How the id and the secret are spelt before they are joined. */
  readonly spelt?: (text: string) => string;
  /** What is written in Base64, in place of the id, a colon and the secret. */
  readonly pair?: (right: string) => string;
  /** What stands behind the scheme, in place of the right Base64. */
  readonly credentials?: (right: string) => string;
  readonly scheme?: string;
}

/** The header or the claims of a JWT. */
export type JwtPart = Readonly<Record<string, unknown>>;

/** How a client assertion differs from the right one, from the inside out. */
export interface AssertionChange {
  readonly claims?: (right: JwtPart) => JwtPart;
  readonly header?: (right: JwtPart) => JwtPart;
  /** What it is signed with, in place of the key or the secret of the client. */
  readonly key?: string | KeyObject;
  readonly text?: (right: string) => string;
}

/** How the proof of who asks differs from the right one. A method that cannot make such a change throws. */
export interface AuthChange {
  readonly signing?: SigningChange;
  readonly basic?: BasicChange;
  readonly assertion?: AssertionChange;
  /** By which method the client authenticates besides, with what differs there. */
  readonly also?: Partial<Credential> & Pick<Credential, 'method'>;
}

/** What a proof is made with. */
export interface ProofParts {
  readonly target: Target;
  /** Seconds by which the target's clock is ahead. */
  readonly ahead: number;
  /** The credentials of the target's AWS principal. */
  readonly credentials: () => Promise<Credentials>;
  /** The URL of the token endpoint. */
  readonly tokenEndpoint: () => string;
}

/** One way to authenticate a client. */
export interface ClientAuthentication {
  readonly method: AuthMethod;
  /** What fixture providers and target files call it where its dialect has only one of its kind. */
  readonly auth: 'secret' | 'iam' | AuthMethod;
  /** The changes that it can make. */
  readonly changes: readonly (keyof AuthChange)[];
  /** Makes what each request presents anew. */
  ready?(by: Credential, as: AuthChange, parts: ProofParts): Promise<Credential>;
  /** What it adds to the members of a request, in front of them. */
  present(by: Credential): Members;
  /** Headers that it adds. */
  headers?(by: Credential, as: AuthChange): Readonly<Record<string, string>>;
  /** What it does to the request as it goes out. */
  prove?(wire: WireRequest, as: AuthChange, parts: ProofParts): Promise<WireRequest>;
}
