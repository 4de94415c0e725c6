import { describe, expect, test } from 'vitest';
import { applicationChecks } from '../../emulator/core/checks/application.ts';
import { assertionChecks } from '../../emulator/core/checks/assertion.ts';
import { authorizationCodeChecks } from '../../emulator/core/checks/authorization-code.ts';
import { clientChecks } from '../../emulator/core/checks/client.ts';
import { deviceCodeChecks } from '../../emulator/core/checks/device-code.ts';
import { refreshTokenChecks } from '../../emulator/core/checks/refresh-token.ts';
import { registrationChecks } from '../../emulator/core/checks/registration.ts';
import { requestChecks } from '../../emulator/core/checks/request.ts';
import { subjectTokenChecks } from '../../emulator/core/checks/subject-token.ts';
import { awsChecks } from '../../emulator/fronts/aws-json/checks.ts';
import { orderOfChecks } from '../../emulator/fronts/aws-json/order.ts';
import { orderOfSignatureChecks, signatureChecks } from '../../emulator/fronts/aws-json/signature-checks.ts';
import { allGrants } from './iam.ts';
import { type Rule, testRules } from './rule-table.ts';
import { type Api, deviceGrant, type Json, s256, startUrl } from './support.ts';

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

describe('every check', () => {
  testRules(rules);

  test('is in the table above', () => {
    const asked = new Set<string>([
      ...orderOfChecks('register', undefined),
      ...orderOfChecks('device_authorization', undefined),
      ...orderOfChecks('token', 'authorization_code'),
      ...orderOfChecks('token', deviceGrant),
      ...orderOfChecks('token', 'refresh_token'),
    ]);
    // The first has its own test in create-token.test.ts, the second never refuses.
    const elsewhere = ['grant-type-known', 'scope-acceptable'];
    expect([...asked].sort()).toEqual([...new Set([...rules.map(([check]) => check), ...elsewhere])].sort());
  });

  test('of any operation is asked by one', () => {
    const asked = new Set<string>([
      ...orderOfSignatureChecks(),
      ...orderOfChecks('register', undefined),
      ...orderOfChecks('device_authorization', undefined),
      ...(['authorization_code', deviceGrant, 'refresh_token'] as const).flatMap((grant) =>
        orderOfChecks('token', grant),
      ),
      ...allGrants.flatMap((grant) => orderOfChecks('iam_token', grant)),
    ]);
    const all = Object.keys({
      ...signatureChecks,
      ...requestChecks,
      ...clientChecks,
      ...authorizationCodeChecks,
      ...deviceCodeChecks,
      ...refreshTokenChecks,
      ...registrationChecks,
      ...applicationChecks,
      ...assertionChecks,
      ...subjectTokenChecks,
      ...awsChecks,
    });
    expect([...asked].sort()).toEqual(all.sort());
  });
});
