import { randomBytes } from 'node:crypto';
import type { Operation } from './operation.ts';
import type { Refusal } from './refusal.ts';

/** Everything the token service remembers. Times are milliseconds of the virtual clock. */
export interface State {
  /** The IAM Identity Center instance that the applications belong to, `ssoins-…`. */
  readonly instance: string;
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
  /** By access key. */
  readonly credentials: Map<string, Credentials>;
  readonly faults: Set<Fault>;
}

export interface Client {
  readonly id: string;
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
}

/** A client of CreateToken. */
export interface RegisteredClient extends Client {
  readonly secret: string;
  readonly issuedAt: number;
  secretExpiresAt: number;
}

/** A client of CreateTokenWithIAM; its id is an ARN. */
export interface Application extends Client {
  /** What an assertion for it must name. */
  readonly audience: string;
}

export interface User {
  readonly id: string;
}

/** What signs a request. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Whether the principal may call the operation. */
  readonly allowed: boolean;
  expiresAt: number;
}

/** The tokens that descend from one authorization; they are revoked together. */
export interface Family {
  revoked: boolean;
}

export interface AuthorizationCode {
  readonly value: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** S256 of the verifier. */
  readonly challenge: string | undefined;
  readonly issuedAt: number;
  /** Undefined stands for all that the client has. */
  readonly scope: readonly string[] | undefined;
  readonly nonce: string | undefined;
  readonly user: User;
  expiresAt: number;
  redeemed: boolean;
  readonly family: Family;
}

export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly issuedAt: number;
  expiresAt: number;
  /** Seconds between two polls. */
  readonly interval: number;
  decision: 'pending' | 'approve' | 'deny';
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
  readonly region: string;
  /** Undefined stands for all that the client has. */
  readonly scope: readonly string[] | undefined;
  expiresAt: number;
  rotated: boolean;
  readonly family: Family;
}

export interface AccessToken {
  readonly value: string;
  readonly clientId: string;
  readonly expiresAt: number;
  readonly family: Family;
}

/** A token of another application, which its holder may exchange. */
export interface SubjectToken {
  readonly value: string;
  /** The application that may present it. */
  readonly clientId: string;
  readonly region: string;
  readonly scope: readonly string[] | undefined;
  readonly user: User;
  readonly issuedAt: number;
  expiresAt: number;
}

/** Its own claims say when it expires; the fixture service may bring that forward. */
export interface WrittenAssertion {
  expiresAt: number;
}

/** An armed exception: the next `left` requests of the operation (of the client) are refused with it. */
export interface Fault {
  readonly operation: Operation;
  readonly clientId: string | undefined;
  readonly refusal: Refusal;
  left: number;
}

export function emptyState(): State {
  return {
    instance: `ssoins-${randomBytes(8).toString('hex')}`,
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
    credentials: new Map(),
    faults: new Set(),
  };
}
