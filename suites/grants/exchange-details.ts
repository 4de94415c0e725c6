import type { Case } from '../../harness/case.ts';
import { documented, granted, rejected } from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { flow, grant, refusal } from '../kit/cases.ts';
import { type Change, set } from '../kit/change.ts';
import { askedBy } from '../kit/credentials.ts';
import { expiredRefreshToken, ofAnotherClient } from '../kit/evidence.ts';
import { accessTokenType, refreshing, refreshTokenType } from '../kit/given.ts';
import { type GrantAt, ofGrant } from '../kit/grant.ts';
import { withMember } from '../kit/member.ts';
import { whereIssued } from './token-exchange.ts';

type Holds = NonNullable<Case['holds']>;

const isUri = (value: unknown) => typeof value === 'string' && /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(value);

/** What an answer to an exchange says of the token that it brings (RFC 8693 §2.2.1). */
const answers = (at: GrantAt): readonly Case[] => [
  ...(
    [
      [
        'issued-token-type',
        'the type of the issued token',
        'RFC8693-2.2.1-issued_token_type',
        ({ issued_token_type: type }) =>
          isUri(type) ? [] : [`issued_token_type is ${JSON.stringify(type) ?? 'missing'}, and no URI`],
      ],
      [
        'lifetime',
        'the lifetime of the issued token',
        'RFC8693-2.2.1-expires_in',
        ({ expires_in: seconds }) =>
          typeof seconds === 'number' ? [] : [`expires_in is ${JSON.stringify(seconds) ?? 'missing'}`],
      ],
    ] as const satisfies readonly (readonly [
      name: string,
      title: string,
      requirement: string,
      problems: (members: Readonly<Record<string, unknown>>) => string[],
    ])[]
  ).map(([name, title, requirement, problems]) =>
    grant({
      ...ofGrant(at),
      id: `${at.folder}/${name}`,
      title,
      requirement,
      holds: ({ probe = [] }) => probe.flatMap(({ reply }) => problems(reply.members)),
    }),
  ),
  whereIssued({
    ...ofGrant(at),
    id: `${at.folder}/token-type-of-no-access-token`,
    title: 'the token type of a token that is no access token',
    requirement: 'RFC8693-2.2.1-token_type-N_A',
    change: set('requested_token_type', refreshTokenType),
    holds: ({ probe = [] }) =>
      probe
        .map(({ reply }) => reply.members)
        .filter(({ issued_token_type: type }) => type === refreshTokenType)
        .filter(({ token_type: type }) => !/^n_a$/i.test(String(type)))
        .map(({ token_type: type }) => `token_type is ${JSON.stringify(type)} for a refresh token`),
  }),
];

/** Half of an actor (RFC 8693 §2.1). */
const actors = (at: GrantAt): readonly Case[] =>
  (
    [
      [
        'actor-token-without-type',
        'an actor token without its type',
        (valid) => withMember(valid, 'actor_token', valid.members.subject_token),
      ],
      [
        'actor-token-type-alone',
        'the type of an actor token, and no such token',
        set('actor_token_type', accessTokenType),
      ],
    ] as const satisfies readonly (readonly [string, string, Change])[]
  ).map(([name, title, change]) =>
    refusal({
      ...ofGrant(at),
      id: `${at.folder}/${name}`,
      title,
      requirement: 'RFC8693-2.1-actor-pairing',
      change,
      expect: rejected('invalid_request'),
    }),
  );

const wrongTarget = rejected('invalid_target', documented('invalid_request', 'RFC 8693 §2.2.2'));

/** Targets that nobody serves, or that are none (RFC 8693 §2.1, RFC 8707 §2). */
const wrongTargets = (at: GrantAt): readonly Case[] =>
  (
    [
      [
        'unknown-resource',
        'a resource at an address that cannot exist',
        'resource',
        'https://token-conformance.invalid/',
      ],
      ['unknown-audience', 'an audience that nobody is', 'audience', 'token-conformance.invalid'],
      ['relative-resource', 'a resource that is a relative reference', 'resource', '/token-conformance'],
      [
        'resource-with-fragment',
        'a resource with a fragment',
        'resource',
        'https://token-conformance.example/api#part',
      ],
    ] as const
  ).map(([name, title, member, value]) => {
    const isUnknown = name.startsWith('unknown');
    return refusal({
      ...ofGrant(at),
      id: `${at.folder}/${name}`,
      title,
      requirement: isUnknown ? 'RFC8693-2.2.2-invalid_target' : 'RFC8693-2.1-resource-syntax',
      change: set(member, value),
      expect: isUnknown ? rejected('invalid_target') : wrongTarget,
    });
  });

/** A second value is refused for being one where a single value is not refused in the same way. */
const refusedForTwo: Holds = ({ one = [], probe = [] }) => {
  const [single] = one;
  return probe
    .filter(({ reply }) => reply.error === 'invalid_request' && single?.reply.error !== 'invalid_request')
    .map(() => `two values are answered with invalid_request, one is ${single?.reply.error ?? 'granted'}`);
};

const targetOrNone = {
  ...wrongTarget,
  orGranted: 'RFC 8693 §2.1: a server issues tokens for the targets that it knows',
};

const severalTargets = (at: GrantAt): readonly Case[] =>
  (
    [
      ['resource', 'https://one.token-conformance.example/', 'https://two.token-conformance.example/'],
      ['audience', 'token-conformance-one', 'token-conformance-two'],
    ] as const
  ).map(([member, first, second]) =>
    flow({
      ...ofGrant(at),
      id: `${at.folder}/two-${member}s`,
      title: `two values of ${member}`,
      requirement: 'RFC8693-2.1-multiple-targets',
      expect: { control: granted(), one: targetOrNone, probe: targetOrNone },
      holds: refusedForTwo,
      run: async (world) => {
        await world.send('control', await at.given(world));
        const one = withMember(await at.given(world), member, first);
        await world.send('one', one);
        const other = withMember(await at.given(world), member, first);
        await world.send('probe', { ...other, raw: { repeat: { [member]: second } } });
      },
    }),
  );

/** What becomes of a refresh token that an exchange brought: it is one like any other. */
const exchangedForRefresh = (at: GrantAt): readonly Case[] => {
  const about = { ...ofGrant(at), presupposes: ['refresh_token'] } as const;
  const first = async (world: World, client: Client): Promise<Call> => {
    const { request } = await at.obtain(world, client);
    const asked = await set('requested_token_type', refreshTokenType)(request(client), world);
    const sent = await world.send('asked', asked);
    if (sent.reply.outcome === 'rejected') throw notOffered('requestedType');
    if (sent.reply.members.issued_token_type !== refreshTokenType)
      throw new Stop('step', 'the exchange brought no refresh token');
    return refreshing(client, sent.text('access_token'));
  };
  return [
    flow({
      ...about,
      id: `${at.folder}/refresh-token-of-an-exchange`,
      title: 'a refresh token that was issued for a subject token',
      requirement: 'RFC6749-6-refresh-success',
      expect: { control: granted(), probe: granted() },
      run: async (world) => {
        await world.send('control', await at.given(world));
        await world.send('probe', await first(world, await at.client(world)));
      },
    }),
    flow({
      ...about,
      id: `${at.folder}/refresh-token-of-another-clients-exchange`,
      title: 'a refresh token that was issued to another client for a subject token',
      requirement: 'RFC6749-6-bound-to-client',
      cell: 'invalid_grant',
      expect: { control: granted(), probe: ofAnotherClient },
      run: async (world) => {
        const [client, other] = [await at.client(world), await at.client(world, { name: 'other' })];
        await world.send('control', await first(world, client));
        await world.send('probe', askedBy(await first(world, client), other));
      },
    }),
    flow({
      ...about,
      needs: [...at.needs, 'expire/refreshToken'],
      id: `${at.folder}/refresh-token-of-an-exchange-expired`,
      title: 'a refresh token that was issued for a subject token, and has expired',
      requirement: 'RFC6749-6-expired-refresh_token',
      cell: 'invalid_grant',
      expect: { control: granted(), probe: expiredRefreshToken },
      run: async (world) => {
        const client = await at.client(world);
        await world.send('control', await first(world, client));
        const next = await first(world, client);
        await world.expire('refreshToken', String(next.members.refresh_token));
        await world.send('probe', next);
      },
    }),
  ];
};

/** What RFC 8693 says of an exchange and AWS has not. */
export const exchangeDetails = (at: GrantAt): readonly Case[] => [
  ...answers(at),
  ...exchangedForRefresh(at),
  ...actors(at),
  ...wrongTargets(at),
  ...severalTargets(at),
];
