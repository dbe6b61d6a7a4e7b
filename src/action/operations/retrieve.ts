import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { BatchChoice, ResultInputs } from "../inputs.ts";
import { type Report, reportOf, writeOutputs } from "../outputs.ts";
import { describeBatch } from "../progress.ts";
import type { Outcome, Step } from "../operation.ts";
import { verdict } from "../verdict.ts";
import { choose, nothingToDo } from "./choose.ts";

/** `retrieve`: reads batches once, and collects the results of finished ones if asked. */
export async function retrieve(
  step: Step,
  choice: BatchChoice,
  results: ResultInputs,
): Promise<Outcome> {
  const { toolkit } = step;
  const chosen = await choose(step, choice);
  if (chosen.ids.length === 0) {
    toolkit.notice("No batch matches, so none was read.");
    return { report: nothingToDo() };
  }
  // The list has told all of those that it was asked for.
  const { batches, failures } =
    chosen.batches.length > 0
      ? { batches: chosen.batches, failures: [] }
      : await readEach(step, chosen.ids);
  for (const batch of batches) toolkit.info(describeBatch(batch));
  writeOutputs(toolkit, reportOf(batches));
  const report = await resultsOf(step, batches, results);
  const failure = [...failures, verdict(report, results)].filter(Boolean).join("\n") || undefined;
  return { report, failure };
}

async function readEach({ client, signal }: Step, batchIds: readonly string[]) {
  const batches: Batch[] = [];
  const failures: string[] = [];
  for (const id of batchIds) {
    try {
      batches.push(await client.batches.retrieve(id, { signal }));
    } catch (error) {
      if (!(error instanceof APIError) || batchIds.length === 1) throw error;
      failures.push(error.message);
    }
  }
  return { batches, failures };
}

/** What collects results is loaded for them alone: a look at a batch should take no longer than its call. */
async function resultsOf(
  step: Step,
  batches: readonly Batch[],
  results: ResultInputs,
): Promise<Report> {
  if (results.outputFile === undefined && results.errorFile === undefined) return reportOf(batches);
  const { withResults } = await import("./results.ts");
  return withResults(step, batches, results);
}
