import type { Batch } from "../../api/types.ts";
import { type CollectedResults, collectResults } from "../../batch/results.ts";
import { isTerminal } from "../../batch/status.ts";
import { fetchInput } from "./fetch-input.ts";
import { plural } from "../format.ts";
import type { ResultInputs } from "../inputs.ts";
import type { Step } from "../operation.ts";
import { type Report, reportOf } from "../outputs.ts";
import type { Toolkit } from "../runner/toolkit.ts";

/** Whether the step asks for a file of results. */
export function isWanted({ outputFile, errorFile }: ResultInputs): boolean {
  return outputFile !== undefined || errorFile !== undefined;
}

/** The report of these batches; what the finished ones have is downloaded if a file is asked for. */
export async function withResults(
  step: Step,
  batches: readonly Batch[],
  inputs: ResultInputs,
): Promise<Report> {
  const { client, toolkit, signal } = step;
  const { outputFile, errorFile, order } = inputs;
  if (!isWanted(inputs) || batches.length === 0) return reportOf(batches);
  const running = batches.filter((batch) => !isTerminal(batch)).length;
  if (running === batches.length) {
    toolkit.notice("No batch has ended yet, so no results were written.");
    return reportOf(batches);
  }
  if (running > 0) {
    toolkit.notice(
      `${plural(running, "batch", "batches")} of ${batches.length} have not ended; only the results of the others were written.`,
    );
  }
  const temporaryFolder = process.env["RUNNER_TEMP"];
  await using input = order === "input" ? await fetchInput(step, batches) : undefined;
  const results = await collectResults(client, batches, {
    outputFile,
    errorFile,
    input: input?.scan,
    parts: input?.parts,
    temporaryFolder,
    signal,
  });
  tellResults(toolkit, results);
  return reportOf(batches, results);
}

/** Says where results were written, and what about them needs a look. */
export function tellResults(
  toolkit: Pick<Toolkit, "info" | "warning">,
  results: CollectedResults | undefined,
): void {
  if (results === undefined) return;
  const { completed, failed } = results.counts;
  if (results.outputFile !== undefined) {
    toolkit.info(`Wrote ${plural(completed, "answer")} to ${results.outputFile}.`);
  }
  if (results.errorFile !== undefined) {
    toolkit.info(`Wrote ${plural(failed, "failed request")} to ${results.errorFile}.`);
  }
  if (results.unexpected > 0) {
    toolkit.warning(
      `The server gave ${plural(results.unexpected, "line")} for requests that the input does not have.`,
    );
  }
  if (results.duplicates > 0) {
    toolkit.warning(
      `The server gave ${plural(results.duplicates, "line")} for requests that had one already; the first answer stands.`,
    );
  }
}
