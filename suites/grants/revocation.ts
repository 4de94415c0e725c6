import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Client, ClientWishes } from '../../harness/world/artefacts.ts';
import type { World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { anyRefreshToken, passWith, refreshClient, refreshing, refreshTokenFor } from '../kit/given.ts';
import { byHelper, mustHave, propagation, revoking } from '../kit/looking.ts';
import { renewed } from './descent.ts';

interface Row {
  readonly name: string;
  readonly title: string;
  readonly needs?: Case['needs'];
  readonly wishes?: (world: World) => ClientWishes;
  /** How often it was refreshed before. */
  readonly refreshes: number;
  readonly hint?: 'access_token' | 'refresh_token';
  /** How often it is revoked. */
  readonly times?: number;
  /** Seconds that pass before it is presented. */
  readonly later?: number;
}

const rows: readonly Row[] = [
  { name: 'revoked', title: 'a refresh token that was never used, and revoked', refreshes: 0 },
  { name: 'revoked-and-refreshed', title: 'the refresh token of a third refresh, revoked', refreshes: 3 },
  {
    name: 'revoked-with-hint',
    title: 'a refresh token that was revoked with the right hint',
    refreshes: 1,
    hint: 'refresh_token',
  },
  {
    name: 'revoked-with-wrong-hint',
    title: 'a refresh token that was revoked as an access token, which is no more than a hint',
    refreshes: 1,
    hint: 'access_token',
  },
  { name: 'revoked-twice', title: 'a refresh token that was revoked twice', refreshes: 1, times: 2 },
  {
    name: 'revoked-long-ago',
    title: 'a refresh token that was revoked a day ago',
    needs: ['clock'],
    refreshes: 1,
    later: 86_400,
  },
  {
    name: 'revoked-by-public-client',
    title: 'a refresh token of a public client, revoked',
    needs: ['feature:public-clients'],
    wishes: ({ publicly }) => publicly,
    refreshes: 1,
  },
];

/** A refresh of a client with a token that was never used. */
export const firstRefresh = async (world: World, client: Client) =>
  refreshing(client, await refreshTokenFor(world, client));

/** Refresh tokens that their client has revoked (RFC 7009). */
export const revocation: readonly Case[] = rows.map(
  ({ name, title, needs = [], wishes, refreshes, hint, times = 1, later = propagation }) =>
    flow({
      ...byHelper,
      grant: 'refresh_token',
      needs: [anyRefreshToken, ...needs],
      overTime: true,
      id: `refresh-token/${name}`,
      title,
      requirement: 'RFC7009-2.1-revoked-rt-unusable',
      cell: 'invalid_grant',
      expect: {
        control: granted(),
        ...(refreshes > 0 && { 'control: refresh': granted() }),
        probe: invalidGrant,
      },
      run: async (world) => {
        mustHave('revocation', world);
        const client = await refreshClient(world, wishes?.(world));
        await world.send('control', await firstRefresh(world, client));
        let newest = await firstRefresh(world, client);
        for (let turn = 0; turn < refreshes; turn++)
          newest = renewed(await world.send('control: refresh', newest), newest);
        const { refresh_token: token } = newest.members;
        for (let time = 0; time < times; time++) {
          const { reply } = await world.send('revocation', revoking(client, String(token), hint));
          if (reply.outcome !== 'granted') throw notOffered('revocation');
        }
        if (later === propagation) await world.pass(later);
        else await passWith(client, later, world);
        await world.send('probe', newest);
      },
    }),
);
