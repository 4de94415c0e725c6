import { randomUUID } from 'node:crypto';
import { type Case, needsOf } from '../../harness/case.ts';
import {
  documented,
  granted,
  inferred,
  observed,
  rejected,
  rejectedOrIgnored,
} from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import type { AssertionWishes } from '../../harness/world/artefacts.ts';
import { expiry, flow, grant, race, refusal, replay } from '../kit/cases.ts';
import { altered, garbage, madeUp, set, without } from '../kit/change.ts';
import { grantedOrRevoked } from '../kit/given.ts';
import {
  accessTokenType,
  application,
  asserting,
  assertion,
  assertionWith,
  code,
  codeWith,
  exchange,
  exchanging,
  freshCode,
  freshRefreshToken,
  otherRegion,
  redeeming,
  refresh,
  refreshing,
  refreshTokenFor,
  refreshTokenType,
} from './given.ts';

const invalidGrant = rejected('invalid_grant');

const holdsScope = (scope: unknown, one: string) => Array.isArray(scope) && scope.includes(one);

const nonces = { 'with nonce': 'n-0S6_WzA2Mj', 'with another nonce': 'n-another' };

const authorizationCode: readonly Case[] = [
  grant({
    ...code,
    id: 'iam-authorization-code/valid',
    title: 'a valid code',
    requirement: 'RFC6749-4.1.4-code-exchange-success',
  }),
  ...[
    {
      name: 'unknown-code',
      title: 'a code that was never issued',
      requirement: 'RFC6749-4.1.3-unknown-code',
      change: garbage('code'),
      expect: invalidGrant,
    },
    {
      name: 'altered-code',
      title: 'a code with one character changed',
      requirement: 'RFC6749-4.1.3-unknown-code',
      change: altered('code'),
      expect: invalidGrant,
    },
    {
      name: 'missing-code',
      title: 'no code',
      requirement: 'RFC6749-4.1.3-missing-code',
      change: without('code'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'missing-redirect-uri',
      title: 'no redirect URI',
      requirement: 'RFC6749-4.1.3-redirect_uri-required',
      change: without('redirect_uri'),
      expect: rejected('invalid_request', documented('invalid_grant', 'RFC 6749 §5.2')),
    },
    {
      name: 'redirect-uri-other-path',
      title: 'a redirect URI with another path',
      requirement: 'RFC6749-4.1.3-redirect_uri-identical',
      change: set('redirect_uri', (uri: string) => uri.replace(/[^/]*$/, 'other')),
      expect: invalidGrant,
    },
    {
      name: 'wrong-verifier',
      title: 'another well-formed verifier',
      requirement: 'RFC7636-4.6-wrong-verifier',
      change: madeUp('code_verifier', 'A'.repeat(43)),
      expect: invalidGrant,
    },
    {
      name: 'missing-verifier',
      title: 'no verifier',
      requirement: 'RFC7636-4.6-missing-verifier',
      change: without('code_verifier'),
      expect: rejected('invalid_grant', documented('invalid_request', 'OAuth 2.1 draft §4.1.3')),
    },
  ].map(({ name, ...row }) => refusal({ ...code, ...row, id: `iam-authorization-code/${name}` })),
  refusal({
    ...code,
    id: 'iam-authorization-code/other-clients-code',
    title: 'a code that was issued to another application',
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    change: async (_, world) =>
      redeeming(
        await application(world, { name: 'other' }),
        await world.authorizationCode(await application(world)),
      ),
    expect: invalidGrant,
  }),
  expiry({
    ...code,
    id: 'iam-authorization-code/expired-code',
    title: 'a code that has expired',
    requirement: 'RFC6749-4.1.2-code-expiry',
    kind: 'code',
    member: 'code',
    expect: rejected(
      'invalid_grant',
      inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general'),
    ),
  }),
  replay({
    ...code,
    id: 'iam-authorization-code/redeemed',
    title: 'a code that was redeemed before',
    requirement: 'RFC6749-4.1.2-code-single-use',
    expect: invalidGrant,
  }),
  race({
    ...code,
    id: 'iam-authorization-code/redeemed-in-parallel',
    title: 'one code redeemed eight times at once',
    requirement: 'RFC6749-10.5-code-concurrent-redemption',
    losers: invalidGrant,
  }),
  flow({
    ...code,
    needs: ['authorization-code/nonce'],
    id: 'iam-authorization-code/nonce',
    title: 'the nonce of the authorization request',
    requirement: 'OIDC-2-nonce',
    expect: { 'with nonce': granted(), 'with another nonce': granted(), 'without nonce': granted() },
    holds: (seen) => {
      const nonceOf = (step: string) => seen[step]?.[0]?.exchange.jwts?.[0]?.claims?.nonce;
      const problem = Object.entries(nonces).find(([step, nonce]) => nonceOf(step) !== nonce);
      if (problem !== undefined)
        return [`${problem[0]}: nonce is ${JSON.stringify(nonceOf(problem[0]))}, not the one that was sent`];
      return nonceOf('without nonce') === undefined ? [] : ['there is a nonce although none was sent'];
    },
    run: async (world) => {
      const requests = [];
      for (const [step, nonce] of Object.entries(nonces))
        requests.push([step, await codeWith({ nonce })(world)] as const);
      for (const [step, request] of requests) await world.send(step, request);
      await world.send('without nonce', await freshCode(world));
    },
  }),
];

const refreshToken: readonly Case[] = [
  grant({
    ...refresh,
    id: 'iam-refresh-token/valid',
    title: 'a refresh token that was never used',
    requirement: 'RFC6749-6-refresh-success',
  }),
  ...[
    {
      name: 'missing-refresh-token',
      title: 'no refresh token',
      requirement: 'RFC6749-6-missing-refresh_token',
      change: without('refresh_token'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-refresh-token',
      title: 'a refresh token that was never issued',
      requirement: 'RFC6749-6-unknown-refresh_token',
      change: garbage('refresh_token'),
      expect: invalidGrant,
    },
    {
      name: 'altered-refresh-token',
      title: 'a refresh token with one character changed',
      requirement: 'RFC6749-6-unknown-refresh_token',
      change: altered('refresh_token'),
      expect: invalidGrant,
    },
  ].map(({ name, ...row }) => refusal({ ...refresh, ...row, id: `iam-refresh-token/${name}` })),
  expiry({
    ...refresh,
    id: 'iam-refresh-token/expired',
    title: 'a refresh token that has expired',
    requirement: 'RFC6749-6-expired-refresh_token',
    kind: 'refreshToken',
    member: 'refresh_token',
    expect: rejected(
      'invalid_grant',
      documented('expired_token', 'AWS: ExpiredTokenException, "issued by the service is expired"'),
    ),
  }),
  flow({
    ...refresh,
    id: 'iam-refresh-token/other-clients-refresh-token',
    title: 'a refresh token that was issued to another application',
    requirement: 'RFC6749-6-bound-to-client',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant, 'the rightful client': grantedOrRevoked },
    run: async (world) => {
      await world.send('control', await freshRefreshToken(world));
      const request = await freshRefreshToken(world);
      await world.send(
        'probe',
        refreshing(await application(world, { name: 'other' }), String(request.members.refresh_token)),
      );
      await world.send('the rightful client', request);
    },
  }),
  refusal({
    ...refresh,
    needs: ['refresh-token/region'],
    id: 'iam-refresh-token/other-region',
    title: 'a refresh token of another region',
    requirement: 'AWS-CreateTokenWithIAM-region',
    change: async (_, world) => {
      const app = await application(world);
      return refreshing(app, await world.refreshToken(app, { region: otherRegion(world) }));
    },
    expect: rejected(
      'invalid_request_region',
      observed('invalid_request', 'live service, CreateToken: "Invalid token provided" in the wrong region'),
    ),
    holds: ({ probe = [] }) => regionProblems(probe),
  }),
  flow({
    ...refresh,
    needs: ['authorization-code/scope'],
    id: 'iam-refresh-token/scope-beyond-the-grant',
    title: 'a scope that the user did not authorize',
    requirement: 'RFC8693-2.1-scope-not-widened',
    expect: {
      control: granted(),
      probe: rejectedOrIgnored('invalid_scope', 'RFC 6749 §3.3: a server may ignore a scope and say so'),
    },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted' && holdsScope(reply.members.scope, 'aws'))
        .map(() => 'the refresh got a scope that the user did not authorize'),
    run: async (world) => {
      // RFC 6749 §6 allows whatever the user authorized, also what the code exchange left out.
      const sent = await world.send('control', await codeWith({ scope: ['openid'] })(world));
      if (holdsScope(sent.reply.members.scope, 'aws'))
        throw new Stop(
          'fixture',
          'the fixture "authorization-code" gave a code for more than the scope "openid"',
        );
      const request = refreshing(await application(world), sent.text('refresh_token'));
      await world.send('probe', await set('scope', ['openid', 'aws'])(request, world));
    },
  }),
  flow({
    ...refresh,
    id: 'iam-refresh-token/refresh-token-of-create-token',
    title: 'a refresh token that CreateToken issued',
    requirement: 'AWS-client-kinds',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      await world.send('control', await freshRefreshToken(world));
      const other = await world.client({
        name: 'other kind',
        grants: ['authorization_code', 'refresh_token'],
      });
      await world.send('probe', refreshing(await application(world), await refreshTokenFor(world, other)));
    },
  }),
];

interface WrongAssertion {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly wishes: (now: number) => AssertionWishes;
}

const hour = 3_600;

/** RFC 7523 §3: everything that can be wrong with an assertion, one at a time. */
/** RFC 7523 §3.1 says the first; AWS speaks of expired tokens alone. */
const expiredAssertion = rejected(
  'invalid_grant',
  inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general'),
);

const wrongAssertions: readonly WrongAssertion[] = [
  {
    name: 'untrusted-key',
    title: 'an assertion signed by a key that nobody trusts',
    requirement: 'RFC7523-3-signature',
    wishes: () => ({ signedBy: 'untrusted' }),
  },
  {
    name: 'alg-none',
    title: 'an assertion that is not signed',
    requirement: 'RFC7523-3-signature',
    wishes: () => ({ signedBy: 'nobody' }),
  },
  {
    name: 'wrong-issuer',
    title: 'another issuer',
    requirement: 'RFC7523-3-iss',
    wishes: () => ({ claims: { iss: 'https://attacker.example' } }),
  },
  {
    name: 'no-issuer',
    title: 'no issuer',
    requirement: 'RFC7523-3-iss',
    wishes: () => ({ claims: { iss: null } }),
  },
  {
    name: 'unknown-subject',
    title: 'a subject that is no user',
    requirement: 'RFC7523-3-sub',
    wishes: () => ({ claims: { sub: 'token-conformance-nobody' } }),
  },
  {
    name: 'no-subject',
    title: 'no subject',
    requirement: 'RFC7523-3-sub',
    wishes: () => ({ claims: { sub: null } }),
  },
  {
    name: 'wrong-audience',
    title: 'another audience',
    requirement: 'RFC7523-3-aud',
    wishes: () => ({ claims: { aud: 'https://somebody-else.example' } }),
  },
  {
    name: 'no-audience',
    title: 'no audience',
    requirement: 'RFC7523-3-aud',
    wishes: () => ({ claims: { aud: null } }),
  },
  {
    name: 'expired',
    title: 'an expiry an hour ago',
    requirement: 'RFC7523-3-exp',
    wishes: (now) => ({ claims: { exp: now - hour, iat: now - 2 * hour, nbf: now - 2 * hour } }),
  },
  {
    name: 'no-expiry',
    title: 'no expiry',
    requirement: 'RFC7523-3-exp',
    wishes: () => ({ claims: { exp: null } }),
  },
  {
    name: 'not-yet-valid',
    title: 'valid in an hour',
    requirement: 'RFC7523-3-nbf-iat',
    wishes: (now) => ({ claims: { nbf: now + hour, exp: now + 2 * hour } }),
  },
];

/** The same, made from the claims of a valid one. */
const nearlyRight: readonly {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly claims: (valid: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}[] = [
  {
    name: 'audience-within-another',
    title: 'an audience that only begins with the right one',
    requirement: 'RFC7523-3-aud',
    claims: ({ aud }) => ({ aud: `${String(aud)}.attacker.example` }),
  },
  {
    name: 'empty-audience-list',
    title: 'an empty list of audiences',
    requirement: 'RFC7523-3-aud',
    claims: () => ({ aud: [] }),
  },
  {
    name: 'issuer-within-another',
    title: 'an issuer that only begins with the right one',
    requirement: 'RFC7523-3-iss',
    claims: ({ iss }) => ({ iss: `${String(iss)}.attacker.example` }),
  },
  {
    name: 'expiry-as-text',
    title: 'an expiry that is text',
    requirement: 'RFC7523-3-exp',
    claims: () => ({ exp: 'tomorrow' }),
  },
  {
    name: 'empty-subject',
    title: 'an empty subject',
    requirement: 'RFC7523-3-sub',
    claims: () => ({ sub: '' }),
  },
];

/** The claims of a JWT of our own. */
export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));

const jwtBearer: readonly Case[] = [
  grant({
    ...assertion,
    id: 'jwt-bearer/valid',
    title: 'an assertion of a trusted issuer',
    requirement: 'RFC7523-3.1-success',
  }),
  grant({
    ...assertion,
    id: 'jwt-bearer/rs256',
    title: 'an assertion signed with RS256',
    requirement: 'RFC7523-5-rs256-mti',
  }),
  refusal({
    ...assertion,
    id: 'jwt-bearer/missing-assertion',
    title: 'no assertion',
    requirement: 'RFC7523-2.1-missing-assertion',
    change: without('assertion'),
    expect: rejected('invalid_request'),
  }),
  refusal({
    ...assertion,
    id: 'jwt-bearer/not-a-jwt',
    title: 'text that is no JWT',
    requirement: 'RFC7523-3.1-malformed',
    change: garbage('assertion'),
    expect: rejected('invalid_grant', inferred('invalid_request', 'a malformed parameter')),
  }),
  refusal({
    ...assertion,
    id: 'jwt-bearer/two-jwts',
    title: 'two JWTs in a row',
    requirement: 'RFC7523-3.1-malformed',
    change: set('assertion', (valid: string) => `${valid} ${valid}`),
    expect: rejected('invalid_grant', inferred('invalid_request', 'a malformed parameter')),
  }),
  refusal({
    ...assertion,
    id: 'jwt-bearer/wrong-signature',
    title: 'a signature with one character changed',
    requirement: 'RFC7523-3-signature',
    change: set('assertion', (valid: string) => {
      const at = valid.lastIndexOf('.') + 20;
      return valid.slice(0, at) + (valid[at] === 'A' ? 'B' : 'A') + valid.slice(at + 1);
    }),
    expect: invalidGrant,
  }),
  refusal({
    ...assertion,
    id: 'jwt-bearer/altered-claims',
    title: 'claims that were changed after signing',
    requirement: 'RFC7523-3-signature',
    change: set('assertion', (valid: string) => {
      const [header, claims = '', signature] = valid.split('.');
      const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')), admin: true };
      return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    }),
    expect: invalidGrant,
  }),
  ...wrongAssertions.map(({ name, title, requirement, wishes }) =>
    refusal({
      ...assertion,
      needs: ['assertion', ...needsOf('assertion', { ...wishes(0) })],
      id: `jwt-bearer/${name}`,
      title,
      requirement,
      change: (_, world) => assertionWith(wishes(world.now()))(world),
      expect: name === 'expired' ? expiredAssertion : invalidGrant,
    }),
  ),
  ...nearlyRight.map(({ name, title, requirement, claims }) =>
    refusal({
      ...assertion,
      needs: ['assertion', ...needsOf('assertion', { claims: claims({}) })],
      id: `jwt-bearer/${name}`,
      title,
      requirement,
      change: (valid, world) =>
        assertionWith({ claims: claims(claimsOf(String(valid.members.assertion))) })(world),
      expect: rejected('invalid_grant', inferred('invalid_request', 'a malformed assertion')),
    }),
  ),
  flow({
    ...assertion,
    needs: ['assertion/subject'],
    id: 'jwt-bearer/subjects',
    title: 'the subjects of ID tokens: one user twice, and another user',
    requirement: 'OIDC-2-sub',
    expect: { one: granted(), 'the same': granted(), other: granted() },
    holds: (seen) => {
      const [one, same, other] = ['one', 'the same', 'other'].map((step) =>
        JSON.stringify(seen[step]?.[0]?.exchange.jwts?.[0]?.claims?.sub),
      );
      if (one !== same) return [`one user is ${one} and ${same}`];
      return one === other ? [`two users are both ${one}`] : [];
    },
    run: async (world) => {
      for (const [step, subject] of [
        ['one', 'token-conformance-user'],
        ['the same', 'token-conformance-user'],
        ['other', 'token-conformance-other-user'],
      ] as const)
        await world.send(step, await assertionWith({ subject })(world));
    },
  }),
  replay({
    ...assertion,
    id: 'jwt-bearer/replayed-jti',
    title: 'an assertion that was used before',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    expect: invalidGrant,
  }),
  flow({
    ...assertion,
    needs: ['assertion/claims'],
    id: 'jwt-bearer/same-jti',
    title: 'another assertion with a jti that was used before',
    requirement: 'RFC7523-3-jti-replay',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      // Not from the seed: a target remembers what an earlier run used.
      const claims = { jti: randomUUID() };
      const app = await application(world);
      await world.send('control', asserting(app, await world.assertion(app, { claims })));
      await world.send(
        'probe',
        asserting(app, await world.assertion(app, { claims: { ...claims, again: true } })),
      );
    },
  }),
  race({
    ...assertion,
    id: 'jwt-bearer/in-parallel',
    title: 'one assertion presented eight times at once',
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    losers: invalidGrant,
  }),
];

/** RFC 8693 §2.2.2 says invalid_request of a bad subject token; AWS documents invalid_grant for a bad grant. */
const badSubject = rejected(
  'invalid_request',
  documented('invalid_grant', 'AWS: InvalidGrantException, a request contains an invalid grant'),
);

const tokenExchange: readonly Case[] = [
  grant({
    ...exchange,
    id: 'token-exchange/valid',
    title: 'a subject token',
    requirement: 'RFC8693-2.2.1-success-members',
    exact: true,
  }),
  ...(
    [
      ['access-token', accessTokenType],
      ['refresh-token', refreshTokenType],
    ] as const
  ).map(([name, type]) =>
    grant({
      ...exchange,
      id: `token-exchange/for-${name}`,
      title: `a subject token for a token of the type ${name}`,
      requirement: 'RFC8693-2.2.1-issued_token_type',
      change: set('requested_token_type', type),
      holds: ({ probe = [] }) =>
        probe
          .filter(({ reply }) => reply.members.issued_token_type !== type)
          .map(({ reply }) => `issuedTokenType is ${JSON.stringify(reply.members.issued_token_type)}`),
    }),
  ),
  ...[
    {
      name: 'missing-subject-token',
      title: 'no subject token',
      requirement: 'RFC8693-2.1-missing-subject',
      change: without('subject_token'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'missing-subject-token-type',
      title: 'no subject token type',
      requirement: 'RFC8693-2.1-missing-subject',
      change: without('subject_token_type'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-subject-token-type',
      title: 'a subject token type that AWS does not document',
      requirement: 'RFC8693-2.1-unsupported-token-types',
      change: set('subject_token_type', 'urn:ietf:params:oauth:token-type:saml2'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-requested-token-type',
      title: 'a requested token type that AWS does not document',
      requirement: 'RFC8693-2.1-unsupported-token-types',
      change: set('requested_token_type', 'urn:ietf:params:oauth:token-type:saml2'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-subject-token',
      title: 'a subject token that was never issued',
      requirement: 'RFC8693-2.2.2-invalid-subject_token',
      change: garbage('subject_token'),
      expect: badSubject,
    },
    {
      name: 'altered-subject-token',
      title: 'a subject token with one character changed',
      requirement: 'RFC8693-2.2.2-invalid-subject_token',
      change: altered('subject_token'),
      expect: badSubject,
    },
  ].map(({ name, ...row }) => refusal({ ...exchange, ...row, id: `token-exchange/${name}` })),
  expiry({
    ...exchange,
    id: 'token-exchange/expired',
    title: 'a subject token that has expired',
    requirement: 'RFC8693-2.2.2-invalid-subject_token',
    kind: 'subjectToken',
    member: 'subject_token',
    expect: rejected(
      'invalid_request',
      documented('invalid_grant', 'RFC 6749 §5.2'),
      documented('expired_token', 'AWS: ExpiredTokenException'),
    ),
  }),
  refusal({
    ...exchange,
    needs: ['subject-token/region'],
    id: 'token-exchange/other-region',
    title: 'a subject token of another region',
    requirement: 'AWS-CreateTokenWithIAM-region',
    change: async (_, world) => {
      const app = await application(world);
      return exchanging(app, await world.subjectToken(app, otherRegion(world)));
    },
    expect: rejected(
      'invalid_request_region',
      observed('invalid_request', 'live service, CreateToken: "Invalid token provided" in the wrong region'),
    ),
    holds: ({ probe = [] }) => regionProblems(probe),
  }),
];

/** InvalidRequestRegionException says where the token is usable. */
function regionProblems(probe: Parameters<NonNullable<Case['holds']>>[0][string]): string[] {
  return probe.flatMap(({ reply }) => {
    if (reply.error !== 'invalid_request_region') return [];
    return ['endpoint', 'region']
      .filter((name) => typeof reply.members[name] !== 'string')
      .map((name) => `${name} is missing`);
  });
}

export const iamGrantCases: readonly Case[] = [
  ...authorizationCode,
  ...refreshToken,
  ...jwtBearer,
  ...tokenExchange,
];
