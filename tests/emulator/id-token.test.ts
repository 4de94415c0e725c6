import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../emulator/server.ts';
import { type IamGrant, iamOf, jwtBearer, tokenExchange } from './iam.ts';
import { apiOf, emulatorForThisFile, exchange, type Json } from './support.ts';

const api = emulatorForThisFile();
const iam = iamOf(api);

const published = async (url: string): Promise<JSONWebKeySet> =>
  (await exchange(`${url}/_jwks`, { method: 'GET' })).body as unknown as JSONWebKeySet;

/** The verified claims of the ID token that a grant brings. */
const claimsOf = async (grant: IamGrant, fixture: Json = {}) => {
  const request = await iam.request(grant, undefined, fixture);
  const { body } = await iam.send(request);
  const keys = createLocalJWKSet(await published(api.url()));
  const { payload } = await jwtVerify(String(body.idToken), keys, {
    audience: request.clientId,
    algorithms: ['RS256'],
  });
  return { payload, body, clientId: request.clientId };
};

const signingIn = ['authorization_code', jwtBearer, tokenExchange] as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('an ID token', () => {
  test.each(signingIn)('of %s verifies and has the documented claims', async (grant) => {
    const { payload, body, clientId } = await claimsOf(grant);
    const instance = clientId.split('/')[1];
    const { identityContext } = body.awsAdditionalDetails as Json;
    const { iat = 0 } = payload;
    expect(payload).toEqual({
      iss: `https://identitycenter.amazonaws.com/${instance}`,
      aud: clientId,
      sub: expect.stringMatching(uuid),
      'sts:identity_context': identityContext,
      'sts:audit_context': expect.stringMatching(/./),
      'aws:identity_store_id': expect.stringMatching(/^d-[0-9a-f]{10}$/),
      'aws:identity_store_arn': `arn:aws:identitystore::123456789012:identitystore/${payload['aws:identity_store_id']}`,
      'aws:instance_arn': `arn:aws:sso:::instance/${instance}`,
      'aws:instance_account': '123456789012',
      'aws:credential_id': expect.stringMatching(/./),
      auth_time: expect.any(Number),
      iat,
      exp: iat + 3600,
    });
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(60);
    expect(payload.auth_time).toBeLessThanOrEqual(iat);
  });

  test('of a code carries its nonce, and only of a code that had one', async () => {
    expect((await claimsOf('authorization_code', { nonce: 'n-0S6_WzA2Mj' })).payload.nonce).toBe(
      'n-0S6_WzA2Mj',
    );
    expect((await claimsOf('authorization_code')).payload).not.toHaveProperty('nonce');
  });

  test('names the same user whatever the grant, and another one for another subject', async () => {
    const subjects = await Promise.all(
      signingIn.map(async (grant) => (await claimsOf(grant, { subject: 'ann' })).payload.sub),
    );
    expect(new Set(subjects).size).toBe(1);
    expect((await claimsOf(jwtBearer, { subject: 'bob' })).payload.sub).not.toBe(subjects[0]);
  });

  test('lives on the virtual clock', async () => {
    const { url, close } = await startEmulator();
    const later = apiOf(() => url);
    const { request, send } = iamOf(later);
    const code = await request('authorization_code');
    const { now } = await later.advance(300);
    const { body } = await send(code, { at: Date.now() + 300_000 });
    const keys = createLocalJWKSet(await published(url));
    const currentDate = new Date(Number(now) * 1000);
    const { payload } = await jwtVerify(String(body.idToken), keys, { currentDate });
    await close();
    expect(Number(payload.iat) - Number(now)).toBeLessThan(60);
    expect(Number(payload.iat) - Number(payload.auth_time)).toBeGreaterThanOrEqual(300);
  });
});

describe('the JWK Set', () => {
  test('is where the emulator says, and holds one public key', async () => {
    const { url, jwks, close } = await startEmulator();
    expect(jwks).toBe(`${url}/_jwks`);
    const { status, headers, body } = await exchange(jwks, { method: 'GET' });
    const again = await exchange(jwks, { method: 'GET' });
    await close();
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(again.body).toEqual(body);
    expect(body).toEqual({
      keys: [
        {
          kty: 'RSA',
          n: expect.stringMatching(/^[\w-]{342}$/),
          e: 'AQAB',
          kid: expect.any(String),
          alg: 'RS256',
          use: 'sig',
        },
      ],
    });
  });

  test('has the key of every ID token', async () => {
    const [key] = (await published(api.url())).keys;
    for (const grant of signingIn) {
      const { body } = await iam.send(await iam.request(grant));
      expect(decodeProtectedHeader(String(body.idToken))).toEqual({
        alg: 'RS256',
        kid: key?.kid,
        typ: 'JWT',
      });
    }
  });

  test('does not have the key of the trusted issuer, nor of another emulator', async () => {
    const { url, close } = await startEmulator();
    const others = await published(url);
    await close();
    const own = await published(api.url());
    expect(own.keys[0]?.kid).not.toBe(others.keys[0]?.kid);
    const { assertion } = await iam.request(jwtBearer);
    await expect(jwtVerify(String(assertion), createLocalJWKSet(own))).rejects.toThrow();
  });

  test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('%s is 405', async (method) => {
    const { status, headers } = await exchange(`${api.url()}/_jwks`, { method });
    expect([status, headers.allow]).toEqual([405, 'GET']);
  });
});

test('a refresh brings none', async () => {
  const request = await iam.request('refresh_token');
  const { idToken, awsAdditionalDetails } = (await iam.send(request)).body;
  expect([idToken, awsAdditionalDetails]).toEqual([null, null]);
});
