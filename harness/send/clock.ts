import type { Offer } from '../../targets/fixtures/provider.ts';

/**
 * The target's clock, shared by everything that lets time pass on it. It moves only while nobody is busy, and then to
 * the moment that the next one waits for: each sees just the time pass that it asked for, however many do.
 */
export interface Clock {
  /** By how many seconds the target's clock is ahead of that of this machine; negative when it is behind. */
  readonly advanced: number;
  /** Does something during which no time passes but what it asks for. */
  busy<T>(work: () => Promise<T>): Promise<T>;
  /** Within `busy`: does something that is busy by itself. */
  idle<T>(work: () => Promise<T>): Promise<T>;
  /** Within `busy`: waits until so many seconds have passed on the target; what its clock fixture said to that. */
  pass(seconds: number): Promise<Offer>;
}

/** `move` has the target's clock move by so many seconds. */
export function createClock(ahead: number, move: (seconds: number) => Promise<Offer>): Clock {
  let advanced = ahead;
  /** Seconds that were let pass, exactly as they were asked for. */
  let passed = 0;
  let busy = 0;
  let moving: Promise<void> | undefined;
  let waiting: { readonly until: number; readonly wake: (offer: Offer) => void }[] = [];

  async function begin(): Promise<void> {
    while (moving !== undefined) await moving;
    busy += 1;
  }

  function end(): void {
    busy -= 1;
    // What is already on its way into `begin` comes first.
    if (busy === 0) setImmediate(next);
  }

  function next(): void {
    if (busy > 0 || waiting.length === 0 || moving !== undefined) return;
    const until = Math.min(...waiting.map((one) => one.until));
    moving = Promise.resolve()
      .then(() => moveTo(until))
      .finally(() => {
        moving = undefined;
      });
  }

  async function moveTo(until: number): Promise<void> {
    const offer = await move(until - passed).catch(failed);
    if (offer.kind === 'given') {
      const now = Number(offer.output.now);
      advanced = Number.isFinite(now) ? secondsAhead(now) : advanced + until - passed;
      passed = until;
    }
    // Who wanted to wait longer asks for itself: one refusal is not everybody's.
    const isDue = (one: { readonly until: number }) => one.until <= until;
    const due = waiting.filter(isDue);
    waiting = waiting.filter((one) => !isDue(one));
    busy += due.length;
    for (const { wake } of due) wake(offer);
  }

  return {
    get advanced() {
      return advanced;
    },
    async busy(work) {
      await begin();
      try {
        return await work();
      } finally {
        end();
      }
    },
    async idle(work) {
      end();
      try {
        return await work();
      } finally {
        await begin();
      }
    },
    pass: (seconds) =>
      new Promise((wake) => {
        waiting.push({ until: passed + Math.max(0, seconds), wake });
        end();
      }),
  };
}

const failed = (error: unknown): Offer => ({ kind: 'failed', message: String(error) });

/** By how many seconds a target is ahead whose time is `now`, in epoch seconds; negative when it is behind. */
export function secondsAhead(now: number): number {
  return Math.round(now - Date.now() / 1_000);
}
