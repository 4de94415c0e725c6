import { createHash } from 'node:crypto';
import type { ClientFacts } from '../../core/asked.ts';
import type { Attempt, GrantType } from '../../core/attempt.ts';
import { idTokenType } from '../../core/checks/subject-token.ts';
import { ofUsers } from '../../core/effects.ts';
import { scopeOfArtefact } from '../../core/scope.ts';
import type { Client, State } from '../../core/state.ts';
import { randomBytes } from '../../random.ts';
import { ofOAuth } from './attempt.ts';
import { targetsOf } from './targets.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** All that this front knows; which of them it offers is told in its state. */
export const grantTypes: readonly GrantType[] = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  deviceGrant,
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  tokenExchange,
  'password',
];

/** What no client may have of its own accord, since it is a user who is meant. */
export const scopesOfUsers: readonly string[] = ['openid', 'offline_access'];

/** Where this front decides otherwise than AWS, or decides what AWS has no need for. */
export const oauthDecisions = {
  'grant-types': (): readonly GrantType[] => grantTypes,
  'scopes-offered': (): readonly string[] => [
    'openid',
    'profile',
    'email',
    'offline_access',
    'read',
    'write',
  ],

  'new-client-id': (_: State): string => `client-${randomBytes(12).toString('hex')}`,
  'new-client-secret': (_: ClientFacts): string => randomBytes(36).toString('base64url'),
  'new-registration-token': (): string => randomBytes(36).toString('base64url'),
  /** RFC 6750 section 2.1 leaves out some characters. */
  'new-access-token': (_: Attempt): string => `at-${randomBytes(36).toString('base64url')}`,
  'new-refresh-token': (_: Attempt): string => `rt-${randomBytes(36).toString('base64url')}`,
  'new-subject-token': (): string => `st-${randomBytes(36).toString('base64url')}`,
  'access-token-lifetime': (_: Client | undefined): number => 3600,

  /** Not what was asked for while a code or a device is redeemed: these requests know no scope. */
  'granted-scope': (attempt: Attempt): readonly string[] => {
    const { grant, client, members } = attempt;
    const asked = grant === 'authorization_code' || grant === deviceGrant ? undefined : members.scope;
    const scope = asked ?? scopeOfArtefact(attempt) ?? client?.scopes ?? [];
    const isOfUser = grant !== 'client_credentials' && (asked ?? scopeOfArtefact(attempt)) !== undefined;
    return [...new Set(isOfUser ? scope : scope.filter((one) => !scopesOfUsers.includes(one)))];
  },

  /** RFC 6749 section 3.3: what a request without a scope asks for. OpenID Connect is nothing to begin unasked. */
  'default-scope': (client: Client): readonly string[] =>
    client.scopes.filter((one) => !scopesOfUsers.includes(one)),

  /** What was asked for this time, or else all that was authorized. */
  'granted-audience': (attempt: Attempt): readonly string[] | undefined => {
    const { grant, members, code, refreshToken } = ofOAuth(attempt);
    const asked = targetsOf(members).map(({ name }) => name);
    if (asked.length > 0) return asked;
    if (grant === 'refresh_token') return refreshToken?.family.resources;
    return grant === 'authorization_code' ? code?.family.resources : undefined;
  },

  /** OpenID Connect Core sections 3.1.3.3 and 12.2. */
  'id-token-granted': ({ grant, members }: Attempt, scope: readonly string[]): boolean =>
    grant === tokenExchange
      ? members.requested_token_type === idTokenType
      : scope.includes('openid') && (grant === 'refresh_token' || ofUsers.includes(grant)),

  'own-claims': (attempt: Attempt): Readonly<Record<string, unknown>> => ({ iss: ofOAuth(attempt).issuer }),

  /** OpenID Connect Core section 3.1.3.6. */
  'access-token-hash': (accessToken: string): string =>
    createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
};
