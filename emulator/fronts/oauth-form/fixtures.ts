import { seconds } from '../../clock.ts';
import { accessTokenType } from '../../core/checks/subject-token.ts';
import { addSubjectToken } from '../../core/iam-token.ts';
import { addCode, addRefreshToken, attemptOf } from '../../core/service.ts';
import { redirectUriRegistered } from '../../core/uris.ts';
import { checkMetadata, subjectOf } from '../../fixtures/clients.ts';
import type { Verb, Verbs } from '../../fixtures/fixtures.ts';
import { type Input, notOffered, wrong } from '../../fixtures/input.ts';
import { assertionFor } from '../../fixtures/presented.ts';
import { clock, expiring } from '../../fixtures/verbs.ts';
import type { JsonObject } from '../../wire.ts';
import { fault } from './fault.ts';
import { type AuthMethod, authMethods, secretMethods } from './methods.ts';
import { basePath } from './paths.ts';
import { addOAuthClient } from './registration.ts';
import type { ClientMetadata } from './registration-checks.ts';
import type { OAuthService } from './service.ts';
import { type OAuthClient, oauthOf } from './state.ts';
import { isTarget } from './targets.ts';

/** What the fixture service makes for this front. */
export const oauthFixtures: Verbs<OAuthService> = new Map<string, Verb<OAuthService>>([
  ['client', client],
  ['authorization-code', authorizationCode],
  ['device-decision', deviceDecision],
  ['refresh-token', refreshToken],
  ['assertion', assertion],
  ['subject-token', subjectToken],
  ['credentials', () => fail()],
  ['expire', expiring({ accessToken: ({ accessTokens }, value) => accessTokens.get(value) })],
  ['fault', fault],
  ['clock', clock],
]);

function fail(): never {
  throw notOffered('verb');
}

function client(service: OAuthService, input: Input): JsonObject {
  const method = methodOf(input.optionalText('auth') ?? 'secret');
  const grantTypes = input.list('grantTypes');
  if (!grantTypes.every((one) => oauthOf(service.state).grants.some((known) => known === one)))
    throw wrong('grantTypes', 'names an unknown grant');
  const scope = input.optionalList('scopes');
  const redirectUris = input.optionalList('redirectUris');
  checkMetadata(service, { scope, redirect_uris: redirectUris });
  const jwks = input.optionalObject('jwks');
  if (method === 'private_key_jwt' && !Array.isArray(jwks?.keys))
    throw wrong('jwks', 'must hold the public keys');
  const { id, secret, secretExpiresAt } = addOAuthClient(service, {
    client_name: 'fixture',
    grant_types: grantTypes,
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
    redirect_uris: redirectUris,
    scope,
    token_endpoint_auth_method: method,
    jwks: jwks as ClientMetadata['jwks'],
  });
  const told = { clientId: id, auth: method };
  if (!secretMethods.includes(method)) return told;
  return { ...told, clientSecret: secret, clientSecretExpiresAt: seconds(secretExpiresAt) };
}

function methodOf(auth: string): AuthMethod {
  const method = auth === 'secret' ? 'client_secret_basic' : authMethods.find((one) => one === auth);
  if (method === undefined) throw notOffered('auth');
  return method;
}

/**
 * Whether or not the client may redeem it. One without redirect URIs may name any. What is not named is not part of the
 * authorization request, which is told to whoever asks for `exactly` that.
 */
function authorizationCode(service: OAuthService, input: Input): JsonObject {
  const client = knownClient(service, input);
  const redirectUri = input.optionalText('redirectUri');
  const { redirectUris } = client;
  if (
    redirectUri !== undefined &&
    redirectUris.length > 0 &&
    !redirectUriRegistered(redirectUris, redirectUri)
  )
    throw wrong('redirectUri', 'is not one of the registered ones');
  const challenge = input.optionalText('codeChallenge');
  const asked = input.optionalText('codeChallengeMethod');
  const challengeMethod = service.behaviours['challenge-method'](asked);
  if (asked !== undefined && challenge === undefined) throw wrong('codeChallenge', 'is missing');
  if (challenge !== undefined && challengeMethod === undefined)
    throw wrong('codeChallengeMethod', asked === undefined ? 'is missing' : 'must be S256');
  // The user signs in just then, which keeps to any bound.
  if ((input.optionalNumber('maxAge') ?? 0) < 0) throw wrong('maxAge', 'must not be negative');
  const resource = input.optionalText('resource');
  if (resource !== undefined && !isTarget({ kind: 'resource', name: resource }))
    throw wrong('resource', 'is not one that is served');
  const { value, family } = addCode(service, {
    clientId: client.id,
    redirectUri,
    challenge,
    challengeMethod,
    scope: scopeOf(service, client, input),
    nonce: input.optionalText('nonce'),
    acr: input.optionalText('acr'),
    user: subjectOf(service, input),
  });
  if (resource !== undefined) family.resources = [resource];
  return { code: value, ...(input.optionalFlag('exactly') && { exactly: true }) };
}

function deviceDecision(service: OAuthService, input: Input): JsonObject {
  const decision = input.oneOf('decision', ['approve', 'deny']);
  const device = service.state.devicesByUserCode.get(input.text('userCode'));
  if (!device) throw wrong('userCode', 'is unknown');
  device.decision = decision;
  device.user = subjectOf(service, input);
  return {};
}

function refreshToken(service: OAuthService, input: Input): JsonObject {
  refuseRegion(input);
  const client = knownClient(service, input);
  const { behaviours: b, clock: time } = service;
  const value = b['new-refresh-token'](attemptOf(service, 'token', { client_id: client.id }));
  const scope = scopeOf(service, client, input);
  const signIn = { user: subjectOf(service, input), at: time.now(), nonce: undefined };
  addRefreshToken(service, { value, clientId: client.id, scope, family: { revoked: false, signIn } });
  return { refreshToken: value };
}

function assertion(service: OAuthService, input: Input): Promise<JsonObject> {
  knownClient(service, input);
  return assertionFor(service, input, oauthOf(service.state).origin + basePath);
}

function subjectToken(service: OAuthService, input: Input): JsonObject {
  refuseRegion(input);
  const client = knownClient(service, input);
  const { value } = addSubjectToken(service, {
    clientId: client.id,
    scope: scopeOf(service, client, input),
    user: subjectOf(service, input),
  });
  return { subjectToken: value, subjectTokenType: accessTokenType };
}

function knownClient({ state }: OAuthService, input: Input): OAuthClient {
  const found = state.clients.get(input.text('clientId'));
  if (!found) throw wrong('clientId', 'is unknown');
  return found as OAuthClient;
}

function scopeOf({ behaviours: b }: OAuthService, client: OAuthClient, input: Input): readonly string[] {
  const scope = input.scope('scope') ?? [];
  if (!scope.every((one) => client.scopes.includes(one))) throw wrong('scope', 'is more than the client has');
  return scope.length === 0 ? b['default-scope'](client) : scope;
}

/** This front has none. */
function refuseRegion(input: Input): void {
  if (input.optionalText('region') !== undefined) throw wrong('region', 'is nothing that this dialect knows');
}
