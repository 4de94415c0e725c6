import type { Clock } from '../clock.ts';
import type { Keys } from '../keys.ts';
import type { Asked } from './asked.ts';
import type { Attempt, Check, GrantType, Members, Proof } from './attempt.ts';
import type { CoreBehaviours } from './behaviours.ts';
import { consequences } from './effects.ts';
import type { Operation } from './operation.ts';
import { type Refusal, refusalFor } from './refusal.ts';
import type {
  AuthorizationCode,
  DeviceAuthorization,
  Family,
  RefreshToken,
  RegisteredClient,
  State,
  User,
} from './state.ts';
import type { Tokens } from './tokens.ts';

/**
 * The token service: it knows no dialect, speaks in the names of the standards, and leaves it to a front in `fronts/`
 * to read requests and to write down what it comes to. Each operation runs in one turn, which makes it atomic.
 */
export interface Service {
  readonly clock: Clock;
  readonly state: State;
  readonly keys: Keys;
  readonly behaviours: CoreBehaviours & Asked;
}

export function register(service: Service, members: Members): RegisteredClient | Refusal {
  const attempt = attemptOf(service, 'register', members);
  return firstRefusal(service, attempt) ?? addClient(service, members);
}

export function authorizeDevice(service: Service, members: Members): DeviceAuthorization | Refusal {
  const attempt = attemptOf(service, 'device_authorization', members);
  return firstRefusal(service, attempt) ?? addDeviceAuthorization(service, members.client_id ?? '');
}

export function grantTokens(service: Service, members: Members): Tokens | Refusal {
  const attempt = attemptOf(service, 'token', members);
  const refusal = firstRefusal(service, attempt);
  if (refusal) return refusal;
  if (!attempt.grant) return refusalFor('unsupported_grant_type');
  const { behaviours: b } = service;
  return issue(service, attempt, {
    family: redeem(service, attempt, attempt.grant),
    expiresIn: b['access-token-lifetime'](attempt.client),
    refreshToken: b['refresh-token-wanted'](attempt),
  });
}

export function addClient(service: Service, wanted: Omit<Members, 'client_id'>): RegisteredClient {
  const { behaviours: b, state, clock } = service;
  const id = b['new-client-id'](state);
  const issuedAt = clock.now();
  const secretExpiresAt = issuedAt + b['client-secret-lifetime']() * 1000;
  const client: RegisteredClient = {
    id,
    secret: b['new-client-secret']({
      id,
      name: wanted.client_name ?? '',
      issuedAt,
      expiresAt: secretExpiresAt,
    }),
    issuedAt,
    secretExpiresAt,
    grantTypes: wanted.grant_types ?? b['default-grant-types'](),
    scopes: wanted.scope ?? [],
    redirectUris: wanted.redirect_uris ?? [],
  };
  state.clients.set(id, client);
  return client;
}

export function addCode(
  { behaviours: b, state, clock }: Service,
  wanted: Pick<
    AuthorizationCode,
    'clientId' | 'redirectUri' | 'challenge' | 'challengeMethod' | 'scope' | 'nonce' | 'acr' | 'user'
  >,
): AuthorizationCode {
  const issuedAt = clock.now();
  const code: AuthorizationCode = {
    ...wanted,
    value: b['new-code'](),
    issuedAt,
    expiresAt: issuedAt + b['code-lifetime']() * 1000,
    redeemed: false,
    family: { revoked: false },
  };
  state.codes.set(code.value, code);
  return code;
}

export function addRefreshToken(
  { behaviours: b, state, clock }: Service,
  wanted: Pick<RefreshToken, 'value' | 'clientId' | 'scope' | 'family'>,
): RefreshToken {
  const refreshToken: RefreshToken = {
    ...wanted,
    expiresAt: clock.now() + b['refresh-token-lifetime']() * 1000,
    rotated: false,
  };
  state.refreshTokens.set(refreshToken.value, refreshToken);
  return refreshToken;
}

/** The user of that name, who is made when there is none. */
export function userNamed({ behaviours: b, state: { users } }: Service, name: string): User {
  const user = users.get(name) ?? { id: b['new-user-id']() };
  users.set(name, user);
  return user;
}

export function addDeviceAuthorization(
  { behaviours: b, state, clock }: Service,
  clientId: string,
  scope?: readonly string[],
): DeviceAuthorization {
  const issuedAt = clock.now();
  const capacity = b['polling-burst']();
  const device: DeviceAuthorization = {
    deviceCode: b['new-device-code'](),
    userCode: b['new-user-code'](),
    clientId,
    scope,
    issuedAt,
    expiresAt: issuedAt + b['device-code-lifetime']() * 1000,
    interval: b['polling-interval'](),
    decision: 'pending',
    redeemed: false,
    bucket: { capacity, polls: capacity, at: issuedAt },
    family: { revoked: false },
  };
  state.devices.set(device.deviceCode, device);
  state.devicesByUserCode.set(device.userCode, device);
  return device;
}

export function attemptOf(
  service: Service,
  operation: Operation,
  members: Members,
  proof: Proof = {},
): Attempt {
  const { behaviours: b, state, clock } = service;
  const withIam = operation === 'iam_token';
  return {
    ...proof,
    operation,
    members,
    now: clock.now(),
    state,
    grant: withIam ? b['find-iam-grant'](members) : b['find-grant'](members, b['grant-types']()),
    client: b[withIam ? 'find-application' : 'find-client'](state, members),
    code: b['find-code'](state, members),
    device: b['find-device'](state, members),
    refreshToken: b['find-refresh-token'](state, members),
    subjectToken: b['find-subject-token'](state, members),
    assertedUser: proof.assertion && b['find-asserted-user'](state, proof.assertion),
  };
}

export function firstRefusal({ behaviours: b }: Service, attempt: Attempt): Refusal | undefined {
  for (const name of b['order-of-checks'](attempt.operation, attempt.grant, attempt)) {
    const refusal = checkNamed(b, name)(attempt);
    if (!refusal) continue;
    const consequence = consequences[name];
    if (consequence) b[consequence](attempt);
    return refusal;
  }
  return undefined;
}

/** One of the core, or one that the front asks besides. */
function checkNamed(behaviours: object, name: string): Check {
  const check = (behaviours as Readonly<Record<string, Check>>)[name];
  if (check === undefined) throw new Error(`there is no check called ${name}`);
  return check;
}

/** Spends what was presented and says to which family the new tokens belong. */
export function redeem({ behaviours: b }: Service, attempt: Attempt, grant: GrantType): Family {
  return redemption[grant](b, attempt) ?? { revoked: false };
}

const redemption: Record<GrantType, (b: CoreBehaviours, attempt: Attempt) => Family | undefined> = {
  authorization_code: (b, attempt) => {
    b['redeem-code'](attempt);
    return attempt.code?.family;
  },
  'urn:ietf:params:oauth:grant-type:device_code': (b, attempt) => {
    b['redeem-device-code'](attempt);
    return attempt.device?.family;
  },
  refresh_token: (b, attempt) => {
    b['rotate-refresh-token'](attempt);
    return attempt.refreshToken?.family;
  },
  'urn:ietf:params:oauth:grant-type:jwt-bearer': (b, attempt) => {
    b['use-up-assertion'](attempt);
    return undefined;
  },
  'urn:ietf:params:oauth:grant-type:token-exchange': () => undefined,
  client_credentials: () => undefined,
  password: () => undefined,
};

interface Issue {
  readonly family: Family;
  /** Seconds. */
  readonly expiresIn: number;
  /** Whether there shall be one. */
  readonly refreshToken: boolean;
  /** Of the refresh token. */
  readonly scope?: readonly string[] | undefined;
  /** Of the access token. */
  readonly accessScope?: readonly string[] | undefined;
  readonly audience?: readonly string[] | undefined;
}

export function issue(service: Service, attempt: Attempt, wanted: Issue): Tokens {
  const { behaviours: b, state } = service;
  const { family, expiresIn, scope, accessScope, audience } = wanted;
  const clientId = attempt.client?.id ?? '';
  const accessToken = b['new-access-token'](attempt);
  const expiresAt = attempt.now + expiresIn * 1000;
  state.accessTokens.set(accessToken, {
    value: accessToken,
    clientId,
    scope: accessScope,
    audience,
    issuedAt: attempt.now,
    expiresAt,
    family,
  });
  if (!wanted.refreshToken)
    return { access_token: accessToken, expires_in: expiresIn, refresh_token: undefined };
  const value = b['new-refresh-token'](attempt);
  addRefreshToken(service, { value, clientId, scope, family });
  return { access_token: accessToken, expires_in: expiresIn, refresh_token: value };
}
