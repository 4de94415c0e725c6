import type { AuthMethod, Credential } from '../../targets/authentication/authentication.ts';
import type { Call } from '../../targets/dialect.ts';

/** A client as a case has it. */
export interface Client extends Credential {
  readonly client_id: string;
  readonly client_secret?: string;
  /** When the secret ends, in epoch seconds, where that is known. */
  readonly secret_expires_at?: number;
  /** Where its authorization codes are sent. */
  readonly redirect_uri: string;
}

export interface ClientWishes {
  /** Tells clients of one case apart: under another name it must be another client. */
  readonly name?: string;
  /** Asks for a new one under the same name: the same name and wishes give the same client. */
  readonly fresh?: string;
  readonly grants?: readonly string[];
  /** A grant that the client must not be allowed; `grants` do not name it. */
  readonly without?: string;
  readonly redirectUris?: readonly string[];
  /** How it authenticates. */
  readonly method?: AuthMethod;
}

/** An authorization code with what redeems it. */
export interface Code {
  readonly code: string;
  /** Absent where the authorization request had none. */
  readonly redirect_uri?: string;
  readonly code_verifier?: string;
}

export interface CodeWishes {
  readonly redirectUri?: string;
  /** The PKCE verifier whose challenge the code is bound to; null for a code without challenge. */
  readonly verifier?: string | null;
  readonly nonce?: string;
  /** What the user authorizes, when that is less than the client may have. */
  readonly scope?: readonly string[];
  /** What the authorization request asks access to (RFC 8707 §2.1). */
  readonly resource?: string;
}

/** What an authorization request has that few have, or lacks that most have. */
export interface ExactWishes extends Pick<CodeWishes, 'verifier' | 'scope'> {
  /** False leaves it out. */
  readonly redirectUri?: false;
  /** Of the verifier; that of S256 when absent. */
  readonly challenge?: (verifier: string) => string;
  /** The method that it names; false for none. */
  readonly challengeMethod?: 'plain' | false;
}

/** A device authorization as the target answered it. */
export interface Device {
  readonly device_code: string;
  readonly user_code: string;
  /** Where its user is sent. */
  readonly verification_uri?: string;
  readonly verification_uri_complete?: string;
  /** Seconds. */
  readonly expires_in: number;
  /** Seconds. */
  readonly interval: number;
}

export interface RefreshTokenWishes {
  /** What brings one where the provider gives none. */
  readonly earnedBy?: () => Promise<Call>;
  /** Where it is issued, if not here. */
  readonly region?: string;
}

export interface AssertionWishes {
  readonly subject?: string;
  /** Claims in place of the usual ones; null takes one away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signedBy?: 'trusted' | 'untrusted' | 'nobody';
}

export interface SubjectToken {
  readonly subject_token: string;
  readonly subject_token_type: string;
}

export type ExpirableKind =
  | 'code'
  | 'deviceCode'
  | 'refreshToken'
  | 'clientSecret'
  | 'assertion'
  | 'subjectToken'
  | 'sessionToken';
