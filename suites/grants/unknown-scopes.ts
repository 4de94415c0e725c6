import type { Case } from '../../harness/case.ts';
import { granted, rejectedOrIgnored } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered } from '../../harness/stop.ts';
import { flow, refusal } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { type AnyGrantAt, ofGrant } from '../kit/grant.ts';

/** A scope that nobody has heard of. */
export const unheardOf = 'token-conformance:never-granted';

const isGranted = ({ reply }: Observation) => reply.outcome === 'granted';

/** An answer that gives nothing of a scope says so: without a word of it, it gives what was asked for. */
export const withoutScope =
  (scope: string): NonNullable<Case['holds']> =>
  ({ probe = [] }) =>
    probe.filter(isGranted).flatMap(({ reply: { members } }) => {
      if (!Array.isArray(members.scope))
        return ['no scope is stated, which says that the one asked for was granted (RFC 6749 §5.1)'];
      return members.scope.includes(scope) ? [`the answer says that the scope ${scope} was granted`] : [];
    });

export const invalidScopeOrIgnored = rejectedOrIgnored(
  'invalid_scope',
  'RFC 6749 §3.3: a server may ignore a scope and say so',
);

/** A scope that is unknown or none is not granted. */
export const wrongScopes = (at: AnyGrantAt, requirement: string): readonly Case[] =>
  (
    [
      ['unknown-scope', 'a scope that nobody has heard of', unheardOf],
      ['malformed-scope', 'a scope with a quotation mark, which no scope may have', 'token"conformance'],
    ] as const
  ).map(([name, title, scope]) =>
    refusal({
      ...ofGrant(at),
      id: `${at.folder}/${name}`,
      title,
      requirement: name === 'unknown-scope' ? requirement : 'RFC6749-5.2-invalid_scope',
      change: set('scope', [scope]),
      expect: invalidScopeOrIgnored,
      holds: withoutScope(scope),
    }),
  );

/** Where a scope that nobody knows is passed over, the answer states what was granted in its place. */
export const scopeTold = (at: AnyGrantAt, requirement: string): Case =>
  flow({
    ...ofGrant(at),
    id: `${at.folder}/other-scope-told`,
    title: 'the scope of an answer to a request for one that nobody has heard of',
    requirement,
    expect: { control: granted(), probe: granted() },
    holds: withoutScope(unheardOf),
    run: async (world) => {
      const change = set('scope', [unheardOf]);
      await world.send('control', await at.given(world));
      const { reply } = await world.send('asked', await change(await at.given(world), world));
      if (reply.outcome === 'rejected') throw notOffered('otherScope');
      await world.send('probe', await change(await at.given(world), world));
    },
  });
