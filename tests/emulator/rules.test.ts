import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Behaviours } from '../../emulator/behaviours.ts';
import { type CheckName, orderOfChecks } from '../../emulator/checks/order.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { type Answer, type Api, apiOf, deviceGrant, type Json, s256, startUrl } from './support.ts';

/**
 * Every check of the emulator: a request that breaks this one rule, the exception that it meets, and what
 * it meets once the check is removed. So each check is seen to refuse, and to be the one that refuses.
 */
type Rule = readonly [
  check: CheckName,
  probe: (api: Api) => Promise<Answer>,
  outcome: string,
  without: string,
];

const invalidRequest = 'InvalidRequestException';
const invalidClient = 'InvalidClientException';
const invalidGrant = 'InvalidGrantException';
const unauthorized = 'UnauthorizedClientException';
const pending = 'AuthorizationPendingException';
const granted = 'granted';

const code = (changes: Json) => async (api: Api) => api.token({ ...(await api.codeRequest()), ...changes });
const device = (changes: Json) => async (api: Api) =>
  api.token({ ...(await api.deviceRequest('approve')), ...changes });
const refresh = (changes: Json) => async (api: Api) =>
  api.token({ ...(await api.refreshRequest()), ...changes });
const start = (changes: Json) => async (api: Api) =>
  api.post('/device_authorization', { ...(await api.client()), startUrl, ...changes });
const register = (changes: Json) => (api: Api) =>
  api.post('/client/register', { clientName: 'a', clientType: 'public', ...changes });

const verifier = (codeVerifier: string) => async (api: Api) => {
  const request = await api.codeRequest(undefined, { codeChallenge: s256(codeVerifier) });
  return api.token({ ...request, codeVerifier });
};

/** The artefact of one client, presented by another one. */
const stolen = (make: 'codeRequest' | 'deviceRequest' | 'refreshRequest') => async (api: Api) => {
  const request = make === 'deviceRequest' ? await api.deviceRequest('approve') : await api[make]();
  return api.token({ ...request, ...(await api.client()) });
};

const twice = async (api: Api, request: Json) => {
  await api.token(request);
  return api.token(request);
};

const expired = async (api: Api, kind: string, value: string, request: Json) => {
  await api.made('expire', { kind, value });
  return api.token(request);
};

const rules: readonly Rule[] = [
  ['client-id-present', code({ clientId: '' }), invalidRequest, invalidClient],
  ['client-secret-present', code({ clientSecret: '' }), invalidRequest, invalidClient],
  ['grant-type-present', code({ grantType: '' }), invalidRequest, 'UnsupportedGrantTypeException'],
  ['code-present', code({ code: '' }), invalidRequest, invalidGrant],
  ['redirect-uri-present', code({ redirectUri: '' }), invalidRequest, invalidGrant],
  ['device-code-present', device({ deviceCode: '' }), invalidRequest, invalidGrant],
  ['refresh-token-present', refresh({ refreshToken: '' }), invalidRequest, invalidGrant],
  ['start-url-present', start({ startUrl: '' }), invalidRequest, granted],
  ['client-name-present', register({ clientName: '' }), invalidRequest, granted],
  ['client-type-present', register({ clientType: '' }), invalidRequest, 'InvalidClientMetadataException'],
  [
    'no-fault-armed',
    async (api) => {
      const request = await api.codeRequest();
      const exception = 'SlowDownException';
      const { clientId } = request;
      await api.made('fault', { operation: 'CreateToken', exception, clientId, times: 1 });
      return api.token(request);
    },
    'SlowDownException',
    granted,
  ],

  ['client-known', code({ clientId: 'nobody' }), invalidClient, granted],
  ['client-known', start({ clientId: 'nobody' }), invalidClient, granted],
  ['client-secret-right', code({ clientSecret: 'wrong' }), invalidClient, granted],
  ['client-secret-right', device({ clientSecret: 'wrong' }), invalidClient, granted],
  ['client-secret-right', refresh({ clientSecret: 'wrong' }), invalidClient, granted],
  ['client-secret-right', start({ clientSecret: 'wrong' }), invalidClient, granted],
  [
    'client-secret-not-expired',
    async (api) => {
      const request = await api.codeRequest();
      return expired(api, 'clientSecret', request.clientSecret, request);
    },
    invalidClient,
    granted,
  ],
  [
    'grant-allowed',
    async (api) => api.token(await api.codeRequest(await api.client({ grantTypes: [deviceGrant] }))),
    unauthorized,
    granted,
  ],
  [
    'grant-allowed',
    async (api) =>
      api.token(await api.refreshRequest(await api.client({ grantTypes: ['authorization_code'] }))),
    unauthorized,
    granted,
  ],
  [
    'device-grant-allowed',
    async (api) => api.startDevice(await api.client({ grantTypes: ['refresh_token'] })),
    unauthorized,
    granted,
  ],

  ['code-known', code({ code: 'never-issued' }), invalidGrant, granted],
  ['code-bound-to-client', stolen('codeRequest'), invalidGrant, granted],
  ['redirect-uri-same', code({ redirectUri: 'http://127.0.0.1:8401/oauth/callback' }), invalidGrant, granted],
  ['redirect-uri-same', code({ redirectUri: 'HTTP://127.0.0.1:8400/oauth/callback' }), invalidGrant, granted],
  ['verifier-present', code({ codeVerifier: undefined }), invalidGrant, granted],
  ['verifier-present', code({ codeVerifier: '' }), invalidGrant, granted],
  ['verifier-long-enough', verifier('a'.repeat(42)), invalidGrant, granted],
  ['verifier-short-enough', verifier('a'.repeat(129)), invalidGrant, granted],
  ['verifier-unreserved', verifier(`${'a'.repeat(43)}+`), invalidGrant, granted],
  ['verifier-unreserved', verifier(`${'a'.repeat(43)}\n`), invalidGrant, granted],
  ['verifier-matches', code({ codeVerifier: 'b'.repeat(43) }), invalidGrant, granted],
  [
    'verifier-matches',
    async (api) => {
      const challenge = s256('a'.repeat(43));
      const request = await api.codeRequest(undefined, { codeChallenge: challenge });
      return api.token({ ...request, codeVerifier: challenge });
    },
    invalidGrant,
    granted,
  ],
  [
    'code-has-challenge',
    async (api) => {
      const without = { codeChallenge: undefined, codeChallengeMethod: undefined };
      return api.token(await api.codeRequest(undefined, without));
    },
    invalidGrant,
    granted,
  ],
  ['code-not-redeemed', async (api) => twice(api, await api.codeRequest()), invalidGrant, granted],
  [
    'code-not-expired',
    async (api) => {
      const request = await api.codeRequest();
      return expired(api, 'code', request.code, request);
    },
    invalidGrant,
    granted,
  ],

  ['device-code-known', device({ deviceCode: 'bogus' }), invalidGrant, granted],
  [
    'device-code-known',
    device({ deviceCode: 'bogus', clientId: 'test', clientSecret: 'test' }),
    invalidGrant,
    invalidClient,
  ],
  ['device-code-bound-to-client', stolen('deviceRequest'), invalidGrant, granted],
  [
    'device-code-not-redeemed',
    async (api) => twice(api, await api.deviceRequest('approve')),
    invalidGrant,
    granted,
  ],
  [
    'device-code-not-expired',
    async (api) => {
      const request = await api.deviceRequest('approve');
      return expired(api, 'deviceCode', request.deviceCode, request);
    },
    'ExpiredTokenException',
    granted,
  ],
  [
    'device-not-denied',
    async (api) => api.token(await api.deviceRequest('deny')),
    'AccessDeniedException',
    granted,
  ],
  [
    'poll-not-too-fast',
    async (api) => {
      const request = await api.deviceRequest();
      for (const _ of [1, 2, 3]) await api.token(request);
      return api.token(request);
    },
    'SlowDownException',
    pending,
  ],
  ['device-approved', async (api) => api.token(await api.deviceRequest()), pending, granted],

  ['refresh-token-known', refresh({ refreshToken: 'never-issued' }), invalidGrant, granted],
  ['refresh-token-bound-to-client', stolen('refreshRequest'), invalidGrant, granted],
  [
    'refresh-token-of-this-region',
    async (api) => api.token(await api.refreshRequest(undefined, { region: 'eu-west-1' })),
    invalidRequest,
    granted,
  ],
  ['refresh-token-not-rotated', async (api) => twice(api, await api.refreshRequest()), invalidGrant, granted],
  [
    'refresh-token-not-revoked',
    async (api) => {
      const request = await api.refreshRequest();
      const { refreshToken } = (await api.token(request)).body;
      await api.token(request);
      return api.token({ ...request, refreshToken });
    },
    invalidGrant,
    granted,
  ],
  [
    'refresh-token-not-expired',
    async (api) => {
      const request = await api.refreshRequest();
      return expired(api, 'refreshToken', request.refreshToken, request);
    },
    invalidGrant,
    granted,
  ],

  ['client-type-public', register({ clientType: 'PUBLIC' }), 'InvalidClientMetadataException', granted],
  ['grant-types-supported', register({ grantTypes: ['password'] }), 'UnsupportedGrantTypeException', granted],
  ['redirect-uris-present', register({ grantTypes: ['authorization_code'] }), invalidRequest, granted],
  [
    'redirect-uris-allowed',
    register({ redirectUris: ['http://example.com/'] }),
    'InvalidRedirectUriException',
    granted,
  ],
  ['scopes-well-formed', register({ scopes: ['a b'] }), 'InvalidScopeException', granted],
  ['start-url-allowed', start({ startUrl: 'https://example.com/' }), invalidRequest, granted],
];

let sound: Emulator;
beforeAll(async () => {
  sound = await startEmulator();
});
afterAll(() => sound.close());

describe('every check', () => {
  test.for(rules)('%s refuses, and is the one that does', async ([check, probe, outcome, without]) => {
    const removed = { [check]: () => undefined } as Partial<Behaviours>;
    const defective = await startEmulator({ behaviours: removed });
    try {
      expect((await probe(apiOf(() => sound.url))).outcome).toBe(outcome);
      expect((await probe(apiOf(() => defective.url))).outcome).toBe(without);
    } finally {
      await defective.close();
    }
  });

  test('is in the table above', () => {
    const asked = new Set<string>([
      ...orderOfChecks('RegisterClient', undefined),
      ...orderOfChecks('StartDeviceAuthorization', undefined),
      ...orderOfChecks('CreateToken', 'authorization_code'),
      ...orderOfChecks('CreateToken', deviceGrant),
      ...orderOfChecks('CreateToken', 'refresh_token'),
    ]);
    // The first has its own test in create-token.test.ts, the second never refuses.
    const elsewhere = ['grant-type-known', 'scope-acceptable'];
    expect([...asked].sort()).toEqual([...new Set([...rules.map(([check]) => check), ...elsewhere])].sort());
  });
});
