import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../emulator/server.ts';
import { deviceGrant, emulatorForThisFile, type Json, raw, redirectUri, startUrl } from './support.ts';

const api = emulatorForThisFile();

test('the fixture service has the address that the emulator says', async () => {
  const { url, fixtures, close } = await startEmulator();
  expect(fixtures).toBe(`${url}/_fixtures`);
  const answer = await fetch(`${fixtures}/clock`, { method: 'POST', body: '{"advanceSeconds":0}' });
  expect(Object.keys((await answer.json()) as object)).toEqual(['now']);
  await close();
});

describe('what is wrong is said by name', () => {
  const known = async (): Promise<Json> => ({ clientId: (await api.client()).clientId });
  const code = { redirectUri };
  const fault = { operation: 'CreateToken', exception: 'SlowDownException', times: 1 };
  test.each<[verb: string, body: Json, named: string]>([
    ['client', {}, 'grantTypes'],
    ['client', { grantTypes: 'refresh_token' }, 'grantTypes'],
    ['client', { grantTypes: ['password'] }, 'grantTypes'],
    ['client', { grantTypes: [], scopes: 'a' }, 'scopes'],
    ['client', { grantTypes: [], scopes: ['a b'] }, 'scopes'],
    ['client', { grantTypes: [], redirectUris: [5] }, 'redirectUris'],
    ['client', { grantTypes: [], redirectUris: ['http://example.com/'] }, 'redirectUris'],
    ['client', { grantTypes: [], auth: 5 }, 'auth'],

    ['authorization-code', { ...code, clientId: 'nobody' }, 'clientId'],
    ['authorization-code', { ...code, clientId: undefined }, 'clientId'],
    ['authorization-code', { ...code, clientId: 5 }, 'clientId'],
    ['authorization-code', {}, 'redirectUri'],
    ['authorization-code', { redirectUri: 'https://example.com/' }, 'redirectUri'],
    ['authorization-code', { redirectUri: 'http://127.0.0.1:1/other' }, 'redirectUri'],
    [
      'authorization-code',
      { ...code, codeChallenge: 'a', codeChallengeMethod: 'plain' },
      'codeChallengeMethod',
    ],
    [
      'authorization-code',
      { ...code, codeChallenge: 'a', codeChallengeMethod: 's256' },
      'codeChallengeMethod',
    ],
    ['authorization-code', { ...code, codeChallengeMethod: 'S256' }, 'codeChallenge'],
    ['authorization-code', { ...code, codeChallenge: 5 }, 'codeChallenge'],
    ['authorization-code', { ...code, scope: 5 }, 'scope'],
    ['authorization-code', { ...code, nonce: {} }, 'nonce'],
    ['authorization-code', { ...code, resource: 'https://mcp.example.com/mcp' }, 'resource'],
    ['authorization-code', { ...code, subject: [] }, 'subject'],

    ['device-decision', { decision: 'approve' }, 'userCode'],
    ['device-decision', { userCode: 'AAAA-AAAA', decision: 'approve' }, 'userCode'],
    ['device-decision', { userCode: 'AAAA-AAAA' }, 'decision'],
    ['device-decision', { userCode: 'AAAA-AAAA', decision: 'maybe' }, 'decision'],

    ['refresh-token', { clientId: 'nobody' }, 'clientId'],
    ['refresh-token', { scope: [5] }, 'scope'],
    ['refresh-token', { region: 5 }, 'region'],

    ['expire', {}, 'kind'],
    ['expire', { kind: 'toString', value: 'x' }, 'kind'],
    ['expire', { kind: 'code' }, 'value'],
    ['expire', { kind: 'code', value: 'unknown' }, 'value'],
    ['expire', { kind: 'deviceCode', value: 'unknown' }, 'value'],
    ['expire', { kind: 'refreshToken', value: 'unknown' }, 'value'],
    ['expire', { kind: 'clientSecret', value: 'unknown' }, 'value'],

    ['fault', { ...fault, operation: 'Unknown' }, 'operation'],
    ['fault', { ...fault, operation: undefined }, 'operation'],
    ['fault', { ...fault, exception: 'Unknown' }, 'exception'],
    ['fault', { ...fault, exception: 'constructor' }, 'exception'],
    ['fault', { ...fault, exception: 'InvalidRequestRegionException' }, 'exception'],
    ['fault', { ...fault, operation: 'RegisterClient', exception: 'InvalidGrantException' }, 'exception'],
    ['fault', { ...fault, clientId: 'nobody' }, 'clientId'],
    ['fault', { ...fault, operation: 'RegisterClient' }, 'clientId'],
    ['fault', { ...fault, members: [] }, 'members'],
    ['fault', { ...fault, times: undefined }, 'times'],
    ['fault', { ...fault, times: 0 }, 'times'],
    ['fault', { ...fault, times: 1.5 }, 'times'],
    ['fault', { ...fault, times: '1' }, 'times'],

    ['fault', { ...fault, operation: 'CreateTokenWithIAM' }, 'clientId'],

    ['clock', {}, 'advanceSeconds'],
    ['clock', { advanceSeconds: '5' }, 'advanceSeconds'],
    ['clock', { advanceSeconds: -0.0001 }, 'advanceSeconds'],
    ['clock', { advanceSeconds: 1e15 }, 'advanceSeconds'],
  ])('%s %j: %s', async (verb, body, named) => {
    const { status, body: out } = await api.fixture(verb, { ...(await known()), ...body });
    expect(status).toBe(400);
    expect(out).toEqual({ message: expect.stringMatching(new RegExp(`^${named} `)) });
  });
});

describe('what is not there', () => {
  test.each<[verb: string, body: Json, status: number]>([
    ['client', { auth: 'none', grantTypes: [] }, 501],
    ['client', { auth: 'private_key_jwt', grantTypes: [] }, 501],
    ['unknown', {}, 404],
    ['', {}, 404],
    ['clock/', {}, 404],
    ['__proto__', {}, 404],
    ['toString', {}, 404],
  ])('%s %j: %i', async (verb, body, status) => {
    const answer = await api.fixture(verb, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ message: expect.any(String) });
  });

  test.each(['GET', 'PUT', 'DELETE'])('%s is 405', async (method) => {
    const { status, headers } = await api.send('/_fixtures/clock', { method, body: '{"advanceSeconds":0}' });
    expect([status, headers.allow]).toEqual([405, 'POST']);
  });

  test.each(['', '[]', 'null', '{', '"a"', 'advanceSeconds=5'])('the body %s is 400', async (body) => {
    const answer = await api.send('/_fixtures/clock', { body });
    expect([answer.status, answer.body]).toEqual([400, { message: 'the body must be a JSON object' }]);
  });
});

describe('client', () => {
  test('is one that can be used', async () => {
    const out = await api.made('client', { grantTypes: [deviceGrant], auth: 'secret', scopes: null });
    expect(Object.keys(out)).toEqual(['clientId', 'clientSecret', 'clientSecretExpiresAt']);
    expect(out.clientSecretExpiresAt).toBeGreaterThan(Date.now() / 1000);
    expect((await api.startDevice(out as never)).outcome).toBe('granted');
  });
});

describe('authorization-code', () => {
  test.each([
    ['http://127.0.0.1/oauth/callback', 'http://127.0.0.1:1/oauth/callback', 200],
    ['http://127.0.0.1:2/oauth/callback', 'http://127.0.0.1:1/oauth/callback', 200],
    ['http://localhost/cb', 'http://localhost:9/cb', 200],
    ['http://localhost/cb', 'http://127.0.0.1/cb', 400],
    ['https://example.com/cb', 'https://example.com/cb', 200],
    ['https://example.com/cb', 'https://example.com:8443/cb', 400],
    ['https://example.com/cb', 'https://example.com/cb/', 400],
    ['com.example.app:/cb', 'com.example.app:/cb', 200],
  ])('%s registered, %s asked for: %i', async (registered, asked, status) => {
    const { clientId } = await api.client({ redirectUris: [registered] });
    const answer = await api.fixture('authorization-code', { clientId, redirectUri: asked, scope: ['a'] });
    expect(answer.status).toBe(status);
  });

  test('a client without redirect URIs may name any', async () => {
    const { clientId } = await api.client({ grantTypes: [deviceGrant], redirectUris: undefined });
    expect((await api.fixture('authorization-code', { clientId, redirectUri })).status).toBe(200);
  });
});

describe('verbs without output answer {}', () => {
  test('device-decision, expire, fault', async () => {
    const { deviceCode, userCode, clientId } = await api.deviceRequest();
    const fault = { operation: 'CreateToken', exception: 'SlowDownException', clientId, times: 1 };
    expect(await api.made('device-decision', { userCode, decision: 'deny', subject: 'ann' })).toEqual({});
    expect(await api.made('expire', { kind: 'deviceCode', value: deviceCode })).toEqual({});
    expect(await api.made('fault', fault)).toEqual({});
  });
});

describe('fault', () => {
  const exceptions = [
    ['CreateToken', 'AccessDeniedException', 400, 'access_denied'],
    ['CreateToken', 'AuthorizationPendingException', 400, 'authorization_pending'],
    ['CreateToken', 'ExpiredTokenException', 400, 'expired_token'],
    ['CreateToken', 'InternalServerException', 500, 'server_error'],
    ['CreateToken', 'InvalidClientException', 401, 'invalid_client'],
    ['CreateToken', 'InvalidGrantException', 400, 'invalid_grant'],
    ['CreateToken', 'InvalidRequestException', 400, 'invalid_request'],
    ['CreateToken', 'InvalidScopeException', 400, 'invalid_scope'],
    ['CreateToken', 'SlowDownException', 400, 'slow_down'],
    ['CreateToken', 'UnauthorizedClientException', 400, 'unauthorized_client'],
    ['CreateToken', 'UnsupportedGrantTypeException', 400, 'unsupported_grant_type'],
    ['StartDeviceAuthorization', 'InternalServerException', 500, 'server_error'],
    ['StartDeviceAuthorization', 'SlowDownException', 400, 'slow_down'],
    ['StartDeviceAuthorization', 'UnauthorizedClientException', 400, 'unauthorized_client'],
  ] as const;
  test.each(exceptions)(
    '%s answers %s once and consumes nothing',
    async (operation, exception, status, error) => {
      const request = await api.codeRequest();
      const path = operation === 'CreateToken' ? '/token' : '/device_authorization';
      const body = { ...request, startUrl };
      await api.made('fault', { operation, exception, clientId: request.clientId, times: 1 });
      const answer = await api.post(path, body);
      expect([answer.outcome, answer.status, answer.body.error]).toEqual([exception, status, error]);
      expect(Object.keys(answer.body)).toEqual(['error', 'error_description']);
      expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      expect((await api.post(path, body)).outcome).toBe('granted');
    },
  );

  test('adds its members to the error body', async () => {
    const request = await api.codeRequest();
    const members = { reason: 'KMS_AccessDeniedException' };
    const armed = { operation: 'CreateToken', exception: 'AccessDeniedException', members, times: 1 };
    await api.made('fault', { ...armed, clientId: request.clientId });
    expect((await api.token(request)).text).toBe(
      '{"error":"access_denied","error_description":"Access is denied","reason":"KMS_AccessDeniedException"}',
    );
  });

  test('hits exactly `times` requests', async () => {
    const request = await api.codeRequest();
    const armed = { operation: 'CreateToken', exception: 'SlowDownException', times: 3 };
    await api.made('fault', { ...armed, clientId: request.clientId });
    const seen = [];
    for (let sent = 0; sent < 4; sent += 1) seen.push((await api.token(request)).outcome);
    expect(seen).toEqual(['SlowDownException', 'SlowDownException', 'SlowDownException', 'granted']);
  });

  test('is not used up by what is not a request, by another client or by another operation', async () => {
    const request = await api.codeRequest();
    const armed = { operation: 'CreateToken', exception: 'SlowDownException', times: 1 };
    await api.made('fault', { ...armed, clientId: request.clientId });
    expect((await api.token({ ...request, code: undefined })).outcome).toBe('InvalidRequestException');
    expect((await api.token({ ...request, grantType: 'x' })).outcome).toBe('UnsupportedGrantTypeException');
    expect((await api.token(await api.codeRequest())).outcome).toBe('granted');
    expect((await api.startDevice(request)).outcome).toBe('granted');
    expect((await api.token(request)).outcome).toBe('SlowDownException');
  });

  test('without clientId hits the next one, whoever it is', async () => {
    const { url, close } = await startEmulator();
    const send = async (path: string, body: Json) =>
      (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).status;
    const registration = { clientName: 'a', clientType: 'public' };
    const armed = { operation: 'RegisterClient', exception: 'SlowDownException', times: 1 };
    expect(await send('/_fixtures/fault', armed)).toBe(200);
    expect(await send('/client/register', registration)).toBe(400);
    expect(await send('/client/register', registration)).toBe(200);
    await close();
  });

  test('with a member called __proto__ harms nothing', async () => {
    const request = await api.codeRequest();
    const armed = JSON.stringify({
      operation: 'CreateToken',
      exception: 'SlowDownException',
      clientId: request.clientId,
      times: 1,
      members: 0,
    }).replace('"members":0', '"members":{"__proto__":{"status":200}}');
    expect((await api.send('/_fixtures/fault', { body: armed })).status).toBe(200);
    expect((await api.token(request)).status).toBe(400);
    expect((await api.token(request)).status).toBe(200);
  });
});

test('a fixture that is asked for in raw bytes', async () => {
  const head = 'POST /_fixtures/clock HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 20';
  expect(await raw(api.url(), `${head}\r\n\r\n{"advanceSeconds":0}`)).toMatch(/\{"now":\d+\}$/);
});
