import pMap from "p-map";

import { messageOf } from "../../api/errors.ts";
import { afterGrace } from "../../api/retry.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { cancelBatch } from "../../batch/cancel.ts";
import { isTerminal } from "../../batch/status.ts";
import { cancelledEnding } from "../github/ending.ts";
import type { BatchChoice } from "../inputs.ts";
import { reportOf } from "../outputs.ts";
import { describeBatch } from "../progress.ts";
import type { Outcome, Step } from "../operation.ts";
import { choose, nothingToDo } from "./choose.ts";

/** `cancel`: cancels batches; one that has finished is left as it is. */
export async function cancel(step: Step, choice: BatchChoice): Promise<Outcome> {
  const { clock } = step.client;
  const { ids } = await choose(step, choice, isCancellable);
  if (ids.length === 0) {
    step.toolkit.notice("No batch that matches is still running, so none was cancelled.");
    return { report: nothingToDo() };
  }
  // A workflow that is cancelled while it cancels a batch wants the batch cancelled all the more.
  const signal = afterGrace(step.signal, timeToFinish, clock);
  const { batches, failures } = await cancelAll(step, ids, { signal });
  step.reporter.ended(cancelledEnding(batches));
  return {
    report: reportOf(batches),
    failure: failures.length === 0 ? undefined : failures.join("\n"),
  };
}

/** Whether a cancel would do anything. */
function isCancellable(batch: Batch): boolean {
  return !isTerminal(batch) && batch.status !== "cancelling";
}

/** Milliseconds of the 7.5 seconds that a signalled process has. */
const timeToFinish = 5_000;
/** A sweep may find hundreds; servers take only so many calls at once. */
const atOnce = 8;

/** Cancels every one of the batches, also after one could not be. */
export async function cancelAll(
  { client, toolkit }: Step,
  batchIds: readonly string[],
  call: CallOptions,
): Promise<{ readonly batches: readonly Batch[]; readonly failures: readonly string[] }> {
  const cancelled = await pMap(
    batchIds,
    async (id) => {
      try {
        const batch = await cancelBatch(client, id, call);
        toolkit.info(describeBatch(batch));
        return { batch };
      } catch (error) {
        call.signal?.throwIfAborted();
        return { failure: messageOf(error) };
      }
    },
    { concurrency: atOnce },
  );
  return {
    batches: cancelled.flatMap(({ batch }) => batch ?? []),
    failures: cancelled.flatMap(({ failure }) => failure ?? []),
  };
}
