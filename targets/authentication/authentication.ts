import type { Members } from '../members.ts';
import type { Target } from '../target/target.ts';
import type { WireRequest } from '../transport/transport.ts';
import type { Credentials, SigningChange } from './aws-signature.ts';

/** How a client shows who it is, by the names of RFC 7591 and OpenID Connect; `sigv4` is AWS's. */
export type AuthMethod = 'client_secret_basic' | 'client_secret_post' | 'none' | 'sigv4';

/** Who asks, as a request presents it, right or wrong. */
export interface Credential {
  readonly method: AuthMethod;
  readonly client_id?: unknown;
  readonly client_secret?: unknown;
}

/** How the proof of who asks differs from the right one. A method that cannot make such a change throws. */
export interface AuthChange {
  readonly signing?: SigningChange;
}

/** What a proof is made with. */
export interface ProofParts {
  readonly target: Target;
  /** Seconds by which the target's clock is ahead. */
  readonly ahead: number;
  /** The credentials of the target's AWS principal. */
  readonly credentials: () => Promise<Credentials>;
}

/** One way to authenticate a client. */
export interface ClientAuthentication {
  readonly method: AuthMethod;
  /** What fixture providers and target files call it. */
  readonly auth: 'secret' | 'iam' | 'client_secret_basic' | 'none';
  /** What it adds to the members of a request, in front of them. */
  present(by: Credential): Members;
  /** Headers that it adds. */
  headers?(by: Credential): Readonly<Record<string, string>>;
  /** What it does to the request as it goes out. */
  prove(wire: WireRequest, as: AuthChange, parts: ProofParts): Promise<WireRequest>;
}
