import { expect, test } from 'vitest';
import { groupsOf } from './groups.ts';
import type { Variant } from './variant.ts';

const variant = (name: string, ...decisions: readonly string[]): Variant => ({
  name,
  differs: 'It differs.',
  behaviours: () => Object.fromEntries(decisions.map((one) => [one, () => undefined])),
});
const namesOf = (...variants: readonly Variant[]) =>
  groupsOf(variants).map((group) => group.map(({ name }) => name));

test('variants that change different things are tried at once, three at most', () => {
  expect(namesOf(variant('a', 'x'), variant('b', 'y'), variant('c', 'z'), variant('d', 'u'))).toEqual([
    ['a', 'b', 'c'],
    ['d'],
  ]);
});

test('two that replace one decision, at whichever front, are not', () => {
  const atTheOtherFront: Variant = {
    name: 'c',
    differs: 'It differs.',
    oauth: { behaviours: () => ({ date: () => '' }) },
  };
  expect(namesOf(variant('a', 'x', 'date'), variant('b', 'x'), atTheOtherFront)).toEqual([['a'], ['b', 'c']]);
});

test('two that stand in front of the endpoint, or have a target file each, are not', () => {
  const middleware: Variant['middleware'] = () => (request, endpoint) => endpoint(request);
  const inFront = (name: string): Variant => ({ name, differs: 'It differs.', middleware });
  const declared = (name: string): Variant => ({ name, differs: 'It differs.', target: { limits: [] } });
  expect(namesOf(inFront('a'), inFront('b'), declared('c'), declared('d'))).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
});
