import { setTimeout as delay } from "node:timers/promises";

/**
 * Where time comes from. Pass your own to run a day-long wait in a millisecond of real time.
 *
 * @example
 * ```ts
 * import { BatchClient, type Clock } from "openai-batch-action";
 *
 * // A clock on which pauses take no time, for a test of your own.
 * let now = Date.now();
 * const clock: Clock = {
 *   now: () => now,
 *   sleep: (ms) => Promise.resolve(void (now += ms)),
 *   timeout: () => new AbortController().signal,
 * };
 * const client = new BatchClient({ clock });
 * console.log(client.clock === clock); // true
 * ```
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` milliseconds, as `AbortSignal.timeout` does. */
  timeout(ms: number): AbortSignal;
}

/** The longest delay that a Node.js timer can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's clock; longer sleeps than a timer of Node.js holds (24.8 days) work. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    for (let left = ms; left > 0; left -= longestTimer) {
      try {
        await delay(Math.min(left, longestTimer), undefined, { signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    }
  },
  timeout: (ms) => AbortSignal.timeout(Math.min(Math.max(0, Math.ceil(ms)), longestTimer)),
};
