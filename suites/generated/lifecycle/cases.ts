import fc from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import type { World } from '../../../harness/world/world.ts';
import type { Kind } from '../../kit/grant.ts';
import { property } from '../property.ts';
import { manyOf } from '../side-by-side.ts';
import { commandsFor } from './commands.ts';
import { anyNeedOf, flavours, inScope, withFreshClients } from './flavours.ts';
import { clientIn, end, live, liveOverTime, present } from './live.ts';
import { artefact, type Flavour, historyOf } from './model.ts';

/** What is wrong with an artefact at once: two things or more. */
const circumstances = ['spent', 'expired', 'stranger', 'spoilt'] as const;

/** An artefact with several things wrong: whatever is told first, nothing is granted and nothing breaks. */
async function several(
  flavour: Flavour,
  kind: Kind,
  what: readonly (typeof circumstances)[number][],
  world: World,
): Promise<string | undefined> {
  const history = historyOf(flavour, world);
  const owner = await clientIn(history, kind, 0);
  const born = world.now();
  const one = artefact(kind, 0, await flavour.obtain(world, kind, owner), { count: 0, born });
  if (one.device) {
    await world.decide(one.device, 'approve');
    one.decision = 'approve';
  }
  if (what.includes('spent')) {
    const problem = await present(history, one, 0, false);
    if (problem !== undefined) return problem;
  }
  if (what.includes('expired'))
    one.expired = await world.expireIfOffered(flavour.of(kind).expirable, one.value);
  return present(history, one, what.includes('stranger') ? 1 : 0, what.includes('spoilt'));
}

/** Only a code can be badly presented, with a wrong verifier. */
const severalOf = ({ kinds }: Flavour) =>
  fc.oneof(
    ...kinds.map((kind) => ({
      weight: kind === 'code' ? 3 : 1,
      arbitrary: fc.record({
        kind: fc.constant(kind),
        what: fc.subarray(
          circumstances.filter((one) => kind === 'code' || one !== 'spoilt'),
          { minLength: 2 },
        ),
      }),
    })),
  );

/** So many are tried for each value of the budget. */
const severalEach = 3;

const about = {
  property: 'every answer is one that the history allows, and what was left alone still works',
};

const models = [
  {
    name: 'create-token',
    title: 'codes, device codes and refresh tokens of two clients, interleaved',
    requirement: 'AWS-CreateToken-InvalidGrant',
    operation: 'token',
  },
  {
    name: 'create-token-with-iam',
    title: 'codes, refresh tokens, assertions and subject tokens of two applications, interleaved',
    requirement: 'AWS-CreateTokenWithIAM-InvalidGrant',
    operation: 'iam_token',
  },
] as const;

export const lifecycles: readonly Case[] = [
  ...(['token', 'iam_token'] as const).map((operation) =>
    property(
      {
        property: 'refused with an error that fits one of them',
        id: `generated/lifecycle/several-mistakes${operation === 'token' ? '' : '-with-iam'}`,
        title:
          'codes and tokens that are used, expired, of another client or badly presented, two or more at once',
        requirement:
          operation === 'token' ? 'AWS-CreateToken-InvalidGrant' : 'AWS-CreateTokenWithIAM-InvalidGrant',
        operation,
        needs: [anyNeedOf(flavours[operation])],
      },
      (world) => manyOf(severalOf(inScope(flavours[operation], world)), severalEach),
      async (all, world) => {
        // One after another: what is drawn at random would else follow from who is first.
        const flavour = withFreshClients(flavours[operation], world);
        for (const { kind, what } of all) {
          const problem = await several(flavour, kind, what, world);
          if (problem !== undefined) return problem;
        }
        return undefined;
      },
      { lists: true },
    ),
  ),
  ...models.map(({ name, operation, ...rest }) =>
    property(
      {
        ...about,
        ...rest,
        id: `generated/lifecycle/${name}`,
        operation,
        needs: [anyNeedOf(flavours[operation])],
      },
      (world) => commandsFor(inScope(flavours[operation], world), { overTime: false, maxLength: 18 }),
      async (commands, world) => {
        const flavour = withFreshClients(inScope(flavours[operation], world), world);
        const history = historyOf(flavour, world);
        return (await live(history, commands)) ?? end(history);
      },
    ),
  ),
  ...models.map(({ name, operation, title, requirement }) => ({
    ...property(
      {
        ...about,
        id: `generated/lifecycle/${name}-over-time`,
        title: `${title}, while time passes`,
        requirement,
        operation,
        needs: [anyNeedOf(flavours[operation]), 'clock'],
      },
      (world) => commandsFor(inScope(flavours[operation], world), { overTime: true, maxLength: 16 }),
      (commands, world) =>
        liveOverTime(
          historyOf(withFreshClients(inScope(flavours[operation], world), world), world),
          commands,
        ),
    ),
    overTime: true as const,
  })),
];
