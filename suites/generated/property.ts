import type { Arbitrary } from 'fast-check';
import type { Case } from '../../harness/case.ts';
import { type Expectation, granted, mayGrant, refused } from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import type { Given } from '../kit/given.ts';
import { manyOf } from './side-by-side.ts';

export type About = Pick<Case, 'id' | 'title' | 'requirement' | 'operation' | 'needs'> &
  Partial<Pick<Case, 'dialects' | 'grant'>> & {
    readonly property: string;
    /** Makes a request that has to be granted first: an endpoint that refuses everything proves nothing. */
    readonly control?: Given;
  };

/** A case that tries a property on generated values. */
export function property<T>(
  { control, ...about }: About,
  arbitrary: (world: World) => Arbitrary<T>,
  check: (value: T, world: World) => Promise<string | undefined>,
  options?: Parameters<World['forAll']>[2],
): Case {
  return {
    ...about,
    expect: control ? { control: granted() } : {},
    run: async (world) => {
      if (control) await world.send('control', await control(world));
      await world.forAll(arbitrary(world), check, options);
    },
  };
}

/** Mistakes that are tried with the same code or token, one after another. */
const mistakesPerArtefact = 5;

interface RefusalOptions {
  readonly weight?: number;
  /** Every refusal will do, so that no code or token that was spent before explains a problem. */
  readonly anyRefusal?: boolean;
}

/**
 * A case that tries mistakes which must be refused. Some of them share a code or token, which has to work after all of
 * them: else one of them may have spent it, and the others were refused for that. Then each is tried with its own.
 */
export function refusals<T>(
  about: About,
  given: Given,
  mistake: (world: World) => Arbitrary<T>,
  check: (value: T, request: Call, world: World) => Promise<string | undefined>,
  { weight = mistakesPerArtefact, anyRefusal = false }: RefusalOptions = {},
): Case {
  /** Whether they held, or what is wrong whatever became of the code or token. */
  async function tryTogether(values: readonly T[], world: World): Promise<boolean | string> {
    const request = await given(world);
    for (const value of values) {
      const answers: Sent[] = [];
      const problem = await check(value, request, listening(world, answers)).catch((error) => {
        if (error !== tooFast) throw error;
        return tooFast;
      });
      if (problem === undefined) continue;
      const isExplained = !anyRefusal && answers.every((sent) => isRefusal(world, sent));
      return problem === tooFast || isExplained ? false : String(problem);
    }
    const sent = await world.send('afterwards', request);
    if (sent.reply.outcome === 'granted') return true;
    return isRefusal(world, sent) ? false : `afterwards: ${wrong(world, granted(), sent)}`;
  }
  return property(
    { ...about, control: given },
    (world) => manyOf(mistake(world), mistakesPerArtefact),
    async (values, world) => {
      const together = values.length > 1 && (await tryTogether(values, world));
      if (together !== false) return together === true ? undefined : together;
      for (const value of values) {
        const problem = await check(value, await given(world), world);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    { weight, lists: true },
  );
}

/** The answer slow_down where it says nothing of the request, only that there were too many. */
export const tooFast = new Stop('silent', 'answered slow_down: too many requests');

/** This world, with what comes back written down; a device code that is polled too fast tells nothing of a mistake. */
function listening(world: World, answers: Sent[]): World {
  return {
    ...world,
    send: async (step, request) => {
      const sent = await world.send(step, request);
      if (sent.reply.error === 'slow_down') throw tooFast;
      answers.push(sent);
      return sent;
    },
  };
}

const isRefusal = (world: World, sent: Sent): boolean => world.problems(refused(), sent).length === 0;

/** What is wrong with an answer, as one sentence. Stops where it only says that there were too many requests. */
export function wrong(world: World, expectation: Expectation, sent: Sent): string | undefined {
  const problems = world.problems(expectation, sent);
  if (problems.length === 0) return undefined;
  if (sent.reply.error === 'slow_down' && isRefusal(world, sent)) throw tooFast;
  if (sent.reply.outcome === 'granted' && !mayGrant(expectation)) world.givenAway();
  return problems.join('; ');
}
