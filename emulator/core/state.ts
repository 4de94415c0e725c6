import type { Operation } from './operation.ts';
import type { Refusal } from './refusal.ts';

/** Everything the token service remembers. Times are milliseconds of the virtual clock. */
export interface State {
  /** What the front remembers besides: the core never looks at it. */
  readonly ofFront: object;
  readonly clients: Map<string, RegisteredClient>;
  readonly applications: Map<string, Application>;
  readonly codes: Map<string, AuthorizationCode>;
  readonly devices: Map<string, DeviceAuthorization>;
  readonly devicesByUserCode: Map<string, DeviceAuthorization>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly subjectTokens: Map<string, SubjectToken>;
  /** The assertions that the fixture service wrote. */
  readonly assertions: Map<string, WrittenAssertion>;
  /** What tells one assertion from another, of those that were granted. */
  readonly usedAssertions: Set<string>;
  /** By the name that a trusted token issuer has for them. */
  readonly users: Map<string, User>;
  readonly faults: Set<Fault>;
}

export interface Client {
  readonly id: string;
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
}

/** A client of `token`. */
export interface RegisteredClient extends Client {
  /** Empty where it has none: then the front never asks for it. */
  readonly secret: string;
  readonly issuedAt: number;
  secretExpiresAt: number;
}

/** A client of `iam_token`: another one vouches for who asks. */
export interface Application extends Client {
  /** What an assertion for it must name. */
  readonly audience: string;
}

export interface User {
  readonly id: string;
}

/** Who asks, where the front knows it by other means than a secret of the client. */
export interface Principal {
  /** Whether it may ask. */
  readonly allowed: boolean;
}

/** The tokens that descend from one authorization; they are revoked together. */
export interface Family {
  revoked: boolean;
  /** Who authorized it, where the front asks for that later. */
  signIn?: SignIn | undefined;
  /** For which resources it is (RFC 8707); undefined where none was named. */
  resources?: readonly string[] | undefined;
  /** Who acts for that user (RFC 8693 section 4.1). */
  actor?: string | undefined;
}

/** Who signed in, and when (milliseconds). */
export interface SignIn {
  readonly user: User | undefined;
  readonly at: number;
  readonly nonce: string | undefined;
  /** How (OpenID Connect Core section 2). */
  readonly acr?: string | undefined;
}

/** RFC 7636 section 4.2. */
export type ChallengeMethod = 'S256' | 'plain';

export interface AuthorizationCode {
  readonly value: string;
  readonly clientId: string;
  /** As it was asked for; undefined where it was left to what is registered. */
  readonly redirectUri: string | undefined;
  readonly challenge: string | undefined;
  /** What the challenge is of the verifier; S256 where it is not said. */
  readonly challengeMethod?: ChallengeMethod | undefined;
  readonly issuedAt: number;
  /** Undefined stands for all that the client has. */
  readonly scope: readonly string[] | undefined;
  readonly nonce: string | undefined;
  readonly acr?: string | undefined;
  readonly user: User;
  expiresAt: number;
  redeemed: boolean;
  readonly family: Family;
}

export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  /** Undefined stands for all that the client has. */
  readonly scope: readonly string[] | undefined;
  readonly issuedAt: number;
  expiresAt: number;
  /** Seconds between two polls. */
  readonly interval: number;
  decision: 'pending' | 'approve' | 'deny';
  /** Who approved, where it was asked. */
  user?: User | undefined;
  redeemed: boolean;
  readonly bucket: Bucket;
  readonly family: Family;
}

/** How many polls are left, and when that was reckoned. */
export interface Bucket {
  readonly capacity: number;
  polls: number;
  at: number;
}

export interface RefreshToken {
  readonly value: string;
  readonly clientId: string;
  /** Undefined stands for all that the client has. */
  readonly scope: readonly string[] | undefined;
  expiresAt: number;
  rotated: boolean;
  readonly family: Family;
}

export interface AccessToken {
  readonly value: string;
  readonly clientId: string;
  /** Undefined stands for all that the client has. */
  readonly scope: readonly string[] | undefined;
  /** For whom it is, where that was asked for. */
  readonly audience?: readonly string[] | undefined;
  readonly issuedAt: number;
  expiresAt: number;
  readonly family: Family;
}

/** A token of another application, which its holder may exchange. */
export interface SubjectToken {
  readonly value: string;
  /** The application that may present it. */
  readonly clientId: string;
  readonly scope: readonly string[] | undefined;
  readonly user: User;
  readonly issuedAt: number;
  expiresAt: number;
}

/** Its own claims say when it expires; the fixture service may bring that forward. */
export interface WrittenAssertion {
  expiresAt: number;
}

/** An armed refusal: the next `left` requests of the operation (of the client) are refused with it. */
export interface Fault {
  readonly operation: Operation;
  readonly clientId: string | undefined;
  readonly refusal: Refusal;
  left: number;
}

export function emptyState(ofFront: object): State {
  return {
    ofFront,
    clients: new Map(),
    applications: new Map(),
    codes: new Map(),
    devices: new Map(),
    devicesByUserCode: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
    subjectTokens: new Map(),
    assertions: new Map(),
    usedAssertions: new Set(),
    users: new Map(),
    faults: new Set(),
  };
}
