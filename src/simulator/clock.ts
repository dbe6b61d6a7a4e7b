/** A clock that moves only when it is advanced, for tests that must not sleep. */
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
 * @returns a clock for `startSimulator`; `advance` throws a `RangeError` for a step back
 * @example
 * ```ts
 * import { manualClock, startSimulator } from "openai-batch-action/simulator";
 * import { BatchClient, createBatch, fileSource } from "openai-batch-action";
 *
 * const clock = manualClock();
 * await using simulator = await startSimulator({ clock, phases: { inProgress: 24 * 3_600_000 - 60_000 } });
 * const client = new BatchClient({ baseURL: simulator.url });
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * clock.advance(24 * 3_600_000);
 * console.log((await client.batches.retrieve(batch.id)).status); // completed
 * ```
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
