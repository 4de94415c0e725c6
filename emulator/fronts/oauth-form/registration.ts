import type { Members } from '../../core/attempt.ts';
import { isRefusal, type Refusal, refusalFor } from '../../core/refusal.ts';
import { attemptOf, firstRefusal } from '../../core/service.ts';
import { jsonObject, member, memberNames, utf8Text } from '../../json.ts';
import { sameSecret } from '../../secrets.ts';
import type { JsonObject, WireRequest, WireResponse } from '../../wire.ts';
import { refused, respond } from './call.ts';
import { type AuthMethod, secretMethods } from './methods.ts';
import { endpointOf, paths } from './paths.ts';
import type { ClientMetadata } from './registration-checks.ts';
import type { OAuthService } from './service.ts';
import { type OAuthClient, oauthOf } from './state.ts';

/** The registration endpoint (RFC 7591), open to everybody. */
export async function answerRegistration(service: OAuthService, request: WireRequest): Promise<WireResponse> {
  const metadata = metadataOf(service, request);
  if (isRefusal(metadata)) return refused(service, metadata);
  const refusal = firstRefusal(service, attemptOf(service, 'register', metadata));
  if (refusal) return refused(service, refusal);
  const client = addOAuthClient(service, metadata);
  return respond(service, 201, bodyOf(service, request, client));
}

/** What RFC 7592 lets the client do with its registration: read it, and end it. */
export async function answerClientConfiguration(
  service: OAuthService,
  request: WireRequest,
): Promise<WireResponse> {
  const { state } = service;
  const client = state.clients.get(idIn(request.path.slice(paths.register.length + 1)));
  const [, token = ''] = /^bearer (\S+)$/i.exec(request.headers.get('authorization')?.[0] ?? '') ?? [];
  if (!isOAuthClient(client) || !sameSecret(client.registrationToken, token))
    return refused(service, refusalFor('invalid_token'), [
      ['WWW-Authenticate', 'Bearer realm="oauth2", error="invalid_token"'],
    ]);
  if (request.method === 'GET') return respond(service, 200, bodyOf(service, request, client));
  service.behaviours['forget-client'](state, client);
  return respond(service, 204, undefined);
}

const isOAuthClient = (client: object | undefined): client is OAuthClient =>
  client !== undefined && 'registrationToken' in client;

function bodyOf(
  { behaviours: b, state }: OAuthService,
  request: WireRequest,
  client: OAuthClient,
): JsonObject {
  const uri = `${endpointOf(b.issuer(state, request), 'register')}/${encodeURIComponent(client.id)}`;
  return b['registration-body'](client, uri);
}

/** The id of a client that is part of a path; empty where nothing can be read. */
function idIn(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

function metadataOf(service: OAuthService, request: WireRequest): ClientMetadata | Refusal {
  const [type = ''] = (request.headers.get('content-type')?.[0] ?? '').split(';');
  const text = request.body && utf8Text(request.body);
  const isJson = type.trim().toLowerCase() === 'application/json';
  return isJson && text !== undefined ? metadataIn(service, text) : refusalFor('invalid_client_metadata');
}

/** Reads the members by type; one of another type is refused, and one that nobody knows is ignored. */
export function metadataIn({ behaviours: b, state }: OAuthService, text: string): ClientMetadata | Refusal {
  const body = jsonObject(text);
  const invalid = refusalFor('invalid_client_metadata');
  if (!body) return invalid;
  const names = memberNames(text);
  if (new Set(names).size !== names.length) return invalid;
  for (const [name, rightly] of Object.entries(types)) {
    const value = member(body, name);
    if (value !== undefined && value !== null && !rightly(value))
      return name === 'redirect_uris' ? refusalFor('invalid_redirect_uri') : invalid;
  }
  const { scope, ...told } = Object.fromEntries(
    Object.keys(types)
      .map((name) => [name, member(body, name) ?? undefined])
      .filter(([, value]) => value !== undefined),
  ) as Partial<Omit<ClientMetadata, 'scope'>> & { readonly scope?: string };
  const grantTypes = told.grant_types ?? ['authorization_code'];
  return {
    ...told,
    scope: scope === undefined || scope === '' ? b['scopes-offered']() : scope.split(' '),
    grant_types: grantTypes,
    response_types: told.response_types ?? (grantTypes.includes('authorization_code') ? ['code'] : []),
    token_endpoint_auth_method: told.token_endpoint_auth_method ?? 'client_secret_basic',
    grants_offered: oauthOf(state).grants,
  };
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isJwks = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'keys' in value &&
  Array.isArray(value.keys) &&
  value.keys.every((key) => typeof key === 'object' && key !== null);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  client_name: isText,
  redirect_uris: isList,
  grant_types: isList,
  response_types: isList,
  scope: isText,
  token_endpoint_auth_method: isText,
  token_endpoint_auth_signing_alg: isText,
  id_token_signed_response_alg: isText,
  jwks: isJwks,
  jwks_uri: isText,
};

/** Remembers a client, by the id that it has already or by one of its own. */
export function addOAuthClient(
  { behaviours: b, state, clock }: OAuthService,
  wanted: Omit<ClientMetadata, 'grants_offered' | keyof Members> &
    Pick<ClientMetadata, 'client_name' | 'grant_types' | 'redirect_uris' | 'scope'>,
  id = b['new-client-id'](state),
): OAuthClient {
  const method = wanted.token_endpoint_auth_method as AuthMethod;
  const issuedAt = clock.now();
  const secretExpiresAt = issuedAt + b['client-secret-lifetime']() * 1000;
  const facts = { id, name: wanted.client_name ?? '', issuedAt, expiresAt: secretExpiresAt };
  const client: OAuthClient = {
    id,
    secret: secretMethods.includes(method) ? b['new-client-secret'](facts) : '',
    issuedAt,
    secretExpiresAt,
    name: wanted.client_name,
    grantTypes: wanted.grant_types,
    responseTypes: wanted.response_types,
    scopes: wanted.scope ?? b['scopes-offered'](),
    redirectUris: wanted.redirect_uris ?? [],
    method,
    assertionAlgorithm: wanted.token_endpoint_auth_signing_alg,
    keys: wanted.jwks?.keys,
    keysUri: wanted.jwks_uri,
    registrationToken: b['new-registration-token'](),
  };
  state.clients.set(id, client);
  return client;
}
