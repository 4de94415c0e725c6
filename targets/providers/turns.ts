/** Work of which only so much is under way at once. */
export interface Turns {
  /** Runs the work when it is its turn, and says what came of it. `first`: before all that is not. */
  take<T>(work: () => Promise<T>, first?: boolean): Promise<T>;
  /** So much may be under way from now on. */
  widen(atOnce: number): void;
}

/**
 * Who holds what grows old goes before who holds nothing: what comes `first` in the order in which it came, and of all
 * else what came last. Who has a code already and comes for another one would else wait behind everybody who has none,
 * and codes end soon: after a minute, where a server keeps to less than RFC 6749 §4.1.2 allows.
 */
export function inOrderOfAge(atOnce: number): Turns {
  const holding: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let most = atOnce;
  let running = 0;
  const next = () => {
    while (running < most) {
      const start = holding.shift() ?? waiting.pop();
      if (start === undefined) return;
      running += 1;
      start();
    }
  };
  return {
    async take(work, first = false) {
      await new Promise<void>((resolve) => {
        (first ? holding : waiting).push(resolve);
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
