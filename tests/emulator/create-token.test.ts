import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Answer, deviceGrant, emulatorForThisFile, type Json, redirectUri, s256 } from './support.ts';

const api = emulatorForThisFile();

const invalidGrant = 'InvalidGrantException';

describe('the order of refusals', () => {
  const unsupported = 'UnsupportedGrantTypeException';
  test.each<[Json, string]>([
    [{ grantType: 'password', code: undefined, clientSecret: 'wrong' }, unsupported],
    [{ grantType: 'AUTHORIZATION_CODE' }, unsupported],
    [{ grantType: 'urn:ietf:params:oauth:grant-type:device-code' }, unsupported],
    [{ grantType: '__proto__' }, unsupported],
    [{ grantType: 'password', clientId: undefined }, 'InvalidRequestException'],
    [{ code: undefined, clientSecret: 'wrong' }, 'InvalidRequestException'],
    [{ redirectUri: undefined, clientSecret: 'wrong' }, 'InvalidRequestException'],
    [{ code: 'unknown', clientSecret: 'wrong' }, 'InvalidClientException'],
    [{ codeVerifier: undefined, clientSecret: 'wrong' }, 'InvalidClientException'],
    [{ grantType: 'refresh_token', refreshToken: 'x', clientId: 'x' }, 'InvalidClientException'],
    [{ grantType: deviceGrant, deviceCode: 'x', clientId: 'x' }, invalidGrant],
  ])('%j: %s', async (changes, outcome) => {
    expect((await api.token({ ...(await api.codeRequest()), ...changes })).outcome).toBe(outcome);
  });

  test('a client without the grant is told so before the artefact is looked at', async () => {
    const credentials = await api.client({ grantTypes: [] });
    for (const grant of [
      { grantType: 'authorization_code', code: 'x', redirectUri },
      { grantType: 'refresh_token', refreshToken: 'x' },
    ]) {
      expect((await api.token({ ...credentials, ...grant })).outcome).toBe('UnauthorizedClientException');
    }
  });
});

describe('PKCE', () => {
  test.each(['a'.repeat(43), 'a'.repeat(128), `-._~${'Az09'.repeat(10)}`])(
    'verifier %s',
    async (verifier) => {
      const request = await api.codeRequest(undefined, { codeChallenge: s256(verifier) });
      expect((await api.token({ ...request, codeVerifier: verifier })).outcome).toBe('granted');
    },
  );

  test('the verifier of another code', async () => {
    const credentials = await api.client();
    const [one, other] = [await api.codeRequest(credentials), await api.codeRequest(credentials)];
    const { outcome } = await api.token({ ...one, codeVerifier: other.codeVerifier });
    expect(outcome).toBe(invalidGrant);
  });

  test('a code without challenge is good for nothing', async () => {
    const request = await api.codeRequest(undefined, {
      codeChallenge: undefined,
      codeChallengeMethod: undefined,
    });
    expect((await api.token(request)).outcome).toBe(invalidGrant);
    expect((await api.token({ ...request, codeVerifier: undefined })).outcome).toBe(invalidGrant);
  });
});

describe('a refused request consumes nothing', () => {
  const wrong: Json[] = [
    { clientSecret: 'wrong' },
    { clientId: 'nobody' },
    { codeVerifier: 'b'.repeat(43) },
    { codeVerifier: undefined },
    { redirectUri: 'http://127.0.0.1:1/oauth/callback' },
    { grantType: 'refresh_token', refreshToken: 'unknown' },
    { scope: 5 },
  ];
  test.each(wrong)('code: %j', async (changes) => {
    const request = await api.codeRequest();
    expect((await api.token({ ...request, ...changes })).outcome).not.toBe('granted');
    expect((await api.token(request)).outcome).toBe('granted');
  });

  test.each(['codeRequest', 'refreshRequest', 'deviceRequest'] as const)(
    '%s of another client',
    async (make) => {
      const request = make === 'deviceRequest' ? await api.deviceRequest('approve') : await api[make]();
      const { outcome } = await api.token({ ...request, ...(await api.client()) });
      expect(outcome).toBe(invalidGrant);
      expect((await api.token(request)).outcome).toBe('granted');
    },
  );

  test.each(['refreshRequest', 'deviceRequest'] as const)('%s with a wrong secret', async (make) => {
    const request = make === 'deviceRequest' ? await api.deviceRequest('approve') : await api[make]();
    const { outcome, status } = await api.token({ ...request, clientSecret: 'wrong' });
    expect([outcome, status]).toEqual(['InvalidClientException', 401]);
    expect((await api.token(request)).outcome).toBe('granted');
  });
});

describe('reuse', () => {
  const redeemed = async () => {
    const request = await api.codeRequest();
    const { refreshToken } = (await api.token(request)).body;
    return { request, refreshToken };
  };

  test('of a code revokes the refresh tokens that came from it', async () => {
    const { request, refreshToken } = await redeemed();
    const second = (await api.refresh(request, refreshToken)).body.refreshToken;
    expect((await api.token(request)).outcome).toBe(invalidGrant);
    expect((await api.refresh(request, second)).outcome).toBe(invalidGrant);
  });

  test.each<Json>([
    { codeVerifier: 'b'.repeat(43) },
    { codeVerifier: undefined },
    { clientSecret: 'wrong' },
    { redirectUri: 'http://127.0.0.1:1/oauth/callback' },
  ])('of a code that is itself invalid revokes nothing: %j', async (changes) => {
    const { request, refreshToken } = await redeemed();
    expect((await api.token({ ...request, ...changes })).outcome).not.toBe('granted');
    expect((await api.refresh(request, refreshToken)).outcome).toBe('granted');
  });

  test('of a code by another client revokes nothing', async () => {
    const { request, refreshToken } = await redeemed();
    expect((await api.token({ ...request, ...(await api.client()) })).outcome).toBe(invalidGrant);
    expect((await api.refresh(request, refreshToken)).outcome).toBe('granted');
  });

  test('of a code leaves other sign-ins alone', async () => {
    const credentials = await api.client();
    const request = await api.codeRequest(credentials);
    const other = (await api.token(await api.codeRequest(credentials))).body.refreshToken;
    await api.token(request);
    await api.token(request);
    expect((await api.refresh(credentials, other)).outcome).toBe('granted');
  });

  test('of a rotated refresh token revokes the family', async () => {
    const first = await api.refreshRequest();
    const second = (await api.token(first)).body.refreshToken;
    const third = (await api.refresh(first, second)).body.refreshToken;
    expect((await api.token(first)).outcome).toBe(invalidGrant);
    expect((await api.refresh(first, third)).outcome).toBe(invalidGrant);
  });

  test('of a rotated refresh token by another client changes nothing', async () => {
    const first = await api.refreshRequest();
    const second = (await api.token(first)).body.refreshToken;
    const thief = await api.client();
    expect((await api.refresh(thief, first.refreshToken)).outcome).toBe(invalidGrant);
    expect((await api.refresh(thief, second)).outcome).toBe(invalidGrant);
    expect((await api.refresh(first, second)).outcome).toBe('granted');
  });
});

describe('refresh', () => {
  test('rotates even for a client whose sign-in gives no refresh token', async () => {
    const legacy = await api.client({ scopes: [] });
    const { body } = await api.token(await api.refreshRequest(legacy));
    expect(body.refreshToken).toMatch(/^aor/);
    expect(body.expiresIn).toBe(28_800);
  });

  test('rotates every time', async () => {
    const request = await api.refreshRequest();
    const seen = new Set<unknown>([request.refreshToken]);
    let current: unknown = request.refreshToken;
    for (let round = 0; round < 5; round += 1) {
      current = (await api.refresh(request, current)).body.refreshToken;
      seen.add(current);
    }
    expect(seen.size).toBe(6);
  });
});

describe('values', () => {
  const otherCase = (value: string) =>
    value.replace(/[a-z]/i, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase()));
  test('are compared character by character', async () => {
    const request = await api.codeRequest();
    for (const name of ['clientId', 'clientSecret', 'code', 'codeVerifier', 'redirectUri'] as const) {
      const changed = { ...request, [name]: otherCase(request[name]) };
      expect((await api.token(changed)).outcome).not.toBe('granted');
      expect((await api.token({ ...request, [name]: `${request[name]} ` })).outcome).not.toBe('granted');
    }
    expect((await api.token(request)).outcome).toBe('granted');
  });
});

describe('nothing stands in for something else', () => {
  test('tokens, codes and device codes', async () => {
    const credentials = await api.client();
    const codeRequest = await api.codeRequest(credentials);
    const { deviceCode } = await api.deviceRequest('approve', credentials);
    const { accessToken, refreshToken } = (await api.token(await api.codeRequest(credentials))).body;
    const { code } = codeRequest;
    for (const value of [accessToken, code, deviceCode, credentials.clientSecret]) {
      expect((await api.refresh(credentials, value)).outcome).toBe(invalidGrant);
    }
    for (const value of [accessToken, refreshToken, deviceCode]) {
      expect((await api.token({ ...codeRequest, code: value })).outcome).toBe(invalidGrant);
    }
    for (const value of [accessToken, refreshToken, code]) {
      const answer = await api.token({ ...credentials, grantType: deviceGrant, deviceCode: value });
      expect(answer.outcome).toBe(invalidGrant);
    }
    expect((await api.token(codeRequest)).outcome).toBe('granted');
    expect((await api.refresh(credentials, refreshToken)).outcome).toBe('granted');
  });
});

describe('what is issued', () => {
  test('cannot be guessed and never repeats', async () => {
    const credentials = await api.client();
    const values = new Set<unknown>();
    for (let round = 0; round < 20; round += 1) {
      const request = await api.codeRequest(credentials);
      const { accessToken, refreshToken } = (await api.token(request)).body;
      for (const value of [request.code, accessToken, refreshToken]) values.add(value);
      expect(request.code).toMatch(/^[\w-]{64}$/);
    }
    expect(values.size).toBe(60);
  });
});

describe('no refusal echoes what was sent', () => {
  const hostile = ['<script>', '"\\', '\r\nSet-Cookie: a=b', '\u0000', '\ud800', '🔑'.repeat(50)];
  const names = ['clientId', 'clientSecret', 'grantType', 'code', 'redirectUri', 'codeVerifier'];
  test.each(names)('%s', async (name) => {
    for (const value of [...hostile, randomBytes(30).toString('base64url')]) {
      const answer: Answer = await api.token({ ...(await api.codeRequest()), [name]: value });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(answer.text).not.toContain(value);
      expect(answer.rawHeaders.join('\n')).not.toContain(value);
    }
  });
});
