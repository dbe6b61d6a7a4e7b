import type { Batch } from "../api/types.ts";
import { openCodes } from "../batch/results/absence.ts";
import type { CollectedResults } from "../batch/results.ts";
import { isTerminal, reportedCounts, type RequestCounts, sumCounts } from "../batch/status.ts";
import { plural } from "./format.ts";

/** What the API counts, and what it was never asked. */
export function countsByServer(batches: readonly Batch[], cached: number): RequestCounts {
  return sumCounts([reportedCounts(batches), { total: cached, completed: cached, failed: 0 }]);
}

/**
 * What the lines count of requests that have come to an end, and the API of those that still run: the lines
 * know of answers that are rejected and of requests that never ran. Requests that no batch is known to hold
 * are left out.
 */
export function countsSoFar(
  batches: readonly Batch[],
  { counts, failures }: Pick<CollectedResults, "counts" | "failures">,
): RequestCounts {
  const [running, away] = [
    countOf(failures, [openCodes.running]),
    countOf(failures, [openCodes.unsent, openCodes.unseen]),
  ];
  const ended = {
    total: counts.total - away,
    completed: counts.completed,
    failed: counts.failed - away - running,
  };
  if (running === 0) return ended;
  const { completed, failed } = reportedCounts(batches.filter((batch) => !isTerminal(batch)));
  return sumCounts([ended, { total: 0, completed, failed }]);
}

/** `2 failed requests`; `2 lines` where some of them are of requests that have not failed, or of none. */
export function errorLines({ lines, failures, unexpected }: CollectedResults): string {
  const others = unexpected + countOf(failures, Object.values(openCodes));
  return plural(lines.error, others > 0 ? "line" : "failed request");
}

function countOf(failures: CollectedResults["failures"], codes: readonly string[]): number {
  return failures
    .filter(({ code }) => codes.includes(code))
    .reduce((sum, { count }) => sum + count, 0);
}
