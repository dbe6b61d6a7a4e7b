import { afterGrace } from "../../api/retry.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { cancelBatch } from "../../batch/cancel.ts";
import { reportOf } from "../outputs.ts";
import { describeBatch } from "../progress.ts";
import type { Outcome, Step } from "../step.ts";

/** `cancel`: cancels batches; one that has finished is left as it is. */
export async function cancel(step: Step, batchIds: readonly string[]): Promise<Outcome> {
  const { clock } = step.client;
  // A workflow that is cancelled while it cancels a batch wants the batch cancelled all the more.
  const signal = afterGrace(step.signal, timeToFinish, clock);
  const { batches, failures } = await cancelAll(step, batchIds, { signal });
  return {
    report: reportOf(batches),
    failure: failures.length === 0 ? undefined : failures.join("\n"),
  };
}

/** Milliseconds of the 7.5 seconds that a signalled process has. */
const timeToFinish = 5_000;

/** Cancels every one of the batches, also after one could not be. */
export async function cancelAll(
  { client, toolkit }: Step,
  batchIds: readonly string[],
  call: CallOptions,
): Promise<{ readonly batches: readonly Batch[]; readonly failures: readonly string[] }> {
  const batches: Batch[] = [];
  const failures: string[] = [];
  for (const id of batchIds) {
    try {
      const batch = await cancelBatch(client, id, call);
      batches.push(batch);
      toolkit.info(describeBatch(batch));
    } catch (error) {
      call.signal?.throwIfAborted();
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { batches, failures };
}
