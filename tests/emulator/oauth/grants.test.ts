import { describe, expect, test } from 'vitest';
import { passwordUser } from '../../../emulator/fronts/oauth-form/start.ts';
import {
  bearer,
  but,
  byAnother,
  code,
  credentials,
  device,
  exchange,
  expired,
  type Make,
  refresh,
  twice,
  withoutChallenge,
} from './requests.ts';
import {
  type Answer,
  type Api,
  accessTokenType,
  emulatorForThisFile,
  type Form,
  redirectUri,
  tokenExchange,
} from './support.ts';

const api = emulatorForThisFile({ oauth: { passwordGrant: true } });

const methods = [
  'client_secret_basic',
  'client_secret_post',
  'none',
  'private_key_jwt',
  'client_secret_jwt',
] as const;

const everyGrant = { code, refresh, device, credentials, bearer, exchange };

test.for(
  methods.flatMap((auth) => Object.entries(everyGrant).map(([name, make]) => [name, auth, make] as const)),
)('%s is granted to a client of %s', async ([name, auth, make]) => {
  const who = await api.client({ auth });
  const answer = await api.token(who, await make(api, who));
  if (auth === 'none' && name === 'credentials') {
    expect(answer.outcome).toBe('400 unauthorized_client');
    return;
  }
  expect(answer.outcome).toBe('granted');
  expect(answer.body).toMatchObject({
    access_token: expect.stringMatching(/^[\w-]+$/),
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'profile email read write',
  });
  expect('refresh_token' in answer.body).toBe(['code', 'refresh', 'device'].includes(name));
  expect(answer.body.issued_token_type).toBe(name === 'exchange' ? accessTokenType : undefined);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('pragma')).toBe('no-cache');
});

const unregistered = (make: Make) => async (to: Api) => {
  const who = await to.client({ grantTypes: ['password'] });
  return to.token(who, { ...(await make(to, await to.client())) });
};

const limited = { scopes: ['read'] };
const ofRead: Make = (to, who) => to.refreshForm(who, { scope: ['read'] });
const password = { grant_type: 'password', ...passwordUser };

const rows: readonly (readonly [string, (to: Api) => Promise<Answer>, string])[] = [
  ['no grant type', but(credentials, { grant_type: undefined }), '400 invalid_request'],
  ['an unknown grant type', but(credentials, { grant_type: 'other' }), '400 unsupported_grant_type'],
  [
    'a grant type in upper case',
    but(code, { grant_type: 'Authorization_code' }),
    '400 unsupported_grant_type',
  ],

  ['no code', but(code, { code: undefined }), '400 invalid_request'],
  ['an empty code', but(code, { code: '' }), '400 invalid_request'],
  ['an unknown code', but(code, { code: 'other' }), '400 invalid_grant'],
  ['a code of another client', byAnother(code), '400 invalid_grant'],
  ['a code twice', twice(code), '400 invalid_grant'],
  ['a code that has expired', expired(code, 'code', 'code'), '400 invalid_grant'],
  ['a code without its redirect URI', but(code, { redirect_uri: undefined }), '400 invalid_grant'],
  ['a code with another redirect URI', but(code, { redirect_uri: `${redirectUri}/` }), '400 invalid_grant'],
  ['a code without its verifier', but(code, { code_verifier: undefined }), '400 invalid_grant'],
  ['a code with another verifier', but(code, { code_verifier: 'a'.repeat(43) }), '400 invalid_grant'],
  ['a code without a challenge', but(withoutChallenge, { code_verifier: undefined }), 'granted'],
  ['a verifier without a challenge', but(withoutChallenge, {}), '400 invalid_request'],
  [
    'a code of a public client without a challenge',
    but(withoutChallenge, { code_verifier: undefined }, { auth: 'none' }),
    '400 invalid_grant',
  ],
  [
    'a code that was asked for without a redirect URI',
    but((to, who) => to.codeForm(who, { redirectUri: null }), { redirect_uri: undefined }),
    'granted',
  ],
  ['a code with a scope, which is nothing that it knows', but(code, { scope: 'admin' }), 'granted'],
  ['a code where the grant is not registered', unregistered(code), '400 unauthorized_client'],

  ['no refresh token', but(refresh, { refresh_token: undefined }), '400 invalid_request'],
  ['an unknown refresh token', but(refresh, { refresh_token: 'other' }), '400 invalid_grant'],
  ['a refresh token of another client', byAnother(refresh), '400 invalid_grant'],
  ['a refresh token twice', twice(refresh), '400 invalid_grant'],
  [
    'a refresh token that has expired',
    expired(refresh, 'refreshToken', 'refresh_token'),
    '400 invalid_grant',
  ],
  ['a refresh with more scope', but(ofRead, { scope: 'read write' }), '400 invalid_scope'],
  ['a refresh with a malformed scope', but(refresh, { scope: 'read  write' }), '400 invalid_scope'],
  ['a refresh where the grant is not registered', unregistered(refresh), '400 unauthorized_client'],

  ['client credentials with some scope', but(credentials, { scope: 'write' }), 'granted'],
  [
    'client credentials with a scope of another',
    but(credentials, { scope: 'write' }, limited),
    '400 invalid_scope',
  ],
  ['client credentials with an unknown scope', but(credentials, { scope: 'admin' }), '400 invalid_scope'],
  ['client credentials with a scope of users', but(credentials, { scope: 'openid' }), '400 invalid_scope'],
  ['client credentials with a quote in the scope', but(credentials, { scope: 'a"b' }), '400 invalid_scope'],
  [
    'client credentials for a malformed resource',
    but(credentials, { resource: 'api' }),
    '400 invalid_target',
  ],
  [
    'client credentials for an unknown resource',
    but(credentials, { resource: 'https://api.invalid' }),
    '400 invalid_target',
  ],
  ['client credentials for a resource', but(credentials, { resource: 'https://api.example' }), 'granted'],
  [
    'client credentials where the grant is not registered',
    unregistered(credentials),
    '400 unauthorized_client',
  ],

  ['no device code', but(device, { device_code: undefined }), '400 invalid_request'],
  ['an unknown device code', but(device, { device_code: 'other' }), '400 invalid_grant'],
  ['a device code of another client', byAnother(device), '400 invalid_grant'],
  ['a device code twice', twice(device), '400 invalid_grant'],
  ['a device code that has expired', expired(device, 'deviceCode', 'device_code'), '400 expired_token'],
  ['a device nobody has decided on', but((to, who) => to.deviceForm(who), {}), '400 authorization_pending'],
  ['a device that was denied', but((to, who) => to.deviceForm(who, 'deny'), {}), '400 access_denied'],

  ['no assertion', but(bearer, { assertion: undefined }), '400 invalid_request'],
  ['an assertion that is none', but(bearer, { assertion: 'x' }), '400 invalid_grant'],
  ['an assertion twice', twice(bearer), '400 invalid_grant'],
  [
    'an assertion of somebody else',
    but((to, who) => to.assertionForm(who, { signedBy: 'untrusted' }), {}),
    '400 invalid_grant',
  ],
  [
    'an assertion of nobody',
    but((to, who) => to.assertionForm(who, { signedBy: 'nobody' }), {}),
    '400 invalid_grant',
  ],
  ...(['iss', 'sub', 'aud', 'exp'] as const).map(
    (claim) =>
      [
        `an assertion without ${claim}`,
        but((to, who) => to.assertionForm(who, { claims: { [claim]: null } }), {}),
        '400 invalid_grant',
      ] as const,
  ),
  ['an assertion with more scope', but(bearer, { scope: 'write' }, limited), '400 invalid_scope'],

  ['no subject token', but(exchange, { subject_token: undefined }), '400 invalid_request'],
  ['no subject token type', but(exchange, { subject_token_type: undefined }), '400 invalid_request'],
  ['an unknown subject token', but(exchange, { subject_token: 'other' }), '400 invalid_request'],
  ['an unknown subject token type', but(exchange, { subject_token_type: 'other' }), '400 invalid_request'],
  ['an unknown requested type', but(exchange, { requested_token_type: 'other' }), '400 invalid_request'],
  ['a subject token of another client', byAnother(exchange), '400 invalid_request'],
  [
    'a subject token that has expired',
    expired(exchange, 'subjectToken', 'subject_token'),
    '400 invalid_request',
  ],
  ['an actor token without its type', but(exchange, { actor_token: 'a' }), '400 invalid_request'],
  ['an actor token type alone', but(exchange, { actor_token_type: accessTokenType }), '400 invalid_request'],
  ['an exchange for an unknown audience', but(exchange, { audience: 'api.invalid' }), '400 invalid_target'],
  ['an exchange with more scope', but(exchange, { scope: 'admin' }), '400 invalid_scope'],

  ['a password', but(async () => password, {}, { grantTypes: ['password'] }), 'granted'],
  [
    'no user name',
    but(async () => password, { username: '' }, { grantTypes: ['password'] }),
    '400 invalid_request',
  ],
  [
    'no password',
    but(async () => password, { password: '' }, { grantTypes: ['password'] }),
    '400 invalid_request',
  ],
  [
    'a wrong password',
    but(async () => password, { password: 'other' }, { grantTypes: ['password'] }),
    '400 invalid_grant',
  ],
  [
    'an unknown user',
    but(async () => password, { username: 'other' }, { grantTypes: ['password'] }),
    '400 invalid_grant',
  ],
];

test.for(rows)('%s', async ([, probe, outcome]) => {
  const answer = await probe(api);
  expect(answer.outcome).toBe(outcome);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-type')).toBe('application/json');
});

describe('scope', () => {
  test('of a refresh is that of the grant, or less; the next refresh has all of it again', async () => {
    const who = await api.client();
    const { body: first } = await api.token(who, await api.codeForm(who, { scope: ['read', 'write'] }));
    expect(first.scope).toBe('read write');
    const refreshed = (refresh_token: unknown, scope?: string) =>
      api.token(who, { grant_type: 'refresh_token', refresh_token: String(refresh_token), scope });
    const { body: less } = await refreshed(first.refresh_token, 'read');
    expect(less.scope).toBe('read');
    const { body: all } = await refreshed(less.refresh_token);
    expect(all.scope).toBe('read write');
  });

  test('of a device is what the device asked for', async () => {
    const who = await api.client();
    const { body } = await api.token(who, await api.deviceForm(who, 'approve', { scope: 'read openid' }));
    expect(body).toMatchObject({ scope: 'read openid', id_token: expect.any(String) });
  });
});

describe('reuse', () => {
  test('of a code ends the tokens that came of it', async () => {
    const who = await api.client();
    const form = await api.codeForm(who);
    const { body } = await api.token(who, form);
    expect((await api.token(who, form)).outcome).toBe('400 invalid_grant');
    expect((await api.as(who, '/introspect', { token: String(body.access_token) })).body).toEqual({
      active: false,
    });
    const refreshed = await api.token(who, {
      grant_type: 'refresh_token',
      refresh_token: String(body.refresh_token),
    });
    expect(refreshed.outcome).toBe('400 invalid_grant');
  });

  test('of a refresh token ends its family', async () => {
    const who = await api.client({ auth: 'none' });
    const first = await api.refreshForm(who);
    const { body } = await api.token(who, first);
    expect((await api.token(who, first)).outcome).toBe('400 invalid_grant');
    const second = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) };
    expect((await api.token(who, second)).outcome).toBe('400 invalid_grant');
  });
});

test('a device that polls too fast is told to slow down', async () => {
  const who = await api.client({ auth: 'none' });
  const form = await api.deviceForm(who);
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.token(who, form)));
  const told = new Set(answers.map(({ outcome }) => outcome));
  expect(told).toEqual(new Set(['400 authorization_pending', '400 slow_down']));
});

test('an ID token in exchange is no access token', async () => {
  const who = await api.client();
  const form = await api.exchangeForm(who);
  const type = 'urn:ietf:params:oauth:token-type:id_token';
  const { body } = await api.token(who, { ...form, requested_token_type: type });
  expect(body).toMatchObject({ issued_token_type: type, token_type: 'N_A' });
  expect(String(body.access_token).split('.')).toHaveLength(3);
});

test('an access token can be exchanged by the client that has it, while it is alive', async () => {
  const who = await api.client();
  const { body: own } = await api.token(who, await api.codeForm(who, { scope: ['read', 'write'] }));
  const exchanged = (form: Form = {}, by = who) =>
    api.token(by, {
      grant_type: tokenExchange,
      subject_token: String(own.access_token),
      subject_token_type: accessTokenType,
      ...form,
    });
  expect((await exchanged({ scope: 'read' })).body.scope).toBe('read');
  expect((await exchanged({ scope: 'email' })).outcome).toBe('400 invalid_scope');
  expect((await exchanged({}, await api.client())).outcome).toBe('400 invalid_request');
  await api.as(who, '/revoke', { token: String(own.refresh_token) });
  expect((await exchanged()).outcome).toBe('400 invalid_request');
});

test('what belongs to another grant changes nothing', async () => {
  const who = await api.client();
  const { body: actor } = await api.token(who, { grant_type: 'client_credentials' });
  const { body } = await api.token(who, {
    ...(await api.exchangeForm(who)),
    ...(await api.codeForm(who)),
    ...(await api.refreshForm(who)),
    requested_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    actor_token: String(actor.access_token),
    actor_token_type: accessTokenType,
    grant_type: 'authorization_code',
  });
  expect(Object.keys(body).sort()).toEqual([
    'access_token',
    'expires_in',
    'refresh_token',
    'scope',
    'token_type',
  ]);
  const told = await api.as(who, '/introspect', { token: String(body.access_token) });
  expect('act' in told.body).toBe(false);
});

test('who acts for a user is told by introspection', async () => {
  const who = await api.client();
  const { body: actor } = await api.token(who, { grant_type: 'client_credentials' });
  const { body } = await api.token(who, {
    ...(await api.exchangeForm(who)),
    actor_token: String(actor.access_token),
    actor_token_type: accessTokenType,
  });
  const told = await api.as(who, '/introspect', { token: String(body.access_token) });
  expect(told.body.act).toEqual({ sub: who.id });
});

test('an assertion needs no client', async () => {
  const form = await api.assertionForm(await api.client());
  expect((await api.post('/token', form)).outcome).toBe('granted');
  const other = await api.assertionForm(await api.client());
  expect((await api.post('/token', { ...other, scope: 'openid' })).outcome).toBe('400 invalid_scope');
});
