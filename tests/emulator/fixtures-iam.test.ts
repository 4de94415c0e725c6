import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { accessTokenType, allGrants, iamOf, jwtBearer } from './iam.ts';
import { deviceGrant, emulatorForThisFile, type Json, redirectUri } from './support.ts';

const api = emulatorForThisFile({ region: 'eu-west-1' });
const iam = iamOf(api);
const here = { region: 'eu-west-1' };

describe('what is wrong is said by name', () => {
  const client = { auth: 'iam', grantTypes: [jwtBearer] };
  const assertion = { signedBy: 'trusted' };
  const fault = { operation: 'CreateTokenWithIAM', exception: 'SlowDownException', times: 1 };
  test.each<[verb: string, body: Json, named: string]>([
    ['client', { ...client, grantTypes: undefined }, 'grantTypes'],
    ['client', { ...client, grantTypes: [deviceGrant] }, 'grantTypes'],
    ['client', { ...client, grantTypes: ['password'] }, 'grantTypes'],
    ['client', { ...client, scopes: 'aws' }, 'scopes'],
    ['client', { ...client, scopes: ['a b'] }, 'scopes'],
    ['client', { ...client, redirectUris: ['http://example.com/'] }, 'redirectUris'],

    ['credentials', {}, 'allowed'],
    ['credentials', { allowed: 'yes' }, 'allowed'],

    ['assertion', { ...assertion, clientId: 'nobody' }, 'clientId'],
    ['assertion', { ...assertion, clientId: undefined }, 'clientId'],
    ['assertion', {}, 'signedBy'],
    ['assertion', { signedBy: 'me' }, 'signedBy'],
    ['assertion', { ...assertion, subject: '' }, 'subject'],
    ['assertion', { ...assertion, claims: [] }, 'claims'],

    ['subject-token', { clientId: 'nobody' }, 'clientId'],
    ['subject-token', { scope: 5 }, 'scope'],
    ['subject-token', { scope: ['nobody:has:this'] }, 'scope'],
    ['subject-token', { subject: 5 }, 'subject'],
    ['subject-token', { region: 5 }, 'region'],

    ['authorization-code', { redirectUri, scope: ['nobody:has:this'] }, 'scope'],
    ['authorization-code', { redirectUri, nonce: 5 }, 'nonce'],
    ['refresh-token', { scope: 'openid nobody:has:this' }, 'scope'],

    ['expire', { kind: 'assertion', value: 'unknown' }, 'value'],
    ['expire', { kind: 'subjectToken', value: 'unknown' }, 'value'],
    ['expire', { kind: 'sessionToken', value: 'unknown' }, 'value'],

    ['fault', { ...fault, exception: 'InvalidClientMetadataException' }, 'exception'],
    ['fault', { ...fault, operation: 'CreateToken' }, 'clientId'],
  ])('%s %j: %s', async (verb, body, named) => {
    const { status, body: out } = await api.fixture(verb, { clientId: await iam.application(), ...body });
    expect(status).toBe(400);
    expect(out).toEqual({ message: expect.stringMatching(new RegExp(`^${named} `)) });
  });

  test.each(['assertion', 'subject-token'])('%s is not for a client of CreateToken', async (verb) => {
    const { clientId } = await api.client();
    expect((await api.fixture(verb, { clientId, signedBy: 'trusted' })).status).toBe(400);
  });
});

describe('client', () => {
  test('with auth iam is an application without a secret', async () => {
    const out = await api.made('client', { auth: 'iam', grantTypes: allGrants });
    expect(Object.keys(out)).toEqual(['clientId']);
    expect(out.clientId).toMatch(
      /^arn:aws:sso::123456789012:application\/ssoins-[0-9a-f]{16}\/apl-[0-9a-f]{16}$/,
    );
  });

  test('applications of one emulator belong to one instance', async () => {
    const instances = [await iam.application(), await iam.application()].map((arn) => arn.split('/')[1]);
    expect(new Set(instances).size).toBe(1);
  });
});

test('credentials are those of a session', async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = await iam.credentials();
  expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(sessionToken).toMatch(/^[A-Za-z0-9+/]{256}$/);
});

test('a subject token has the documented prefix and type', async () => {
  const out = await api.made('subject-token', { clientId: await iam.application() });
  expect(out).toEqual({
    subjectToken: expect.stringMatching(/^aoak[\w-]{64}:[A-Za-z0-9+/]{64}$/),
    subjectTokenType: accessTokenType,
  });
});

describe('assertion', () => {
  const made = async (body: Json) => {
    const clientId = await iam.application();
    const { assertion } = await api.made('assertion', { clientId, signedBy: 'trusted', ...body });
    return String(assertion);
  };

  test('has its claims, changed and removed as asked', async () => {
    const assertion = await made({ subject: 'ann', claims: { aud: ['a'], nbf: null, extra: { deep: 1 } } });
    const { iat = 0, ...claims } = decodeJwt(assertion);
    expect(claims).toEqual({
      iss: expect.stringMatching(/^https:/),
      sub: 'ann',
      aud: ['a'],
      jti: expect.any(String),
      exp: iat + 300,
      extra: { deep: 1 },
    });
  });

  test.each([
    ['trusted', 'RS256'],
    ['untrusted', 'RS256'],
    ['nobody', 'none'],
  ])('signed by %s is of alg %s', async (signedBy, alg) => {
    const assertion = await made({ signedBy });
    expect(decodeProtectedHeader(assertion).alg).toBe(alg);
    expect(assertion.endsWith('.')).toBe(alg === 'none');
  });

  test('a sub among the claims is nobody whom the endpoint knows', async () => {
    const clientId = await iam.application();
    const known = await iam.request(jwtBearer, clientId, { subject: 'somebody' });
    const unknown = await iam.request(jwtBearer, clientId, { claims: { sub: 'nobody' } });
    expect((await iam.send(known, here)).outcome).toBe('granted');
    expect((await iam.send(unknown, here)).outcome).toBe('InvalidGrantException');
  });

  test('a claim called __proto__ harms nothing', async () => {
    const clientId = await iam.application();
    const body = `{"clientId":"${clientId}","signedBy":"trusted","claims":{"__proto__":{"sub":null}}}`;
    const { assertion } = (await api.send('/_fixtures/assertion', { body })).body;
    const request = { clientId, grantType: jwtBearer, assertion };
    expect((await iam.send(request, here)).outcome).toBe('granted');
  });
});

describe('fault', () => {
  const operation = 'CreateTokenWithIAM';
  test.each([
    ['AccessDeniedException', 400, 'access_denied'],
    ['AuthorizationPendingException', 400, 'authorization_pending'],
    ['ExpiredTokenException', 400, 'expired_token'],
    ['InternalServerException', 500, 'server_error'],
    ['InvalidClientException', 401, 'invalid_client'],
    ['InvalidGrantException', 400, 'invalid_grant'],
    ['InvalidRequestException', 400, 'invalid_request'],
    ['InvalidRequestRegionException', 400, 'invalid_request'],
    ['InvalidScopeException', 400, 'invalid_scope'],
    ['SlowDownException', 400, 'slow_down'],
    ['UnauthorizedClientException', 400, 'unauthorized_client'],
    ['UnsupportedGrantTypeException', 400, 'unsupported_grant_type'],
  ])('answers %s once and consumes nothing', async (exception, status, error) => {
    for (const grant of allGrants) {
      const request = await iam.request(grant);
      await api.made('fault', { operation, exception, clientId: request.clientId, times: 1 });
      const answer = await iam.send(request, here);
      expect([answer.outcome, answer.status, answer.body.error]).toEqual([exception, status, error]);
      expect((await iam.send(request, here)).outcome).toBe('granted');
    }
  });

  test('of another region names one, or what it is told to name', async () => {
    const request = await iam.request('refresh_token');
    const armed = {
      operation,
      exception: 'InvalidRequestRegionException',
      clientId: request.clientId,
      times: 1,
    };
    await api.made('fault', armed);
    const usual = { endpoint: 'https://oidc.us-west-2.amazonaws.com', region: 'us-west-2' };
    expect((await iam.send(request, here)).body).toMatchObject(usual);
    await api.made('fault', { ...armed, members: { region: 'sa-east-1' } });
    expect((await iam.send(request, here)).body).toMatchObject({ ...usual, region: 'sa-east-1' });
  });

  test('is not used up by what is not a request or is not signed', async () => {
    const request = await iam.request('refresh_token');
    const { clientId } = request;
    await api.made('fault', { operation, exception: 'SlowDownException', clientId, times: 1 });
    const { refreshToken: _, ...without } = request;
    expect((await iam.send(without, here)).outcome).toBe('InvalidRequestException');
    expect((await api.post('/token?aws_iam=t', request)).status).toBe(403);
    expect((await iam.send(request, here)).outcome).toBe('SlowDownException');
  });
});
