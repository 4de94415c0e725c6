import { describe, expect, test } from 'vitest';
import { emulatorForThisFile, type Json, publicKeys, redirectUri } from './support.ts';

const api = emulatorForThisFile();
const form = { grant_type: 'client_credentials' };

describe('client', () => {
  const grantTypes = ['client_credentials'];

  test('may be of any method, and is told which where it left that open', async () => {
    const jwks = await publicKeys();
    for (const auth of [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
    ])
      expect((await api.made('client', { grantTypes, auth, jwks })).auth).toBe(auth);
    expect((await api.made('client', { grantTypes, auth: 'secret' })).auth).toBe('client_secret_basic');
    const without = await api.made('client', { grantTypes, auth: 'none' });
    expect(without).toEqual({ clientId: expect.any(String), auth: 'none' });
  });

  test.for<readonly [string, Json, number]>([
    ['no grants', {}, 400],
    ['an unknown grant', { grantTypes: ['other'] }, 400],
    ['a malformed scope', { grantTypes, scopes: ['a b'] }, 400],
    ['a refused redirect URI', { grantTypes, redirectUris: ['http://app.example'] }, 400],
    ['no keys', { grantTypes, auth: 'private_key_jwt' }, 400],
    ['another method', { grantTypes, auth: 'tls_client_auth' }, 501],
    ['a client of AWS', { grantTypes, auth: 'iam' }, 501],
  ])('is refused with %s', async ([, input, status]) => {
    const answer = await api.fixture('client', input);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toEqual(expect.any(String));
  });
});

test('a client of one dialect is unknown to the other', async () => {
  const { id } = await api.client();
  const aws = await fetch(new URL('/_fixtures/refresh-token', api.issuer()), {
    method: 'POST',
    body: JSON.stringify({ clientId: id }),
  });
  expect(aws.status).toBe(400);
});

test.for<readonly [string, string, Json, number]>([
  ['a code for an unknown client', 'authorization-code', { clientId: 'other' }, 400],
  ['a code for another redirect URI', 'authorization-code', { redirectUri: 'https://other.example' }, 400],
  [
    'a code with a plain challenge',
    'authorization-code',
    { codeChallenge: 'a', codeChallengeMethod: 'plain' },
    400,
  ],
  ['a code with a challenge without its method', 'authorization-code', { codeChallenge: 'a' }, 400],
  ['a code with more scope', 'authorization-code', { scope: ['admin'] }, 400],
  ['a code of an age that is none', 'authorization-code', { maxAge: -1 }, 400],
  ['a code for a resource that is not served', 'authorization-code', { resource: 'https://a.invalid' }, 400],
  ['a code for a resource that is none', 'authorization-code', { resource: '/mcp' }, 400],
  ['a refresh token of a region', 'refresh-token', { region: 'us-east-1' }, 400],
  ['a subject token of a region', 'subject-token', { region: 'us-east-1' }, 400],
  ['a decision on an unknown device', 'device-decision', { userCode: 'a', decision: 'deny' }, 400],
  ['an assertion signed by somebody unknown', 'assertion', { signedBy: 'me' }, 400],
  ['the end of something unknown', 'expire', { kind: 'code', value: 'other' }, 400],
  ['the end of an unknown kind', 'expire', { kind: 'session', value: 'other' }, 400],
  ['credentials of AWS', 'credentials', { allowed: true }, 501],
  ['another verb', 'other', {}, 404],
])('there is not %s', async ([, verb, input, status]) => {
  const { id } = await api.client();
  expect((await api.fixture(verb, { clientId: id, redirectUri, ...input })).status).toBe(status);
});

describe('fault', () => {
  test.for([
    ['invalid_request', 400],
    ['invalid_client', 401],
    ['invalid_grant', 400],
    ['unauthorized_client', 400],
    ['unsupported_grant_type', 400],
    ['invalid_scope', 400],
    ['invalid_target', 400],
    ['authorization_pending', 400],
    ['slow_down', 400],
    ['access_denied', 400],
    ['expired_token', 400],
    ['server_error', 500],
    ['temporarily_unavailable', 503],
  ] as const)('%s, as often as it was armed and for that client', async ([exception, status]) => {
    const [who, other] = [await api.client(), await api.client()];
    await api.made('fault', { operation: 'token', exception, clientId: who.id, times: 2 });
    expect((await api.token(other, form)).outcome).toBe('granted');
    for (const _ of [1, 2]) {
      const answer = await api.token(who, form);
      expect(answer.outcome).toBe(`${status} ${exception}`);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect((await api.token(who, form)).outcome).toBe('granted');
  });

  test('of other operations, and with members', async () => {
    const members = { error_uri: 'https://docs.example/errors' };
    await api.made('fault', {
      operation: 'register',
      exception: 'unapproved_software_statement',
      times: 1,
      members,
    });
    const answer = await api.json('/register', { redirect_uris: [redirectUri] });
    expect(answer.body).toMatchObject({ error: 'unapproved_software_statement', ...members });
    const who = await api.client();
    await api.made('fault', { operation: 'device_authorization', exception: 'invalid_scope', times: 1 });
    expect((await api.as(who, '/device_authorization', {})).outcome).toBe('400 invalid_scope');
  });

  test.for<readonly [string, Json]>([
    ['an unknown operation', { operation: 'CreateToken' }],
    ['an error of another operation', { exception: 'invalid_redirect_uri' }],
    ['an unknown client', { clientId: 'other' }],
    ['no times', { times: 0 }],
  ])('is refused with %s', async ([, changes]) => {
    const input = { operation: 'token', exception: 'slow_down', times: 1, ...changes };
    expect((await api.fixture('fault', input)).status).toBe(400);
  });
});

test('the clock moves what grows old', async () => {
  const who = await api.client();
  const code = await api.codeForm(who);
  const { now } = await api.advance(601);
  expect(now).toBeGreaterThan(Date.now() / 1000 + 500);
  expect((await api.token(who, code)).outcome).toBe('400 invalid_grant');
});
