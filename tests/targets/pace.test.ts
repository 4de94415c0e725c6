import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { createPace } from '../../targets/transport/pace.ts';

let now = 0;
beforeEach(() => {
  now = 0;
});

const time = {
  now: () => now,
  async sleep(milliseconds: number) {
    // Who has gone by then tells so first.
    await setImmediate();
    now += milliseconds;
  },
};

const going = () => false;

test('requests go out at the rate, in the order in which they came', async () => {
  const pace = createPace(5, time);
  const gone: string[] = [];
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => pace.turn(going).then(() => gone.push(`${name} ${now}`))));
  expect(gone).toEqual(['a 0', 'b 200', 'c 400', 'd 600']);
});

test('those of a group go together, with as much silence around them as they take', async () => {
  const pace = createPace(5, time);
  const gone: string[] = [];
  const go = (name: string, group?: object) =>
    pace.turn(going, group).then(() => gone.push(`${name} ${now}`));
  const group = {};
  await Promise.all([go('a'), go('race', group), go('race', group), go('race', group), go('b')]);
  expect(gone).toEqual(['a 0', 'race 600', 'race 600', 'race 600', 'b 1200']);
  await go('next', group);
  expect(gone.at(-1)).toBe('next 1400');
});

test('a pause holds all that has not gone', async () => {
  const pace = createPace(5, time);
  await pace.turn(going);
  pace.pause(3_000);
  await pace.turn(going);
  expect(now).toBe(3_000);
});

test('nobody waits for what is not sent any more', async () => {
  const pace = createPace(0.001, time);
  await pace.turn(going);
  await pace.turn(() => true);
  expect(now).toBe(0);
});
