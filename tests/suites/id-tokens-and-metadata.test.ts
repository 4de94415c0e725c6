import { expect, test } from 'vitest';
import { defects } from '../../emulator/defects/all.ts';
import { startedWith } from '../../emulator/defects/defect.ts';
import { certifyHere, few } from '../support/certify.ts';
import { endpointsOf, startEmulator } from '../support/emulator.ts';
import { isTried } from '../support/whole.ts';
import {
  claiming,
  ofAnotherType,
  onPath,
  other,
  publishing,
  refreshedAs,
  telling,
  unsigned,
  type Wrong,
  withoutBasic,
  withSecret,
} from '../support/wrong-servers.ts';

const code = 'authorization-code/id-token-by-scope';
const refresh = 'refresh-token/generations';

/** What each mistake is noticed by; the case that brings the response stands first. */
const mistakes: readonly (readonly [
  what: string,
  verdict: 'fail' | 'warn' | 'not-applicable',
  cases: readonly string[],
  wrong: Wrong,
])[] = [
  [
    'no ID token',
    'fail',
    ['wire/id-token-present', code],
    { behaviours: { 'id-token-granted': () => false } },
  ],
  ['an ID token whatever the scope', 'fail', [code], { behaviours: { 'id-token-granted': () => true } }],
  [
    'a claim twice',
    'fail',
    ['wire/id-token-unique-claims', code],
    unsigned({ alg: 'RS256' }, ',"sub":"other"'),
  ],
  ['alg none', 'fail', ['wire/id-token-alg-none', code], unsigned({ alg: 'none' })],
  ['no signature', 'fail', ['wire/id-token-signature', code], unsigned({ alg: 'RS256' })],
  ['an HMAC of another secret', 'fail', ['wire/id-token-signature', code], withSecret('x'.repeat(32))],
  [
    'a key in the header',
    'warn',
    ['wire/id-token-header-keys', code],
    claiming({}, { jku: 'https://example.com' }),
  ],
  ['iss that is no URL', 'fail', ['wire/id-token-iss', code], claiming({ iss: 'example.com' })],
  ['iss of http elsewhere', 'fail', ['wire/id-token-iss', code], claiming({ iss: 'http://example.com' })],
  ['another iss', 'fail', ['metadata/issuer-of-id-tokens'], claiming({ iss: 'https://example.com' })],
  ['a sub that is a number', 'fail', ['wire/id-token-sub', code], claiming({ sub: 7 })],
  ['another aud', 'fail', ['wire/id-token-aud', code], claiming({ aud: 'other' })],
  ['exp that is over', 'fail', ['wire/id-token-exp', code], claiming({ exp: 1_000_000_000 })],
  ['iat in milliseconds', 'fail', ['wire/id-token-iat', code], claiming({ iat: Date.now() })],
  ['nbf to come', 'fail', ['wire/id-token-nbf', code], claiming({ nbf: 4_000_000_000 })],
  ['another azp', 'warn', ['wire/id-token-azp', code], claiming({ azp: 'other' })],
  ['amr as text', 'fail', ['wire/id-token-acr-amr', code], claiming({ amr: 'pwd' })],
  ['at_hash of something else', 'fail', ['wire/id-token-at-hash', code], claiming({ at_hash: 'AAAA' })],
  ['c_hash of something else', 'fail', ['wire/id-token-c-hash', code], claiming({ c_hash: 'AAAA' })],
  ['updated_at as text', 'fail', ['wire/id-token-claim-types', code], claiming({ updated_at: '2026-01-01' })],
  ['locale as a number', 'fail', ['wire/id-token-claim-types', code], claiming({ locale: 1 })],
  [
    'an address that nobody asked for',
    'warn',
    ['wire/id-token-no-personal-claims', code],
    claiming({ email: 'a@example.com' }),
  ],
  ['auth_time as text', 'fail', ['wire/id-token-auth-time', code], claiming({ auth_time: 'now' })],
  [
    'a kid that is in no set',
    'fail',
    ['wire/id-token-kid', code],
    { ...claiming({}, { kid: undefined }), ...publishing((keys) => [...keys, other]) },
  ],
  ['no nonce', 'fail', ['authorization-code/nonce'], claiming({ nonce: undefined })],
  [
    'a nonce in lower case',
    'fail',
    ['authorization-code/nonce-unchanged'],
    claiming(({ nonce }) => ({ nonce: String(nonce).toLowerCase() })),
  ],
  ['another sub after a refresh', 'fail', [`${refresh}/id-token-of-a-code`], refreshedAs({ sub: 'other' })],
  [
    'the time of the refresh as auth_time',
    'fail',
    [`${refresh}/time-of-sign-in`],
    refreshedAs({ auth_time: 1_000_000_000 }),
  ],
  [
    'iat of the grant',
    'fail',
    [`${refresh}/time-of-issue`],
    refreshedAs({ iat: Math.floor(Date.now() / 1_000) }),
  ],
  ['azp after a refresh alone', 'fail', [`${refresh}/authorized-party`], refreshedAs({ azp: 'other' })],
  ['a nonce after a refresh', 'warn', [`${refresh}/nonce`], refreshedAs({ nonce: 'n-of-a-code-refreshed' })],
  ['metadata as plain text', 'fail', ['wire/metadata-type', 'metadata/document'], ofAnotherType],
  ['no issuer', 'fail', ['metadata/document'], telling({ issuer: undefined })],
  [
    'metadata of another issuer',
    'fail',
    ['wire/metadata-issuer', 'metadata/document'],
    telling({ issuer: 'https://example.com' }),
  ],
  [
    'a token endpoint with a fragment',
    'fail',
    ['wire/metadata-issuer', 'metadata/document'],
    telling({ token_endpoint: 'https://example.com/#a' }),
  ],
  [
    'a token endpoint of http elsewhere',
    'fail',
    ['wire/metadata-issuer', 'metadata/document'],
    telling({ token_endpoint: 'http://example.com/' }),
  ],
  [
    'assertions by no algorithm',
    'fail',
    ['wire/metadata-assertion-algorithms', 'metadata/document'],
    telling({ token_endpoint_auth_signing_alg_values_supported: ['none'] }),
  ],
  [
    'no RS256',
    'fail',
    ['wire/metadata-id-token-algorithms', 'metadata/document'],
    telling({ id_token_signing_alg_values_supported: ['ES256'] }),
  ],
  [
    'ID tokens by another algorithm',
    'fail',
    ['metadata/algorithm-of-id-tokens'],
    telling({ id_token_signing_alg_values_supported: ['ES256'] }),
  ],
  [
    'no PKCE',
    'warn',
    ['wire/metadata-pkce', 'metadata/document'],
    telling({ code_challenge_methods_supported: ['plain'] }),
  ],
  [
    'a grant type that there is not',
    'fail',
    ['metadata/grant-types'],
    telling({ grant_types_supported: ['authorization_code', 'urn:example:other'] }),
  ],
  [
    'a private key',
    'fail',
    ['wire/jwks-valid', 'metadata/key-set'],
    publishing((keys) => keys.map((key) => ({ ...key, d: 'AAAA' }))),
  ],
  [
    'a secret among the keys',
    'fail',
    ['wire/jwks-valid', 'metadata/key-set'],
    publishing((keys) => [...keys, { kty: 'oct', k: 'AAAA' }]),
  ],
  [
    'a key without its members',
    'fail',
    ['wire/jwks-valid', 'metadata/key-set'],
    publishing((keys) => [...keys, { kty: 'RSA' }]),
  ],
  [
    'no keys',
    'fail',
    ['metadata/key-set'],
    { middleware: onPath('/jwks', (response) => ({ ...response, body: '{}' })) },
  ],
  [
    'one kid for two keys',
    'warn',
    ['wire/jwks-kids', 'metadata/key-set'],
    publishing((keys) => [...keys, other, { ...other, x: 'BB' }]),
  ],
];

const more: typeof mistakes = [
  [
    'an HMAC that is longer than secrets are',
    'fail',
    ['wire/id-token-secret-length', code],
    withSecret('x'.repeat(64), 'HS512'),
  ],
  [
    'a device grant without an endpoint',
    'not-applicable',
    ['wire/metadata-device-authorization', 'metadata/document'],
    telling({ device_authorization_endpoint: undefined }),
  ],
  [
    'another algorithm than was registered',
    'warn',
    ['authorization-code/id-token-algorithm'],
    withSecret('x'.repeat(64)),
  ],
  [
    'a short key',
    'fail',
    ['wire/id-token-key-size', code],
    publishing((keys) => keys.map((key) => ({ ...key, n: 'AAAA_wAB' }))),
  ],
  [
    'a method of authentication that there is not',
    'fail',
    ['metadata/authentication-methods'],
    { ...telling({}), middleware: withoutBasic },
  ],
  [
    'no asymmetric method',
    'warn',
    ['wire/metadata-asymmetric-authentication', 'metadata/document'],
    telling({ token_endpoint_auth_methods_supported: ['client_secret_basic'] }),
  ],
];

/** What servers may do that do not do as the reference does. */
const variants: readonly (readonly [what: string, cases: readonly string[], wrong: Wrong])[] = [
  ['aud as a list', ['wire/id-token-aud', code], claiming(({ aud }) => ({ aud: [aud] }))],
  ['azp of the client', ['wire/id-token-azp', code], claiming(({ aud }) => ({ azp: aud }))],
  [
    'no at_hash and no auth_time',
    ['wire/id-token-*', code],
    claiming({ at_hash: undefined, auth_time: undefined }),
  ],
  [
    'several keys',
    ['wire/id-token-*', 'wire/jwks-*', code, 'metadata/key-set'],
    publishing((keys) => [other, ...keys]),
  ],
  [
    'one key without a kid',
    ['wire/id-token-*', 'wire/jwks-*', code, 'metadata/key-set'],
    { ...claiming({}, { kid: undefined }), ...publishing((keys) => keys.map(({ kid, ...key }) => key)) },
  ],
  [
    'keys of an unknown type',
    ['wire/jwks-*', 'metadata/key-set'],
    publishing((keys) => [...keys, { kty: 'AKP', pub: 'AA' }]),
  ],
  [
    'a JWK Set in its own media type',
    ['wire/jwks-*', 'metadata/key-set'],
    {
      middleware: onPath('/jwks', (response) => ({
        ...response,
        headers: response.headers.map(
          ([name, value]) =>
            [name, /^content-type$/i.test(name) ? 'application/jwk-set+json' : value] as const,
        ),
      })),
    },
  ],
  [
    'no ID token after a refresh',
    [`${refresh}/id-token-of-a-code`, `${refresh}/nonce`],
    { behaviours: { 'id-token-granted': ({ grant }) => grant !== 'refresh_token' } },
  ],
  [
    'metadata that lists nothing but what it must',
    ['metadata/*', 'wire/metadata-type', 'wire/metadata-issuer'],
    telling({
      grant_types_supported: undefined,
      code_challenge_methods_supported: undefined,
      token_endpoint_auth_signing_alg_values_supported: undefined,
      token_endpoint_auth_methods_supported: undefined,
    }),
  ],
];

async function verdictsOf(cases: readonly string[], wrong: Wrong) {
  const emulator = await startEmulator({ oauth: wrong });
  const { issuer, fixtures, jwks } = emulator.oauth;
  const endpoint = {
    ...endpointsOf(issuer),
    metadata: `${issuer}/.well-known/openid-configuration`,
  };
  try {
    const { verdicts } = await certifyHere(
      {
        dialect: 'oauth-form',
        profile: 'oidc',
        endpoint,
        fixtures,
        jwks,
        scopes: ['openid', 'offline_access'],
      },
      { budget: few, selection: { cases } },
    );
    return verdicts;
  } finally {
    await emulator.close();
  }
}

test.each([...mistakes, ...more].filter(isTried))('%s: %s', async (_, verdict, cases, wrong) => {
  const verdicts = await verdictsOf(cases, wrong);
  const found = verdicts.find(({ case: id }) => id === cases[0]);
  expect([found?.case, found?.verdict, found?.verdict === verdict ? '' : found?.reason]).toEqual([
    cases[0],
    verdict,
    '',
  ]);
});

test.each(variants)('%s is conformant', async (_, cases, wrong) => {
  const verdicts = await verdictsOf(cases, wrong);
  const broken = verdicts.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable');
  expect(broken.map(({ case: id, verdict, reason }) => [id, verdict, reason])).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(0);
});

test('nobody knows whom an ID token is for where the request names two clients', async () => {
  const defect = defects.find(({ name }) => name === 'client-id-first-counts');
  const twice = 'client-authentication/post-client-id-twice';
  const { oauth = {} } = startedWith(defect ?? {});
  const verdicts = await verdictsOf([twice, 'wire/id-token-aud', 'wire/id-token-azp'], oauth as Wrong);
  const of = (id: string) => verdicts.find((one) => one.case === id)?.verdict;
  expect(of(twice)).toBe('fail');
  expect(of('wire/id-token-aud')).toBe('pass');
});
