import type { Case } from '../../harness/case.ts';
import { granted, inferred } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { refreshClient, refreshing, refreshTokenOf } from '../kit/given.ts';
import { codeForScopes, ofGrant } from '../kit/grant.ts';
import { lookAt, looking, tokenClaims, toldOf } from '../kit/looking.ts';
import { withMember } from '../kit/member.ts';
import { renewed } from './descent.ts';
import { oneOf } from './refreshed-scopes.ts';
import { codeGrant, refreshGrant } from './table.ts';
import { invalidScopeOrIgnored } from './unknown-scopes.ts';

const wordsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(String) : String(value ?? '').split(' ')).filter((one) => one !== '');

/** A code whose user authorized one of the scopes of the client, and a scope beyond. */
async function authorizedForOne(world: World) {
  const { scopes } = world.target;
  const one = oneOf(scopes);
  const other = scopes.find((scope) => scope !== one);
  if (one === undefined || other === undefined) throw notOffered('oneScope');
  // A refresh token may come for that scope alone.
  const authorized = scopes.includes('offline_access') ? 'offline_access' : one;
  const beyond = authorized === one ? other : one;
  const sent = await world.send('code', await codeForScopes(codeGrant, [authorized])(world));
  if (wordsOf(sent.reply.members.scope).includes(beyond))
    throw new Stop(
      'fixture',
      `the fixture "authorization-code" gave a code for more than the scope "${authorized}"`,
    );
  const first = refreshing(await refreshClient(world), refreshTokenOf(sent));
  return { sent, first, beyond, authorized };
}

const about = {
  ...ofGrant(refreshGrant),
  requirement: 'RFC9700-4.14.2-rt-bound-to-consent',
} as const;

const consented = {
  ...about,
  mayLack: ['oneScope', 'codeWithoutOpenid'],
  needs: ['authorization-code/scope'],
  presupposes: [codeGrant.grant],
} as const;

/** What answers and tokens are granted of a scope that may not be. */
const excess = (
  probe: readonly Observation[],
  looks: readonly Observation[],
  isExcess: (scope: string) => boolean,
): string[] => {
  const given = probe.filter(({ reply }) => reply.outcome === 'granted');
  const found = (scope: unknown, what: string) =>
    wordsOf(scope)
      .filter(isExcess)
      .map((one) => `${what} ${JSON.stringify(one)}, which the user did not authorize`);
  return [
    // Where nothing is told it is what was asked for (RFC 6749 §5.1).
    ...given.flatMap((seen) => found(seen.reply.members.scope ?? seen.asked().scope, 'granted is')),
    ...toldOf(given, looks).flatMap(({ scope, scp }) => found(scope ?? scp, 'the access token is good for')),
  ];
};

const beyondConsent: readonly Case[] = (
  [
    ['beyond-consent', 'a scope that the user did not consent to, and what the access token is good for', 0],
    ['beyond-consent-after-refreshes', 'a scope that the user did not consent to, after three refreshes', 3],
  ] as const
).map(([name, title, refreshes]) =>
  flow({
    ...consented,
    id: `refresh-token/${name}`,
    title,
    cell: 'invalid_scope',
    expect: {
      code: granted(),
      ...(refreshes > 0 && { control: granted() }),
      probe: invalidScopeOrIgnored,
      look: looking,
    },
    optional: { look: '' },
    holds: ({ probe = [], look = [] }) => {
      const [, ...beyond] = probe.flatMap((seen) => wordsOf(seen.asked().scope));
      return excess(probe, look, (scope) => beyond.includes(scope));
    },
    run: async (world) => {
      const { first, beyond, authorized } = await authorizedForOne(world);
      let newest = first;
      for (let turn = 0; turn < refreshes; turn++)
        newest = renewed(await world.send('control', newest), newest);
      await lookAt(
        world,
        first.by as Client,
        await world.send('probe', await set('scope', [authorized, beyond])(newest, world)),
      );
    },
  }),
);

/** Without a scope a refresh gets what the user authorized, and not what the client may have. */
const withoutScope: Case = flow({
  ...consented,
  id: 'refresh-token/consent-without-scope',
  title: 'no scope, where the user consented to one of several, and what the access tokens are good for',
  expect: { code: granted(), probe: granted(), 'look at first': looking, look: looking },
  optional: { 'look at first': '', look: '' },
  holds: ({ code = [], probe = [], 'look at first': before = [], look = [] }) => {
    const authorized = [...code.map(({ reply }) => reply.members), ...toldOf(code, before)];
    const known = new Set(authorized.flatMap(({ scope, scp }) => wordsOf(scope ?? scp)));
    return known.size === 0 ? [] : excess(probe, look, (scope) => !known.has(scope));
  },
  run: async (world) => {
    const { sent, first } = await authorizedForOne(world);
    const owner = first.by as Client;
    const before = await lookAt(world, owner, sent, 'look at first');
    const tokens = [sent.reply.members, before?.reply.members, tokenClaims(sent)];
    const isTold = tokens.some((told) => wordsOf(told?.scope ?? told?.scp).length > 0);
    if (!isTold) throw notOffered('untoldScope');
    const next = renewed(await world.send('probe', first), first);
    await lookAt(world, owner, await world.send('probe', next));
  },
});

const nowhere = 'https://token-conformance.invalid/';

/** A resource at an address that cannot exist, so that nobody has consented to it (RFC 8707 §2.2). */
const withResource: Case = flow({
  ...about,
  id: 'refresh-token/resource-beyond-consent',
  title: 'a resource that the user did not consent to, and whom the access token is for',
  expect: {
    control: granted(),
    probe: {
      kind: 'rejected',
      accept: [
        { error: 'invalid_target', basis: 'documented' },
        ...['invalid_request', 'invalid_grant', 'invalid_scope'].map((error) =>
          inferred(error, 'RFC 8707 §2 has invalid_target, for servers that know resources'),
        ),
      ],
      orGranted: 'RFC 6749 §3.2: a server may not know the parameter',
    },
    look: looking,
  },
  optional: { look: '' },
  holds: ({ probe = [], look = [] }) =>
    toldOf(
      probe.filter(({ reply }) => reply.outcome === 'granted'),
      look,
    )
      .filter(({ aud }) => [aud].flat().includes(nowhere))
      .map(() => `the access token is for ${nowhere}`),
  run: async (world) => {
    // Where it comes back it is shown.
    world.publish(nowhere);
    const request = await refreshGrant.given(world);
    const newest = renewed(await world.send('control', request), request);
    const sent = await world.send('probe', withMember(newest, 'resource', nowhere));
    if (sent.reply.outcome !== 'granted') return;
    const seen = await lookAt(world, newest.by as Client, sent);
    if (!seen?.reply.members.aud && tokenClaims(sent) === undefined) throw notOffered('untoldAudience');
  },
});

/** What a refresh token leads to is what its user consented to (RFC 9700 §4.14.2). */
export const consent: readonly Case[] = [...beyondConsent, withoutScope, withResource].map((one) => ({
  ...one,
  readsTokens: true,
}));
