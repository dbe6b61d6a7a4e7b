import pMap from "p-map";

import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import type { Reports } from "./events.ts";
import { lookAt } from "./look-at.ts";
import { sleepWithin } from "./look-up.ts";
import { decideCancel, isAboutToEnd } from "./rules.ts";

/** Milliseconds that the look before a cancel may take; without it the cancel goes out all the same. */
const timeToLook = 5_000;
/** Milliseconds before each look at what a cancel has done: a server may show it late. */
const latePauses: readonly number[] = [0, 500, 2_000];
/** A sweep may find hundreds; servers take only so many calls at once. */
const atOnce = 4;
/** Milliseconds between which the first cancels go out, so that many do not ask in step. */
const spread = 250;
/** Tries of one cancel: where there is a deadline, that alone ends them. */
const persistence = 1_000;

/**
 * Cancels a batch, whatever state it is in: one that has ended, or is being cancelled, is no error and
 * is returned as it is. It is looked at first, because some servers turn even a completed batch into a
 * cancelled one, and again after a cancel that failed.
 *
 * @throws {APIError} when the batch does not exist, or still runs and could not be cancelled;
 *   `not_cancelled` when the server took the cancel and the batch runs on
 * @returns the batch, `cancelling` for up to ten minutes, or as it ended
 * @example
 * ```ts
 * import { BatchClient, cancelBatch, createBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: { fileId: (await client.files.create({ file: "requests.jsonl", purpose: "batch" })).id },
 *   endpoint: "/v1/chat/completions",
 * });
 * const { status } = await cancelBatch(client, batch.id);
 * console.log(["cancelling", "cancelled", "completed"].includes(status)); // true
 * ```
 */
export async function cancelBatch(
  client: BatchClient,
  batchId: string,
  options: CallOptions & Reports = {},
): Promise<Batch> {
  const { onEvent, ...call } = options;
  const batch = await cancelled(client, batchId, call);
  onEvent?.({ type: "cancelled", batch });
  return batch;
}

async function cancelled(client: BatchClient, batchId: string, call: CallOptions): Promise<Batch> {
  const soon = Math.min(call.deadline ?? Number.POSITIVE_INFINITY, client.clock.now() + timeToLook);
  // A batch that cannot be seen is cancelled all the same.
  const before = await lookAt(client, batchId, { ...call, deadline: soon });
  if (before !== undefined && isOver(before)) return before;
  let shown: Batch;
  try {
    shown = await client.batches.cancel(batchId, call);
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    // Servers refuse the cancel of a batch that has ended with 409 (OpenAI, llama-stack) or 400, and some
    // that of one which is about to end (aibrix).
    const after = await lookAfter(
      client,
      batchId,
      call,
      (batch) => batch !== undefined && isAboutToEnd(batch),
    );
    if (after !== undefined && isOver(after)) return after;
    throw error;
  }
  if (isOver(shown)) return shown;
  const after = (await lookAfter(client, batchId, call, () => true)) ?? shown;
  if (isOver(after)) return after;
  throw new APIError(
    `POST /batches/${batchId}/cancel was answered with success, but the batch is ${after.status}. Look at it again in a while; it may be running and billed.`,
    { code: "not_cancelled", outcomeUnknown: false },
  );
}

/** Whether nothing is left to be cancelled. */
function isOver(batch: Batch): boolean {
  return decideCancel(batch).decision === "leave";
}

/** The batch as it is after a cancel: looked at for some seconds, until it is over or nothing more is to be expected. */
async function lookAfter(
  client: BatchClient,
  batchId: string,
  call: CallOptions,
  mayChange: (batch: Batch | undefined) => boolean,
): Promise<Batch | undefined> {
  let last: Batch | undefined;
  for (const pause of latePauses) {
    await sleepWithin(client, pause, call);
    last = (await lookAt(client, batchId, call)) ?? last;
    if ((last !== undefined && isOver(last)) || !mayChange(last)) break;
  }
  return last;
}

export interface CancelManyOptions extends CallOptions, Reports {
  /** Why they are cancelled, in words that the log can use. */
  readonly why: string;
}

/** What became of many cancels. */
export interface CancelledBatches {
  readonly batches: readonly Batch[];
  /** Why some could not be cancelled, by id: they may be running. */
  readonly failures: ReadonlyMap<string, Error>;
}

/**
 * Cancels every one of several batches, a few at a time and at the server's pace, also after one could
 * not be; a deadline ends the tries.
 *
 * @throws the signal's reason when it aborts, and what `onEvent` throws, once every other cancel has gone out
 */
export async function cancelBatches(
  client: BatchClient,
  batchIds: readonly string[],
  options: CancelManyOptions,
): Promise<CancelledBatches> {
  const { why, onEvent, ...call } = options;
  const maxRetries = call.deadline === undefined ? call.maxRetries : persistence;
  const batches: Batch[] = [];
  const failures = new Map<string, Error>();
  if (batchIds.length > 0) onEvent?.({ type: "cancelling", ids: batchIds, why });
  const cancelOne = async (id: string, index: number) => {
    if (index > 0 && index < atOnce) {
      await client.clock.sleep(Math.random() * spread, call.signal);
    }
    const batch = await cancelled(client, id, { ...call, maxRetries }).catch((error: unknown) => {
      call.signal?.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      failures.set(id, error);
      onEvent?.({ type: "cancel-failed", batchId: id, error });
      return undefined;
    });
    if (batch === undefined) return;
    batches.push(batch);
    onEvent?.({ type: "cancelled", batch });
  };
  try {
    await pMap(batchIds, cancelOne, { concurrency: atOnce, stopOnError: false });
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
  return { batches, failures };
}
