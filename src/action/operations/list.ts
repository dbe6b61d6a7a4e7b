import { listBatches } from "../../batch/list.ts";
import { plural } from "../format.ts";
import type { ListInputs } from "../inputs.ts";
import { reportOf } from "../outputs.ts";
import { describeBatch } from "../progress.ts";
import type { Outcome, Step } from "../operation.ts";

/** `list`: the organization's batches, newest first, filtered, up to the limit. */
export async function list(
  { client, toolkit, signal }: Step,
  inputs: ListInputs,
): Promise<Outcome> {
  const { batches, hasMore, lastId } = await listBatches(client, {
    limit: inputs.limit === 0 ? undefined : inputs.limit,
    after: inputs.after,
    metadata: inputs.metadata,
    statuses: inputs.statuses,
    signal,
  });
  toolkit.startGroup(plural(batches.length, "batch", "batches"));
  for (const batch of batches) toolkit.info(describeBatch(batch));
  toolkit.endGroup();
  toolkit.setOutput("has-more", hasMore);
  toolkit.setOutput("last-id", lastId ?? "");
  return { report: reportOf(batches) };
}
