/** Of these one passes while the process is busy: enough are left for a connection and an answer that came meanwhile. */
const partsOfTime = 20;

/**
 * Calls back when this process has listened for so many milliseconds, unless what is returned is called before. While
 * a process is busy it cannot see an answer that is there, so that being busy, however long, counts as one part of the
 * time.
 */
export function afterListeningFor(milliseconds: number, timeIsUp: () => void): () => void {
  let left = partsOfTime;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    timeIsUp();
  }, milliseconds / partsOfTime);
  return () => clearInterval(timer);
}

export const late = Symbol('late');

/** What was promised, or `late` when this process listened for so many milliseconds in vain. */
export async function inTime<T>(promised: T | Promise<T>, milliseconds: number): Promise<T | typeof late> {
  let stopWaiting = () => {};
  const timeIsUp = new Promise<typeof late>((resolve) => {
    stopWaiting = afterListeningFor(milliseconds, () => resolve(late));
  });
  try {
    return await Promise.race([promised, timeIsUp]);
  } finally {
    stopWaiting();
  }
}

/** Tells when this process has listened for so many milliseconds since `begin`, or the last `restart`. */
export interface ListeningClock {
  /** Begins to count, unless it does already. */
  begin(): void;
  /** Something came: it counts from the next `begin` on. */
  restart(): void;
  isOver(): boolean;
  stop(): void;
}

export function listeningClock(milliseconds: number): ListeningClock {
  let stop: (() => void) | undefined;
  let over = false;
  const end = () => {
    stop?.();
    stop = undefined;
  };
  return {
    begin() {
      stop ??= afterListeningFor(milliseconds, () => {
        over = true;
      });
    },
    restart: () => {
      end();
      over = false;
    },
    isOver: () => over,
    stop: end,
  };
}
