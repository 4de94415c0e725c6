import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { refreshing, refreshTokenOf } from '../kit/given.ts';
import { codeAt, type GrantAt, ofGrant } from '../kit/grant.ts';
import { descend, newestOf, renewed } from './descent.ts';

export const listOf = (scope: unknown): string[] => (Array.isArray(scope) ? scope.map(String).sort() : []);
const scopeOf = ({ reply }: { readonly reply: Pick<Observation['reply'], 'members'> }): string =>
  JSON.stringify(listOf(reply.members.scope));

/** The one scope of several that is asked for alone: every application has openid. */
export const oneOf = (scopes: readonly string[]): string | undefined =>
  scopes.find((scope) => scope === 'openid') ?? scopes[0];

/** What these answers say of the scope, where it is not what it has to be. */
export const otherScopes = (seen: readonly Observation[], right: string, what: string): string[] =>
  seen.map(scopeOf).flatMap((scope) => (scope === right ? [] : [`scope is ${scope}, not ${right}: ${what}`]));

/** Refreshes a family, with and without a scope in turn; the one scope is one of those that it has. */
export async function refreshInTurn(
  refresh: GrantAt,
  world: World,
  steps: readonly ('narrowed' | 'probe')[],
): Promise<void> {
  const first = await refresh.given(world);
  const whole = await world.send('whole', first);
  const scopes = listOf(whole.reply.members.scope);
  const one = oneOf(scopes);
  if (one === undefined || scopes.length < 2) throw notOffered('oneScope');
  let newest = renewed(whole, first);
  for (const step of steps) {
    const request = step === 'narrowed' ? await set('scope', [one])(newest, world) : newest;
    newest = renewed(await world.send(step, request), newest);
  }
}

/** A refresh without a scope gets the scope of the grant, whatever was asked for in between. */
export const scopeOmitted = (refresh: GrantAt, code: GrantAt): readonly Case[] => [
  flow({
    ...ofGrant(refresh),
    needs: [...code.needs, 'authorization-code/scope'],
    id: `${refresh.folder}/generations/authorized-scope`,
    title: 'refreshes without a scope, where the user authorized one, and another one more in between',
    requirement: 'RFC6749-6-scope-omitted',
    expect: { control: granted(), before: granted(), 'control: more': granted(), probe: granted() },
    // Whether the first has what the user authorized, or all of the application as AWS documents: the others have it too.
    holds: ({ before = [], probe = [] }) =>
      before.flatMap((first) => otherScopes(probe, scopeOf(first), 'that is what the first refresh got')),
    run: async (world) => {
      const one = await world.send('control', await codeAt(code, { scope: ['openid'] })(world));
      const first = refreshing(await refresh.client(world), refreshTokenOf(one), refresh.operation);
      const next = newestOf(await descend(world, first, 1, 'before'));
      const more = await world.send('control: more', await code.given(world));
      if (scopeOf(one) === scopeOf(more))
        throw new Stop('fixture', 'the fixture "authorization-code" gave all codes for the same scope');
      await descend(world, next, 2, 'probe');
    },
  }),
  flow({
    ...ofGrant(refresh),
    needs: [],
    id: `${refresh.folder}/generations/narrowed-once`,
    title: 'refreshes without a scope, after others that asked for one scope alone',
    requirement: 'RFC6749-6-scope-omitted',
    expect: { whole: granted(), narrowed: granted(), probe: granted() },
    holds: ({ whole = [], probe = [] }) =>
      whole.flatMap((first) => otherScopes(probe, scopeOf(first), 'a refresh token keeps its scope')),
    run: (world) => refreshInTurn(refresh, world, ['narrowed', 'probe', 'narrowed', 'probe', 'probe']),
  }),
];
