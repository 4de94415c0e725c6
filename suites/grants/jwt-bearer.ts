import { randomUUID } from 'node:crypto';
import { type Case, needsOf } from '../../harness/case.ts';
import {
  type Expectation,
  granted,
  inferred,
  rejected,
  rejectedOrIgnored,
} from '../../harness/expectation.ts';
import type { AssertionWishes } from '../../harness/world/artefacts.ts';
import { flow, grant, refusal } from '../kit/cases.ts';
import { garbage, otherAt, set, without } from '../kit/change.ts';
import { invalidGrant, noAssertion, tooOld } from '../kit/evidence.ts';
import { assertionAt, type GrantAt, ofGrant } from '../kit/grant.ts';
import { claimOf, idTokenOf } from '../kit/rule.ts';

export const malformedAssertion = rejected(
  'invalid_grant',
  inferred('invalid_request', 'a malformed assertion'),
);

interface WrongAssertion {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly wishes: (now: number) => AssertionWishes;
}

const hour = 3_600;

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

type Claims = Readonly<Record<string, unknown>>;

/** What is nearly right in an assertion: made from the claims of a valid one and the target's time in seconds. */
export interface NearlyRight {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly claims: (valid: Claims, now: number) => Claims;
}

const nearlyRight: readonly NearlyRight[] = [
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
const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));

/** A refusal of an assertion that is nearly right. */
export const nearly = (at: GrantAt, { name, claims, ...row }: NearlyRight, expect: Expectation): Case =>
  refusal({
    ...ofGrant(at),
    ...row,
    needs: [...at.needs, ...needsOf('assertion', { claims: claims({}, 0) })],
    id: `${at.folder}/${name}`,
    change: (valid, world) =>
      assertionAt(at, { claims: claims(claimsOf(String(valid.members.assertion)), world.now()) })(world),
    expect,
  });

/** The assertion with one character of its signature changed. */
export const otherSignature = set('assertion', (valid: string) =>
  otherAt(valid, valid.lastIndexOf('.') + 20),
);

/** A standard server may take the word of an issuer that it trusts for a user whom it did not know. */
function wronglyAsserted(name: string, { operation }: GrantAt): Expectation {
  if (name === 'expired') return tooOld;
  return name === 'unknown-subject' && operation === 'token' ? strangerRefused : invalidGrant;
}

const strangerRefused = rejectedOrIgnored(
  'invalid_grant',
  'RFC 7523 §3: a subject may be a pseudonym, and a server may know it from then on',
);

/** Valid assertions, and everything that can be wrong with one: RFC 7523. */
export const presentedAssertions = (at: GrantAt): readonly Case[] => [
  grant({
    ...ofGrant(at),
    id: `${at.folder}/valid`,
    title: 'an assertion of a trusted issuer',
    requirement: 'RFC7523-3.1-success',
  }),
  grant({
    ...ofGrant(at),
    id: `${at.folder}/rs256`,
    title: 'an assertion signed with RS256',
    requirement: 'RFC7523-5-rs256-mti',
  }),
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/missing-assertion`,
    title: 'no assertion',
    requirement: 'RFC7523-2.1-missing-assertion',
    change: without('assertion'),
    expect: rejected('invalid_request'),
  }),
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/not-a-jwt`,
    title: 'text that is no JWT',
    requirement: 'RFC7523-3.1-malformed',
    change: garbage('assertion'),
    expect: noAssertion,
  }),
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/two-jwts`,
    title: 'two JWTs in a row',
    requirement: 'RFC7523-3.1-malformed',
    change: set('assertion', (valid: string) => `${valid} ${valid}`),
    expect: noAssertion,
  }),
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/wrong-signature`,
    title: 'a signature with one character changed',
    requirement: 'RFC7523-3-signature',
    change: otherSignature,
    expect: invalidGrant,
  }),
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/altered-claims`,
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
      ...ofGrant(at),
      needs: [...at.needs, ...needsOf('assertion', { ...wishes(0) })],
      id: `${at.folder}/${name}`,
      title,
      requirement,
      change: (_, world) => assertionAt(at, wishes(world.now()))(world),
      expect: wronglyAsserted(name, at),
    }),
  ),
  ...nearlyRight.map((row) => nearly(at, row, malformedAssertion)),
];

/** The subjects of the ID tokens that assertions bring, where they bring any. */
export const assertedSubjects = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    needs: ['assertion/subject'],
    id: `${at.folder}/subjects`,
    title: 'the subjects of ID tokens: one user twice, and another user',
    requirement: 'OIDC-2-sub',
    expect: { one: granted(), 'the same': granted(), other: granted() },
    holds: (seen) => {
      const [one, same, other] = ['one', 'the same', 'other'].map((step) =>
        JSON.stringify(idTokenOf(seen[step]?.[0])?.claims?.sub),
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
        await world.send(step, await assertionAt(at, { subject })(world));
    },
  });

/** A jti is used up with its assertion. */
export const sameJti = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    needs: ['assertion/claims'],
    id: `${at.folder}/same-jti`,
    title: 'another assertion with a jti that was used before',
    requirement: 'RFC7523-3-jti-replay',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      // Not from the seed: a target remembers what an earlier run used.
      const claims = { jti: randomUUID() };
      await world.send('control', await assertionAt(at, { claims })(world));
      await world.send('probe', await assertionAt(at, { claims: { ...claims, again: true } })(world));
    },
  });

/** Those that only look as if they were used before. */
export const alikeJtis = (at: GrantAt): readonly Case[] =>
  (
    [
      ['same-beginning', 'begin alike', (one: string) => [`${one}-1`, `${one}-2`]],
      ['same-letters', 'differ in case', (one: string) => [`${one}-a`, `${one}-A`]],
    ] as const
  ).map(([name, how, jtis]) =>
    flow({
      ...ofGrant(at),
      needs: [...at.needs, 'assertion/claims'],
      id: `${at.folder}/jti-with-${name}`,
      title: `two assertions whose jti ${how}`,
      requirement: 'RFC7523-3.1-success',
      expect: { probe: granted() },
      run: async (world) => {
        // Not from the seed: a target remembers what an earlier run used.
        for (const jti of jtis(randomUUID()))
          await world.send('probe', await assertionAt(at, { claims: { jti } })(world));
      },
    }),
  );

const users = ['token-conformance-user', 'token-conformance-other-user', 'token-conformance-user'] as const;

/** Assertions of two users that were all written before the first was presented. */
export const interleavedSubjects = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    needs: [...at.needs, 'assertion/subject'],
    id: `${at.folder}/subjects-interleaved`,
    title: 'the subjects of three assertions that were all written before the first was presented',
    requirement: 'OIDC-2-sub',
    expect: { one: granted(), other: granted(), same: granted() },
    holds: ({ one = [], other = [], same = [] }) => {
      const [first, second, third] = [one, other, same].map(([seen]) => JSON.stringify(claimOf(seen, 'sub')));
      if (first !== third) return [`one user is ${first} and ${third}`];
      return first === second ? [`two users are both ${first}`] : [];
    },
    run: async (world) => {
      const requests = [];
      for (const subject of users) requests.push(await assertionAt(at, { subject })(world));
      for (const [place, step] of ['one', 'other', 'same'].entries()) {
        const request = requests[place];
        if (request !== undefined) await world.send(step, request);
      }
    },
  });
