import type { Batch } from "../../api/types.ts";
import { isTerminal } from "../../batch/status.ts";
import type { ResultInputs } from "../inputs.ts";
import { countsOfOnly, type Report } from "../outputs.ts";
import type { EndedBatch } from "./status-reporter.ts";

/**
 * How the batches of a step ended, for their commit status; none while one of them still runs.
 *
 * @param failure why the step fails, if it does
 */
export function endingOf(
  report: Report,
  { failOn, outputFile }: Pick<ResultInputs, "failOn" | "outputFile">,
  failure: string | undefined,
): readonly EndedBatch[] {
  const { batches, standing, results } = report;
  if (!batches.every(isSettled)) return [];
  const isBad = ({ status }: Batch) => status === "cancelling" || failOn.includes(status);
  const anyBad = standing.some(isBad);
  // Results that were not asked for, or could not all be downloaded, are still to be collected.
  const written = outputFile !== undefined && results?.problems.length === 0;
  return batches.map((batch) => ({
    batch,
    failed: standing.includes(batch) && (anyBad ? isBad(batch) : failure !== undefined),
    written: written && isTerminal(batch),
    counts: (isTerminal(batch) ? countsOfOnly(report) : undefined) ?? batch.request_counts,
  }));
}

/** How batches stand after a cancel: one that had completed is none the worse for it. */
export function cancelledEnding(batches: readonly Batch[]): readonly EndedBatch[] {
  return batches.filter(isSettled).map((batch) => ({
    batch,
    failed: batch.status !== "completed",
    written: false,
    counts: isTerminal(batch) ? batch.request_counts : undefined,
  }));
}

/** Whether nothing more is to be expected of it. */
function isSettled(batch: Batch): boolean {
  return isTerminal(batch) || batch.status === "cancelling";
}
