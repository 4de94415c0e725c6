import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreBehaviours } from '../../../emulator/core/behaviours.ts';
import { oauthFormBehaviours } from '../../../emulator/fronts/oauth-form/behaviours.ts';
import { grantTypes } from '../../../emulator/fronts/oauth-form/decisions.ts';
import { orderOfOAuthChecks } from '../../../emulator/fronts/oauth-form/order.ts';
import { passwordUser } from '../../../emulator/fronts/oauth-form/start.ts';
import type { Emulator } from '../../../emulator/server.ts';
import { startEmulator } from '../../support/emulator.ts';
import {
  bearer,
  but,
  byAnother,
  code,
  credentials,
  device,
  exchange,
  expired,
  refresh,
  twice,
  withoutChallenge,
} from './requests.ts';
import {
  type Answer,
  type Api,
  accessTokenType,
  apiOf,
  assertionType,
  basic,
  type Form,
  type Json,
  publicKeys,
  redirectUri,
  s256,
} from './support.ts';

/**
 * A check of this front: a request that breaks this one rule, the answer that it meets, and what it meets once the
 * check is removed. So each check is seen to refuse, and to be the one that refuses.
 */
type Rule = readonly [check: string, probe: (api: Api) => Promise<Answer>, outcome: string, without: string];

const granted = 'granted';
const malformed = '400 invalid_request';
const unknown = '401 invalid_client';
const ungranted = '400 invalid_grant';
const metadata = '400 invalid_client_metadata';

const verifier = (text: string) => async (api: Api) => {
  const who = await api.client();
  const form = await api.codeForm(who, { codeChallenge: s256(text) });
  return api.token(who, { ...form, code_verifier: text });
};

const assertion = (changes: Json) => but((api, who) => api.assertionForm(who, changes), {});

const asserting =
  (changes: Json, form: Form = {}, header: Json = {}) =>
  async (api: Api) => {
    const who = await api.client({ auth: 'private_key_jwt' });
    const client_assertion = await api.clientAssertion(who, changes, header);
    return api.post('/token', {
      grant_type: 'client_credentials',
      client_id: who.id,
      client_assertion_type: assertionType,
      client_assertion,
      ...form,
    });
  };

const register = (changes: Json) => (api: Api) =>
  api.json('/register', { redirect_uris: [redirectUri], ...changes });

const password = { grant_type: 'password', ...passwordUser };
const users: Json = { grantTypes: ['password'] };
const later = Math.floor(Date.now() / 1000) + 600;

const rules: readonly Rule[] = [
  [
    'one-method-only',
    async (api) => {
      const { id, secret } = await api.client();
      const form = { grant_type: 'client_credentials', client_secret: secret };
      return api.post('/token', form, basic(id, secret));
    },
    malformed,
    granted,
  ],
  [
    'client-named-once',
    async (api) => {
      const { id, secret } = await api.client();
      return api.post('/token', { grant_type: 'client_credentials', client_id: 'other' }, basic(id, secret));
    },
    malformed,
    granted,
  ],
  [
    'method-as-registered',
    async (api) => {
      const { id, secret } = await api.client();
      return api.post('/token', { grant_type: 'client_credentials', client_id: id, client_secret: secret });
    },
    unknown,
    granted,
  ],
  [
    'client-secret-right',
    async (api) => {
      const { id } = await api.client();
      return api.post('/token', { grant_type: 'client_credentials' }, basic(id, 'other'));
    },
    unknown,
    granted,
  ],
  [
    'oauth-secret-not-expired',
    async (api) => {
      const who = await api.client();
      await api.made('expire', { kind: 'clientSecret', value: who.secret });
      return api.token(who, { grant_type: 'client_credentials' });
    },
    unknown,
    granted,
  ],
  ['client-confidential', but(credentials, {}, { auth: 'none' }), '400 unauthorized_client', granted],
  [
    'grant-allowed',
    but(credentials, {}, { grantTypes: ['refresh_token'] }),
    '400 unauthorized_client',
    granted,
  ],
  [
    'device-grant-allowed',
    async (api) => api.as(await api.client({ grantTypes: ['refresh_token'] }), '/device_authorization', {}),
    '400 unauthorized_client',
    granted,
  ],
  [
    'no-fault-armed',
    async (api) => {
      const who = await api.client();
      await api.made('fault', { operation: 'token', exception: 'slow_down', clientId: who.id, times: 1 });
      return api.token(who, { grant_type: 'client_credentials' });
    },
    '400 slow_down',
    granted,
  ],

  ['client-assertion-type-right', asserting({}, { client_assertion_type: 'other' }), unknown, granted],
  ['client-assertion-signature-right', asserting({}, {}, { kid: 'two' }), unknown, granted],
  [
    'client-assertion-algorithm-right',
    async (api) => {
      const { body } = await api.json('/register', {
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'RS256',
        jwks: await publicKeys(),
      });
      const who = { id: String(body.client_id), secret: '', auth: 'private_key_jwt' };
      return api.token(who, { grant_type: 'client_credentials' });
    },
    unknown,
    granted,
  ],
  ['client-assertion-subject-right', asserting({ sub: null }), unknown, granted],
  ['client-assertion-issuer-right', asserting({ iss: 'other' }), unknown, granted],
  ['client-assertion-audience-right', asserting({ aud: 'other' }), unknown, granted],
  ['client-assertion-expiry-present', asserting({ exp: null }), unknown, granted],
  ['client-assertion-not-expired', asserting({ exp: 1 }), unknown, granted],
  ['client-assertion-already-valid', asserting({ nbf: later }), unknown, granted],
  ['client-assertion-issued-in-the-past', asserting({ iat: later }), unknown, granted],
  ['client-assertion-id-present', asserting({ jti: null }), unknown, granted],
  [
    'client-assertion-not-used',
    async (api) => {
      const who = await api.client({ auth: 'private_key_jwt' });
      const form = {
        grant_type: 'client_credentials',
        client_assertion_type: assertionType,
        client_assertion: await api.clientAssertion(who),
      };
      await api.post('/token', form);
      return api.post('/token', form);
    },
    unknown,
    granted,
  ],

  ['grant-type-present', but(credentials, { grant_type: '' }), malformed, '400 unsupported_grant_type'],
  ['code-present', but(code, { code: '' }), malformed, ungranted],
  ['code-bound-to-client', byAnother(code), ungranted, granted],
  [
    'code-of-public-client-has-challenge',
    but(withoutChallenge, { code_verifier: '' }, { auth: 'none' }),
    ungranted,
    granted,
  ],
  ['redirect-uri-same', but(code, { redirect_uri: 'https://other.example' }), ungranted, granted],
  ['verifier-present', but(code, { code_verifier: '' }), ungranted, granted],
  ['verifier-long-enough', verifier('a'.repeat(42)), ungranted, granted],
  ['verifier-short-enough', verifier('a'.repeat(129)), ungranted, granted],
  ['verifier-unreserved', verifier('+'.repeat(43)), ungranted, granted],
  ['code-has-challenge', but(withoutChallenge, { code_verifier: 'a'.repeat(43) }), malformed, granted],
  ['verifier-matches', but(code, { code_verifier: 'a'.repeat(43) }), ungranted, granted],
  ['code-not-redeemed', twice(code), ungranted, granted],
  ['code-not-expired', expired(code, 'code', 'code'), ungranted, granted],

  ['refresh-token-present', but(refresh, { refresh_token: '' }), malformed, ungranted],
  ['refresh-token-bound-to-client', byAnother(refresh), ungranted, granted],
  ['refresh-token-not-rotated', twice(refresh), ungranted, granted],
  ['refresh-token-not-expired', expired(refresh, 'refreshToken', 'refresh_token'), ungranted, granted],
  [
    'refresh-token-not-revoked',
    async (api) => {
      const who = await api.client();
      const form = await api.refreshForm(who);
      await api.as(who, '/revoke', { token: form.refresh_token });
      return api.token(who, form);
    },
    ungranted,
    granted,
  ],
  [
    'scope-within-grant',
    but((api, who) => api.refreshForm(who, { scope: ['read'] }), { scope: 'write' }),
    '400 invalid_scope',
    granted,
  ],
  ['scope-of-application', but(credentials, { scope: 'admin' }), '400 invalid_scope', granted],
  ['scope-for-clients', but(credentials, { scope: 'openid' }), '400 invalid_scope', granted],
  [
    'scope-for-anybody',
    async (api) => api.post('/token', { ...(await api.assertionForm(await api.client())), scope: 'openid' }),
    '400 invalid_scope',
    granted,
  ],
  ['target-acceptable', but(credentials, { resource: 'a' }), '400 invalid_target', granted],

  [
    'target-within-grant',
    async (api) => {
      const who = await api.client();
      const parameters = {
        client_id: who.id,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'read',
        resource: 'https://one.example',
      };
      const { headers } = await api.send(`/authorize?${new URLSearchParams(parameters)}`);
      const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      return api.token(who, { ...form, resource: 'https://other.example' });
    },
    '400 invalid_target',
    granted,
  ],

  ['username-present', but(async () => password, { username: '' }, users), malformed, ungranted],
  ['password-present', but(async () => password, { password: '' }, users), malformed, ungranted],
  ['password-right', but(async () => password, { password: 'other' }, users), ungranted, granted],

  ['device-code-present', but(device, { device_code: '' }), malformed, ungranted],
  ['device-code-bound-to-client', byAnother(device), ungranted, granted],
  ['device-code-not-redeemed', twice(device), ungranted, granted],
  ['device-code-not-expired', expired(device, 'deviceCode', 'device_code'), '400 expired_token', granted],
  ['device-not-denied', but((api, who) => api.deviceForm(who, 'deny'), {}), '400 access_denied', granted],
  ['device-approved', but((api, who) => api.deviceForm(who), {}), '400 authorization_pending', granted],

  ['assertion-algorithm-right', assertion({ signedBy: 'nobody' }), ungranted, granted],
  ['assertion-signature-right', assertion({ signedBy: 'untrusted' }), ungranted, granted],
  ['assertion-issuer-trusted', assertion({ claims: { iss: 'https://other.example' } }), ungranted, granted],
  ['assertion-audience-right', assertion({ claims: { aud: 'https://other.example' } }), ungranted, granted],
  ['assertion-expiry-present', assertion({ claims: { exp: null } }), ungranted, granted],
  ['assertion-not-expired', assertion({ claims: { exp: 1 } }), ungranted, granted],
  ['assertion-already-valid', assertion({ claims: { nbf: later } }), ungranted, granted],
  ['assertion-subject-present', assertion({ claims: { sub: null } }), ungranted, granted],
  ['assertion-user-known', assertion({ claims: { sub: 'somebody' } }), ungranted, granted],
  ['assertion-not-used', twice(bearer), ungranted, granted],

  ['subject-token-type-present', but(exchange, { subject_token_type: '' }), malformed, granted],
  ['subject-token-type-known', but(exchange, { subject_token_type: 'other' }), malformed, granted],
  ['subject-token-not-expired', expired(exchange, 'subjectToken', 'subject_token'), malformed, granted],
  ['subject-token-bound-to-client', byAnother(exchange), malformed, granted],
  ['actor-token-present', but(exchange, { actor_token_type: accessTokenType }), malformed, granted],
  ['requested-token-type-offered', but(exchange, { requested_token_type: 'other' }), malformed, granted],
  [
    'requested-token-type-allowed',
    but(
      exchange,
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      { grantTypes: ['urn:ietf:params:oauth:grant-type:token-exchange'] },
    ),
    malformed,
    granted,
  ],
  [
    'actor-token-alive',
    but(exchange, { actor_token: 'other', actor_token_type: accessTokenType }),
    malformed,
    granted,
  ],

  [
    'metadata-grant-types-known',
    register({ grant_types: ['authorization_code', 'other'] }),
    metadata,
    granted,
  ],
  ['metadata-response-types-known', register({ response_types: ['code', 'token'] }), metadata, granted],
  ['metadata-redirect-uris-present', register({ redirect_uris: [] }), '400 invalid_redirect_uri', granted],
  ['redirect-uris-allowed', register({ redirect_uris: ['a'] }), '400 invalid_redirect_uri', granted],
  ['metadata-scopes-well-formed', register({ scope: 'a"' }), metadata, granted],
  ['metadata-keys-present', register({ token_endpoint_auth_method: 'private_key_jwt' }), metadata, granted],
  ['metadata-keys-told-once', register({ jwks_uri: 'ftp://a.example' }), metadata, granted],
  ['metadata-algorithm-fitting', register({ id_token_signed_response_alg: 'none' }), metadata, granted],
  ['metadata-method-known', register({ token_endpoint_auth_method: 'other' }), metadata, granted],
  [
    'metadata-public-client-without-own-grant',
    register({
      grant_types: ['authorization_code', 'client_credentials'],
      token_endpoint_auth_method: 'none',
    }),
    metadata,
    granted,
  ],
];

let sound: Emulator;
beforeAll(async () => {
  sound = await startEmulator({ oauth: { passwordGrant: true } });
});
afterAll(() => sound.close());

test.for(rules)('%s refuses, and is the one that does', async ([check, probe, outcome, without]) => {
  const behaviours = { [check]: () => undefined };
  const defective = await startEmulator({ oauth: { passwordGrant: true, behaviours } });
  try {
    expect((await probe(apiOf(() => sound.url))).outcome).toBe(outcome);
    expect((await probe(apiOf(() => defective.url))).outcome).toBe(without);
    expect(outcome).not.toBe(without);
  } finally {
    await defective.close();
  }
});

/** Those without which the next question refuses as well, or where nothing would be there to ask about. */
const covered: readonly string[] = [
  'credentials-readable',
  'client-identified',
  'client-known',
  'client-assertion-well-formed',
  'grant-type-known',
  'grant-offered',
  'code-known',
  'refresh-token-known',
  'device-code-known',
  'assertion-present',
  'assertion-well-formed',
  'subject-token-present',
  'subject-token-known',
  'actor-token-type-present',
  'actor-token-type-known',
  'scope-well-formed',
  'poll-not-too-fast',
];

test('every check that is asked exists, and is seen to refuse', () => {
  const client = (method: string) => ({ client: { method }, presented: { method } }) as never;
  const methods = ['client_secret_basic', 'none', 'private_key_jwt', 'client_secret_jwt'].map(client);
  const asked = new Set(
    methods.flatMap((attempt) => [
      ...grantTypes.flatMap((grant) => orderOfOAuthChecks('token', grant, attempt)),
      ...orderOfOAuthChecks('device_authorization', undefined, attempt),
      ...orderOfOAuthChecks('register', undefined, attempt),
    ]),
  );
  const known = { ...coreBehaviours, ...oauthFormBehaviours };
  expect([...asked].filter((name) => !(name in known))).toEqual([]);
  expect([...new Set([...rules.map(([check]) => check), ...covered])].sort()).toEqual([...asked].sort());
});
