import { randomUUID } from 'node:crypto';
import { type Case, needsOf } from '../../harness/case.ts';
import { granted, inferred, rejected } from '../../harness/expectation.ts';
import type { AssertionWishes } from '../../harness/world/artefacts.ts';
import { flow, grant, race, refusal, replay } from '../kit/cases.ts';
import { garbage, set, without } from '../kit/change.ts';
import { ofAws } from './evidence.ts';
import { application, asserting, assertion, assertionWith } from './given.ts';

const invalidGrant = rejected('invalid_grant');

interface WrongAssertion {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly wishes: (now: number) => AssertionWishes;
}

const hour = 3_600;

/** RFC 7523 §3.1 says the first; AWS speaks of expired tokens alone. */
const expiredAssertion = rejected(
  'invalid_grant',
  ofAws(inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general')),
);

/** RFC 7523 §3: everything that can be wrong with an assertion, one at a time. */
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

export const jwtBearer: readonly Case[] = [
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
