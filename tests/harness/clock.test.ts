import { expect, test } from 'vitest';
import { createClock } from '../../harness/send/clock.ts';
import type { Offer } from '../../targets/fixtures/provider.ts';

/** A target whose clock starts at `now` and writes down what happens. */
function target(now = Math.round(Date.now() / 1_000)) {
  const log: string[] = [];
  let time = now;
  const move = async (seconds: number): Promise<Offer> => {
    log.push(`+${seconds}`);
    time += seconds;
    return { kind: 'given', output: { now: time } };
  };
  return { log, move };
}

const soon = () => new Promise(setImmediate);

test('time passes for all that wait, to the moment of the next one', async () => {
  const { log, move } = target();
  const clock = createClock(0, move);
  const life = (name: string, waits: readonly number[]) =>
    clock.busy(async () => {
      log.push(name);
      for (const seconds of waits) {
        await clock.pass(seconds);
        log.push(name);
      }
    });
  await Promise.all([life('a', [10, 50]), life('b', [60]), life('c', [3])]);
  expect(log).toEqual(['a', 'b', 'c', '+3', 'c', '+7', 'a', '+50', 'b', 'a']);
  expect(clock.advanced).toBe(60);
});

test('it stands still while somebody is busy, and who comes while it moves waits for it', async () => {
  const { log, move } = target();
  let late: Promise<void> | undefined;
  const clock = createClock(0, async (seconds) => {
    late ??= clock.busy(async () => void log.push('late'));
    await soon();
    log.push('moving');
    return move(seconds);
  });
  const waiting = clock.busy(async () => void (await clock.pass(5)));
  await clock.busy(async () => {
    await soon();
    await soon();
    log.push('busy');
  });
  await waiting;
  await late;
  expect(log).toEqual(['busy', 'moving', '+5', 'late']);
});

test('something idle lets time pass for those within it', async () => {
  const { log, move } = target();
  const clock = createClock(0, move);
  await clock.busy(() => clock.idle(() => clock.busy(async () => void (await clock.pass(7)))));
  expect(log).toEqual(['+7']);
});

test('a refusal is that of the one who asked, and time has not passed', async () => {
  const { move } = target();
  const clock = createClock(4, async (seconds) =>
    seconds === 1 ? { kind: 'refused', message: 'too little' } : move(seconds),
  );
  const pass = (seconds: number) => clock.busy(() => clock.pass(seconds));
  const [one, other] = await Promise.all([pass(1), pass(100)]);
  expect(one).toEqual({ kind: 'refused', message: 'too little' });
  expect(other?.kind).toBe('given');
  expect(clock.advanced).toBe(100);
});

test('a provider that throws has failed, and nobody waits for ever', async () => {
  const clock = createClock(0, async () => {
    throw new Error('broken');
  });
  expect(await clock.busy(() => clock.pass(1))).toEqual({ kind: 'failed', message: 'Error: broken' });
});

test('time does not go back', async () => {
  const { log, move } = target();
  const clock = createClock(0, move);
  await clock.busy(() => clock.pass(-10));
  expect(log).toEqual(['+0']);
});

test('what the target says of its time counts; where it says nothing, what was asked for', async () => {
  const ahead = target(Math.round(Date.now() / 1_000) + 1_000);
  const told = createClock(0, ahead.move);
  await told.busy(() => told.pass(10));
  expect(told.advanced).toBeGreaterThanOrEqual(1_009);
  const behind = target(Math.round(Date.now() / 1_000) - 700);
  const late = createClock(-700, behind.move);
  await late.busy(() => late.pass(10));
  expect(late.advanced).toBeLessThanOrEqual(-689);
  const silent = createClock(20, async () => ({ kind: 'given', output: {} }));
  await silent.busy(() => silent.pass(10));
  expect(silent.advanced).toBe(30);
});

test('an error in what is busy ends its time, not that of others', async () => {
  const { log, move } = target();
  const clock = createClock(0, move);
  const failing = clock.busy(async () => {
    throw new Error('broken');
  });
  const waiting = clock.busy(() => clock.pass(2));
  await expect(failing).rejects.toThrow('broken');
  await waiting;
  expect(log).toEqual(['+2']);
});
