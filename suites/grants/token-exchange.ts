import type { Case } from '../../harness/case.ts';
import { granted, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import { expiry, flow, grant, refusal } from '../kit/cases.ts';
import { type Change, set, without } from '../kit/change.ts';
import { expiredSubject } from '../kit/evidence.ts';
import { accessTokenType, refreshTokenType } from '../kit/given.ts';
import { type GrantAt, ofGrant } from '../kit/grant.ts';
import { claimOf } from '../kit/rule.ts';
import { presentsUnknown } from './artefacts.ts';

/** The answer says that it is of this type. */
const issues =
  (type: string): NonNullable<Case['holds']> =>
  ({ probe = [] }) =>
    probe
      .filter(({ reply }) => reply.members.issued_token_type !== type)
      .map(({ reply }) => `issuedTokenType is ${JSON.stringify(reply.members.issued_token_type)}`);

/** Valid exchanges, and what is missing in others. */
export const exchanges = (at: GrantAt): readonly Case[] => [
  grant({
    ...ofGrant(at),
    id: `${at.folder}/valid`,
    title: 'a subject token',
    requirement: 'RFC8693-2.2.1-success-members',
    exact: true,
    holds: ({ probe = [] }) =>
      probe
        .map(({ reply }) => reply.members.issued_token_type)
        .filter((type) => typeof type !== 'string' || type === '')
        .map((type) => `the type of the issued token is ${JSON.stringify(type) ?? 'missing'}`),
  }),
  ...requestedTypes(at),
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
  ].map(({ name, ...row }) => refusal({ ...ofGrant(at), ...row, id: `${at.folder}/${name}` })),
];

const types = [
  ['access-token', accessTokenType],
  ['refresh-token', refreshTokenType],
] as const;

/** A type of token that is asked for, where it is issued: AWS documents both, a standard server need not. */
const requestedTypes = (at: GrantAt): readonly Case[] =>
  types.map(([name, type]) => {
    const row = {
      ...ofGrant(at),
      id: `${at.folder}/for-${name}`,
      title: `a subject token for a token of the type ${name}`,
      requirement: 'RFC8693-2.2.1-issued_token_type',
      holds: issues(type),
    };
    const change = set('requested_token_type', type);
    return at.operation === 'iam_token' ? grant({ ...row, change }) : whereIssued({ ...row, change });
  });

/** A request for a type of token that a server need not issue. */
export const whereIssued = ({
  given,
  change,
  ...row
}: Pick<Case, 'id' | 'title' | 'requirement' | 'grant' | 'needs' | 'holds'> & {
  readonly given: GrantAt['given'];
  readonly change: Change;
}): Case =>
  flow({
    ...row,
    expect: { control: granted(), probe: granted() },
    run: async (world) => {
      await world.send('control', await given(world));
      const { reply } = await world.send('asked', await change(await given(world), world));
      if (reply.outcome === 'rejected') throw notOffered('requestedType');
      await world.send('probe', await change(await given(world), world));
    },
  });

/** Types of tokens that nobody issues, or that the contract does not know. */
export const unsupportedTypes = (at: GrantAt, type: string, which: string): readonly Case[] =>
  (
    [
      ['unknown-subject-token-type', `a subject token type that ${which}`, 'subject_token_type'],
      ['unknown-requested-token-type', `a requested token type that ${which}`, 'requested_token_type'],
    ] as const
  ).map(([name, title, member]) =>
    refusal({
      ...ofGrant(at),
      id: `${at.folder}/${name}`,
      title,
      requirement: 'RFC8693-2.1-unsupported-token-types',
      change: set(member, type),
      expect: rejected('invalid_request'),
    }),
  );

/** Subject tokens that are none, or no longer. */
export const wrongSubjectTokens = (at: GrantAt): readonly Case[] => [
  ...presentsUnknown(at),
  expiry({
    ...ofGrant(at),
    id: `${at.folder}/expired`,
    title: 'a subject token that has expired',
    requirement: 'RFC8693-2.2.2-invalid-subject_token',
    kind: 'subjectToken',
    member: 'subject_token',
    expect: expiredSubject,
  }),
];

export const typeInUpperCase = (at: GrantAt): Case =>
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/subject-token-type-in-upper-case`,
    title: 'the type of the subject token in upper case',
    requirement: 'RFC8693-2.1-unsupported-token-types',
    change: set('subject_token_type', (valid: string) => valid.toUpperCase()),
    expect: rejected('invalid_request'),
  });

export const expiredAfterExchange = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    needs: [...at.needs, 'expire/subjectToken'],
    id: `${at.folder}/expired-after-use`,
    title: 'a subject token that was exchanged, and that has expired since',
    requirement: 'RFC8693-2.2.2-invalid-subject_token',
    expect: { control: granted(), probe: expiredSubject },
    run: async (world) => {
      const request = await at.given(world);
      await world.send('control', request);
      await world.expire('subjectToken', String(request.members.subject_token));
      await world.send('probe', request);
    },
  });

/** What comes after an exchange of the same subject token. */
export const exchangedBefore = (at: GrantAt): readonly Case[] => [
  expiredAfterExchange(at),
  ...(
    [
      ['access-token', accessTokenType, refreshTokenType],
      ['refresh-token', refreshTokenType, accessTokenType],
    ] as const
  ).map(([name, type, before]) =>
    flow({
      ...ofGrant(at),
      id: `${at.folder}/exchanged-before-for-${name}`,
      title: `a subject token for a token of the type ${name}, after it was exchanged for one of the other type`,
      requirement: 'RFC8693-2.2.1-issued_token_type',
      expect: { control: granted(), probe: granted() },
      holds: issues(type),
      run: async (world) => {
        const request = await at.given(world);
        await world.send('control', await set('requested_token_type', before)(request, world));
        const { reply } = await world.send('again', request);
        if (reply.outcome === 'rejected') throw notOffered('reuse');
        await world.send('probe', await set('requested_token_type', type)(request, world));
      },
    }),
  ),
];

const once = rejectedOrIgnored(
  'invalid_request',
  'no document says how often a subject token may be exchanged',
);

/** A subject token that comes again for something else, and what its answer has to say then. */
export const exchangedFor = (
  at: GrantAt,
  {
    name,
    change,
    member,
    right,
    ...about
  }: Pick<Case, 'title' | 'requirement'> & {
    readonly name: string;
    readonly change: Change;
    readonly member: string;
    readonly right: unknown;
  },
): Case =>
  flow({
    ...ofGrant(at),
    ...about,
    id: `${at.folder}/${name}`,
    expect: { control: granted(), probe: once },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted')
        .map(({ reply }) => JSON.stringify(reply.members[member]))
        .filter((value) => value !== JSON.stringify(right))
        .map((value) => `the answer says ${value}, not ${JSON.stringify(right)}`),
    run: async (world) => {
      const request = await at.given(world);
      await world.send('control', request);
      await world.send('probe', await change(request, world));
    },
  });

export const exchangedForRefreshToken = (at: GrantAt): Case =>
  exchangedFor(at, {
    name: 'again-for-a-refresh-token',
    title: 'a subject token that was exchanged for an access token before, now for a refresh token',
    requirement: 'RFC8693-2.2.1-issued_token_type',
    change: set('requested_token_type', refreshTokenType),
    member: 'issued_token_type',
    right: refreshTokenType,
  });

/** One subject token is of one user, however often it is exchanged. */
export const subjectEachTime = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    id: `${at.folder}/subject-each-time`,
    title: 'the subject of the ID tokens, when one subject token is exchanged four times',
    requirement: 'OIDC-2-sub',
    expect: { control: granted(), probe: once },
    holds: ({ control = [], probe = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted')
        .filter((seen) => claimOf(seen, 'sub') !== claimOf(control[0], 'sub'))
        .map(
          (seen) =>
            `one user is ${JSON.stringify(claimOf(control[0], 'sub'))} and ${JSON.stringify(claimOf(seen, 'sub'))}`,
        ),
    run: async (world) => {
      const request = await at.given(world);
      for (const step of ['control', 'probe', 'probe', 'probe']) await world.send(step, request);
    },
  });
