import { marksIn, readMark } from '../../harness/capture/vault.ts';
import type { Case } from '../../harness/case.ts';
import { raceStep } from '../../harness/exchange.ts';
import { granted, grantedOnce, refused } from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { eightAtOnce, flow } from '../kit/cases.ts';
import { expiredRefreshToken, invalidGrant, ofAnotherClient } from '../kit/evidence.ts';
import {
  anyRefreshToken,
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  flows,
  freshCode,
  freshRefreshToken,
  type Given,
  passWith,
  refreshClient,
  refreshing,
  refreshTokenOf,
} from '../kit/given.ts';

const refresh = { grant: 'refresh_token', needs: [anyRefreshToken] } as const;

/** Refreshes once and returns both tokens; ends the case where refresh tokens do not rotate. */
async function rotate(
  world: World,
  step: string,
  first?: Call,
): Promise<{ old: string; new: string; next: Call }> {
  const request = first ?? (await freshRefreshToken(world));
  const old = String(request.members.refresh_token);
  const sent = await world.send(step, request);
  const next = sent.reply.members.refresh_token;
  if (sent.reply.outcome !== 'granted') throw new Stop('step', 'the refresh was not granted');
  if (typeof next !== 'string' || next === '' || next === old) throw notOffered('rotation');
  return {
    old,
    new: next,
    next: { ...request, members: { ...request.members, refresh_token: next } },
  };
}

/** Where a refresh token may come from, other than the fixture provider. */
const sources = [
  {
    name: 'a-code',
    title: 'a code',
    needs: ['authorization-code', 'clock'],
    presupposes: ['authorization_code'],
    client: codeClient,
    first: async (world: World) => {
      const sent = await world.send('control: grant', await freshCode(world));
      return refreshing(await codeClient(world), refreshTokenOf(sent));
    },
  },
  {
    name: 'a-device-code',
    title: 'a device code',
    needs: ['device-decision', 'clock'],
    presupposes: [deviceCodeGrant],
    client: deviceClient,
    first: async (world: World) => {
      const sent = await world.send('control: grant', await approvedDevice(world));
      return refreshing(await deviceClient(world), refreshTokenOf(sent));
    },
  },
] as const;

/** A refresh token of a public client. */
const ofPublicClient: Given = async (world) => {
  const client = await refreshClient(world, { ...world.publicly, name: 'public' });
  const sent = await world.send('control: grant', await world.way(flows).request(world, client));
  return refreshing(client, refreshTokenOf(sent));
};

type Whose = Pick<Case, 'dialects' | 'needs' | 'grant' | 'expect'> & { readonly first: Given };

const publicly = {
  grant: 'refresh_token',
  dialects: ['oauth-form'],
  needs: [['authorization-code', 'device-decision'], 'auth:none', 'feature:public-clients'],
} as const;

/** RFC 9700 §4.14.2 speaks of public clients, as which those of AWS count: of others nothing is asked. */
const whose: readonly Whose[] = [
  { ...refresh, dialects: ['aws-json'], expect: { probe: granted() }, first: freshRefreshToken },
  { ...publicly, expect: { 'control: grant': granted(), probe: granted() }, first: ofPublicClient },
];

const rotates = ({ first, ...about }: Whose): Case =>
  flow({
    ...about,
    id: 'refresh-token/rotates',
    title: 'the refresh token of a refresh response',
    requirement: 'RFC9700-2.2.2-public-rt-rotated-or-bound',
    holds: (seen) => {
      const [probe] = seen.probe ?? [];
      const sent = marksIn(probe?.exchange.request.body ?? '').find(({ kind }) => kind === 'refreshToken');
      const received = readMark(probe?.reply.members.refresh_token);
      if (received === undefined) return ['the refresh brought no new refresh token'];
      return received.fingerprint === sent?.fingerprint
        ? ['the refresh brought the same refresh token again']
        : [];
    },
    run: async (world) => {
      await world.send('probe', await first(world));
    },
  });

const rotatesAgain = ({ first, ...about }: Whose): Case =>
  flow({
    ...about,
    id: 'refresh-token/rotates-again',
    title: 'the refresh tokens of three refreshes in a row',
    requirement: 'RFC9700-2.2.2-public-rt-rotated-or-bound',
    holds: ({ probe = [] }) => {
      const tokens = probe.map(({ reply }) => readMark(reply.members.refresh_token)?.fingerprint);
      return new Set(tokens).size < tokens.length ? ['a refresh token comes again'] : [];
    },
    run: async (world) => {
      let next = (await rotate(world, 'probe', await first(world))).next;
      for (let turn = 0; turn < 2; turn++) {
        const { reply } = await world.send('probe', next);
        const token = reply.members.refresh_token;
        if (typeof token === 'string' && token !== '')
          next = { ...next, members: { ...next.members, refresh_token: token } };
      }
    },
  });

/** What MCP demands of the refresh tokens of public clients, which OAuth 2.1 has as one of two ways. */
const mustRotate: readonly Case[] = [
  flow({
    ...publicly,
    id: 'refresh-token/public-rotation',
    title: 'the refresh tokens of three refreshes of a public client',
    requirement: 'MCP-public-rotation',
    expect: { 'control: grant': granted(), probe: granted() },
    holds: (seen) => {
      const all = [...(seen['control: grant'] ?? []), ...(seen.probe ?? [])];
      const known = new Set<string>();
      return all.flatMap(({ reply }) => {
        const token = readMark(reply.members.refresh_token)?.fingerprint;
        if (token === undefined) return ['a refresh brought no new refresh token'];
        if (known.has(token)) return ['a refresh brought a refresh token that was there before'];
        known.add(token);
        return [];
      });
    },
    run: async (world) => {
      let next = await ofPublicClient(world);
      for (let turn = 0; turn < 3; turn++) {
        const { reply } = await world.send('probe', next);
        const token = reply.members.refresh_token;
        if (typeof token === 'string' && token !== '')
          next = { ...next, members: { ...next.members, refresh_token: token } };
      }
    },
  }),
  flow({
    ...publicly,
    id: 'refresh-token/public-reuse',
    title: 'the newest refresh token of a public client after a replaced one was presented again',
    requirement: 'MCP-public-reuse',
    expect: { 'control: grant': granted(), control: granted(), probe: invalidGrant },
    run: async (world) => {
      const { old, next } = await rotate(world, 'control', await ofPublicClient(world));
      const reused = { ...next, members: { ...next.members, refresh_token: old } };
      const { reply } = await world.send('reuse', reused);
      if (reply.outcome === 'granted') throw notOffered('grace');
      await world.send('probe', next);
    },
  }),
];

/** Refreshes that bring a new refresh token, and what becomes of the old one. */
export const rotation: readonly Case[] = [
  ...whose.map(rotates),
  flow({
    ...refresh,
    id: 'refresh-token/rotated-away',
    title: 'a refresh token right after it was replaced by a newer one',
    requirement: 'AWS-rotation-at-once',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const { old } = await rotate(world, 'control');
      await world.send('probe', refreshing(await refreshClient(world), old));
    },
  }),
  flow({
    ...refresh,
    needs: [anyRefreshToken, 'clock'],
    overTime: true,
    id: 'refresh-token/rotated-away-long-ago',
    title: 'a refresh token an hour after it was replaced by a newer one',
    requirement: 'RFC9700-4.14.2-rotated-rt-invalidated',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const { old } = await rotate(world, 'control');
      await passWith(await refreshClient(world), 3_600, world);
      await world.send('probe', refreshing(await refreshClient(world), old));
    },
  }),
  ...sources.map(({ name, title, needs, presupposes, client, first }) =>
    flow({
      ...refresh,
      needs,
      presupposes,
      overTime: true,
      id: `refresh-token/rotated-away-long-ago-after-${name}`,
      title: `refresh tokens that descend from ${title}, an hour after each was replaced`,
      requirement: 'RFC9700-4.14.2-rotated-rt-invalidated',
      cell: 'invalid_grant',
      expect: { 'control: grant': granted(), control: granted(), probe: invalidGrant },
      run: async (world) => {
        const once = await rotate(world, 'control', await first(world));
        const twice = await rotate(world, 'control', once.next);
        await passWith(await client(world), 3_600, world);
        for (const { old } of [twice, once])
          await world.send('probe', {
            ...twice.next,
            members: { ...twice.next.members, refresh_token: old },
          });
      },
    }),
  ),
  ...whose.map(rotatesAgain),
  flow({
    ...refresh,
    needs: [anyRefreshToken, 'expire/refreshToken'],
    id: 'refresh-token/refreshed-and-expired',
    title: 'a refresh token that a refresh issued, and that has expired',
    requirement: 'RFC6749-6-expired-refresh_token',
    cell: 'invalid_grant',
    expect: {
      control: granted(),
      probe: expiredRefreshToken,
    },
    run: async (world) => {
      const { new: token, next } = await rotate(world, 'control');
      await world.expire('refreshToken', token);
      await world.send('probe', next);
    },
  }),
  flow({
    ...refresh,
    id: 'refresh-token/other-clients-refreshed-token',
    title: 'a refresh token that a refresh issued to another client',
    requirement: 'RFC6749-6-bound-to-client',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: ofAnotherClient },
    run: async (world) => {
      const { new: token } = await rotate(world, 'control');
      await world.send('probe', refreshing(await refreshClient(world, { name: 'other' }), token));
    },
  }),
  flow({
    ...refresh,
    id: 'refresh-token/reuse-revokes-family',
    title: 'the newest refresh token after a replaced one was presented again',
    requirement: 'RFC9700-4.14.2-reuse-revokes-family',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const rotated = await rotate(world, 'control');
      const client = await refreshClient(world);
      const { reply } = await world.send('reuse', refreshing(client, rotated.old));
      if (reply.outcome === 'granted') throw notOffered('grace');
      await world.send('probe', refreshing(client, rotated.new));
    },
  }),
  ...mustRotate,
  flow({
    ...refresh,
    id: 'refresh-token/in-parallel',
    title: 'one refresh token presented eight times at once',
    requirement: 'RFC6749-6-refresh-concurrent',
    expect: { control: granted(), [raceStep]: grantedOnce(refused(), 8) },
    run: async (world) => {
      await rotate(world, 'control');
      await eightAtOnce(world, await freshRefreshToken(world));
    },
  }),
];
