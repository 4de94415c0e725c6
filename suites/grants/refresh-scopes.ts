import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { onTheWire, set } from '../kit/change.ts';
import { refreshClient, refreshing, refreshTokenOf } from '../kit/given.ts';
import { codeForScopes, ofGrant } from '../kit/grant.ts';
import { renewed } from './descent.ts';
import { listOf, oneOf } from './refreshed-scopes.ts';
import { codeGrant, refreshGrant } from './table.ts';
import { invalidScopeOrIgnored, wrongScopes } from './unknown-scopes.ts';

type Answer = Pick<Observation, 'reply'>;

/** What an answer says of the scope; undefined where it says nothing, since it is what was asked for. */
const told = ({ reply }: Answer): string | undefined =>
  reply.members.scope === undefined ? undefined : JSON.stringify(listOf(reply.members.scope));

const differ = (seen: readonly Answer[], right: string | undefined, what: string): string[] =>
  seen
    .map(told)
    .filter((scope) => scope !== undefined && right !== undefined && scope !== right)
    .map((scope) => `scope is ${scope}, not ${right}: ${what}`);

/** A refresh of all that was granted, with the request of the next and the scopes of both. */
async function whole(world: World): Promise<{ readonly next: Call; readonly scopes: readonly string[] }> {
  const first = await refreshGrant.given(world);
  const sent = await world.send('control', first);
  const { scope } = sent.reply.members;
  // Where none is told it is what was asked for, which is all that the target file names.
  const scopes = scope === undefined ? world.target.scopes : listOf(scope);
  if (scopes.length < 2) throw notOffered('oneScope');
  return { next: renewed(sent, first), scopes };
}

const about = { ...ofGrant(refreshGrant), mayLack: ['oneScope'] } as const;

/** Which scopes an answer has beyond those of a grant; beyond a single one, where the grant told of none. */
const moreThan = (grant: Answer | undefined) => {
  const { scope } = grant?.reply.members ?? {};
  return (seen: Answer): readonly string[] => {
    const scopes = listOf(seen.reply.members.scope);
    return scope === undefined ? scopes.slice(1) : scopes.filter((one) => !listOf(scope).includes(one));
  };
};

/** After so many refreshes the scope is still what the user authorized. */
const beyondTheGrant = [
  { name: 'scope-beyond-the-grant', refreshes: 1, when: '' },
  { name: 'scope-beyond-the-grant-later', refreshes: 4, when: ', after four refreshes' },
] as const;

const beyond = ({ name, refreshes, when }: (typeof beyondTheGrant)[number]): Case =>
  flow({
    ...about,
    mayLack: ['oneScope', 'codeWithoutOpenid'],
    needs: ['authorization-code/scope'],
    presupposes: ['authorization_code'],
    id: `refresh-token/${name}`,
    title: `a scope that the client has and the user did not authorize${when}`,
    requirement: 'RFC6749-6-scope-not-widened',
    cell: 'invalid_scope',
    expect: { code: granted(), control: granted(), probe: invalidScopeOrIgnored },
    holds: ({ code = [], control = [], probe = [] }) => {
      const more = moreThan(code[0]);
      return [
        ...control
          .filter((seen) => more(seen).length > 0)
          .map((seen) => `unasked, scope has ${more(seen)}, which the user did not authorize`),
        ...probe
          .filter(({ reply }) => reply.outcome === 'granted')
          .filter((seen) => told(seen) === undefined || more(seen).length > 0)
          .map((seen) => `scope is ${told(seen) ?? 'not told'}, where the user authorized less`),
      ];
    },
    run: async (world) => {
      const { scopes } = world.target;
      const first = oneOf(scopes);
      const second = scopes.find((one) => one !== first);
      if (first === undefined || second === undefined) throw notOffered('oneScope');
      // A refresh token may come for that scope alone.
      const authorized = scopes.includes('offline_access') ? 'offline_access' : first;
      const beyond = authorized === first ? second : first;
      const sent = await world.send('code', await codeForScopes(codeGrant, [authorized])(world));
      let next = refreshing(await refreshClient(world), refreshTokenOf(sent));
      const refreshed = await world.send('control', next);
      if (listOf(sent.reply.members.scope ?? refreshed.reply.members.scope).includes(beyond))
        throw new Stop(
          'fixture',
          `the fixture "authorization-code" gave a code for more than the scope "${authorized}"`,
        );
      next = renewed(refreshed, next);
      for (let time = 1; time < refreshes; time++) next = renewed(await world.send('control', next), next);
      await world.send('probe', await set('scope', [authorized, beyond])(next, world));
    },
  });

/** The scope of what is refreshed (RFC 6749 §6). */
export const refreshedScopes: readonly Case[] = [
  ...wrongScopes(refreshGrant, 'RFC6749-6-scope-not-widened'),
  ...beyondTheGrant.map(beyond),
  flow({
    ...about,
    id: 'refresh-token/scope-narrowed',
    title: 'one of the scopes that were granted',
    requirement: 'RFC6749-6-scope-narrowed',
    expect: { control: granted(), probe: granted() },
    holds: ({ probe = [] }) =>
      probe.flatMap((seen) =>
        differ([seen], JSON.stringify(String(seen.asked().scope).split(' ')), 'that is what was asked for'),
      ),
    run: async (world) => {
      const { next, scopes } = await whole(world);
      await world.send('probe', await set('scope', [oneOf(scopes)])(next, world));
    },
  }),
  flow({
    ...about,
    id: 'refresh-token/new-refresh-token-keeps-scope',
    title: 'the refresh token that came with an access token for one scope alone',
    requirement: 'RFC6749-6-new-rt-same-scope',
    expect: { control: granted(), narrowed: granted(), probe: granted() },
    holds: ({ control = [], probe = [] }) =>
      control.flatMap((first) => differ(probe, told(first), 'a new refresh token has the scope of the old')),
    run: async (world) => {
      const { next, scopes } = await whole(world);
      const sent = await world.send('narrowed', await set('scope', [oneOf(scopes)])(next, world));
      const newest = renewed(sent, next);
      if (newest.members.refresh_token === next.members.refresh_token) throw notOffered('rotation');
      await world.send('probe', newest);
    },
  }),
  flow({
    ...about,
    dialects: ['oauth-form'],
    id: 'refresh-token/blanks-in-both-spellings',
    title: 'the same scopes with + and with %20 between them',
    requirement: 'RFC6749-B-utf8-values',
    expect: { control: granted(), plus: granted(), probe: granted() },
    holds: ({ plus = [], probe = [] }) =>
      plus.flatMap((first) => differ(probe, told(first), 'that is what the other spelling got')),
    run: async (world) => {
      const { next, scopes } = await whole(world);
      const all = await set('scope', [...scopes])(next, world);
      const newest = renewed(await world.send('plus', all), all);
      const spelt = onTheWire({ bodyType: 'form', body: (text) => text.replaceAll('+', '%20') });
      await world.send('probe', await spelt(newest, world));
    },
  }),
  flow({
    ...about,
    id: 'refresh-token/scopes-in-other-order',
    title: 'the same scopes in two orders',
    requirement: 'RFC6749-3.3-scope-order-irrelevant',
    expect: { control: granted(), one: granted(), probe: granted() },
    holds: ({ one = [], probe = [] }) =>
      one.flatMap((first) => differ(probe, told(first), 'that is what the other order got')),
    run: async (world) => {
      const { next, scopes } = await whole(world);
      const newest = renewed(await world.send('one', await set('scope', [...scopes])(next, world)), next);
      await world.send('probe', await set('scope', [...scopes].reverse())(newest, world));
    },
  }),
];
