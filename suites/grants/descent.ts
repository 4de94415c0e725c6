import { readMark } from '../../harness/capture/vault.ts';
import type { Case } from '../../harness/case.ts';
import {
  type Expectation,
  granted,
  refused,
  rejected,
  rejectedOrIgnored,
} from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client, ClientWishes } from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { type Change, set, unchanged } from '../kit/change.ts';
import { askedBy, expiredSecret, wrongSecret } from '../kit/credentials.ts';
import { expiredRefreshToken, invalidGrant, ofAnotherClient } from '../kit/evidence.ts';
import { refreshing, refreshTokenOf } from '../kit/given.ts';
import { type GrantAt, ofGrant } from '../kit/grant.ts';
import { withMember } from '../kit/member.ts';
import { hasJwt } from '../kit/rule.ts';

/** How a family of refresh tokens begins: what the first refresh of a client is. */
export interface Beginning {
  /** What a family of it is called in ids and in titles; empty for one whose origin does not matter. */
  readonly name: string;
  readonly title: string;
  readonly needs: Case['needs'];
  readonly presupposes?: Case['presupposes'];
  readonly client: (world: World, wishes?: ClientWishes) => Promise<Client>;
  readonly first: (world: World, client: Client) => Promise<Call>;
}

/** An operation whose refresh tokens descend from one another. */
export interface Descents {
  readonly operation: 'token' | 'iam_token';
  readonly folder: string;
  readonly beginnings: readonly Beginning[];
}

const member = 'refresh_token';

/** A family of a refresh token, wherever that is from. */
export const anyBeginning = ({ needs, client, obtain }: GrantAt): Beginning => ({
  name: '',
  title: 'whatever it is',
  needs,
  client,
  first: async (world, owner) => (await obtain(world, owner)).request(owner),
});

/** A family that another grant begins: its answer brings the first refresh token. */
export const begunBy = (
  { grant, needs, client, obtain, operation }: GrantAt,
  name: string,
  title: string,
  change: Change = unchanged,
): Beginning => ({
  name,
  title,
  needs,
  presupposes: [grant],
  client,
  first: async (world, owner) => {
    const { request, device } = await obtain(world, owner);
    if (device !== undefined) await world.decide(device, 'approve');
    const sent = await world.send('control: grant', await change(request(owner), world));
    return refreshing(owner, refreshTokenOf(sent), operation);
  },
});

/**
 * Refreshes so many times, each time with the newest refresh token. Returns the requests that present them, the
 * newest last; one alone where refresh tokens stay.
 */
export async function descend(
  world: World,
  first: Call,
  times: number,
  step = 'control',
): Promise<[Call, ...Call[]]> {
  const all: [Call, ...Call[]] = [first];
  for (let turn = 0; turn < times; turn++) {
    const newest = newestOf(all);
    const { reply } = await world.send(step, newest);
    const token = reply.members[member];
    if (typeof token !== 'string' || token === '' || token === newest.members[member]) continue;
    all.push({ ...newest, members: { ...newest.members, [member]: token } });
  }
  return all;
}

/** The request with the refresh token of an answer, where it has a new one. */
export function renewed({ reply }: Sent, before: Call): Call {
  const token = reply.members.refresh_token;
  if (typeof token !== 'string' || token === '') return before;
  return withMember(before, 'refresh_token', token);
}

export const newestOf = (all: readonly [Call, ...Call[]]): Call => all.at(-1) ?? all[0];

/** What is wrong with the newest refresh token of a family, or with who presents it. */
interface Wrong {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly needs: Case['needs'];
  readonly expect: Expectation;
  /** How many refreshes there are before it: one family for each. */
  readonly after: readonly number[];
  /** The same for families of every other beginning; none where the beginning does not matter. */
  readonly afterOther: readonly number[];
  /** Done once, when there are families. */
  readonly before?: (world: World, beginning: Beginning) => Promise<unknown>;
  readonly request: (newest: Call, world: World, beginning: Beginning) => Promise<Call> | Call;
}

const other = (world: World, { client }: Beginning) => client(world, { name: 'other' });

const wrongs: readonly Wrong[] = [
  {
    name: 'other-client',
    title: 'of another client, which has tokens of its own',
    requirement: 'RFC6749-6-bound-to-client',
    needs: [],
    expect: ofAnotherClient,
    after: [1, 2, 3],
    afterOther: [0, 2],
    before: async (world, beginning) =>
      descend(world, await beginning.first(world, await other(world, beginning)), 1),
    request: async (newest, world, beginning) => askedBy(newest, await other(world, beginning)),
  },
  {
    name: 'expired',
    title: 'that have expired',
    requirement: 'RFC6749-6-expired-refresh_token',
    needs: ['expire/refreshToken'],
    expect: expiredRefreshToken,
    after: [1, 2, 3],
    afterOther: [0, 2],
    request: async (newest, world) => {
      await world.expire('refreshToken', String(newest.members[member]));
      return newest;
    },
  },
  {
    name: 'cut-short',
    title: 'without their last characters',
    requirement: 'RFC6749-6-unknown-refresh_token',
    needs: [],
    expect: invalidGrant,
    after: [0, 2],
    afterOther: [],
    request: (newest, world) => set(member, (valid: string) => valid.slice(0, -8))(newest, world),
  },
];

/** The same, where clients have secrets. */
const wrongSecrets: readonly Wrong[] = [
  {
    name: 'wrong-secret',
    title: 'with a wrong client secret',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    needs: [],
    expect: rejected('invalid_client'),
    after: [2],
    afterOther: [],
    request: (newest, world) => wrongSecret()(newest, world),
  },
  {
    name: 'expired-secret',
    title: 'with a client secret that has expired',
    requirement: 'RFC7591-3.2.1-expired-secret',
    needs: ['expire/clientSecret'],
    expect: rejected('invalid_client'),
    after: [2],
    afterOther: [],
    request: async (newest, world) => expiredSecret(newest, world),
  },
];

/** The refresh tokens of a family from the first to the fourth: what holds for one holds for its descendants. */
export function descentCases({ operation, folder, beginnings }: Descents): readonly Case[] {
  const all = operation === 'token' ? [...wrongs, ...wrongSecrets] : wrongs;
  return beginnings.flatMap((beginning, place) => {
    const { name, title, needs, presupposes, client, first } = beginning;
    const about = (row: string) => ({
      operation,
      grant: 'refresh_token',
      ...(presupposes && { presupposes }),
      id: `${folder}/generations${name === '' ? '' : `-of-${name}`}/${row}`,
    });
    const whose =
      name === '' ? 'refresh tokens of later generations' : `refresh tokens that descend from ${title}`;
    const control = { ...(name !== '' && { 'control: grant': granted() }), control: granted() };
    return [
      flow({
        ...about('in-a-row'),
        needs,
        title: `${whose}: ${place === 0 ? 'six' : 'four'} refreshes in a row, each with the newest one`,
        requirement: 'RFC6749-6-refresh-success',
        expect: { ...(name !== '' && { 'control: grant': granted() }), probe: granted() },
        run: async (world) => {
          await descend(world, await first(world, await client(world)), place === 0 ? 6 : 4, 'probe');
        },
      }),
      ...all
        .map((wrong) => ({ ...wrong, after: place === 0 ? wrong.after : wrong.afterOther }))
        .filter(({ after }) => after.length > 0)
        .map((wrong) =>
          flow({
            ...about(wrong.name),
            needs: [...needs, ...wrong.needs],
            title: `${whose}, ${wrong.title}, twice`,
            requirement: wrong.requirement,
            ...(wrong.expect.kind === 'rejected' && { cell: wrong.expect.accept[0]?.error ?? '' }),
            expect: { ...control, probe: wrong.expect },
            run: async (world) => {
              const owner = await client(world);
              // A refusal may end a family, so that each has its own.
              const families = [];
              for (const after of wrong.after)
                families.push(await descend(world, await first(world, owner), after));
              await wrong.before?.(world, beginning);
              for (const family of families) {
                const request = await wrong.request(newestOf(family), world, beginning);
                for (let time = 0; time < 2; time++) await world.send('probe', request);
              }
            },
          }),
        ),
    ];
  });
}

/** Two families of one client: each has tokens of its own. */
export function twoFamilies({ operation, folder, beginnings: [beginning] }: Descents): readonly Case[] {
  if (beginning === undefined) return [];
  return (['access', 'refresh'] as const).map((kind) =>
    flow({
      operation,
      grant: 'refresh_token',
      needs: beginning.needs,
      id: `${folder}/generations/two-families-${kind}`,
      title: `the ${kind} tokens of two families of one client, each refreshed three times`,
      requirement: `RFC6749-10.10-${kind}-token-entropy-128`,
      expect: { one: granted(), other: granted() },
      holds: ({ one = [], other = [] }) => {
        const marksOf = (seen: typeof one) =>
          seen
            .filter((answer) => kind === 'refresh' || !hasJwt(answer))
            .flatMap(({ reply }) => readMark(reply.members[`${kind}_token`])?.fingerprint ?? []);
        const known = new Set(marksOf(one));
        return marksOf(other).some((mark) => known.has(mark))
          ? [`two families of one client have the same ${kind} token`]
          : [];
      },
      run: async (world) => {
        const client = await beginning.client(world);
        const [one, other] = [await beginning.first(world, client), await beginning.first(world, client)];
        mustDiffer(one, other);
        await descend(world, one, 3, 'one');
        await descend(world, other, 3, 'other');
      },
    }),
  );
}

function mustDiffer(one: Call, other: Call): void {
  if (one.members[member] === other.members[member])
    throw new Stop('silent', 'the same refresh token was given twice, and this case needs two families');
}

/** RFC 6749 §6 promises no length of life. */
const endedByNext = rejectedOrIgnored(
  'invalid_grant',
  'a server need not end what a user granted to a client before',
);

/** Two families of one client that began alike: both go on, whichever is newer, but where a new one ends the old. */
export function besideEachOther({ operation, folder, beginnings }: Descents): readonly Case[] {
  const families = beginnings.filter(({ name }) => name !== '');
  return (['aws-json', 'oauth-form'] as const).flatMap((dialect) =>
    families.map(({ name, title, needs, presupposes, client, first }) =>
      flow({
        dialects: [dialect],
        operation,
        grant: 'refresh_token',
        needs,
        ...(presupposes && { presupposes }),
        id: `${folder}/generations-of-${name}/beside-another`,
        title: `refresh tokens that descend from ${title}, when its client began another family so`,
        requirement: 'RFC6749-6-refresh-success',
        expect: {
          'control: grant': granted(),
          ...(dialect === 'oauth-form' && { 'probe, older': endedByNext }),
          probe: granted(),
        },
        run: async (world) => {
          const owner = await client(world);
          const [older, newer] = [await first(world, owner), await first(world, owner)] as const;
          mustDiffer(older, newer);
          await descend(world, older, 1, dialect === 'oauth-form' ? 'probe, older' : 'probe');
          await descend(world, newer, 1, 'probe');
        },
      }),
    ),
  );
}

/** What began a family stays spent, whatever becomes of the family. */
export const spentAndRefreshed = (
  at: GrantAt,
  {
    name,
    title,
    requirement,
    expect,
  }: Pick<Case, 'title' | 'requirement'> & { readonly name: string; readonly expect: Expectation },
): Case =>
  flow({
    ...ofGrant(at),
    id: `${at.folder}/${name}-and-refreshed`,
    title: `${title} before, after three refreshes with what came of it`,
    requirement,
    cell: 'invalid_grant',
    expect: { 'control: grant': granted(), control: granted(), probe: expect },
    run: async (world) => {
      const request = await at.given(world);
      const token = refreshTokenOf(await world.send('control: grant', request));
      await descend(world, refreshing(await at.client(world), token, at.operation), 3);
      await world.send('probe', request);
    },
  });

export const redeemedAndRefreshed = (at: GrantAt): Case =>
  spentAndRefreshed(at, {
    name: 'redeemed',
    title: 'a code that was redeemed',
    requirement: 'RFC6749-4.1.2-code-single-use',
    expect: invalidGrant,
  });

/** A code that comes again when its family was refreshed twice: what came of it last ends too. */
export const replayEndsAll = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    id: `${at.folder}/replay-revokes-later-tokens`,
    title: 'the newest refresh token of a code that was redeemed twice, after two refreshes, twice',
    requirement: 'RFC6749-4.1.2-code-reuse-revokes-refresh-tokens',
    expect: {
      'control: grant': granted(),
      control: granted(),
      'control: replay': refused(),
      probe: invalidGrant,
    },
    run: async (world) => {
      const request = await at.given(world);
      const token = refreshTokenOf(await world.send('control: grant', request));
      const family = await descend(world, refreshing(await at.client(world), token, at.operation), 2);
      await world.send('control: replay', request);
      for (let time = 0; time < 2; time++) await world.send('probe', newestOf(family));
    },
  });

/** Ends the case where refresh tokens do not rotate. */
export function mustRotate(all: readonly Call[], times: number): void {
  if (all.length <= times) throw notOffered('rotation');
}
