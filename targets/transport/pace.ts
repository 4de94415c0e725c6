import { setTimeout as sleep } from 'node:timers/promises';

/** Lets requests go out at a rate, in the order in which they came. */
export interface Pace {
  /**
   * Waits until a request may go, or until nobody wants to send it any more. Those of one `group` go at the same time,
   * with so much silence before and behind them that the rate is kept all the same.
   */
  turn(isOver: () => boolean, group?: object): Promise<void>;
  /** Lets nothing go for so many milliseconds. */
  pause(milliseconds: number): void;
}

/** How a pace knows the time, in milliseconds. */
interface Time {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

const ownTime: Time = { now: () => performance.now(), sleep: (milliseconds: number) => sleep(milliseconds) };

/** A pace of so many requests a second. */
export function createPace(rate: number, time: Time = ownTime): Pace {
  const interval = 1_000 / rate;
  const groups = new Map<object, { size: number; gone: Promise<void> }>();
  let queue = Promise.resolve();
  let last = Number.NEGATIVE_INFINITY;
  let next = Number.NEGATIVE_INFINITY;

  async function until(at: () => number, isOver: () => boolean): Promise<void> {
    for (let left = 1; left > 0 && !isOver(); ) {
      left = at() - time.now();
      if (left > 0) await time.sleep(left);
    }
  }

  function queued(size: () => number, isOver: () => boolean): Promise<void> {
    queue = queue.then(async () => {
      await until(() => Math.max(next, last + size() * interval), isOver);
      last = time.now();
      next = last + size() * interval;
    });
    return queue;
  }

  return {
    turn(isOver, group) {
      if (group === undefined) return queued(() => 1, isOver);
      const known = groups.get(group);
      if (known !== undefined) {
        known.size += 1;
        return known.gone;
      }
      const started: { size: number; gone: Promise<void> } = { size: 1, gone: Promise.resolve() };
      started.gone = queued(() => started.size, isOver).then(() => void groups.delete(group));
      groups.set(group, started);
      return started.gone;
    },
    pause: (milliseconds) => {
      next = Math.max(next, time.now() + milliseconds);
    },
  };
}
