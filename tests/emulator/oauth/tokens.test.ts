import { expect, test } from 'vitest';
import { type Client, emulatorForThisFile, type Json, jwtBearer } from './support.ts';

const api = emulatorForThisFile();

const introspect = (who: Client, token: unknown) => api.as(who, '/introspect', { token: String(token) });
const revoke = (who: Client, token: unknown, hint?: string) =>
  api.as(who, '/revoke', { token: String(token), token_type_hint: hint });
const granted = async (who: Client, wishes: Json = {}): Promise<Json> =>
  (await api.token(who, await api.codeForm(who, wishes))).body;

test('a living token is described', async () => {
  const who = await api.client();
  const tokens = await granted(who, { scope: ['openid', 'read'], subject: 'alice' });
  const { body } = await introspect(who, tokens.access_token);
  expect(body).toEqual({
    active: true,
    iss: api.issuer(),
    client_id: who.id,
    sub: expect.any(String),
    username: 'alice',
    scope: 'openid read',
    token_type: 'Bearer',
    iat: expect.any(Number),
    exp: Number(body.iat) + 3600,
  });
  const { body: refresh } = await introspect(who, tokens.refresh_token);
  expect(refresh).toMatchObject({ active: true, sub: body.sub, scope: 'openid read' });
});

test('the subject of a client that asks for itself is no user', async () => {
  const who = await api.client();
  const { body } = await api.token(who, { grant_type: 'client_credentials' });
  expect((await introspect(who, body.access_token)).body).toMatchObject({ sub: who.id, client_id: who.id });
});

test('of what is not alive nothing is told', async () => {
  const who = await api.client();
  const tokens = await granted(who);
  expect((await introspect(who, 'other')).body).toEqual({ active: false });
  await api.made('expire', { kind: 'accessToken', value: tokens.access_token });
  expect((await introspect(who, tokens.access_token)).body).toEqual({ active: false });
  await api.token(who, { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) });
  expect((await introspect(who, tokens.refresh_token)).body).toEqual({ active: false });
});

test('only a client that proves who it is may ask', async () => {
  expect((await introspect(await api.client({ auth: 'none' }), 'a')).outcome).toBe('401 invalid_client');
  expect((await api.post('/introspect', { token: 'a' })).outcome).toBe('401 invalid_client');
  const anybody = { token: 'a', grant_type: jwtBearer };
  expect((await api.post('/introspect', anybody)).outcome).toBe('401 invalid_client');
  expect((await api.post('/revoke', anybody)).outcome).toBe('401 invalid_client');
  expect((await api.post('/device_authorization', anybody)).outcome).toBe('401 invalid_client');
  const who = await api.client();
  expect((await api.as(who, '/introspect', {})).outcome).toBe('400 invalid_request');
});

test('an access token is revoked alone, a refresh token with all that belongs to it', async () => {
  const who = await api.client({ auth: 'none' });
  const other = await api.client();
  const tokens = await granted(who);
  const answer = await revoke(who, tokens.access_token, 'refresh_token');
  expect([answer.status, answer.text]).toEqual([200, '']);
  expect((await introspect(other, tokens.access_token)).body).toEqual({ active: false });
  const form = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) };
  const { body: next } = await api.token(who, form);
  expect((await revoke(who, next.refresh_token)).status).toBe(200);
  expect((await introspect(other, next.access_token)).body).toEqual({ active: false });
  const again = { ...form, refresh_token: String(next.refresh_token) };
  expect((await api.token(who, again)).outcome).toBe('400 invalid_grant');
});

test('what is not there needs no revocation, and what is another one’s is not revoked', async () => {
  const [who, other] = [await api.client(), await api.client()];
  expect((await revoke(who, 'other')).status).toBe(200);
  const tokens = await granted(who);
  expect((await revoke(other, tokens.refresh_token)).outcome).toBe('400 invalid_grant');
  expect((await introspect(who, tokens.access_token)).body.active).toBe(true);
  expect((await api.as(who, '/revoke', {})).outcome).toBe('400 invalid_request');
});
