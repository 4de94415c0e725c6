import type { Assertion } from './assertion.ts';
import type { Operation } from './operation.ts';
import type { Refusal } from './refusal.ts';
import type {
  Application,
  AuthorizationCode,
  DeviceAuthorization,
  Principal,
  RefreshToken,
  RegisteredClient,
  State,
  SubjectToken,
  User,
} from './state.ts';

export type GrantType =
  | 'authorization_code'
  | 'refresh_token'
  | 'client_credentials'
  | 'password'
  | 'urn:ietf:params:oauth:grant-type:device_code'
  | 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  | 'urn:ietf:params:oauth:grant-type:token-exchange';

/** What a request says, whatever its dialect; a front may add members of its own. An absent or empty one is undefined. */
export interface Members {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly grant_type?: string;
  readonly code?: string;
  readonly redirect_uri?: string;
  readonly code_verifier?: string;
  readonly device_code?: string;
  readonly refresh_token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly assertion?: string;
  readonly subject_token?: string;
  readonly subject_token_type?: string;
  readonly requested_token_type?: string;
  readonly scope?: readonly string[];
  readonly client_name?: string;
  readonly redirect_uris?: readonly string[];
  readonly grant_types?: readonly string[];
}

/** What is known before the service takes its turn: who asks, and what an assertion says. */
export interface Proof {
  readonly principal?: Principal | undefined;
  readonly assertion?: Assertion | undefined;
}

/** One request and all that the service knows about what it names. */
export interface Attempt extends Proof {
  readonly operation: Operation;
  readonly members: Members;
  readonly now: number;
  readonly state: State;
  readonly grant: GrantType | undefined;
  readonly client: RegisteredClient | Application | undefined;
  readonly code: AuthorizationCode | undefined;
  readonly device: DeviceAuthorization | undefined;
  readonly refreshToken: RefreshToken | undefined;
  readonly subjectToken: SubjectToken | undefined;
  /** Whom the assertion names. */
  readonly assertedUser: User | undefined;
}

/**
 * One question. It answers only its own: what is missing altogether is refused by the check of that name,
 * so that a defect which removes one check removes one rule.
 */
export type Check = (attempt: Attempt) => Refusal | undefined;
