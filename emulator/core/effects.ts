import type { Attempt, GrantType } from './attempt.ts';
import { identityOf } from './checks/assertion.ts';
import { accessTokenType, refreshTokenType } from './checks/subject-token.ts';
import { scopeOfArtefact } from './scope.ts';
import type { Client } from './state.ts';

/** What a granted request, or the reuse of something spent, changes. */
export const effects = {
  'redeem-code': ({ code }: Attempt): void => {
    if (code) code.redeemed = true;
  },

  'redeem-device-code': ({ device }: Attempt): void => {
    if (device) device.redeemed = true;
  },

  'rotate-refresh-token': ({ refreshToken }: Attempt): void => {
    if (refreshToken) refreshToken.rotated = true;
  },

  'use-up-assertion': ({ assertion, state }: Attempt): void => {
    if (assertion) state.usedAssertions.add(identityOf(assertion));
  },

  /** RFC 6749 section 4.1.2. */
  'revoke-tokens-of-reused-code': ({ code }: Attempt): void => {
    if (code) code.family.revoked = true;
  },

  /** RFC 9700 section 4.14.2. */
  'revoke-family-of-reused-refresh-token': ({ refreshToken }: Attempt): void => {
    if (refreshToken) refreshToken.family.revoked = true;
  },

  'refresh-token-wanted': ({ grant, client }: Attempt): boolean =>
    grant === 'refresh_token' || (ofUsers.includes(grant) && client !== undefined && mayRefresh(client)),

  /** RFC 8693 section 3 has the names. */
  'issued-token-type': ({ grant, members }: Attempt): string =>
    grant === 'urn:ietf:params:oauth:grant-type:token-exchange'
      ? (members.requested_token_type ?? accessTokenType)
      : refreshTokenType,

  'granted-scope': (attempt: Attempt): readonly string[] => [
    ...new Set(attempt.members.scope ?? scopeOfArtefact(attempt) ?? attempt.client?.scopes),
  ],

  /** The documented answer to a refresh tells nothing about the user. */
  'id-token-wanted': ({ grant }: Attempt): boolean => grant !== 'refresh_token',
};

/** The grants in which a user takes part, so that their tokens may be refreshed. */
export const ofUsers: readonly (GrantType | undefined)[] = [
  'authorization_code',
  'urn:ietf:params:oauth:grant-type:device_code',
  'password',
];

/** A registration without scopes is a legacy one: it gets no refresh token. */
const mayRefresh = (client: Client): boolean =>
  client.grantTypes.includes('refresh_token') && client.scopes.length > 0;

/** What follows when a check refuses. */
export const consequences: Readonly<Record<string, keyof typeof effects & `revoke-${string}`>> = {
  'code-not-redeemed': 'revoke-tokens-of-reused-code',
  'refresh-token-not-rotated': 'revoke-family-of-reused-refresh-token',
};
