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

test('variants that change different things are tried at once, eight at most', () => {
  expect(namesOf(...[...'abcdefghi'].map((name) => variant(name, name)))).toEqual([[...'abcdefgh'], ['i']]);
});

test('two that replace one decision, at whichever front, are not', () => {
  const atTheOtherFront: Variant = {
    name: 'c',
    differs: 'It differs.',
    oauth: { behaviours: () => ({ date: () => '' }) },
  };
  expect(namesOf(variant('a', 'x', 'date'), variant('b', 'x'), atTheOtherFront)).toEqual([['a'], ['b', 'c']]);
});

test('those of another profile are not', () => {
  const ofMcp = (name: string): Variant => ({ ...variant(name, name), profile: 'mcp' });
  expect(namesOf(variant('a', 'a'), ofMcp('b'), variant('c', 'c'), ofMcp('d'))).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
});

test('four that stand in front of the endpoint are not, nor two that have a target file each', () => {
  const middleware: Variant['middleware'] = () => (request, endpoint) => endpoint(request);
  const inFront = (name: string): Variant => ({ name, differs: 'It differs.', middleware });
  expect(namesOf(...[...'abcd'].map(inFront))).toEqual([['a', 'b', 'c'], ['d']]);
  const declared = (name: string): Variant => ({ name, differs: 'It differs.', target: { limits: [] } });
  const lacking: Variant = { name: 'c', differs: 'It differs.', lacks: ['userinfo'] };
  expect(namesOf(declared('a'), declared('b'), lacking)).toEqual([['a'], ['b'], ['c']]);
});
