import type { BatchClient } from "../api/client.ts";
import type { APIError } from "../api/errors.ts";
import type { Batch } from "../api/types.ts";
import type { Reports } from "./events.ts";
import { emptyQueue, follow, type PollOptions } from "./follow.ts";
import { createWatch } from "./follow/watch.ts";

/** How long to wait, and who hears of it. */
export interface WaitOptions extends PollOptions, Reports {
  /** Milliseconds to wait in all; no limit by default. */
  readonly timeout?: number | undefined;
  /** Ends the wait, which then throws the signal's reason; no batch is cancelled. */
  readonly signal?: AbortSignal | undefined;
  /** What is known of the batches already; a 404 of one of these is taken for a transient error. */
  readonly known?: readonly Batch[] | undefined;
}

/** What was last seen of the batches. */
export interface WaitResult {
  /** As last seen, in the order of the ids; a batch that was never seen is missing. */
  readonly batches: readonly Batch[];
  /** Whether every batch has ended; `false` when the timeout came first, or one could not be followed. */
  readonly done: boolean;
  /** Whether the timeout ended the wait. */
  readonly timedOut: boolean;
  /** Why batches could not be followed to their end, by id: unknown to the server, or gone from it. */
  readonly lost: ReadonlyMap<string, APIError>;
  /** Why the wait ended early for all: the server refused to show them, several times in a row. */
  readonly stopped: APIError | undefined;
}

/**
 * Follows batches until each is `completed`, `failed`, `expired` or `cancelled`, or until the
 * timeout. The first look comes at once. Transient errors (408, 409, 429, 5xx, network faults) never
 * end the wait, and one refusal does not either. Up to three batches are asked for one by one, more
 * with pages of the list.
 *
 * @param client whose clock the wait goes by
 * @param batchIds at least one
 * @throws {APIError} when none of the ids exists, or a credential is refused at the first look
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
  const { timeout, known = [], onEvent } = options;
  const ids = [...new Set(batchIds)];
  const before = new Map(known.map((batch) => [batch.id, batch]));
  const watch = createWatch(client, onEvent);
  for (const id of ids) watch.add(id, before.get(id));
  const deadline = timeout === undefined ? undefined : client.clock.now() + timeout;
  const ended = await follow(client, watch, emptyQueue, { ...options, deadline });
  const batches = watch.batches();
  const stopped = ended.end === "stopped" ? ended.error : undefined;
  const [first] = watch.lost.values();
  // Nothing was ever seen: there is nothing to give back but the error.
  const error = stopped ?? first;
  if (batches.length === 0 && error !== undefined) throw error;
  return {
    batches,
    done: ended.end === "ended" && watch.lost.size === 0,
    timedOut: ended.end === "timed out",
    lost: watch.lost,
    stopped,
  };
}
