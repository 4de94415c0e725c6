import { longestTokenLife } from '../../harness/absences.ts';
import type { Case } from '../../harness/case.ts';
import { granted, refused } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { type Given, passWith, refreshing, refreshTokenOf } from '../kit/given.ts';
import { ofGrant } from '../kit/grant.ts';
import {
  atIntrospection,
  byHelper,
  isNamed,
  look,
  looking,
  type Mirror,
  mirrors,
  mustHave,
  propagation,
} from '../kit/looking.ts';
import { renewed } from './descent.ts';
import { clientGrant } from './more-grants.ts';
import { codeGrant } from './table.ts';

const ownerOf = ({ by }: Call) => by as Client;

/** Redeems a code and refreshes so many times: the last answer. */
async function refreshed(world: World, request: Call, refreshes: number): Promise<Sent> {
  let sent = await world.send('control', request);
  if (refreshes === 0) return sent;
  let next = refreshing(ownerOf(request), refreshTokenOf(sent));
  for (let turn = 0; turn < refreshes; turn++) {
    sent = await world.send('control: refresh', next);
    next = renewed(sent, next);
  }
  return sent;
}

/** Of which generation an access token is. */
const generations = [
  { name: 'access-token', title: 'the access token of a code', refreshes: 0 },
  { name: 'refreshed-access-token', title: 'the access token of a second refresh', refreshes: 2 },
] as const;

type Generation = (typeof generations)[number];

const control = ({ refreshes }: Generation) => ({
  control: granted(),
  ...(refreshes > 0 && { 'control: refresh': granted() }),
});

const seenAt = (mirror: Mirror) => ({
  ...ofGrant(codeGrant),
  ...byHelper,
  needs: [...codeGrant.needs, ...mirror.needs],
  overTime: true as const,
});

/** A code that comes again, and an access token of its family. */
const replayed = (mirror: Mirror, generation: Generation): Case =>
  flow({
    ...seenAt(mirror),
    id: `authorization-code/replay-ends-${generation.name}-at-${mirror.helper}`,
    title: `${generation.title}, after that code came again: ${mirror.title}`,
    requirement: 'RFC6749-4.1.2-code-reuse-revokes-access-tokens',
    expect: { ...control(generation), 'control: replay': refused(), probe: mirror.dead },
    run: async (world) => {
      mustHave(mirror.helper, world);
      const request = await mirror.code(codeGrant)(world);
      const sent = await refreshed(world, request, generation.refreshes);
      const token = sent.text('access_token');
      await look(mirror, world, ownerOf(request), token);
      await world.send('control: replay', request);
      await world.pass(propagation);
      await world.send('probe', mirror.showing(ownerOf(request), token));
    },
  });

/** Seconds that some servers forgive a clock that is behind: five minutes are a usual setting, and a minute for us. */
const leeway = 360;

/** Seconds that requests take, and clocks are rounded by. */
const rounding = 60;

/** The lifetime that an answer states, where it may be waited for. */
function lifetimeOf({ reply }: Pick<Sent, 'reply'>): number {
  const { expires_in: seconds } = reply.members;
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= longestTokenLife))
    throw notOffered('tokenLife');
  return seconds;
}

/** An access token some minutes after its lifetime is over. */
const outlived = (
  mirror: Mirror,
  row: Pick<Case, 'id' | 'title' | 'expect'> & Partial<Pick<Case, 'grant' | 'needs'>>,
  given: Given,
  refreshes = 0,
): Case => {
  const common = seenAt(mirror);
  return flow({
    ...common,
    ...row,
    needs: [...(row.needs ?? common.needs), 'clock'],
    requirement: 'RFC6749-5.1-expires_in-honoured',
    expect: { ...row.expect, probe: mirror.dead },
    run: async (world) => {
      const request = await given(world);
      const owner = ownerOf(request);
      const sent = await refreshed(world, request, refreshes);
      const token = sent.text('access_token');
      const lifetime = lifetimeOf(sent);
      await look(mirror, world, owner, token);
      // What is used near its end lives no longer for that; that it may end before, the server decides.
      const nearEnd = Math.max(0, lifetime - rounding);
      if (nearEnd > 0) await passWith(owner, nearEnd, world);
      await world.send('near its end', mirror.showing(owner, token));
      await passWith(owner, lifetime - nearEnd + leeway, world);
      await world.send('probe', mirror.showing(owner, token));
    },
  });
};

const lifetimes: readonly Case[] = [
  ...mirrors.flatMap((mirror) =>
    generations.map((generation) =>
      outlived(
        mirror,
        {
          id: `authorization-code/outlived-${generation.name}-at-${mirror.helper}`,
          title: `${generation.title}, six minutes after its lifetime: ${mirror.title}`,
          expect: control(generation),
        },
        mirror.code(codeGrant),
        generation.refreshes,
      ),
    ),
  ),
  outlived(
    atIntrospection,
    {
      grant: clientGrant.grant,
      needs: clientGrant.needs,
      id: `${clientGrant.folder}/outlived-access-token-at-introspection`,
      title: `the access token of a client for itself, six minutes after its lifetime: introspected`,
      expect: { control: granted() },
    },
    clientGrant.given,
  ),
];

const secondsOf = ({ reply }: Observation) => Number(reply.members.expires_in);
const sentAt = ({ exchange: { startedAt, clockAdvanced = 0 } }: Observation) =>
  startedAt / 1_000 + clockAdvanced;

/** By how much an access token that is given again is said to live longer than was said before. */
const prolonged = (before: Observation, again: Observation): number =>
  sentAt(again) + secondsOf(again) - (sentAt(before) + secondsOf(before));

/** An access token that is given again when half of its life is over. */
const givenAgain = (
  row: Pick<Case, 'id' | 'title' | 'grant' | 'needs' | 'presupposes'>,
  given: Given,
  again: (first: Call, sent: Sent) => Call,
): Case =>
  flow({
    ...row,
    needs: [...(row.needs ?? []), 'clock'],
    overTime: true,
    requirement: 'RFC6749-5.1-expires_in-left',
    expect: {
      control: granted(),
      probe: granted(),
      // A server may prolong a token that it gives again.
      later: looking,
    },
    optional: { later: '' },
    holds: ({ control = [], probe = [], later = [] }) => {
      const [[before], [after]] = [control, probe];
      if (before === undefined || after === undefined || prolonged(before, after) <= rounding) return [];
      if (later.some(({ reply }) => reply.outcome === 'granted')) return [];
      const left = Math.round(secondsOf(after) - prolonged(before, after));
      return [
        `expires_in is ${secondsOf(after)}, and the token that is given again has ${left} seconds left`,
      ];
    },
    run: async (world) => {
      const request = await given(world);
      const owner = ownerOf(request);
      const sent = await world.send('control', request);
      const half = Math.floor(lifetimeOf(sent) / 2);
      await passWith(owner, half, world);
      const other = await world.send('probe', again(request, sent));
      const token = other.text('access_token');
      if (token !== sent.text('access_token')) throw notOffered('givenAgain');
      // Whether it really lives so long is seen between its old end and its new one.
      if (!isNamed('introspection', world) || lifetimeOf(other) <= half + leeway + rounding) return;
      await passWith(owner, half + leeway, world);
      await world.send('later', atIntrospection.showing(owner, token));
    },
  });

export const livingTokens: readonly Case[] = [
  ...mirrors.flatMap((mirror) => generations.map((generation) => replayed(mirror, generation))),
  ...lifetimes,
  givenAgain(
    {
      grant: clientGrant.grant,
      needs: clientGrant.needs,
      id: `${clientGrant.folder}/access-token-given-again`,
      title: 'the access token of a client for itself, given again when half of its life is over',
    },
    clientGrant.given,
    (first) => first,
  ),
  givenAgain(
    {
      grant: 'refresh_token',
      presupposes: [codeGrant.grant],
      needs: codeGrant.needs,
      id: 'refresh-token/access-token-given-again',
      title: 'an access token that a refresh brings again when half of its life is over',
    },
    codeGrant.given,
    (first, sent) => refreshing(ownerOf(first), refreshTokenOf(sent)),
  ),
];
