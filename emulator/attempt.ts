import type { Operation } from './contract.ts';
import type { Refusal } from './refusal.ts';
import type { AuthorizationCode, Client, DeviceAuthorization, RefreshToken, State } from './state.ts';

export type GrantType =
  | 'authorization_code'
  | 'refresh_token'
  | 'urn:ietf:params:oauth:grant-type:device_code';

/** What a request says, whatever its dialect. An absent, null or empty member is undefined. */
export interface Members {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly grantType?: string;
  readonly code?: string;
  readonly redirectUri?: string;
  readonly codeVerifier?: string;
  readonly deviceCode?: string;
  readonly refreshToken?: string;
  readonly scope?: readonly string[];
  readonly startUrl?: string;
  readonly clientName?: string;
  readonly clientType?: string;
  readonly scopes?: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly grantTypes?: readonly string[];
}

/** One request and all that the service knows about what it names. */
export interface Attempt {
  readonly operation: Operation;
  readonly members: Members;
  readonly now: number;
  readonly region: string;
  readonly state: State;
  readonly grant: GrantType | undefined;
  readonly client: Client | undefined;
  readonly code: AuthorizationCode | undefined;
  readonly device: DeviceAuthorization | undefined;
  readonly refreshToken: RefreshToken | undefined;
}

/**
 * One question. It answers only its own: what is missing altogether is refused by the check of that name,
 * so that a defect which removes one check removes one rule.
 */
export type Check = (attempt: Attempt) => Refusal | undefined;
