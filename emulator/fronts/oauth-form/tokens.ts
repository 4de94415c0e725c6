import { present } from '../../core/checks/request.ts';
import { invalidGrant, isRefusal, type Refusal, refusalFor } from '../../core/refusal.ts';
import type { State, User } from '../../core/state.ts';
import type { JsonObject, WireRequest, WireResponse } from '../../wire.ts';
import type { OAuthAttempt } from './attempt.ts';
import { attemptFor, refusalOf, refused, respond } from './call.ts';
import type { EndpointName } from './paths.ts';
import type { OAuthService } from './service.ts';
import type { Token, UserFacts } from './token-decisions.ts';

function factsOf({ users }: State, user: User | undefined): UserFacts | undefined {
  const [name] = [...users].find(([, { id }]) => id === user?.id) ?? [];
  return user && name !== undefined ? { id: user.id, name } : undefined;
}

/** The introspection endpoint (RFC 7662), for every client that proves who it is. */
export function answerIntrospection(service: OAuthService, request: WireRequest): Promise<WireResponse> {
  return forToken(service, request, 'introspection', (attempt, token) => {
    const { behaviours: b, state } = service;
    if (attempt.client?.method === 'none') return refusalFor('invalid_client');
    if (!token || !b['token-alive'](token, attempt.now, 'introspection')) return { active: false };
    return b['introspection-body'](token, attempt.issuer, factsOf(state, token.family.signIn?.user));
  });
}

/** The revocation endpoint (RFC 7009), for the client to which a token was issued. */
export function answerRevocation(service: OAuthService, request: WireRequest): Promise<WireResponse> {
  return forToken(service, request, 'revocation', ({ client, now }, token) => {
    if (!token) return undefined;
    if (token.clientId !== client?.id) return invalidGrant('token');
    service.behaviours['revoke-token'](token, now);
    return undefined;
  });
}

async function forToken(
  service: OAuthService,
  request: WireRequest,
  endpoint: EndpointName,
  answer: (attempt: OAuthAttempt, token: Token | undefined) => JsonObject | Refusal | undefined,
): Promise<WireResponse> {
  const attempt = await attemptFor(service, 'token', endpoint, request);
  if (isRefusal(attempt)) return refused(service, attempt);
  const { behaviours: b, state } = service;
  const { token } = attempt.members;
  const refusal =
    refusalOf(service, b['order-of-authentication'](attempt), attempt) ?? present(token, 'token');
  if (refusal) return refused(service, refusal);
  const body = answer(attempt, b['find-token'](state, token ?? '', attempt.members.token_type_hint));
  return body && isRefusal(body) ? refused(service, body) : respond(service, 200, body);
}

/** The UserInfo endpoint (OpenID Connect Core section 5.3), for a token by RFC 6750 section 2.1. */
export async function answerUserInfo(service: OAuthService, request: WireRequest): Promise<WireResponse> {
  const { behaviours: b, state, clock } = service;
  const authorizations = request.headers.get('authorization') ?? [];
  const [, value] = /^bearer +([\w.~+/-]+=*)$/i.exec(authorizations[0] ?? '') ?? [];
  // RFC 6750 section 3.1: who brings no token at all is told no error.
  if (authorizations.length === 0) return challenge(service, 401);
  const token = state.accessTokens.get(value ?? '');
  if (authorizations.length > 1) return challenge(service, 400, 'invalid_request');
  if (!token || !b['token-alive'](token, clock.now(), 'userinfo'))
    return challenge(service, 401, 'invalid_token');
  const user = factsOf(state, token.family.signIn?.user);
  if (!user || !token.scope?.includes('openid')) return challenge(service, 403, 'insufficient_scope');
  return respond(service, 200, b['userinfo-body'](user, token.scope));
}

function challenge(service: OAuthService, status: number, error?: string): WireResponse {
  const told = error === undefined ? '' : `, error="${error}"`;
  const body = error === undefined ? {} : { error, error_description: refusalFor(error).description };
  return respond(service, status, body, [['WWW-Authenticate', `Bearer realm="oauth2"${told}`]]);
}
