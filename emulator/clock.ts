/** The time of the endpoint: real time plus an offset that only grows. All times inside are its milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves forward. */
  advance(milliseconds: number): void;
}

export function virtualClock(): Clock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance: (milliseconds) => {
      offset += Math.max(0, Math.round(milliseconds));
    },
  };
}

export const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
