import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { anyGrant, anyWay, registration } from '../kit/given.ts';

/** More than some services count to, and fewer than the 25 that AWS is said to allow. */
const many = 12;

/** So many scopes: those of the target file, and then such as nobody has heard of. */
const scopes = ({ target }: World, count: number): readonly string[] => [
  ...target.scopes,
  ...Array.from(
    { length: Math.max(0, count - target.scopes.length) },
    (_, at) => `token-conformance:scope-${at + 1}`,
  ),
];

/** A service that takes scopes of its own only has not refused many for their number. */
export const manyScopes: readonly Case[] = [
  {
    id: 'register-client/many-scopes',
    title: 'a registration with a dozen scopes, where a few more than needed are accepted',
    requirement: 'AWS-RegisterClient-scopes-unlimited',
    given: registration,
    about: { operation: 'register' },
  },
  {
    id: 'request/many-scopes',
    title: 'a request with a dozen scopes, where a few that nobody knows are accepted',
    requirement: 'AWS-scope-inert',
    given: anyGrant,
    about: { operation: 'token', ways: anyWay },
  } as const,
].map(({ given, about, ...row }) =>
  flow({
    ...row,
    ...(about as Pick<Case, 'operation' | 'ways'>),
    expect: { probe: granted() },
    run: async (world) => {
      const naming = async (count: number) => {
        const valid = await given(world);
        return { ...valid, members: { ...valid.members, scope: scopes(world, count) } };
      };
      const few = Math.min(many - 1, world.target.scopes.length + 2);
      const { reply } = await world.send('few', await naming(few));
      if (reply.outcome !== 'granted') throw notOffered('scopes');
      await world.send('probe', await naming(many));
    },
  }),
);
