import type { BatchClient } from "../api/client.ts";
import type { APIError } from "../api/errors.ts";
import type { Batch } from "../api/types.ts";
import { nextInterval } from "./wait/interval.ts";
import { lookAt } from "./wait/look.ts";
import { isTerminal } from "./status.ts";

/** How long to wait, and who is told. The interval grows with the batch's run time, between its two bounds. */
export interface WaitOptions {
  /** Milliseconds to wait in all; no limit by default. */
  readonly timeout?: number | undefined;
  /** Milliseconds; defaults to 5,000. */
  readonly pollInterval?: number | undefined;
  /** Milliseconds; defaults to 60,000. */
  readonly maxPollInterval?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is known of the batches already; a 404 of one of these is taken for a transient error. */
  readonly known?: readonly Batch[] | undefined;
  /** Between 0 and 1, for the jitter of the interval. */
  readonly random?: (() => number) | undefined;
  /** Called after each round of looks, in the order of the ids. */
  readonly onProgress?: ((batches: readonly Batch[]) => void) | undefined;
  /** Called with a look that failed for a transient reason; the wait goes on. */
  readonly onPollError?: ((error: APIError, batchId: string) => void) | undefined;
  /** Called at once with an id among several that the server does not know; the wait goes on for the others. */
  readonly onUnknownId?: ((error: APIError, batchId: string) => void) | undefined;
}

/** What was last seen of the batches. */
export interface WaitResult {
  /** As last seen, in the order of the ids; a batch that was never seen is missing. */
  readonly batches: readonly Batch[];
  /** Whether every batch that there is has ended; `false` when the timeout came first. */
  readonly done: boolean;
  /** Why ids among several could not be followed, for those that the server does not know. */
  readonly unknown: ReadonlyMap<string, APIError>;
}

/**
 * Follows batches until each is `completed`, `failed`, `expired` or `cancelled`, or until the
 * timeout. The first look comes at once. Errors that pass (408, 409, 429, 5xx, network faults)
 * never end the wait, and up to three batches are asked for one by one, more with pages of the list.
 *
 * @param client whose clock the wait goes by
 * @param batchIds at least one
 * @throws {APIError} when none of the ids exists, or a credential is refused
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, createBatch, fileSource, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * const { batches, done } = await waitForBatches(client, [batch.id], {
 *   timeout: 5 * 3_600_000,
 *   pollInterval: 10,
 *   signal: AbortSignal.timeout(60_000),
 * });
 * console.log(done, batches[0]?.status); // true completed
 * ```
 */
export async function waitForBatches(
  client: BatchClient,
  batchIds: readonly string[],
  options: WaitOptions = {},
): Promise<WaitResult> {
  const { clock } = client;
  const { signal, random = Math.random, pollInterval = 5_000, maxPollInterval = 60_000 } = options;
  const started = clock.now();
  const deadline = options.timeout === undefined ? undefined : started + options.timeout;
  const ids = [...new Set(batchIds)];
  const seen = new Map((options.known ?? []).map((batch) => [batch.id, batch]));
  const ended = new Set<string>();
  const batches = () => ids.flatMap((id) => seen.get(id) ?? []);

  const held = new Set<string>();
  const unknown = new Map<string, APIError>();
  const misses = new Map<string, number>();
  const isGivenUp = (id: string) => (misses.get(id) ?? 0) >= maxMisses;
  const onUnknown = (error: APIError, id: string) => {
    const before = misses.get(id) ?? 0;
    // A batch that was made a moment ago may not be found yet; an id that is none stays so.
    misses.set(id, error.status === 404 ? before + 1 : maxMisses);
    unknown.set(id, error);
    if (unknown.size === ids.length) throw error;
    if (before === 0) options.onUnknownId?.(error, id);
  };
  for (let last = false; ;) {
    const pending = ids.filter((id) => !ended.has(id) && !held.has(id) && !isGivenUp(id));
    const looked = await lookAt(client, pending, {
      signal,
      deadline,
      seen: new Set(seen.keys()),
      onError: options.onPollError,
      onUnknown,
    });
    for (const id of looked.held) held.add(id);
    for (const [id, batch] of looked.found) {
      seen.set(id, batch);
      unknown.delete(id);
      if (isTerminal(batch)) ended.add(id);
    }
    options.onProgress?.(batches());
    if (ids.every((id) => ended.has(id) || isGivenUp(id))) {
      return { batches: batches(), done: true, unknown };
    }

    const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - clock.now();
    const nobody = ids.every((id) => ended.has(id) || held.has(id) || isGivenUp(id));
    if (last || left <= 0 || nobody) {
      await clock.sleep(Math.max(0, left), signal);
      return { batches: batches(), done: false, unknown };
    }
    const interval = nextInterval(
      youngestRun(batches(), clock.now(), started),
      { pollInterval, maxPollInterval },
      random,
    );
    last = interval >= left;
    // What ends in the last seconds is worth a last look, in time for its answer.
    await clock.sleep(last ? Math.max(0, left - lastLook) : interval, signal);
  }
}

/** Looks in a row that find no such batch, before an id among several is given up. */
const maxMisses = 3;

/** Milliseconds before the deadline at which what ends in the last seconds is looked at once more. */
export const lastLook = 1_000;

/** Milliseconds that the youngest unfinished batch has run; a server that names no time counts from the wait's start. */
export function youngestRun(batches: readonly Batch[], now: number, started: number): number {
  const created = batches
    .filter((batch) => !isTerminal(batch))
    .map((batch) => (batch.created_at === 0 ? started : batch.created_at * 1000));
  const youngest = created.reduce((latest, time) => Math.max(latest, time), 0);
  return Math.max(now - started, created.length === 0 ? 0 : now - youngest);
}
