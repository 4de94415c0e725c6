import type { Case } from '../../harness/case.ts';
import { granted, rejectedOrIgnored } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import { flow } from '../kit/cases.ts';
import { invalidGrant, invalidGrantOrTooFast } from '../kit/evidence.ts';
import { passWith } from '../kit/given.ts';
import {
  anyBeginning,
  begunBy,
  besideEachOther,
  descend,
  descentCases,
  mustRotate,
  newestOf,
  redeemedAndRefreshed,
  replayEndsAll,
  spentAndRefreshed,
  twoFamilies,
} from './descent.ts';
import { codeGrant, deviceGrant, refreshGrant } from './table.ts';

const main = anyBeginning(refreshGrant);
const descents = {
  operation: 'token',
  folder: 'refresh-token',
  beginnings: [
    main,
    begunBy(codeGrant, 'a-code', 'a code'),
    begunBy(deviceGrant, 'a-device-code', 'a device code'),
  ],
} as const;
const refresh = { grant: 'refresh_token', needs: main.needs } as const;

/** Families of refresh tokens at CreateToken, from the first generation to the last. */
export const generations: readonly Case[] = [
  ...descentCases(descents),
  ...twoFamilies(descents),
  ...besideEachOther(descents),
  redeemedAndRefreshed(codeGrant),
  spentAndRefreshed(deviceGrant, {
    name: 'redeemed',
    title: 'a device code that was redeemed',
    requirement: 'RFC8628-3.4-device_code-single-use',
    expect: invalidGrantOrTooFast,
  }),
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
  replayEndsAll(codeGrant),
];
