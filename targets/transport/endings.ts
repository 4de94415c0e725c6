/** Registers what has to end when something is over; what is returned takes it out again. */
export type Endings = (end: (why: Error) => void) => () => void;

/** What has to end when a signal is aborted: one listener, however many wait. */
export function endingsOf(signal: AbortSignal | undefined): Endings {
  const waiting = new Set<(why: Error) => void>();
  signal?.addEventListener(
    'abort',
    () => {
      for (const end of waiting) end(signal.reason as Error);
    },
    { once: true },
  );
  return (end) => {
    waiting.add(end);
    return () => void waiting.delete(end);
  };
}
