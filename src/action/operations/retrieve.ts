import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { ResultInputs } from "../inputs.ts";
import { type Report, reportOf, writeOutputs } from "../outputs.ts";
import { describeBatch } from "../progress.ts";
import type { Outcome, Step } from "../step.ts";
import { verdict } from "../verdict.ts";

/** `retrieve`: reads batches once, and collects the results of finished ones if asked. */
export async function retrieve(
  step: Step,
  batchIds: readonly string[],
  results: ResultInputs,
): Promise<Outcome> {
  const { client, toolkit, signal } = step;
  const batches: Batch[] = [];
  const failures: string[] = [];
  for (const id of batchIds) {
    try {
      const batch = await client.batches.retrieve(id, { signal });
      batches.push(batch);
      toolkit.info(describeBatch(batch));
    } catch (error) {
      if (!(error instanceof APIError) || batchIds.length === 1) throw error;
      failures.push(error.message);
    }
  }
  writeOutputs(toolkit, reportOf(batches));
  const report = await resultsOf(step, batches, results);
  const failure = [...failures, verdict(report, results)].filter(Boolean).join("\n") || undefined;
  return { report, failure };
}

/** What collects results is loaded for them alone: a look at a batch should take no longer than its call. */
async function resultsOf(
  step: Step,
  batches: readonly Batch[],
  results: ResultInputs,
): Promise<Report> {
  if (results.outputFile === undefined && results.errorFile === undefined) return reportOf(batches);
  const { withResults } = await import("./wait.ts");
  return withResults(step, batches, results);
}
