import { listBatches } from "../../batch/list.ts";
import { plural } from "../format.ts";
import type { ListInputs } from "../inputs.ts";
import { reportOf } from "../outputs.ts";
import { describeBatch } from "../progress.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { nothingToDo, warnOfMissed } from "./choose.ts";

/** Milliseconds that a list of every batch may take. */
const timeLimit = 30 * 60_000;

/** `list`: the organization's batches, newest first, filtered, up to the limit. */
export async function list(
  { client, toolkit, signal }: Step,
  inputs: ListInputs,
): Promise<StepOutcome> {
  const { batches, hasMore, lastId, incomplete } = await listBatches(client, {
    limit: inputs.limit === 0 ? undefined : inputs.limit,
    after: inputs.after,
    metadata: inputs.metadata,
    statuses: inputs.statuses,
    signal,
    deadline: client.clock.now() + timeLimit,
  });
  toolkit.startGroup(plural(batches.length, "batch", "batches"));
  for (const batch of batches) toolkit.info(describeBatch(batch));
  toolkit.endGroup();
  warnOfMissed(toolkit, { incomplete });
  toolkit.setOutput("has-more", hasMore);
  toolkit.setOutput("last-id", lastId ?? "");
  const none = batches.length === 0 && !hasMore;
  return { report: none ? nothingToDo(incomplete) : reportOf(batches) };
}
