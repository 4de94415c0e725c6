import { expect, test } from 'vitest';
import { inOrderOfAge } from '../../targets/providers/turns.ts';

/** Work that is under way until it is told to end. */
function work(name: string, begun: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    run: () => {
      begun.push(name);
      return promise;
    },
    end: () => resolve(name),
    fail: () => reject(new Error(name)),
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('of those who wait, who came last goes first, and a failure makes room too', async () => {
  const begun: string[] = [];
  const turns = inOrderOfAge(1);
  const all = ['a', 'b', 'c'].map((name) => work(name, begun));
  const taken = Promise.allSettled(all.map(({ run }) => turns.take(run)));
  await settled();
  expect(begun).toEqual(['a']);
  all[0]?.fail();
  await settled();
  expect(begun).toEqual(['a', 'c']);
  all[2]?.end();
  await settled();
  expect(begun).toEqual(['a', 'c', 'b']);
  all[1]?.end();
  expect((await taken).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});

test('more begin when more may', async () => {
  const begun: string[] = [];
  const turns = inOrderOfAge(1);
  const all = ['a', 'b', 'c', 'd'].map((name) => work(name, begun));
  const taken = all.map(({ run }) => turns.take(run));
  turns.widen(3);
  await settled();
  expect(begun.toSorted()).toEqual(['a', 'c', 'd']);
  for (const { end } of all) end();
  expect(await Promise.all(taken)).toEqual(['a', 'b', 'c', 'd']);
});

test('what comes first does so in the order in which it came', async () => {
  const begun: string[] = [];
  const turns = inOrderOfAge(1);
  const all = ['a', 'b', 'first c', 'first d', 'e'].map((name) => work(name, begun));
  const taken = all.map(({ run }, at) => turns.take(run, at === 2 || at === 3));
  for (const { end } of all) end();
  await Promise.all(taken);
  expect(begun).toEqual(['a', 'first c', 'first d', 'e', 'b']);
});
