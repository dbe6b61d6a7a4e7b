import type { BatchClient } from "../api/client.ts";
import type { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import type { Reports } from "./events.ts";
import { nextInterval } from "./follow/interval.ts";
import type { Watch } from "./follow/watch.ts";
import { isTerminal } from "./status.ts";

/** How often batches are looked at. The interval grows with their run time, between its two bounds. */
export interface PollOptions {
  /** Milliseconds; defaults to 5,000. */
  readonly pollInterval?: number | undefined;
  /** Milliseconds; defaults to 60,000. */
  readonly maxPollInterval?: number | undefined;
  /** Between 0 and 1, for the jitter of the interval. */
  readonly random?: (() => number) | undefined;
}

/** Work that is not in flight yet, and goes there as others end. */
export interface Queue {
  /** Sends what may go now; each batch is on the watch before the next call. */
  send(call: CallOptions): Promise<void>;
  /** Hears of batches that have just ended: one that the server had no room for is to go again. */
  ended(batches: readonly Batch[]): Promise<void>;
  /** Whether anything waits. */
  isEmpty(): boolean;
  /** Milliseconds since the epoch before which nothing more may go, though it waits; 0 for now. */
  nextAt(): number;
}

/** A queue in which nothing ever waits. */
export const emptyQueue: Queue = {
  send: () => Promise.resolve(),
  ended: () => Promise.resolve(),
  isEmpty: () => true,
  nextAt: () => Number.POSITIVE_INFINITY,
};

interface FollowOptions extends PollOptions, Reports {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch; none by default. */
  readonly deadline?: number | undefined;
}

/** How the following ended: with every batch, at the deadline, or because the server shows none. */
export type FollowEnd = { readonly end: "ended" | "timed out" } | StoppedFollowing;

interface StoppedFollowing {
  readonly end: "stopped";
  readonly error: APIError;
}

/** Milliseconds before the deadline at which what ends in the last seconds is looked at once more. */
const lastLook = 1_000;

/**
 * The one loop that waits: sends what waits in the queue, looks at what is in flight, sleeps. Ends when
 * every batch has ended and nothing waits, or at the deadline, after a last look.
 *
 * @throws the signal's reason when it aborts
 */
export async function follow(
  client: BatchClient,
  watch: Watch,
  queue: Queue,
  options: FollowOptions,
): Promise<FollowEnd> {
  const { clock } = client;
  const { signal, deadline, onEvent } = options;
  let started = clock.now();
  for (let last = false; ;) {
    const before = watch.following().length;
    await queue.send({ signal, deadline });
    // One that was created late is followed as closely as the first ones were.
    if (watch.following().length > before) started = clock.now();
    await queue.ended(await watch.look({ signal, deadline, last }));
    onEvent?.({ type: "polled", batches: watch.batches() });
    const error = watch.stopped();
    if (error !== undefined) return { end: "stopped", error };
    if (watch.following().length === 0 && queue.isEmpty()) return { end: "ended" };
    if (queue.nextAt() <= clock.now()) continue;

    const left = (deadline ?? Number.POSITIVE_INFINITY) - clock.now();
    if (last || left <= 0 || watch.isHeld()) {
      await clock.sleep(Math.max(0, left), signal);
      return { end: "timed out" };
    }
    const pause = pauseOf(client, watch, queue, { ...options, started });
    last = pause >= left;
    // What ends in the last seconds is worth a last look, in time for its answer.
    await clock.sleep(last ? Math.max(0, left - lastLook) : pause, signal);
  }
}

/** Milliseconds until there is something to do. */
function pauseOf(
  { clock }: BatchClient,
  watch: Watch,
  queue: Queue,
  options: FollowOptions & { readonly started: number },
): number {
  const { pollInterval = 5_000, maxPollInterval = 60_000, random = Math.random } = options;
  if (watch.following().length === 0) return Math.max(0, queue.nextAt() - clock.now());
  const elapsed = youngestRun(watch.batches(), clock.now(), options.started);
  return nextInterval(elapsed, { pollInterval, maxPollInterval }, random);
}

/** Milliseconds that the youngest unfinished batch has run; a server that names no time counts from when it was taken on. */
function youngestRun(batches: readonly Batch[], now: number, started: number): number {
  const created = batches
    .filter((batch) => !isTerminal(batch))
    .map((batch) => (batch.created_at === 0 ? started : batch.created_at * 1000));
  const youngest = created.reduce((latest, time) => Math.max(latest, time), 0);
  return Math.max(now - started, created.length === 0 ? 0 : now - youngest);
}
