import { present } from '../../core/checks/request.ts';
import { accessTokenType, idTokenType, refreshTokenType } from '../../core/checks/subject-token.ts';
import { invalidGrant, invalidRequest, refusalFor } from '../../core/refusal.ts';
import { sameSecret } from '../../secrets.ts';
import type { OAuthCheck } from './attempt.ts';
import { scopesOfUsers } from './decisions.ts';
import { oauthOf } from './state.ts';
import { isTarget, sameTarget, targetsOf } from './targets.ts';

/** What the grants of this front are asked beyond those that AWS has too. */
export const oauthGrantChecks = {
  'grant-offered': ({ grant, state }) =>
    grant && !oauthOf(state).grants.includes(grant) ? refusalFor('unsupported_grant_type') : undefined,

  /** RFC 9700 section 2.1.1: a public client must use PKCE. */
  'code-of-public-client-has-challenge': ({ client, code }) =>
    client?.method === 'none' && code && code.challenge === undefined ? invalidGrant('code') : undefined,

  /** RFC 6749 section 3.3. */
  'scope-well-formed': ({ members }) =>
    members.scope?.every((one) => scopeToken.test(one)) === false ? refusalFor('invalid_scope') : undefined,

  /** RFC 6749 section 4.4: there is no user, so what only a user can grant is not there either. */
  'scope-for-clients': ({ members }) =>
    members.scope?.every((one) => scopesOfUsers.includes(one)) === true
      ? refusalFor('invalid_scope')
      : undefined,
  /** Who does not say who it is has no scope of its own. */
  'scope-for-anybody': ({ client, members }) =>
    client === undefined && members.scope?.every((one) => one === 'read' || one === 'write') === false
      ? refusalFor('invalid_scope')
      : undefined,

  'username-present': ({ members }) => present(members.username, 'user name'),
  'password-present': ({ members }) => present(members.password, 'password'),
  /** RFC 6749 section 4.3.2: the same for an unknown user and for a wrong password. */
  'password-right': ({ members, state }) =>
    sameSecret(oauthOf(state).passwords.get(members.username ?? '') ?? '', members.password ?? '')
      ? undefined
      : invalidGrant('user name or password'),

  /** RFC 8693 section 2.1. */
  'actor-token-type-present': ({ members }) =>
    members.actor_token === undefined ? undefined : present(members.actor_token_type, 'actor token type'),
  'actor-token-present': ({ members }) =>
    members.actor_token_type === undefined ? undefined : present(members.actor_token, 'actor token'),
  'actor-token-type-known': ({ members: { actor_token_type: type } }) =>
    type === undefined || type === accessTokenType ? undefined : invalidRequest('actor token type'),
  'actor-token-alive': ({ members, actorToken, now }) =>
    members.actor_token === undefined ||
    (actorToken && !actorToken.family.revoked && now < actorToken.expiresAt)
      ? undefined
      : invalidRequest('actor token'),
  'requested-token-type-offered': ({ members: { requested_token_type: type } }) =>
    type === undefined || requestable.has(type) ? undefined : invalidRequest('requested token type'),
  /** A refresh token is for who may refresh. */
  'requested-token-type-allowed': ({ members, client }) =>
    members.requested_token_type === refreshTokenType &&
    client?.grantTypes.includes('refresh_token') === false
      ? invalidRequest('requested token type')
      : undefined,

  /** RFC 8707 section 2, RFC 8693 section 2.2.2. */
  'target-acceptable': ({ members }) =>
    targetsOf(members).every(isTarget) ? undefined : refusalFor('invalid_target'),
  /** RFC 8707 section 2.2: not more than was authorized. */
  'target-within-grant': ({ members, code, refreshToken, grant }) => {
    const { resources } = (grant === 'refresh_token' ? refreshToken : code)?.family ?? {};
    return resources &&
      members.resource?.every((one) => resources.some((known) => sameTarget(one, known))) === false
      ? refusalFor('invalid_target')
      : undefined;
  },
} satisfies Record<string, OAuthCheck>;

const requestable = new Set([accessTokenType, refreshTokenType, idTokenType]);

export const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
