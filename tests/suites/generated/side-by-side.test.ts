import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manyOf, SideBySide } from '../../../suites/generated/side-by-side.ts';

const list = manyOf(fc.nat(1_000), 6);
const settings = { seed: 5, numRuns: 100 };

/** Every list that was tried, and what fast-check came to. */
function tried(breaks: (values: readonly number[]) => boolean) {
  const lists: number[][] = [];
  const found = fc.check(
    fc.property(list, (values) => {
      lists.push(values);
      return !breaks(values);
    }),
    settings,
  );
  return { lists, found };
}

test('a list has as many values as asked for', () => {
  for (const values of fc.sample(list, settings)) expect(values).toHaveLength(6);
});

test('the value that breaks a property is tried alone before it is made smaller', () => {
  const { lists, found } = tried((values) => values.some((one) => one >= 500));
  expect(found.counterexample).toEqual([[500]]);
  const whole = lists.findIndex((values) => values.some((one) => one >= 500));
  const alone = lists.slice(whole + 1, whole + 7).map((values) => values.length);
  expect(alone).toContain(1);
  expect(new Set(lists.slice(whole + 1).map((values) => values.length))).toEqual(new Set([1]));
});

test('what only several break stays with them', () => {
  const { found } = tried((values) => values.filter((one) => one >= 500).length > 1);
  expect(found.counterexample).toEqual([[500, 500]]);
});

test('a counterexample is found again at its seed and path', () => {
  const { found } = tried((values) => values.some((one) => one >= 500));
  const seen: number[][] = [];
  fc.check(
    fc.property(list, (values) => {
      seen.push(values);
      return true;
    }),
    { seed: found.seed, path: found.counterexamplePath ?? '', numRuns: 1 },
  );
  expect(seen).toEqual([[500]]);
});

test('each kind is made smaller in its own way', () => {
  const kinds = new SideBySide<string | number>([fc.nat(1_000), fc.nat(9).map((digit) => `text ${digit}`)]);
  const broken = (breaks: (one: string | number) => boolean) =>
    fc.check(
      fc.property(kinds, (values) => !values.some(breaks)),
      settings,
    ).counterexample;
  expect(broken((one) => typeof one === 'number' && one >= 500)).toEqual([[500]]);
  expect(broken((one) => typeof one === 'string' && one >= 'text 5')).toEqual([['text 5']]);
});
