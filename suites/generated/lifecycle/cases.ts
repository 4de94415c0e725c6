import fc from 'fast-check';
import type { Case } from '../../../harness/case.ts';
import type { World } from '../../../harness/world/world.ts';
import type { Kind } from '../../kit/grant.ts';
import { property } from '../property.ts';
import { manyOf } from '../side-by-side.ts';
import { commandsFor } from './commands.ts';
import { anyNeedOf, flavours, inScope, standardFlavours, withFreshClients } from './flavours.ts';
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

/** What lives here: two clients and what they are given, of one operation. */
interface Model {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly operation: 'token' | 'iam_token';
  readonly flavour: Flavour;
  /** What distinguishes the case of several mistakes in its id. */
  readonly suffix: string;
  readonly needs?: Case['needs'];
}

const things = 'codes, device codes and refresh tokens';
const ofStandard = { operation: 'token', requirement: 'RFC6749-5.2-invalid_grant' } as const;

const models: readonly Model[] = [
  {
    name: 'create-token',
    title: `${things} of two clients, interleaved`,
    requirement: 'AWS-CreateToken-InvalidGrant',
    operation: 'token',
    flavour: flavours.token,
    suffix: '',
  },
  {
    name: 'create-token-with-iam',
    title: 'codes, refresh tokens, assertions and subject tokens of two applications, interleaved',
    requirement: 'AWS-CreateTokenWithIAM-InvalidGrant',
    operation: 'iam_token',
    flavour: flavours.iam_token,
    suffix: '-with-iam',
  },
  {
    ...ofStandard,
    name: 'confidential-clients',
    title: `${things} of two confidential clients, interleaved`,
    flavour: standardFlavours.confidential,
    suffix: '-of-confidential-clients',
  },
  {
    ...ofStandard,
    name: 'public-clients',
    title: `${things} of two public clients, interleaved`,
    flavour: standardFlavours.public,
    suffix: '-of-public-clients',
    needs: ['auth:none'],
  },
  {
    ...ofStandard,
    name: 'mixed-clients',
    title: `${things} of a confidential and a public client, interleaved`,
    flavour: standardFlavours.mixed,
    suffix: '-of-mixed-clients',
    needs: ['auth:client_secret_post', 'auth:none'],
  },
];

const presupposed = ({ flavour, needs = [] }: Model): Case['needs'] => [...needs, anyNeedOf(flavour)];

const severalMistakes = (model: Model): Case =>
  property(
    {
      property: 'refused with an error that fits one of them',
      id: `generated/lifecycle/several-mistakes${model.suffix}`,
      title:
        'codes and tokens that are used, expired, of another client or badly presented, two or more at once',
      requirement: model.requirement,
      operation: model.operation,
      needs: presupposed(model),
    },
    (world) => manyOf(severalOf(inScope(model.flavour, world)), severalEach),
    async (all, world) => {
      // One after another: what is drawn at random would else follow from who is first.
      const flavour = withFreshClients(model.flavour, world);
      for (const { kind, what } of all) {
        const problem = await several(flavour, kind, what, world);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    { lists: true },
  );

const begun = ({ flavour }: Model, world: World) =>
  historyOf(withFreshClients(inScope(flavour, world), world), world);

const interleaved = (model: Model): Case =>
  property(
    {
      ...about,
      id: `generated/lifecycle/${model.name}`,
      title: model.title,
      requirement: model.requirement,
      operation: model.operation,
      needs: presupposed(model),
    },
    (world) => commandsFor(inScope(model.flavour, world), { overTime: false, maxLength: 18 }),
    async (commands, world) => {
      const history = begun(model, world);
      return (await live(history, commands)) ?? end(history);
    },
  );

const overTime = (model: Model): Case => ({
  ...property(
    {
      ...about,
      id: `generated/lifecycle/${model.name}-over-time`,
      title: `${model.title}, while time passes`,
      requirement: model.requirement,
      operation: model.operation,
      needs: [...presupposed(model), 'clock'],
    },
    (world) => commandsFor(inScope(model.flavour, world), { overTime: true, maxLength: 16 }),
    (commands, world) => liveOverTime(begun(model, world), commands),
  ),
  overTime: true,
});

export const lifecycles: readonly Case[] = [
  ...models.map(severalMistakes),
  ...models.map(interleaved),
  ...models.map(overTime),
];
