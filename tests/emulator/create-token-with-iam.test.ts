import { describe, expect, test } from 'vitest';
import { problemsWith } from '../../schemas/read.ts';
import {
  accessTokenType,
  allGrants,
  type IamGrant,
  iamOf,
  jwtBearer,
  refreshTokenType,
  tokenExchange,
} from './iam.ts';
import { deviceGrant, emulatorForThisFile, type Json } from './support.ts';

const api = emulatorForThisFile();
const iam = iamOf(api);

const granted = 'granted';
const invalidRequest = 'InvalidRequestException';
const invalidClient = 'InvalidClientException';
const invalidGrant = 'InvalidGrantException';
const invalidScope = 'InvalidScopeException';
const unsupported = 'UnsupportedGrantTypeException';
const allScopes = ['openid', 'aws', 'sts:identity_context'];
const regionException = 'InvalidRequestRegionException';

describe('what is granted', () => {
  const present = expect.stringMatching(/./);
  test.each<[string, IamGrant, Json, Json]>([
    ['a code', 'authorization_code', {}, { refreshToken: present, issuedTokenType: refreshTokenType }],
    ['an assertion', jwtBearer, {}, { refreshToken: present, issuedTokenType: refreshTokenType }],
    ['a subject token', tokenExchange, {}, { refreshToken: null, issuedTokenType: accessTokenType }],
    [
      'a subject token for an access token',
      tokenExchange,
      { requestedTokenType: accessTokenType },
      { refreshToken: null, issuedTokenType: accessTokenType },
    ],
    [
      'a subject token for a refresh token',
      tokenExchange,
      { requestedTokenType: refreshTokenType },
      { refreshToken: present, issuedTokenType: refreshTokenType },
    ],
    [
      'a refresh token',
      'refresh_token',
      {},
      {
        refreshToken: present,
        issuedTokenType: refreshTokenType,
        idToken: null,
        awsAdditionalDetails: null,
      },
    ],
  ])('for %s', async (_, grant, changes, expected) => {
    const { status, text, body, headers } = await iam.send({ ...(await iam.request(grant)), ...changes });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      'accessToken',
      'awsAdditionalDetails',
      'expiresIn',
      'idToken',
      'issuedTokenType',
      'refreshToken',
      'scope',
      'tokenType',
    ]);
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^aoa[\w-]{64}:/),
      awsAdditionalDetails: { identityContext: present },
      expiresIn: 3600,
      idToken: present,
      scope: allScopes,
      tokenType: 'Bearer',
      ...expected,
    });
    expect(problemsWith('aws-json/create-token-with-iam.response', body)).toEqual([]);
    expect(text).toBe(JSON.stringify(body));
    expect([headers['cache-control'], headers.pragma]).toEqual(['no-store', 'no-cache']);
  });

  test.each(allGrants)('%s: never the same twice', async (grant) => {
    const from = await iam.application();
    const [one, other] = [await iam.request(grant, from), await iam.request(grant, from)];
    const [first, second] = [(await iam.send(one)).body, (await iam.send(other)).body];
    for (const name of ['accessToken', 'refreshToken', 'idToken', 'awsAdditionalDetails'])
      if (first[name] !== null) expect(first[name]).not.toEqual(second[name]);
  });
});

describe('the order of refusals', () => {
  test.each<[Json, string]>([
    [{ grantType: deviceGrant }, unsupported],
    [{ grantType: 'password', code: undefined, clientId: 'nobody' }, unsupported],
    [{ grantType: 'AUTHORIZATION_CODE' }, unsupported],
    [{ grantType: 'urn:ietf:params:oauth:grant-type:jwt_bearer' }, unsupported],
    [{ grantType: 'password', clientId: undefined }, invalidRequest],
    [{ code: undefined, clientId: 'nobody' }, invalidRequest],
    [{ redirectUri: undefined, clientId: 'nobody' }, invalidRequest],
    [{ grantType: tokenExchange, subjectToken: 'x', clientId: 'nobody' }, invalidRequest],
    [{ grantType: tokenExchange, subjectTokenType: 'x', subjectToken: 'x', clientId: 'x' }, invalidRequest],
    [{ grantType: jwtBearer, clientId: 'nobody' }, invalidRequest],
    [{ code: 'unknown', clientId: 'nobody' }, invalidClient],
    [{ scope: ['nobody:has:this'], clientId: 'nobody' }, invalidClient],
    [{ scope: ['nobody:has:this'], code: 'unknown' }, invalidScope],
    [{ codeVerifier: undefined, code: 'unknown' }, invalidGrant],
    [{ clientSecret: 'ignored', deviceCode: 'ignored', unknown: { deep: [1] } }, granted],
  ])('%j: %s', async (changes, outcome) => {
    const answer = await iam.send({ ...(await iam.request('authorization_code')), ...changes });
    expect(answer.outcome).toBe(outcome);
  });

  test('a fault is met before a principal that is not allowed, and that before an unknown client', async () => {
    const by = await iam.credentials(false);
    const { clientId, ...request } = await iam.request('refresh_token');
    const exception = 'SlowDownException';
    await api.made('fault', { operation: 'CreateTokenWithIAM', exception, clientId, times: 1 });
    const send = async (changes: Json) =>
      (await iam.send({ clientId, ...request, ...changes }, { by })).outcome;
    expect(await send({ refreshToken: undefined })).toBe(invalidRequest);
    expect(await send({})).toBe(exception);
    expect(await send({})).toBe('AccessDeniedException');
    expect(await send({ clientId: 'nobody' })).toBe('AccessDeniedException');
  });

  test('a grant that is not registered is told before a wrong scope or artefact', async () => {
    const clientId = await iam.application({ grantTypes: [jwtBearer] });
    const request = { clientId, grantType: 'refresh_token', refreshToken: 'x', scope: ['nobody:has:this'] };
    expect((await iam.send(request)).outcome).toBe('UnauthorizedClientException');
  });
});

describe('scope', () => {
  test.each(allGrants)('%s: narrows what is granted', async (grant) => {
    const request = await iam.request(grant);
    const { outcome, body } = await iam.send({ ...request, scope: ['aws', 'openid', 'aws'] });
    expect([outcome, body.scope]).toEqual([granted, ['aws', 'openid']]);
  });

  test.each<[string, Json]>([
    ['an empty list', { scope: [] }],
    ['null', { scope: null }],
    ['an empty string', { scope: '' }],
  ])('%s is none, which stands for all', async (_, changes) => {
    const { body } = await iam.send({ ...(await iam.request('refresh_token')), ...changes });
    expect(body.scope).toEqual(allScopes);
  });

  test.each([['openid aws'], ['OPENID'], [''], ['__proto__']])('%j is not one of them', async (scope) => {
    const { outcome } = await iam.send({ ...(await iam.request('refresh_token')), scope: [scope] });
    expect(outcome).toBe(invalidScope);
  });

  test('a text is no list', async () => {
    const { outcome } = await iam.send({ ...(await iam.request('refresh_token')), scope: 'openid' });
    expect(outcome).toBe(invalidRequest);
  });

  test('of an application of its own', async () => {
    const from = await iam.application({ scopes: ['one', 'two'] });
    expect((await iam.send(await iam.request(jwtBearer, from))).body.scope).toEqual(['one', 'two']);
    const wider = { ...(await iam.request(jwtBearer, from)), scope: ['openid'] };
    expect((await iam.send(wider)).outcome).toBe(invalidScope);
  });

  test('does not grow by refreshing, and does not shrink for good', async () => {
    const from = await iam.application();
    const code = { ...(await iam.request('authorization_code', from)), scope: ['openid', 'aws'] };
    const refresh = async (refreshToken: unknown, changes: Json = {}) =>
      iam.send({ clientId: from, grantType: 'refresh_token', refreshToken, ...changes });
    const { refreshToken } = (await iam.send(code)).body;
    expect((await refresh(refreshToken, { scope: allScopes })).outcome).toBe(invalidScope);
    const narrower = (await refresh(refreshToken, { scope: ['aws'] })).body;
    expect(narrower.scope).toEqual(['aws']);
    expect((await refresh(narrower.refreshToken)).body.scope).toEqual(['openid', 'aws']);
  });

  test('that the artefact was issued for is what is granted', async () => {
    for (const grant of ['authorization_code', 'refresh_token', tokenExchange] as const) {
      const request = await iam.request(grant, undefined, { scope: 'openid' });
      expect((await iam.send(request)).body.scope).toEqual(['openid']);
    }
  });
});

describe('the two operations are apart', () => {
  test('an application is unknown to CreateToken', async () => {
    const request = await iam.request('authorization_code');
    const { outcome, status } = await api.token({ ...request, clientSecret: 'x' });
    expect([outcome, status]).toEqual([invalidClient, 401]);
    expect((await iam.send(request)).outcome).toBe(granted);
  });

  test('a registered client is unknown to CreateTokenWithIAM', async () => {
    const request = await api.codeRequest();
    const { outcome, status } = await iam.send(request);
    expect([outcome, status]).toEqual([invalidClient, 401]);
    expect((await api.token(request)).outcome).toBe(granted);
  });

  test('nor is the artefact of one good for the other', async () => {
    const clientId = await iam.application();
    const [code, refresh] = [await api.codeRequest(), await api.refreshRequest()];
    expect((await iam.send({ ...code, clientId })).outcome).toBe(invalidGrant);
    expect((await iam.send({ ...refresh, clientId })).outcome).toBe(invalidGrant);
    const own = await iam.request('refresh_token');
    expect((await api.refresh(await api.client(), own.refreshToken)).outcome).toBe(invalidGrant);
    expect((await iam.send(own)).outcome).toBe(granted);
  });

  test('nor is one kind of token good for another', async () => {
    const clientId = await iam.application();
    const { accessToken, refreshToken, idToken } = (await iam.send(await iam.request(jwtBearer, clientId)))
      .body;
    for (const assertion of [accessToken, refreshToken, idToken])
      expect((await iam.send({ clientId, grantType: jwtBearer, assertion })).outcome).toBe(invalidGrant);
    for (const value of [accessToken, idToken])
      expect((await iam.send({ clientId, grantType: 'refresh_token', refreshToken: value })).outcome).toBe(
        invalidGrant,
      );
    const exchange = { clientId, grantType: tokenExchange, subjectTokenType: accessTokenType };
    for (const subjectToken of [accessToken, refreshToken, idToken])
      expect((await iam.send({ ...exchange, subjectToken })).outcome).toBe(invalidRequest);
  });
});

describe('an assertion', () => {
  test.each(['authorization_code', 'refresh_token'] as const)('is not looked at by %s', async (grant) => {
    const request = { ...(await iam.request(grant)), assertion: 'nonsense', subjectToken: 'nonsense' };
    expect((await iam.send(request)).outcome).toBe(granted);
  });

  test('may name several audiences, and need not say when it starts or which one it is', async () => {
    const from = await iam.application();
    const { assertion } = await iam.request(jwtBearer, from);
    const { aud } = JSON.parse(Buffer.from(String(assertion).split('.')[1] ?? '', 'base64url').toString());
    const claims = { aud: ['another', aud], nbf: null, iat: null, jti: null };
    const request = await iam.request(jwtBearer, from, { claims });
    expect((await iam.send(request)).outcome).toBe(granted);
    expect((await iam.send(request)).outcome).toBe(invalidGrant);
  });

  test('is used up by its jti, however often it is signed', async () => {
    const from = await iam.application();
    const claims = { jti: 'the-same' };
    const [one, other] = [
      await iam.request(jwtBearer, from, { claims, subject: 'one' }),
      await iam.request(jwtBearer, from, { claims, subject: 'other' }),
    ];
    expect((await iam.send(one)).outcome).toBe(granted);
    expect((await iam.send(other)).outcome).toBe(invalidGrant);
  });

  test.each<[string, Json]>([
    ['a wrong scope', { scope: ['nobody:has:this'] }],
    ['another application', { clientId: 'another' }],
    ['a missing grant type', { grantType: undefined }],
  ])('is not used up by %s', async (_, changes) => {
    const request = await iam.request(jwtBearer);
    const other = changes.clientId ? { clientId: await iam.application() } : {};
    expect((await iam.send({ ...request, ...changes, ...other })).outcome).not.toBe(granted);
    expect((await iam.send(request)).outcome).toBe(granted);
  });

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const parts = (assertion: string) => assertion.split('.') as [string, string, string];
  test.each<[string, (assertion: string) => string]>([
    ['with an altered payload', (good) => `${parts(good)[0]}.${altered(parts(good)[1])}.${parts(good)[2]}`],
    ['with another algorithm', (good) => `${encoded({ alg: 'HS256' })}.${parts(good)[1]}.${parts(good)[2]}`],
    [
      'with alg none and the signature',
      (good) => `${encoded({ alg: 'none' })}.${parts(good)[1]}.${parts(good)[2]}`,
    ],
    ['with alg None', (good) => `${encoded({ alg: 'None' })}.${parts(good)[1]}.`],
    ['without its signature', (good) => `${parts(good)[0]}.${parts(good)[1]}.`],
    [
      'with a key of its own',
      (good) => `${encoded({ alg: 'RS256', jwk: {} })}.${parts(good)[1]}.${parts(good)[2]}`,
    ],
    [
      'with an unknown crit',
      (good) => `${encoded({ alg: 'RS256', crit: ['x'], x: 1 })}.${parts(good)[1]}.${parts(good)[2]}`,
    ],
    ['in four parts', (good) => `${good}.`],
    ['in two parts', (good) => `${parts(good)[0]}.${parts(good)[1]}`],
    ['with a space', (good) => `${good} `],
    ['twice', (good) => `${good},${good}`],
    ['as a JWE', (good) => `${good}.${good}`],
    ['whose payload is a list', (good) => `${parts(good)[0]}.${encoded([])}.${parts(good)[2]}`],
    ['of nothing', () => '..'],
    ['of a megabyte', () => 'a'.repeat(1_000_000)],
    ['of a NUL', () => '\u0000'],
  ])('%s is refused', async (_, change) => {
    const good = await iam.request(jwtBearer);
    const { outcome, text } = await iam.send({ ...good, assertion: change(String(good.assertion)) });
    expect(outcome).toBe(invalidGrant);
    expect(text).toBe('{"error":"invalid_grant","error_description":"Invalid assertion provided"}');
    expect((await iam.send(good)).outcome).toBe(granted);
  });

  function altered(part: string): string {
    const claims = JSON.parse(Buffer.from(part, 'base64url').toString());
    return encoded({ ...claims, sub: 'admin@example.com' });
  }
});

describe('a token of another region', () => {
  const usable = { endpoint: 'https://oidc.sa-east-1.amazonaws.com', region: 'sa-east-1' };
  test.each(['refresh_token', tokenExchange] as const)('%s says where it is usable', async (grant) => {
    const { status, outcome, body } = await iam.send(
      await iam.request(grant, undefined, { region: 'sa-east-1' }),
    );
    expect([status, outcome]).toEqual([400, regionException]);
    expect(body).toEqual({ error: 'invalid_request', error_description: expect.any(String), ...usable });
    expect(problemsWith('aws-json/errors/invalid-request-region-exception', body)).toEqual([]);
  });

  test.each(['refresh_token', tokenExchange] as const)('%s of this one, named, is granted', async (grant) => {
    const request = await iam.request(grant, undefined, { region: 'us-east-1' });
    expect((await iam.send(request)).outcome).toBe(granted);
  });
});

describe('reuse', () => {
  test('of a code revokes the refresh tokens that came from it', async () => {
    const request = await iam.request('authorization_code');
    const { clientId } = request;
    const { refreshToken } = (await iam.send(request)).body;
    expect((await iam.send(request)).outcome).toBe(invalidGrant);
    expect((await iam.send({ clientId, grantType: 'refresh_token', refreshToken })).outcome).toBe(
      invalidGrant,
    );
  });

  test('a refresh token of every grant can be refreshed, over and over', async () => {
    for (const grant of allGrants) {
      const request = { ...(await iam.request(grant)), requestedTokenType: refreshTokenType };
      const { clientId } = request;
      let { refreshToken } = (await iam.send(request)).body;
      for (const _ of [1, 2, 3]) {
        const answer = await iam.send({ clientId, grantType: 'refresh_token', refreshToken });
        expect(answer.outcome).toBe(granted);
        expect(answer.body.refreshToken).not.toBe(refreshToken);
        refreshToken = answer.body.refreshToken;
      }
    }
  });

  test('a subject token may be exchanged again', async () => {
    const request = await iam.request(tokenExchange);
    for (const _ of [1, 2]) expect((await iam.send(request)).outcome).toBe(granted);
  });
});

describe('a refused request consumes nothing', () => {
  test.each(allGrants)('%s', async (grant) => {
    const request = await iam.request(grant);
    const wrong: Json[] = [
      { clientId: await iam.application() },
      { scope: ['nobody:has:this'] },
      { scope: 5 },
    ];
    for (const changes of wrong)
      expect((await iam.send({ ...request, ...changes })).outcome).not.toBe(granted);
    expect((await iam.send(request)).outcome).toBe(granted);
  });
});

describe('no refusal echoes what was sent', () => {
  const names = [
    'clientId',
    'grantType',
    'code',
    'redirectUri',
    'codeVerifier',
    'refreshToken',
    'assertion',
    'subjectToken',
    'subjectTokenType',
    'requestedTokenType',
  ];
  const extra: Partial<Record<IamGrant, Json>> = { [tokenExchange]: { requestedTokenType: accessTokenType } };
  test.each(allGrants)('%s', async (grant) => {
    const request: Json = { ...(await iam.request(grant)), ...extra[grant] };
    for (const name of names.filter((one) => one in request)) {
      const value = `<"hostile\r\n\u0000>`;
      const answer = await iam.send({ ...request, [name]: value });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(answer.text).not.toContain('hostile');
    }
  });
});
