import type { Case } from '../../harness/case.ts';
import {
  documented,
  type Expectation,
  granted,
  rejected,
  rejectedOrIgnored,
} from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import { flow } from '../kit/cases.ts';
import {
  anyRefreshToken,
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  freshCode,
  type Given,
  passWith,
  polling,
  redeeming,
  refreshClient,
  refreshing,
  refreshTokenFor,
  refreshTokenOf,
} from '../kit/given.ts';
import {
  type Beginning,
  besideEachOther,
  descend,
  descentCases,
  grantedFirst,
  mustRotate,
  newestOf,
  replayEndsAll,
  twoFamilies,
} from './descent.ts';

const invalidGrant = rejected('invalid_grant');
const tooFast = documented('slow_down', 'RFC 8628 §3.5');

const beginnings: readonly Beginning[] = [
  {
    name: '',
    title: 'whatever it is',
    needs: [anyRefreshToken],
    client: refreshClient,
    first: async (world, client) => refreshing(client, await refreshTokenFor(world, client)),
  },
  {
    name: 'a-code',
    title: 'a code',
    needs: ['authorization-code'],
    presupposes: ['authorization_code'],
    client: codeClient,
    first: grantedFirst(
      async (world, client) => redeeming(client, await world.authorizationCode(client)),
      refreshing,
    ),
  },
  {
    name: 'a-device-code',
    title: 'a device code',
    needs: ['device-decision'],
    presupposes: [deviceCodeGrant],
    client: deviceClient,
    first: grantedFirst(
      async (world, client) => polling(client, await world.device(client, 'approve')),
      refreshing,
    ),
  },
];

const descents = { operation: 'token', folder: 'refresh-token', beginnings } as const;
const main = beginnings[0] as Beginning;
const refresh = { grant: 'refresh_token', needs: main.needs } as const;

interface Spent {
  readonly folder: string;
  readonly title: string;
  readonly grant: string;
  readonly needs: Case['needs'];
  readonly requirement: string;
  readonly given: Given;
  readonly client: Beginning['client'];
  readonly expect: Expectation;
}

/** What began a family stays spent, whatever becomes of the family. */
const spent: readonly Spent[] = [
  {
    folder: 'authorization-code',
    title: 'a code',
    grant: 'authorization_code',
    needs: ['authorization-code'],
    requirement: 'RFC6749-4.1.2-code-single-use',
    given: freshCode,
    client: codeClient,
    expect: invalidGrant,
  },
  {
    folder: 'device-code',
    title: 'a device code',
    grant: deviceCodeGrant,
    needs: ['device-decision'],
    requirement: 'RFC8628-3.4-device_code-single-use',
    given: approvedDevice,
    client: deviceClient,
    expect: rejected('invalid_grant', tooFast),
  },
];

/** Families of refresh tokens at CreateToken, from the first generation to the last. */
export const generations: readonly Case[] = [
  ...descentCases(descents),
  ...twoFamilies(descents),
  ...besideEachOther(descents),
  ...spent.map(({ folder, title, given, client, expect, ...about }) =>
    flow({
      ...about,
      id: `${folder}/redeemed-and-refreshed`,
      title: `${title} that was redeemed before, after three refreshes with what came of it`,
      cell: 'invalid_grant',
      expect: { 'control: grant': granted(), control: granted(), probe: expect },
      run: async (world) => {
        const request = await given(world);
        const token = refreshTokenOf(await world.send('control: grant', request));
        await descend(world, refreshing(await client(world), token), 3);
        await world.send('probe', request);
      },
    }),
  ),
  flow({
    ...refresh,
    needs: [...refresh.needs, 'clock'],
    overTime: true,
    id: 'refresh-token/generations/replaced-long-ago',
    title: 'each of four refresh tokens of a family, an hour after it was replaced, twice',
    requirement: 'RFC9700-4.14.2-rotated-rt-invalidated',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const client = await main.client(world);
      // Nobody has to serve so many requests of one client at once.
      const other = (await world.sharesClients()) ? client : await main.client(world, { name: 'other' });
      const replaced = [];
      for (const generation of [0, 1, 2, 3]) {
        // The first reuse may end a family, so that each of them is presented in one of its own.
        const first = await main.first(world, generation % 2 === 0 ? client : other);
        const family = await descend(world, first, 4);
        mustRotate(family, 4);
        replaced.push(family[generation] ?? family[0]);
      }
      await passWith(client, 3_600, world);
      for (const request of replaced) for (let time = 0; time < 2; time++) await world.send('probe', request);
    },
  }),
  flow({
    ...refresh,
    needs: [...refresh.needs, 'clock'],
    overTime: true,
    id: 'refresh-token/generations/replaced-and-tried-again',
    title: 'a refresh token more than an hour after it was replaced, tried again and again until then',
    requirement: 'RFC9700-4.14.2-rotated-rt-invalidated',
    cell: 'invalid_grant',
    expect: {
      control: granted(),
      meanwhile: rejectedOrIgnored('invalid_grant', 'a grace period for lost responses is a known design'),
      probe: invalidGrant,
    },
    run: async (world) => {
      const client = await main.client(world);
      const family = await descend(world, await main.first(world, client), 1);
      mustRotate(family, 1);
      for (const step of ['meanwhile', 'meanwhile', 'probe']) {
        await passWith(client, 1_500, world);
        await world.send(step, family[0]);
      }
    },
  }),
  flow({
    ...refresh,
    id: 'refresh-token/generations/reuse-revokes-family',
    title: 'the newest of four refresh tokens, twice, after the first of them was presented again',
    requirement: 'RFC9700-4.14.2-reuse-revokes-family',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const family = await descend(world, await main.first(world, await main.client(world)), 3);
      mustRotate(family, 3);
      const { reply } = await world.send('reuse', family[0]);
      if (reply.outcome === 'granted') throw notOffered('grace');
      for (let time = 0; time < 2; time++) await world.send('probe', newestOf(family));
    },
  }),
  replayEndsAll({
    operation: 'token',
    id: 'authorization-code/replay-revokes-later-tokens',
    given: freshCode,
    next: async (world, token) => refreshing(await codeClient(world), token),
  }),
];
