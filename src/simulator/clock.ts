/** A clock that only moves when told to, for tests that must not sleep. */
export interface ManualClock {
  /** The current time in milliseconds since the epoch. Bound: may be passed around as a function. */
  readonly now: () => number;
  /** Moves the clock forward by `ms` milliseconds. Throws a `RangeError` when `ms` is negative or not a number. */
  readonly advance: (ms: number) => void;
}

/**
 * Makes a clock that stands still until `advance` is called.
 *
 * @param startMs The first time it shows, in milliseconds since the epoch; 1 January 2026 by default.
 */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let time = startMs;
  return {
    now: () => time,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock moves forward only, not by ${ms} ms.`);
      time += ms;
    },
  };
}
