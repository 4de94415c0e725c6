import { describe, expect, test } from 'vitest';
import { orderOfChecks } from '../../emulator/fronts/aws-json/order.ts';
import { allGrants, type Iam, type IamGrant, iamOf, jwtBearer, tokenExchange } from './iam.ts';
import { type Rule, testRules } from './rule-table.ts';
import { type Answer, type Api, type Json, s256 } from './support.ts';

const invalidRequest = 'InvalidRequestException';
const invalidClient = 'InvalidClientException';
const invalidGrant = 'InvalidGrantException';
const invalidScope = 'InvalidScopeException';
const unauthorized = 'UnauthorizedClientException';
const wrongRegion = 'InvalidRequestRegionException';
const granted = 'granted';

type Probe = (iam: Iam) => Promise<Answer>;

const probing = (probe: Probe) => (api: Api) => probe(iamOf(api));

/** A request that would be granted but for its changes. */
const request = (grant: IamGrant, changes: Json, fixture: Json = {}) =>
  probing(async (iam) => iam.send({ ...(await iam.request(grant, undefined, fixture)), ...changes }));
const code = (changes: Json, fixture?: Json) => request('authorization_code', changes, fixture);
const refresh = (changes: Json, fixture?: Json) => request('refresh_token', changes, fixture);
const bearer = (changes: Json, fixture?: Json) => request(jwtBearer, changes, fixture);
const exchange = (changes: Json, fixture?: Json) => request(tokenExchange, changes, fixture);
const asserting = (claims: Json) => bearer({}, { claims });

const verifier = (codeVerifier: string) => code({ codeVerifier }, { codeChallenge: s256(codeVerifier) });

const stolen = (grant: IamGrant) =>
  probing(async (iam) => iam.send({ ...(await iam.request(grant)), clientId: await iam.application() }));

const twice = (grant: IamGrant) =>
  probing(async (iam) => {
    const once = await iam.request(grant);
    await iam.send(once);
    return iam.send(once);
  });

const expired = (grant: IamGrant, kind: string, member: string) =>
  probing(async (iam) => {
    const late = await iam.request(grant);
    await iam.api.made('expire', { kind, value: late[member] });
    return iam.send(late);
  });

const notRegistered = (grant: IamGrant) =>
  probing(async (iam) => {
    const others = allGrants.filter((one) => one !== grant);
    return iam.send(await iam.request(grant, await iam.application({ grantTypes: others })));
  });

const withFault = (grant: IamGrant) =>
  probing(async (iam) => {
    const faulty = await iam.request(grant);
    const { clientId } = faulty;
    const exception = 'SlowDownException';
    await iam.api.made('fault', { operation: 'CreateTokenWithIAM', exception, clientId, times: 1 });
    return iam.send(faulty);
  });

const byNobodyAllowed = (grant: IamGrant) =>
  probing(async (iam) => iam.send(await iam.request(grant), { by: await iam.credentials(false) }));

/** Decodes to the same bytes: the last of 342 characters carries four bits that nobody reads. */
const respelt = probing(async (iam) => {
  const good = await iam.request(jwtBearer);
  const assertion = String(good.assertion);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet[alphabet.indexOf(assertion.at(-1) ?? '') ^ 1];
  return iam.send({ ...good, assertion: assertion.slice(0, -1) + last });
});

const now = () => Math.floor(Date.now() / 1000);

const everyGrant = (probe: (grant: IamGrant) => Rule[1], check: Rule[0], outcome: string, without: string) =>
  allGrants.map((grant): Rule => [check, probe(grant), outcome, without]);

const rules: readonly Rule[] = [
  ...everyGrant(
    (grant) => request(grant, { clientId: '' }),
    'client-id-present',
    invalidRequest,
    invalidClient,
  ),
  ['grant-type-present', code({ grantType: '' }), invalidRequest, 'UnsupportedGrantTypeException'],
  ['code-present', code({ code: '' }), invalidRequest, invalidGrant],
  ['redirect-uri-present', code({ redirectUri: '' }), invalidRequest, invalidGrant],
  ['refresh-token-present', refresh({ refreshToken: '' }), invalidRequest, invalidGrant],
  ['assertion-present', bearer({ assertion: '' }), invalidRequest, granted],
  [
    'subject-token-present',
    exchange({ subjectToken: '', clientId: 'nobody' }),
    invalidRequest,
    invalidClient,
  ],
  ['subject-token-type-present', exchange({ subjectTokenType: '' }), invalidRequest, granted],
  [
    'subject-token-type-known',
    exchange({ subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt' }),
    invalidRequest,
    granted,
  ],
  [
    'requested-token-type-known',
    exchange({ requestedTokenType: 'urn:ietf:params:oauth:token-type:id_token' }),
    invalidRequest,
    granted,
  ],
  ...everyGrant(withFault, 'no-fault-armed', 'SlowDownException', granted),
  ...everyGrant(byNobodyAllowed, 'principal-allowed', 'AccessDeniedException', granted),
  ['client-known', code({ clientId: 'nobody' }), invalidClient, granted],
  ['client-known', refresh({ clientId: 'nobody' }), invalidClient, granted],
  ['client-known', bearer({ clientId: 'nobody' }), invalidClient, granted],
  ['client-known', exchange({ clientId: 'nobody' }), invalidClient, granted],
  ...everyGrant(notRegistered, 'grant-allowed', unauthorized, granted),
  ...everyGrant(
    (grant) => request(grant, { scope: ['aws', 'nobody:has:this'] }),
    'scope-of-application',
    invalidScope,
    granted,
  ),
  ['scope-within-grant', code({ scope: ['aws'] }, { scope: ['openid'] }), invalidScope, granted],
  ['scope-within-grant', refresh({ scope: ['aws'] }, { scope: 'openid' }), invalidScope, granted],
  ['scope-within-grant', exchange({ scope: ['aws', 'openid'] }, { scope: ['aws'] }), invalidScope, granted],

  ['code-known', code({ code: 'never-issued' }), invalidGrant, granted],
  ['code-bound-to-client', stolen('authorization_code'), invalidGrant, granted],
  ['redirect-uri-same', code({ redirectUri: 'http://127.0.0.1:8401/oauth/callback' }), invalidGrant, granted],
  ['verifier-present', code({ codeVerifier: undefined }), invalidGrant, granted],
  ['verifier-long-enough', verifier('a'.repeat(42)), invalidGrant, granted],
  ['verifier-short-enough', verifier('a'.repeat(129)), invalidGrant, granted],
  ['verifier-unreserved', verifier(`${'a'.repeat(43)}+`), invalidGrant, granted],
  ['verifier-matches', code({ codeVerifier: 'b'.repeat(43) }), invalidGrant, granted],
  [
    'code-has-challenge',
    code({}, { codeChallenge: undefined, codeChallengeMethod: undefined }),
    invalidGrant,
    granted,
  ],
  ['code-not-redeemed', twice('authorization_code'), invalidGrant, granted],
  ['code-not-expired', expired('authorization_code', 'code', 'code'), invalidGrant, granted],

  ['refresh-token-known', refresh({ refreshToken: 'never-issued' }), invalidGrant, granted],
  ['refresh-token-bound-to-client', stolen('refresh_token'), invalidGrant, granted],
  [
    'refresh-token-not-expired',
    expired('refresh_token', 'refreshToken', 'refreshToken'),
    invalidGrant,
    granted,
  ],
  ['refresh-token-not-rotated', twice('refresh_token'), invalidGrant, granted],
  [
    'refresh-token-not-revoked',
    probing(async (iam) => {
      const first = await iam.request('refresh_token');
      const { refreshToken } = (await iam.send(first)).body;
      await iam.send(first);
      return iam.send({ ...first, refreshToken });
    }),
    invalidGrant,
    granted,
  ],
  ['refresh-token-usable-here', refresh({}, { region: 'eu-west-1' }), wrongRegion, granted],

  ['assertion-well-formed', respelt, invalidGrant, granted],
  ['assertion-algorithm-right', bearer({}, { signedBy: 'nobody' }), invalidGrant, granted],
  ['assertion-signature-right', bearer({}, { signedBy: 'untrusted' }), invalidGrant, granted],
  ['assertion-issuer-trusted', asserting({ iss: 'https://other.example' }), invalidGrant, granted],
  ['assertion-issuer-trusted', asserting({ iss: null }), invalidGrant, granted],
  ['assertion-audience-right', asserting({ aud: 'somebody-else' }), invalidGrant, granted],
  ['assertion-audience-right', asserting({ aud: ['somebody-else', 'another'] }), invalidGrant, granted],
  ['assertion-audience-right', asserting({ aud: null }), invalidGrant, granted],
  ['assertion-expiry-present', asserting({ exp: null }), invalidGrant, granted],
  ['assertion-expiry-present', asserting({ exp: '9999999999' }), invalidGrant, granted],
  ['assertion-not-expired', asserting({ exp: now() - 1 }), invalidGrant, granted],
  ['assertion-not-expired', expired(jwtBearer, 'assertion', 'assertion'), invalidGrant, granted],
  ['assertion-already-valid', asserting({ nbf: now() + 200 }), invalidGrant, granted],
  ['assertion-already-valid', asserting({ nbf: '0' }), invalidGrant, granted],
  ['assertion-subject-present', asserting({ sub: null }), invalidGrant, granted],
  ['assertion-user-known', asserting({ sub: 'nobody' }), invalidGrant, granted],
  ['assertion-user-known', asserting({ sub: ['user@example.com'] }), invalidGrant, granted],
  ['assertion-not-used', twice(jwtBearer), invalidGrant, granted],

  ['subject-token-known', exchange({ subjectToken: 'never-issued' }), invalidRequest, granted],
  [
    'subject-token-not-expired',
    expired(tokenExchange, 'subjectToken', 'subjectToken'),
    invalidRequest,
    granted,
  ],
  ['subject-token-bound-to-client', stolen(tokenExchange), invalidRequest, granted],
  ['subject-token-of-this-region', exchange({}, { region: 'eu-west-1' }), wrongRegion, granted],
];

describe('every check of CreateTokenWithIAM', () => {
  testRules(rules);

  test('is in the table above', () => {
    const asked = new Set<string>(allGrants.flatMap((grant) => orderOfChecks('iam_token', grant)));
    // Its own test is in create-token-with-iam.test.ts.
    const elsewhere = ['grant-type-known'];
    expect([...asked].sort()).toEqual([...new Set([...rules.map(([check]) => check), ...elsewhere])].sort());
  });
});
