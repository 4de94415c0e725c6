import { hash } from 'node:crypto';
import fc from 'fast-check';
import type { Exchange } from '../exchange.ts';
import { Stop } from '../stop.ts';
import type { Budget, Counterexample, Place, Trial } from '../trial.ts';

/** What one value came to: nothing, or what is wrong with the exchanges that show it. */
export interface Outcome {
  readonly problem: string | undefined;
  readonly requests: number;
  /** Of these, those that were answered as the operation answers. */
  readonly answers: number;
  /** Set where something was given that may not be. */
  readonly givenAway?: true;
  /** Answers in a wrong shape, by what tells their problems from those of others. */
  readonly misshapen?: ReadonlyMap<string, () => Exchange>;
  /** Captures what was sent. */
  readonly keep: () => readonly Exchange[];
}

export interface Generation {
  /** The seed of the run, and what tells this property from others. */
  readonly seed: number;
  readonly name: string;
  readonly budget: Budget;
  /** As how many values of the budget one counts: more where it takes many requests, or tells little more than others. */
  readonly weight?: number;
  /** A value is a list of values, of which each is counted. */
  readonly lists?: boolean;
  /** Only this one, to see whether it still breaks the property. */
  readonly replay?: Place | undefined;
}

/** Values of a property under way at once: they do not wait for each other's round trips. */
export const valuesAtOnce = 32;
/** Values that are drawn from one seed, at once: while few are drawn, those before them are still under way. */
const valuesPerSeed = 50;
/** Attempts at making a counterexample smaller, for each value that the budget allows; and at most. */
const attemptsPerRun = 60;
const mostAttempts = 3_000;

/**
 * Tries generated values until one breaks the property or the budget is spent, and makes that one as small as
 * it can. The values follow from the seed alone, whatever the order in which they come back.
 */
export async function forAll<T>(
  arbitrary: fc.Arbitrary<T>,
  tryOne: (value: T) => Promise<Outcome>,
  { seed, name, budget, replay, weight = 1, lists = false }: Generation,
): Promise<{ trial: Trial; exchanges: readonly Exchange[] }> {
  let runs = 0;
  let requests = 0;
  let answers = 0;
  const attempt = async (value: T): Promise<Outcome> => {
    const outcome = await tryOne(value);
    runs += lists && Array.isArray(value) ? value.length : 1;
    requests += outcome.requests;
    answers += outcome.answers;
    return outcome;
  };
  const most = 'runs' in budget ? budget.runs : Number.POSITIVE_INFINITY;
  if (replay !== undefined) return ended(await smallest(arbitrary, attempt, replay, 1));
  const failed = await firstFailure(drawn(), attempt);
  if (failed === undefined) return ended(undefined);
  const { value, place, outcome } = failed;
  const found = await smallest(arbitrary, attempt, place, Math.min(mostAttempts, most * attemptsPerRun));
  if (found !== undefined && (found.givenAway || (await comesAgain(found)))) return ended(found);
  const { problem = '', givenAway, keep } = outcome;
  return ended({ ...place, value, problem, shrinks: 0, again: false, ...(givenAway && { givenAway }), keep });

  /** What was made smaller may have met, on the way, an answer that need not come again. */
  async function comesAgain(found: Place): Promise<boolean> {
    for (let time = 0; time < 2; time++)
      if ((await smallest(arbitrary, attempt, found, 1)) === undefined) return false;
    return true;
  }

  function* drawn(): Generator<Drawn<T>> {
    const deadline = 'milliseconds' in budget ? performance.now() + budget.milliseconds : undefined;
    let left = Math.ceil(most / weight);
    for (let chunk = 0; left > 0; chunk++) {
      if (deadline !== undefined && chunk > 0 && performance.now() >= deadline) return;
      const chunkSeed = seedOf(seed, name, chunk);
      const values = fc.sample(arbitrary, { seed: chunkSeed, numRuns: Math.min(valuesPerSeed, left) });
      left -= values.length;
      for (const [at, value] of values.entries())
        yield { value, place: { seed: chunkSeed, path: String(at) } };
    }
  }

  function ended(found: (Counterexample & Pick<Outcome, 'keep'>) | undefined) {
    if (found === undefined) return { trial: { runs, requests, answers }, exchanges: [] };
    const { keep, ...counterexample } = found;
    return { trial: { runs, requests, answers, counterexample }, exchanges: keep() };
  }
}

/** A value, and where it is found again. */
interface Drawn<T> {
  readonly value: T;
  readonly place: Place;
}

/** Tries values at the same time; the first of them that breaks the property, however late it was. */
async function firstFailure<T>(
  values: Iterable<Drawn<T>>,
  attempt: (value: T) => Promise<Outcome>,
): Promise<(Drawn<T> & { readonly outcome: Outcome }) | undefined> {
  const failures: (Drawn<T> & { readonly at: number; readonly outcome: Outcome })[] = [];
  const stops: { readonly at: number; readonly error: unknown }[] = [];
  const queue = values[Symbol.iterator]();
  let begun = 0;
  const lane = async () => {
    while (failures.length + stops.length === 0) {
      const next = queue.next();
      if (next.done) return;
      const at = begun++;
      try {
        const outcome = await attempt(next.value.value);
        if (outcome.problem !== undefined) failures.push({ ...next.value, at, outcome });
      } catch (error) {
        stops.push({ at, error });
      }
    }
  };
  await Promise.all(Array.from({ length: valuesAtOnce }, lane));
  const [first] = failures.sort((one, other) => one.at - other.at);
  const [stop] = stops.sort((one, other) => one.at - other.at);
  if (first === undefined && stop !== undefined) throw stop.error;
  return first;
}

/** The counterexample at a place, made smaller with so many attempts at most; undefined when it is none any more. */
async function smallest<T>(
  arbitrary: fc.Arbitrary<T>,
  attempt: (value: T) => Promise<Outcome>,
  place: Place,
  most: number,
): Promise<(Counterexample & Pick<Outcome, 'keep'>) | undefined> {
  let last: Outcome | undefined;
  let attempts = 0;
  let stopped: unknown;
  const property = fc.asyncProperty(arbitrary, async (value) => {
    attempts += 1;
    if (attempts > most) return;
    try {
      const outcome = await attempt(value);
      if (outcome.problem === undefined) return;
      last = outcome;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      if (attempts === 1) stopped = error;
      return;
    }
    throw new Error('broken');
  });
  const found = await fc.check(property, { ...place, numRuns: 1, endOnFailure: most === 1 });
  if (stopped !== undefined) throw stopped;
  if (!found.failed || last === undefined) return undefined;
  return {
    seed: found.seed,
    path: found.counterexamplePath ?? place.path,
    value: found.counterexample?.[0],
    problem: last.problem ?? '',
    shrinks: found.numShrinks,
    again: true,
    ...(last.givenAway && { givenAway: true }),
    keep: last.keep,
  };
}

function seedOf(seed: number, name: string, chunk: number): number {
  return Number.parseInt(hash('sha256', `${seed} ${name} ${chunk}`, 'hex').slice(0, 8), 16) | 0;
}
