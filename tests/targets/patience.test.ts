import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listeningClock } from '../../targets/transport/patience.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a silence is over when nothing at all came for so long', () => {
  const clock = listeningClock(4_000);
  clock.begin();
  vi.advanceTimersByTime(3_900);
  expect(clock.isOver()).toBe(false);
  vi.advanceTimersByTime(100);
  expect(clock.isOver()).toBe(true);
});

test('more failures do not make it longer, and one answer ends it', () => {
  const clock = listeningClock(4_000);
  clock.begin();
  vi.advanceTimersByTime(3_000);
  clock.begin();
  clock.restart();
  vi.advanceTimersByTime(3_000);
  clock.begin();
  vi.advanceTimersByTime(3_000);
  expect(clock.isOver()).toBe(false);
  vi.advanceTimersByTime(1_000);
  expect(clock.isOver()).toBe(true);
  clock.restart();
  expect(clock.isOver()).toBe(false);
  clock.stop();
});
