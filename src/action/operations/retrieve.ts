import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { BatchChoice, ResultInputs } from "../inputs.ts";
import { failedReport, reportOf, writeIds } from "../outputs.ts";
import { explain } from "../explain.ts";
import { describeBatch } from "../progress.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { verdict } from "../verdict.ts";
import { choose, nothingToDo } from "./choose.ts";
import { withResults } from "./results.ts";

/** Milliseconds that the looks at the batches may take. */
const timeLimit = 30 * 60_000;

/** `retrieve`: reads batches once, and collects the results of finished ones if asked. */
export async function retrieve(
  step: Step,
  choice: BatchChoice,
  results: ResultInputs,
): Promise<StepOutcome> {
  const { toolkit } = step;
  const chosen = await choose(step, choice);
  if (chosen.ids.length === 0) {
    toolkit.notice("No batch matches, as far as the list shows, so none was read.");
    return { report: nothingToDo(chosen.incomplete), failure: chosen.incomplete };
  }
  // The list has shown all of those that it was asked for.
  const { batches, failures } =
    chosen.batches.length > 0
      ? { batches: chosen.batches, failures: [] }
      : await readEach(step, chosen.ids);
  for (const batch of batches) toolkit.info(describeBatch(batch));
  writeIds(toolkit, { batches, ids: batches.map(({ id }) => id) });
  const { found, unread } = await readResults(step, batches, results);
  const read = reportOf(batches, { results: found, complete: failures.length === 0 });
  const report = unread === undefined ? read : failedReport(read);
  const against = [...failures, unread, verdict(report, results)];
  return { report, failure: against.filter(Boolean).join("\n") || undefined };
}

/** The results, or why there are none: what is known of the batches is told all the same. */
async function readResults(step: Step, batches: readonly Batch[], inputs: ResultInputs) {
  try {
    return { found: await withResults(step, batches, inputs), unread: undefined };
  } catch (error) {
    if (step.signal.aborted) throw error;
    return { found: undefined, unread: explain(error) };
  }
}

async function readEach({ client, signal }: Step, batchIds: readonly string[]) {
  const deadline = client.clock.now() + timeLimit;
  const batches: Batch[] = [];
  const failures: string[] = [];
  for (const id of batchIds) {
    try {
      batches.push(await client.batches.retrieve(id, { signal, deadline }));
    } catch (error) {
      if (!(error instanceof APIError) || batchIds.length === 1) throw error;
      failures.push(error.message);
    }
  }
  return { batches, failures };
}
