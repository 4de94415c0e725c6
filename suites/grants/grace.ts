import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { anyRefreshToken, passWith, refreshClient } from '../kit/given.ts';
import { renewed } from './descent.ts';
import { firstRefresh } from './revocation.ts';

/** Seconds after which nothing excuses a replaced token, by our own measure: RFC 9700 §4.14.2 has no figure. */
const hour = 3_600;
/** Seconds that the requests took, and clocks differ by. */
const slack = 60;

/** Replaces the refresh token of a request; the case does not apply where it stays. */
async function replaced(world: World, request: Call): Promise<Call> {
  const next = renewed(await world.send('control', request), request);
  if (next.members.refresh_token === request.members.refresh_token) throw notOffered('rotation');
  return next;
}

interface Row {
  readonly name: string;
  readonly title: string;
  /** How often it is replaced before the hour begins. */
  readonly replacements: number;
  /** How often it comes within the hour, at equal distances. */
  readonly comes?: number;
  /** Whether the successors are refreshed within the hour as well. */
  readonly goesOn?: true;
}

const rows: readonly Row[] = [
  { name: 'replaced-an-hour-ago', title: 'a refresh token of a public client', replacements: 1 },
  {
    name: 'replaced-an-hour-ago-and-tried',
    title: 'a refresh token of a public client, tried twice within that hour',
    replacements: 1,
    comes: 2,
  },
  {
    name: 'replaced-an-hour-ago-and-succeeded',
    title: 'a refresh token of a public client, whose successor was used in that hour',
    replacements: 1,
    goesOn: true,
  },
  {
    name: 'third-replaced-an-hour-ago',
    title: 'the third refresh token of a public client',
    replacements: 3,
  },
];

/** Grace for clients that lost an answer, and its end, where nothing else protects the token. */
export const grace: readonly Case[] = rows.map(({ name, title, replacements, comes = 0, goesOn }) =>
  flow({
    grant: 'refresh_token',
    needs: [anyRefreshToken, 'feature:public-clients', 'clock'],
    overTime: true,
    id: `refresh-token/${name}`,
    title: `${title}, an hour after it was replaced`,
    requirement: 'RFC9700-4.14.2-grace-is-short',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const client = await refreshClient(world, world.publicly);
      let old = await firstRefresh(world, client);
      let next = await replaced(world, old);
      for (let turn = 1; turn < replacements; turn++) {
        old = next;
        next = await replaced(world, old);
      }
      const parts = comes + (goesOn ? 2 : 1);
      for (let part = 1; part < parts; part++) {
        await passWith(client, Math.ceil(hour / parts), world);
        if (goesOn) next = await replaced(world, next);
        else await world.send('within the hour', old);
      }
      await passWith(client, Math.ceil(hour / parts) + slack, world);
      await world.send('probe', old);
    },
  }),
);
