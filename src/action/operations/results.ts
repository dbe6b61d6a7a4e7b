import type { Batch } from "../../api/types.ts";
import type { CollectedResults } from "../../batch/results.ts";
import { isTerminal } from "../../batch/status.ts";
import { plural } from "../format.ts";
import type { ResultInputs } from "../inputs.ts";
import type { Step } from "../operation.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import { collectWith } from "./collect-with.ts";

/** Whether the step asks for a file of results. */
export function isWanted({ outputFile, errorFile }: ResultInputs): boolean {
  return outputFile !== undefined || errorFile !== undefined;
}

/** Milliseconds that the results of a step may take beyond its own deadline: they were paid for. */
export const timeToCollect = 10 * 60_000;

/** What the finished ones of these batches have, downloaded if a file is asked for; else `undefined`. */
export async function withResults(
  step: Step,
  batches: readonly Batch[],
  inputs: ResultInputs,
): Promise<CollectedResults | undefined> {
  const { client, toolkit } = step;
  const { outputFile, errorFile } = inputs;
  if (!isWanted(inputs) || batches.length === 0) return undefined;
  const running = batches.filter((batch) => !isTerminal(batch)).length;
  if (running === batches.length) {
    toolkit.notice("No batch has ended yet, so no results were written.");
    return undefined;
  }
  if (running > 0) {
    toolkit.notice(
      `${running} of ${batches.length} batches ${running === 1 ? "has" : "have"} not ended; only the results of the others are written.`,
    );
  }
  const results = await collectWith(step, batches, inputs, {
    outputFile,
    errorFile,
    deadline: client.clock.now() + timeToCollect,
  });
  tellResults(toolkit, results);
  return results;
}

/** Says where results were written, and what about them needs a look. */
export function tellResults(
  toolkit: Pick<Toolkit, "info" | "warning">,
  results: CollectedResults | undefined,
): void {
  if (results === undefined) return;
  const { output, error } = results.lines;
  if (results.outputFile !== undefined) {
    toolkit.info(`Wrote ${plural(output, "answer")} to ${results.outputFile}.`);
  }
  if (results.errorFile !== undefined) {
    const what = results.unexpected > 0 ? "line" : "failed request";
    toolkit.info(`Wrote ${plural(error, what)} to ${results.errorFile}.`);
  }
  if (results.unexpected > 0) {
    toolkit.warning(
      `The server gave ${plural(results.unexpected, "line")} from which no request of the input could be read.`,
    );
  }
  if (results.duplicates > 0) {
    toolkit.warning(
      `The server gave ${plural(results.duplicates, "line")} for requests that had one already; the first answer stands.`,
    );
  }
}
