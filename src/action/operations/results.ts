import type { Batch } from "../../api/types.ts";
import type { CollectedResults } from "../../batch/results.ts";
import { isTerminal } from "../../batch/status.ts";
import { errorLines } from "../counts.ts";
import { formatCount, plural } from "../format.ts";
import type { ResultInputs } from "../inputs.ts";
import type { Step } from "../operation.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import { collectWith } from "./collect-with.ts";

/** Whether the step asks for something that only the result lines have. */
export function isWanted(inputs: ResultInputs): boolean {
  const { outputFile, errorFile, answersFile, rejectAnswers } = inputs;
  const files = [outputFile, errorFile, answersFile];
  return files.some((file) => file !== undefined) || rejectAnswers.length > 0;
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
  const { outputFile, errorFile, answersFile } = inputs;
  if (!isWanted(inputs) || batches.length === 0) return undefined;
  const running = batches.filter((batch) => !isTerminal(batch)).length;
  if (running === batches.length) {
    toolkit.notice("No batch had ended when last seen, so no results were written.");
    return undefined;
  }
  if (running > 0) {
    toolkit.notice(
      `${running} of ${batches.length} batches had not ended when last seen; only the results of the others are written.`,
    );
  }
  const results = await collectWith(step, batches, inputs, {
    outputFile,
    errorFile,
    answersFile,
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
  const { output } = results.lines;
  if (results.outputFile !== undefined) {
    toolkit.info(`Wrote ${plural(output, "answer")} to ${results.outputFile}.`);
  }
  if (results.errorFile !== undefined) {
    toolkit.info(`Wrote ${errorLines(results)} to ${results.errorFile}.`);
  }
  if (results.answersFile !== undefined) {
    toolkit.info(
      `Wrote ${plural(results.lines.answers, "row")} of answers to ${results.answersFile}.`,
    );
  }
  tellUnusable(toolkit, results);
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

function countOf(failed: number): string {
  return failed === 1 ? "counts" : "count";
}

/** Says which answers cannot be used as they are, and what the file of answers lacks. */
function tellUnusable(
  toolkit: Pick<Toolkit, "warning">,
  { unusable, keysLeftOut }: CollectedResults,
): void {
  const total = unusable.reduce((sum, { count }) => sum + count, 0);
  if (total > 0) {
    const kinds = unusable
      .map(({ count, problem }) => `${formatCount(count)} ${problem}`)
      .join(", ");
    const rejected = unusable.filter((group) => group.rejected);
    const failed = rejected.reduce((sum, { count }) => sum + count, 0);
    const theyCount = total === 1 ? "it counts" : "they count";
    const who = failed === total ? theyCount : `${formatCount(failed)} of them ${countOf(failed)}`;
    const counted =
      failed === 0 ? `${theyCount} as answered (see \`reject-answers\`)` : `${who} as failed`;
    toolkit.warning(
      `${plural(total, "answer")} may not be usable: ${kinds}; ${counted}. The summary says what to change.`,
    );
  }
  if (keysLeftOut > 0) {
    toolkit.warning(
      `${plural(keysLeftOut, "answer")} in JSON ${keysLeftOut === 1 ? "has" : "have"} keys for which the CSV has no column, since there are more than 1,000; the column \`answer\` holds them all.`,
    );
  }
}
