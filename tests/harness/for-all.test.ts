import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forAll, type Outcome } from '../../harness/generate/for-all.ts';
import { Stop } from '../../harness/stop.ts';
import { readBudget } from '../../harness/trial.ts';

const fine: Outcome = { problem: undefined, requests: 1, answers: 1, keep: () => [] };
const broken = (problem: string): Outcome => ({ problem, requests: 1, answers: 1, keep: () => [] });
const generation = { seed: 7, name: 'a/property', budget: { runs: 120 } };
const list = fc.array(fc.nat(1_000), { maxLength: 8 });

test('a property that holds is tried as often as the budget says', async () => {
  const { trial, exchanges } = await forAll(list, async () => fine, generation);
  expect(trial).toEqual({ runs: 120, requests: 120, answers: 120 });
  expect(exchanges).toEqual([]);
});

test('of values that count for several, fewer are tried', async () => {
  const { trial } = await forAll(list, async () => fine, { ...generation, budget: { runs: 30 }, weight: 8 });
  expect(trial).toEqual({ runs: 4, requests: 4, answers: 4 });
});

test('of a list of values each is counted', async () => {
  const pair = fc.tuple(list, list);
  const { trial } = await forAll(pair, async () => fine, { ...generation, weight: 20, lists: true });
  expect(trial).toEqual({ runs: 12, requests: 6, answers: 6 });
});

test('the same seed gives the same values, another one others, whatever the order of the answers', async () => {
  const drawn = async (seed: number, slow: number) => {
    const values: string[] = [];
    let turn = 0;
    await forAll(
      list,
      async (value) => {
        turn += 1;
        if (turn % slow === 0) await new Promise(setImmediate);
        values.push(JSON.stringify(value));
        return fine;
      },
      { ...generation, seed },
    );
    return values.sort();
  };
  expect(await drawn(7, 2)).toEqual(await drawn(7, 5));
  expect(await drawn(8, 2)).not.toEqual(await drawn(7, 2));
});

test('a counterexample is made as small as it can be, and found again at its seed and path', async () => {
  const tryOne = async (value: readonly number[]) =>
    value.some((one) => one >= 100) ? broken('too large') : fine;
  const { trial } = await forAll(list, tryOne, generation);
  const { counterexample } = trial;
  expect(counterexample).toMatchObject({ value: [100], problem: 'too large', again: true });
  expect(counterexample?.shrinks).toBeGreaterThan(0);

  const seen: unknown[] = [];
  const { seed = 0, path = '' } = counterexample ?? {};
  const again = await forAll(
    list,
    async (value) => {
      seen.push(value);
      return tryOne(value);
    },
    { ...generation, replay: { seed, path } },
  );
  expect(seen).toEqual([[100]]);
  expect(again.trial).toMatchObject({ runs: 1, counterexample: { value: [100], seed, path } });

  const mended = await forAll(list, async () => fine, { ...generation, replay: { seed, path } });
  expect(mended.trial).toEqual({ runs: 1, requests: 1, answers: 1 });
});

test('what breaks a property only once is reported as it was', async () => {
  let calls = 0;
  const { trial } = await forAll(
    list,
    async () => {
      calls += 1;
      return calls === 5 ? broken('the fifth request') : fine;
    },
    generation,
  );
  expect(trial.counterexample).toMatchObject({ problem: 'the fifth request', again: false, shrinks: 0 });
});

test('a stop ends the property, unless a value broke it', async () => {
  const stop = async (): Promise<Outcome> => {
    throw new Stop('fixture', 'no codes');
  };
  await expect(forAll(list, stop, generation)).rejects.toThrow('no codes');
});

test('a budget of time tries at least one chunk, and then stops', async () => {
  const { trial } = await forAll(list, async () => fine, { ...generation, budget: { milliseconds: 0 } });
  expect(trial.runs).toBe(50);
});

test.each([
  ['quick', { runs: 8 }],
  ['90s', { milliseconds: 90_000 }],
  ['5m', { milliseconds: 300_000 }],
  ['250ms', { milliseconds: 250 }],
  ['fast', undefined],
  ['-1s', undefined],
  ['constructor', undefined],
])('the budget %s', (text, budget) => {
  expect(readBudget(text)).toEqual(budget);
});
