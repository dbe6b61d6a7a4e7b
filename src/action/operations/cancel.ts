import type { Batch } from "../../api/types.ts";
import { cancelBatch } from "../../batch/cancel.ts";
import { reportOf } from "../outputs.ts";
import { describeBatch } from "../progress.ts";
import type { Outcome, Step } from "../step.ts";

/** `cancel`: cancels batches; one that has finished is left as it is. */
export async function cancel(step: Step, batchIds: readonly string[]): Promise<Outcome> {
  const { batches, failures } = await cancelAll(step, batchIds);
  return {
    report: reportOf(batches),
    failure: failures.length === 0 ? undefined : failures.join("\n"),
  };
}

/** Cancels every one of the batches, also after one could not be. */
export async function cancelAll(
  { client, toolkit }: Step,
  batchIds: readonly string[],
): Promise<{ readonly batches: readonly Batch[]; readonly failures: readonly string[] }> {
  const batches: Batch[] = [];
  const failures: string[] = [];
  for (const id of batchIds) {
    try {
      const batch = await cancelBatch(client, id);
      batches.push(batch);
      toolkit.info(describeBatch(batch));
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { batches, failures };
}
