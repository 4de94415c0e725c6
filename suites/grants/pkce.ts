import type { Case } from '../../harness/case.ts';
import { documented, granted, rejected } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import { flow, grant, type Refusal, refusal } from '../kit/cases.ts';
import { drawn, set, swappedCase, without } from '../kit/change.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { code, codeClient, codeWith, freshCode, redeeming } from '../kit/given.ts';
import { codeAt, type GrantAt } from '../kit/grant.ts';

/** One thing wrong with an otherwise valid request that presents a code. */
export type WrongCode = Pick<Refusal, 'title' | 'requirement' | 'change' | 'expect'> & {
  readonly name: string;
};

/** RFC 7636 §4.6, for codes that are bound to an S256 challenge. */
export const wrongVerifiers = (at: GrantAt): readonly WrongCode[] => [
  {
    name: 'missing-verifier',
    title: 'no verifier',
    requirement: 'RFC7636-4.6-missing-verifier',
    change: without('code_verifier'),
    expect: rejected(
      'invalid_grant',
      documented('invalid_request', 'OAuth 2.1 draft §4.1.3: a required parameter is missing'),
    ),
  },
  {
    name: 'empty-verifier',
    title: 'an empty verifier',
    requirement: 'RFC7636-4.6-missing-verifier',
    change: set('code_verifier', ''),
    expect: rejected(
      'invalid_grant',
      documented('invalid_request', 'OAuth 2.1 draft §4.1.3: a required parameter is missing'),
    ),
  },
  {
    name: 'wrong-verifier',
    title: 'another well-formed verifier',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: drawn('code_verifier', (world) => world.verifier()),
    expect: invalidGrant,
  },
  {
    name: 'verifier-in-other-case',
    title: 'the verifier with the case of its letters swapped',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: set('code_verifier', swappedCase),
    expect: invalidGrant,
  },
  {
    name: 'verifier-cut-short',
    title: 'the verifier without its last character',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: async (_, world) =>
      set('code_verifier', (valid: string) => valid.slice(0, -1))(
        await codeAt(at, { verifier: world.verifier(64) })(world),
        world,
      ),
    expect: rejected('invalid_grant', documented('invalid_request', 'RFC 7636 §4.1: malformed parameter')),
  },
  {
    name: 'challenge-as-verifier',
    title: 'the challenge in place of the verifier',
    requirement: 'RFC7636-4.6-s256-not-downgraded-to-plain',
    change: drawn('code_verifier', (world, valid) => world.challenge(valid)),
    expect: invalidGrant,
  },
];

const malformed = rejected(
  'invalid_grant',
  documented('invalid_request', 'RFC 6749 §5.2: a malformed parameter'),
);

/** What is accepted and refused of verifiers and challenges: RFC 7636, RFC 9700 §2.1.1. */
export const pkce: readonly Case[] = [
  grant({
    ...code,
    id: 'authorization-code/s256',
    title: 'a verifier that matches its S256 challenge',
    requirement: 'RFC7636-4.6-s256-accepted',
    given: freshCode,
  }),
  ...([43, 128] as const).map((length) =>
    grant({
      ...code,
      id: `authorization-code/verifier-of-${length}`,
      title: `a verifier of ${length} characters`,
      requirement: 'RFC7636-4.1-verifier-bounds-accepted',
      given: codeWith((world) => ({ verifier: world.verifier(length) })),
    }),
  ),
  grant({
    ...code,
    id: 'authorization-code/verifier-of-all-unreserved',
    title: 'a verifier with every unreserved character',
    requirement: 'RFC7636-4.1-verifier-bounds-accepted',
    given: codeWith((world) => ({
      verifier: `-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${world.verifier()}`,
    })),
  }),
  ...(
    [
      [
        'verifier-too-short',
        'a verifier of 42 characters that matches',
        'RFC7636-4.1-verifier-too-short',
        (v: string) => v.slice(0, 42),
      ],
      [
        'verifier-too-long',
        'a verifier of 129 characters that matches',
        'RFC7636-4.1-verifier-too-long',
        (v: string) => v.padEnd(129, v),
      ],
      [
        'verifier-with-plus',
        'a verifier with a plus sign that matches',
        'RFC7636-4.1-verifier-charset',
        (v: string) => `+${v}`,
      ],
      [
        'verifier-with-equals-sign',
        'a verifier with padding that matches',
        'RFC7636-4.1-verifier-charset',
        (v: string) => `${v}=`,
      ],
      [
        'verifier-with-space',
        'a verifier with a space that matches',
        'RFC7636-4.1-verifier-charset',
        (v: string) => `${v} ${v}`,
      ],
      [
        'verifier-with-umlaut',
        'a verifier with a letter outside ASCII that matches',
        'RFC7636-4.1-verifier-charset',
        (v: string) => `${v}ä`,
      ],
    ] as const
  ).map(([name, title, requirement, spoil]) =>
    refusal({
      ...code,
      id: `authorization-code/${name}`,
      title,
      requirement,
      given: freshCode,
      change: (_, world) => codeWith({ verifier: spoil(world.verifier()) })(world),
      expect: malformed,
    }),
  ),
  flow({
    ...code,
    id: 'authorization-code/verifier-of-another-code',
    title: 'two codes with their verifiers swapped',
    requirement: 'RFC7636-4.6-verifier-bound-to-code',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      await world.send('control', await freshCode(world));
      const [one, two] = [await freshCode(world), await freshCode(world)];
      await world.send('probe', await set('code_verifier', two.members.code_verifier)(one, world));
      await world.send('probe', await set('code_verifier', one.members.code_verifier)(two, world));
    },
  }),
  flow({
    ...code,
    mayLack: ['codeWithoutChallenge'],
    id: 'authorization-code/without-challenge',
    title: 'a code that was issued without a challenge, without a verifier',
    requirement: 'RFC9700-2.1.1-pkce-required',
    expect: {
      control: granted(),
      probe: rejected(
        'invalid_grant',
        documented('invalid_request', 'RFC 9700 §2.1.1 leaves the error open'),
      ),
    },
    run: async (world) => {
      await world.send('control', await freshCode(world));
      const client = await codeClient(world, world.publicly);
      const bare = await world.authorizationCodeIfAllowed(client, { verifier: null });
      if (bare === undefined) throw notOffered('codeWithoutChallenge');
      await world.send('probe', redeeming(client, bare));
    },
  }),
  flow({
    ...code,
    mayLack: ['codeWithoutChallenge'],
    id: 'authorization-code/verifier-without-challenge',
    title: 'a code that was issued without a challenge, with a verifier',
    requirement: 'RFC9700-4.8.2-verifier-without-challenge',
    expect: {
      control: granted(),
      probe: rejected('invalid_grant', documented('invalid_request', 'OAuth 2.1 draft §3.2.4')),
    },
    run: async (world) => {
      await world.send('control', await freshCode(world));
      const client = await codeClient(world);
      const bare = await world.authorizationCodeIfAllowed(client, { verifier: null });
      if (bare === undefined) throw notOffered('codeWithoutChallenge');
      await world.send('probe', redeeming(client, { ...bare, code_verifier: world.verifier() }));
    },
  }),
];
