import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Client, emulatorForThisFile } from './support.ts';

const api = emulatorForThisFile();

const names = [
  ...['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'grant_type', 'code'],
  ...['redirect_uri', 'code_verifier', 'device_code', 'refresh_token', 'assertion', 'subject_token'],
  ...['subject_token_type', 'requested_token_type', 'actor_token', 'resource', 'scope', 'token', 'state'],
  ...['response_type', 'code_challenge', 'prompt', 'username', 'password', '__proto__', 'constructor'],
];
const grants = [
  ...['authorization_code', 'refresh_token', 'client_credentials', 'password'],
  ...['device_code', 'jwt-bearer', 'token-exchange'].map((one) => `urn:ietf:params:oauth:grant-type:${one}`),
];
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'a.b.c', 'openid', ...grants),
);
const pairs = fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 8 });
const paths = [
  '/token',
  '/device_authorization',
  '/introspect',
  '/revoke',
  '/register',
  '/authorize',
  '/device',
];

test('no form is too strange to be answered', async () => {
  let who: Client | undefined;
  const property = fc.asyncProperty(
    fc.constantFrom(...paths),
    pairs,
    fc.boolean(),
    async (path, form, isKnown) => {
      who ??= await api.client();
      const body = new URLSearchParams(form).toString();
      const answer = isKnown ? await api.as(who, path, Object.fromEntries(form)) : await api.raw(path, body);
      expect(answer.status).toBeLessThan(500);
      if (answer.status < 400 || path === '/authorize' || path === '/device') return;
      expect(answer.body.error).toMatch(/^[a-z_]+$/);
      expect(answer.body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );
  await fc.assert(property, { numRuns: 400, seed: 7 });
});

test('no Authorization header is too strange to be answered', async () => {
  const header = fc.oneof(
    fc.base64String().map((one) => `Basic ${one}`),
    fc.string({ maxLength: 40 }),
  );
  const property = fc.asyncProperty(header, async (authorization) => {
    const Authorization = authorization.trim();
    const answer = await api.post('/token', { grant_type: 'client_credentials' }, { Authorization });
    expect(answer.outcome).toBe('401 invalid_client');
    const told = await api.send('/userinfo', { headers: { Authorization } });
    expect(told.status).toBe(401);
  });
  await fc.assert(property, { numRuns: 200, seed: 7 });
});

test('no registration is too strange to be answered', async () => {
  const member = fc.constantFrom('redirect_uris', 'grant_types', 'scope', 'jwks', 'jwks_uri', 'client_name');
  const property = fc.asyncProperty(fc.dictionary(member, fc.jsonValue()), async (metadata) => {
    const answer = await api.json('/register', metadata);
    expect([201, 400]).toContain(answer.status);
  });
  await fc.assert(property, { numRuns: 200, seed: 7 });
});
