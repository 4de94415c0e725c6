import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { basic, type Client, emulatorForThisFile, type Json, publicKeys, redirectUri } from './support.ts';

const api = emulatorForThisFile();
const register = (metadata: unknown) => api.json('/register', metadata);
const redirect_uris = [redirectUri];

const clientOf = ({ client_id, client_secret, token_endpoint_auth_method }: Json): Client => ({
  id: String(client_id),
  secret: String(client_secret ?? ''),
  auth: String(token_endpoint_auth_method),
});

test('a client is told all that is registered, defaults included', async () => {
  const { status, headers, body } = await register({ redirect_uris, contacts: ['a@example.com'] });
  expect(status).toBe(201);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toEqual({
    client_id: expect.any(String),
    client_id_issued_at: expect.any(Number),
    client_secret: expect.any(String),
    client_secret_expires_at: Number(body.client_id_issued_at) + 7_776_000,
    registration_access_token: expect.any(String),
    registration_client_uri: `${api.issuer()}/register/${body.client_id}`,
    redirect_uris,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'openid profile email offline_access read write',
  });
});

test('a client without a secret is told of none', async () => {
  const { body } = await register({ redirect_uris, token_endpoint_auth_method: 'none', client_name: 'App' });
  expect('client_secret' in body || 'client_secret_expires_at' in body).toBe(false);
  expect(body).toMatchObject({ client_name: 'App', token_endpoint_auth_method: 'none' });
});

test('what is registered is what the token endpoint asks for', async () => {
  const { body } = await register({
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
    scope: 'read',
  });
  const who = clientOf(body);
  const form = { grant_type: 'client_credentials' };
  expect((await api.token(who, form)).body.scope).toBe('read');
  expect((await api.token(who, { ...form, scope: 'write' })).outcome).toBe('400 invalid_scope');
  expect((await api.post('/token', form, basic(who.id, who.secret))).outcome).toBe('401 invalid_client');
  const refresh = { grant_type: 'refresh_token', refresh_token: 'a' };
  expect((await api.token(who, refresh)).outcome).toBe('400 unauthorized_client');
});

describe('refused', () => {
  const jwks = publicKeys;
  const metadata = 'invalid_client_metadata';
  const uri = 'invalid_redirect_uri';
  test.for<readonly [string, Json | (() => Promise<Json>), string]>([
    ['no redirect URI', {}, uri],
    ['an empty list of redirect URIs', { redirect_uris: [] }, uri],
    ['a redirect URI that is none', { redirect_uris: ['not a uri'] }, uri],
    ['a redirect URI with a fragment', { redirect_uris: [`${redirectUri}#a`] }, uri],
    ['a redirect URI over plain HTTP', { redirect_uris: ['http://app.example/callback'] }, uri],
    ['a redirect URI alone', { redirect_uris: redirectUri }, uri],
    ['an unknown grant', { redirect_uris, grant_types: ['authorization_code', 'other'] }, metadata],
    ['a grant that is not offered', { grant_types: ['password'] }, metadata],
    ['grants of another type', { redirect_uris, grant_types: 'authorization_code' }, metadata],
    ['an unknown method', { redirect_uris, token_endpoint_auth_method: 'other' }, metadata],
    ['an unknown response type', { redirect_uris, response_types: ['token'] }, metadata],
    [
      'a response type without its grant',
      { grant_types: ['client_credentials'], response_types: ['code'] },
      metadata,
    ],
    ['a grant without its response type', { redirect_uris, response_types: [] }, metadata],
    ['a malformed scope', { redirect_uris, scope: 'a  b' }, metadata],
    [
      'no keys for private_key_jwt',
      { redirect_uris, token_endpoint_auth_method: 'private_key_jwt' },
      metadata,
    ],
    [
      'keys told twice',
      async () => ({ redirect_uris, jwks: await jwks(), jwks_uri: 'https://app.example/jwks' }),
      metadata,
    ],
    [
      'a private key',
      { redirect_uris, jwks: { keys: [{ kty: 'RSA', n: 'a', e: 'AQAB', d: 'a' }] } },
      metadata,
    ],
    ['an algorithm of another method', { redirect_uris, token_endpoint_auth_signing_alg: 'RS256' }, metadata],
    ['another algorithm of ID tokens', { redirect_uris, id_token_signed_response_alg: 'none' }, metadata],
    [
      'a public client that asks for itself',
      { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
      metadata,
    ],
  ])('%s', async ([, asked, error]) => {
    const answer = await register(typeof asked === 'function' ? await asked() : asked);
    expect(answer.outcome).toBe(`400 ${error}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('what is no JSON object, or has a member twice', async () => {
    const headers = { 'Content-Type': 'application/json' };
    for (const text of ['', '[]', '{', '{"redirect_uris":["https://a.example"],"redirect_uris":[]}'])
      expect((await api.raw('/register', text, headers)).outcome).toBe('400 invalid_client_metadata');
    expect((await api.raw('/register', 'redirect_uris=a')).outcome).toBe('400 invalid_client_metadata');
  });
});

describe('afterwards', () => {
  const configuration = ({ client_id, registration_access_token: token }: Json, method = 'GET') =>
    api.send(`/register/${client_id}`, { method, headers: { Authorization: `Bearer ${token}` } });

  test('a client reads what is registered', async () => {
    const { body } = await register({ redirect_uris });
    expect((await configuration(body)).body).toEqual(body);
    expect((await configuration({ ...body, registration_access_token: 'a' })).outcome).toBe(
      '401 invalid_token',
    );
    expect((await configuration({ ...body, client_id: 'a' })).outcome).toBe('401 invalid_token');
    expect((await configuration({ ...body, client_id: '%' })).outcome).toBe('401 invalid_token');
  });

  test('a client that is deleted gets no tokens', async () => {
    const { body } = await register({ grant_types: ['client_credentials'] });
    const form = { grant_type: 'client_credentials' };
    const { body: tokens } = await api.token(clientOf(body), form);
    expect((await configuration(body, 'DELETE')).status).toBe(204);
    expect((await api.token(clientOf(body), form)).outcome).toBe('401 invalid_client');
    const other = await api.client();
    const told = await api.as(other, '/introspect', { token: String(tokens.access_token) });
    expect(told.body).toEqual({ active: false });
  });
});

test('the keys are those that a client publishes just then', async () => {
  let keys: Json = { keys: [] };
  const server = createServer((_, response) => response.end(JSON.stringify(keys)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const { body } = await register({
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `http://127.0.0.1:${port}/jwks`,
    });
    const form = { grant_type: 'client_credentials' };
    expect((await api.token(clientOf(body), form)).outcome).toBe('401 invalid_client');
    keys = await publicKeys();
    expect((await api.token(clientOf(body), form)).outcome).toBe('granted');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
