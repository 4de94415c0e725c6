/** Work of which only so much is under way at once. */
export interface Turns {
  /** Runs the work when it is its turn, and says what came of it. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** So much may be under way from now on. */
  widen(atOnce: number): void;
}

/**
 * Of those who wait, who came last goes first. Who holds a code already and comes for another one would else wait behind
 * everybody who has none, and codes end soon: after a minute, where a server keeps to less than RFC 6749 §4.1.2 allows.
 */
export function lastComesFirst(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let most = atOnce;
  let running = 0;
  const next = () => {
    while (running < most) {
      const start = waiting.pop();
      if (start === undefined) return;
      running += 1;
      start();
    }
  };
  return {
    async take(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        next();
      });
      try {
        return await work();
      } finally {
        running -= 1;
        next();
      }
    },
    widen(to) {
      most = to;
      next();
    },
  };
}
