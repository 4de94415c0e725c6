import type { Operation } from './contract.ts';
import type { Refusal } from './refusal.ts';

/** Everything the token service remembers. Times are milliseconds of the virtual clock. */
export interface State {
  readonly clients: Map<string, Client>;
  readonly codes: Map<string, AuthorizationCode>;
  readonly devices: Map<string, DeviceAuthorization>;
  readonly devicesByUserCode: Map<string, DeviceAuthorization>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly faults: Set<Fault>;
}

export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly issuedAt: number;
  secretExpiresAt: number;
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
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

/** An armed exception: the next `left` requests of the operation (of the client) are refused with it. */
export interface Fault {
  readonly operation: Operation;
  readonly clientId: string | undefined;
  readonly refusal: Refusal;
  left: number;
}

export function emptyState(): State {
  return {
    clients: new Map(),
    codes: new Map(),
    devices: new Map(),
    devicesByUserCode: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
    faults: new Set(),
  };
}
