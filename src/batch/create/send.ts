import type { BatchClient } from "../../api/client.ts";
import { APIError, UnknownOutcomeError } from "../../api/errors.ts";
import type { Batch, BatchCreateParams, CallOptions } from "../../api/types.ts";
import { cancelBatch } from "../cancel.ts";
import type { Reports } from "../events.ts";
import type { Creation, LookUp } from "../knowledge.ts";
import { isSince, lookForBatches } from "../look-up.ts";
import { chooseOwn, decideAfterLostCreate, decideListed, extraBatches } from "../rules.ts";
import { hasKey, isOwnCreation, mayBeOf } from "./identity.ts";
import type { FileWait } from "./input-file.ts";

/** One create on its way. */
export interface Sending extends CallOptions, Reports {
  readonly part: number;
  readonly body: BatchCreateParams;
  readonly creation: Creation;
  /** Whether a batch with the same key may be taken in its place. */
  readonly reuse: boolean;
  /** Ids of batches that were there before and were not to be taken. */
  readonly passedOver?: ReadonlySet<string> | undefined;
  readonly file: FileWait;
}

/** A batch that a create led to. */
export interface Sent {
  readonly batch: Batch;
  /** As it stands now: how often it was sent, which batch is kept. */
  readonly creation: Creation;
  /** Whether the batch was found on the list after its answer was lost. */
  readonly found: boolean;
  /** Whether it is of this create; else it has the same key, and what this one made was not seen. */
  readonly own: boolean;
}

/**
 * Sends a create until its outcome is known or hopeless. After an answer that was lost the list of
 * batches is read back for as long as it may lag (qwen-code#11874, litellm-docs#1408).
 *
 * @throws {UnknownOutcomeError} when the batch may exist and could not be found
 * @throws {APIError} when the server refused
 */
export async function sendCreate(client: BatchClient, sending: Sending): Promise<Sent> {
  const { part, body, signal, deadline, maxRetries, onEvent } = sending;
  const call = { signal, deadline, maxRetries };
  const mayRetry = (maxRetries ?? client.maxRetries) > 0;
  let unknown: UnknownOutcomeError | undefined;
  for (let sent = 1; ;) {
    const creation = { ...sending.creation, sent };
    onEvent?.({ type: "creating", part, creation });
    try {
      return { batch: await client.batches.create(body, call), creation, found: false, own: true };
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      if (!(error instanceof UnknownOutcomeError)) {
        // Nothing was made by a refusal, so it does not count as sent.
        if (await sending.file.mayTryAgain(error)) continue;
        // A refusal says nothing of the create before it whose answer was lost.
        if (unknown !== undefined) throw unknown;
        onEvent?.({ type: "refused", part, creation, error });
        throw error;
      }
      if (signal?.aborted === true) throw error;
      unknown = error;
      onEvent?.({ type: "outcome-unknown", part, creation, error });
      const { lookUp, own, stranger } = await lookForLost(client, { ...sending, creation });
      const next = decideAfterLostCreate({ lookUp, sent, said: error.created, stranger, mayRetry });
      if (lookUp.state === "found") return { batch: lookUp.found, creation, found: true, own };
      if (next.decision === "give up") throw error;
      sent += 1;
    }
  }
}

/** Looks for the batch whose answer was lost: our own, or where that is allowed one with the same key. */
async function lookForLost(
  client: BatchClient,
  { creation, body, reuse, passedOver, signal, deadline, maxRetries }: Sending,
): Promise<{ readonly lookUp: LookUp<Batch>; readonly own: boolean; readonly stranger: boolean }> {
  let stranger = false;
  const { since } = creation;
  const wanted = (batch: Batch) => {
    const seen = decideListed({
      batch,
      own: isOwnCreation(batch, creation),
      isNew: isSince(batch, since) && passedOver?.has(batch.id) !== true,
      sameKey: reuse && hasKey(batch, creation.key),
      // A list that names no input file either shows nothing but that something is there.
      sameFile: mayBeOf(batch, body.input_file_id) || mayBeOf(batch, ""),
    });
    stranger ||= seen === "stranger";
    return seen === "own" || seen === "take";
  };
  const call = { signal, deadline, maxRetries };
  const looked = await lookForBatches(client, wanted, { ...call, since });
  if (looked.state !== "found") return { lookUp: looked, own: false, stranger };
  const own = chooseOwn(looked.found.filter((batch) => isOwnCreation(batch, creation)));
  const found = own ?? looked.found[0];
  return {
    lookUp: found === undefined ? { state: "absent" } : { state: "found", found },
    own: own !== undefined,
    stranger,
  };
}

/**
 * Looks for further batches of a create, and cancels them: a list that lags longer than was waited shows
 * the first one only after the second was made, or after another's was taken.
 *
 * @param options.own whether the batch that is kept is of the create itself
 * @returns whether all that may be there have been seen
 */
export async function cancelExtras(
  client: BatchClient,
  creation: Creation,
  { own: ours = true, onEvent, ...call }: CallOptions & Reports & { readonly own?: boolean },
): Promise<boolean> {
  const { sent = 1, since, keep } = creation;
  const count = ours ? sent - 1 : sent;
  if (count < 1 || keep === undefined) return true;
  // What is kept is known: waiting until the list shows it too would let the extra one run on.
  const isExtra = (batch: Batch) =>
    isOwnCreation(batch, creation) && extraBatches([batch], keep).length > 0;
  const looked = await lookForBatches(client, isExtra, {
    ...call,
    since,
    count,
  });
  const extras = looked.state === "found" ? looked.found : [];
  for (const batch of extras) {
    onEvent?.({ type: "extra-found", batch, creation });
    try {
      await cancelBatch(client, batch.id, { ...call, onEvent });
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      onEvent?.({ type: "cancel-failed", batchId: batch.id, error });
      return false;
    }
  }
  return extras.length >= count;
}
