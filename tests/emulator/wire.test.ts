import { describe, expect, test } from 'vitest';
import { emulatorForThisFile, raw } from './support.ts';

const api = emulatorForThisFile();

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const errorType = (exception: string) =>
  `${exception}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/`;

/** The value of a header by its exact spelling. */
const exactly = (rawHeaders: readonly string[], name: string) => rawHeaders[rawHeaders.indexOf(name) + 1];

describe('a refusal', () => {
  test('has the observed bytes while the authorization is pending', async () => {
    const { status, text, rawHeaders } = await api.token(await api.deviceRequest());
    expect(status).toBe(400);
    expect(text).toBe(
      '{"error":"authorization_pending","error_description":"Authorization is still pending"}',
    );
    expect(exactly(rawHeaders, 'Content-Length')).toBe('86');
    expect(exactly(rawHeaders, 'Content-Type')).toBe('application/json');
    expect(exactly(rawHeaders, 'x-amzn-ErrorType')).toBe(errorType('AuthorizationPendingException'));
    expect(exactly(rawHeaders, 'x-amzn-RequestId')).toMatch(uuid);
  });

  test('has the observed bytes for a refresh token that does not work', async () => {
    const request = await api.refreshRequest();
    const { text, rawHeaders } = await api.token({ ...request, refreshToken: 'unknown' });
    expect(text).toBe('{"error":"invalid_grant","error_description":"Invalid refresh token provided"}');
    expect(exactly(rawHeaders, 'Content-Length')).toBe('78');
  });

  test('names an unknown device code before a wrong client', async () => {
    const junk = { clientId: 'test', clientSecret: 'test', deviceCode: 'x' };
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const { status, text } = await api.token({ ...junk, grantType });
    expect(status).toBe(400);
    expect(text).toBe('{"error":"invalid_grant","error_description":"Invalid device code provided"}');
  });

  test('of a wrong client is 401', async () => {
    const { status, text, rawHeaders } = await api.token({
      ...(await api.codeRequest()),
      clientSecret: 'wrong',
    });
    expect(status).toBe(401);
    expect(text).toBe('{"error":"invalid_client","error_description":"Invalid client provided"}');
    expect(exactly(rawHeaders, 'x-amzn-ErrorType')).toBe(errorType('InvalidClientException'));
  });

  test('of a token from another region is the observed one', async () => {
    const { text } = await api.token(await api.refreshRequest(undefined, { region: 'sa-east-1' }));
    expect(text).toBe('{"error":"invalid_request","error_description":"Invalid token provided"}');
  });

  test('carries no caching headers, since none were observed', async () => {
    const { headers } = await api.token({});
    expect([headers['cache-control'], headers.pragma]).toEqual([undefined, undefined]);
  });

  test('stays JSON for a client that prefers HTML', async () => {
    const { headers, body } = await api.send('/token', { body: '{}', headers: { Accept: 'text/html' } });
    expect(headers['content-type']).toBe('application/json');
    expect(body.error).toBe('invalid_request');
  });
});

describe('a success', () => {
  test('of CreateToken has the observed members in the observed order', async () => {
    const { status, text, body, rawHeaders } = await api.token(await api.codeRequest());
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      'accessToken',
      'aws_sso_app_session_id',
      'expiresIn',
      'idToken',
      'issuedTokenType',
      'originSessionId',
      'refreshToken',
      'tokenType',
    ]);
    expect(body).toMatchObject({
      aws_sso_app_session_id: null,
      expiresIn: 3600,
      idToken: null,
      issuedTokenType: null,
      originSessionId: null,
      tokenType: 'Bearer',
    });
    expect(body.accessToken).toMatch(/^aoa[\w-]{64}:[A-Za-z0-9+/]{64}$/);
    expect(body.refreshToken).toMatch(/^aor[\w-]{64}:[A-Za-z0-9+/]{64}$/);
    expect(text).toBe(JSON.stringify(body));
    expect(exactly(rawHeaders, 'Content-Length')).toBe(String(text.length));
    expect(exactly(rawHeaders, 'Content-Type')).toBe('application/json');
    expect(exactly(rawHeaders, 'Cache-Control')).toBe('no-store');
    expect(exactly(rawHeaders, 'Pragma')).toBe('no-cache');
    expect(rawHeaders).not.toContain('x-amzn-ErrorType');
  });

  test('of StartDeviceAuthorization names the page of this emulator where AWS names its own', async () => {
    const { body, text, rawHeaders } = await api.startDevice(await api.client());
    const userCode = String(body.userCode);
    expect(userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(body.deviceCode).toMatch(/^[\w-]{86}$/);
    expect(Object.entries(body).slice(1)).toEqual([
      ['expiresIn', 600],
      ['interval', 1],
      ['userCode', userCode],
      ['verificationUri', `${api.url()}/device`],
      ['verificationUriComplete', `${api.url()}/device?user_code=${userCode}`],
    ]);
    const uri = 'https://device.sso.us-east-1.amazonaws.com/';
    expect(text.replaceAll(`${api.url()}/device`, uri), 'the observed size').toHaveLength(311);
    expect(exactly(rawHeaders, 'Cache-Control')).toBe('no-store');
  });

  test('of RegisterClient has the observed members', async () => {
    const { body, rawHeaders } = await api.post('/client/register', {
      clientName: 'a',
      clientType: 'public',
    });
    expect(Object.keys(body)).toEqual([
      'authorizationEndpoint',
      'clientId',
      'clientIdIssuedAt',
      'clientSecret',
      'clientSecretExpiresAt',
      'tokenEndpoint',
    ]);
    expect([body.authorizationEndpoint, body.tokenEndpoint]).toEqual([null, null]);
    expect(exactly(rawHeaders, 'Cache-Control')).toBe('no-store');
    expect(exactly(rawHeaders, 'Pragma')).toBe('no-cache');
  });
});

describe('how a request is read', () => {
  const contentTypes = [undefined, 'application/json', 'application/x-www-form-urlencoded', 'text/plain'];
  test.each(contentTypes)('JSON of content type %s', async (type) => {
    const body = JSON.stringify(await api.codeRequest());
    const { outcome } = await api.send('/token', { body, headers: type ? { 'Content-Type': type } : {} });
    expect(outcome).toBe('granted');
  });

  test('a chunked body', async () => {
    const body = JSON.stringify(await api.codeRequest());
    expect((await api.send('/token', { body, chunked: true })).outcome).toBe('granted');
  });

  test.each([
    ['nothing', ''],
    ['a form', 'grantType=refresh_token&clientId=a&clientSecret=b'],
    ['truncated JSON', '{"clientId":"a"'],
    ['trailing garbage', '{"clientId":"a"}}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a string', '"a"'],
    ['a comment', '{}//'],
    ['a byte order mark', '\ufeff{}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['more than 1 MiB', `{"a":"${'a'.repeat(1_048_576)}"}`],
  ])('%s is not a request', async (_, body) => {
    const { outcome, body: error } = await api.send('/token', { body });
    expect(outcome).toBe('InvalidRequestException');
    expect(error.error_description).toBe('Invalid request provided');
  });

  test('a body just below 1 MiB', async () => {
    const request = await api.codeRequest();
    const padding = 'a'.repeat(1_048_576 - JSON.stringify({ ...request, padding: '' }).length);
    expect((await api.token({ ...request, padding })).outcome).toBe('granted');
  });

  test.each(['"code":"x"', '"c\\u006fde":"x"', '"code":{"code":1}'])('%s once more', async (again) => {
    const body = JSON.stringify(await api.codeRequest());
    expect((await api.send('/token', { body: `${body.slice(0, -1)},${again}}` })).outcome).toBe(
      'InvalidRequestException',
    );
  });

  test('a name that repeats only in depth', async () => {
    const request = await api.codeRequest();
    const unknown = [{ code: 1, text: '"code":{["' }, { code: 2 }];
    expect((await api.token({ unknown, ...request })).outcome).toBe('granted');
  });

  test.each([
    ['an unknown member', { surprise: { deep: [1] }, startUrl: 5 }],
    ['null for an optional member', { scope: null, deviceCode: null }],
    ['an empty list for scope', { scope: [] }],
    ['an empty string for scope', { scope: '' }],
    ['a scope', { scope: ['sso:account:access'] }],
    ['any other scope', { scope: ['nobody:has:this', '', 'a b'] }],
  ])('%s changes nothing', async (_, changes) => {
    const { outcome, body } = await api.token({ ...(await api.codeRequest()), ...changes });
    expect([outcome, body.expiresIn, typeof body.refreshToken]).toEqual(['granted', 3600, 'string']);
  });

  test.each([
    { clientId: 5 },
    { clientSecret: ['a'] },
    { grantType: {} },
    { code: true },
    { redirectUri: 1 },
    { codeVerifier: ['a'.repeat(43)] },
    { deviceCode: 0 },
    { refreshToken: false },
    { scope: 'sso:account:access' },
    { scope: [1] },
    { scope: {} },
  ])('the wrong type %o is refused', async (changes) => {
    const answer = await api.token({ ...(await api.codeRequest()), ...changes });
    expect(answer.outcome).toBe('InvalidRequestException');
  });

  test('names are case-sensitive', async () => {
    const { code, ...request } = await api.codeRequest();
    expect((await api.token({ ...request, Code: code })).outcome).toBe('InvalidRequestException');
  });

  test('members in the query count for nothing', async () => {
    const { code, clientSecret, ...rest } = await api.codeRequest();
    const post = (path: string, body: object) => api.send(path, { body: JSON.stringify(body) });
    const outcome = async (query: Record<string, string>, body: object) =>
      (await post(`/token?${new URLSearchParams(query)}`, body)).outcome;
    expect(await outcome({ code }, { ...rest, clientSecret })).toBe('InvalidRequestException');
    expect(await outcome({ clientSecret }, { ...rest, code })).toBe('InvalidRequestException');
    expect(await outcome({ code: 'x', clientId: 'x' }, { ...rest, code, clientSecret })).toBe('granted');
  });
});

describe('routing', () => {
  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is 405', async (method) => {
    for (const path of ['/token', '/token?aws_iam=t', '/client/register', '/device_authorization']) {
      const { status, headers, body } = await api.send(path, { method });
      expect([status, headers.allow, headers['content-type']]).toEqual([405, 'POST', 'application/json']);
      expect(body).not.toHaveProperty('accessToken');
    }
  });

  test('a token request by GET gets no token', async () => {
    const query = new URLSearchParams(await api.codeRequest());
    const { status, text } = await api.send(`/token?${query}`, { method: 'GET' });
    expect(status).toBe(405);
    expect(text).toBe('{"message":"Method not allowed"}');
  });

  test.each([
    '/',
    '/token/',
    '/Token',
    '/%74oken',
    '//token',
    '/tokens',
    '/client',
    '/_fixtures',
    '/__proto__',
  ])('%s is 404', async (path) => {
    const { status, outcome, body } = await api.send(path, { body: '{}' });
    expect([status, outcome]).toEqual([404, 'UnknownOperationException']);
    expect(body).toEqual({ message: 'Unknown operation' });
  });

  test('an unsigned CreateTokenWithIAM is 403', async () => {
    const { status, outcome, text } = await api.post('/token?aws_iam=t', await api.codeRequest());
    expect([status, outcome]).toEqual([403, 'MissingAuthenticationTokenException']);
    expect(text).toBe('{"message":"Missing Authentication Token"}');
  });

  test('the absolute form of the target', async () => {
    const head = [
      'POST http://elsewhere/token HTTP/1.1',
      'Host: x',
      'Content-Length: 2',
      'Connection: close',
    ];
    const answer = await raw(api.url(), `${head.join('\r\n')}\r\n\r\n{}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('Invalid client ID provided');
  });
});
