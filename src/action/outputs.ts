import type { Batch } from "../api/types.ts";
import type { CollectedResults } from "../batch/results.ts";
import { sumUsage, type TokenUsage } from "../batch/results/usage.ts";
import {
  conclude,
  type Conclusion,
  isTerminal,
  overallStatus,
  reportedCounts,
  type RequestCounts,
} from "../batch/status.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** What a step knows about its batches; the source of outputs, log, summary and verdict alike. */
export interface Report {
  readonly batches: readonly Batch[];
  /** Those of them that the status and the verdict go by. */
  readonly standing: readonly Batch[];
  readonly done: boolean;
  readonly conclusion: Conclusion;
  readonly counts: RequestCounts;
  readonly usage: TokenUsage | undefined;
  /** Once the result lines have been read. */
  readonly results: CollectedResults | undefined;
}

/**
 * @param superseded ids of batches whose unanswered requests another one has sent again; how they
 *   ended says nothing about the work any more
 * @param complete whether all that is to be sent has been sent and has ended
 */
export function reportOf(
  batches: readonly Batch[],
  results?: CollectedResults,
  superseded: ReadonlySet<string> = new Set(),
  complete = true,
): Report {
  // Lines tell nothing of requests that still run.
  const counts = (complete ? results?.counts : undefined) ?? reportedCounts(batches);
  const standing = batches.filter(({ id }) => !superseded.has(id));
  return {
    batches,
    standing,
    done: complete && batches.length > 0 && batches.every(isTerminal),
    conclusion: complete ? conclude(standing, counts) : "pending",
    counts,
    usage: results?.usage ?? reportedUsage(batches),
    results,
  };
}

/** Writes every output that names something about batches; called again whenever more is known. */
export function writeOutputs(toolkit: Pick<Toolkit, "setOutput">, report: Report): void {
  const { batches, counts, usage, results } = report;
  const ids = (key: "id" | "input_file_id" | "output_file_id" | "error_file_id") =>
    batches
      .map((batch) => batch[key])
      .filter(Boolean)
      .join(",");
  const values: Readonly<Record<string, string | number | boolean>> = {
    "batch-id": ids("id"),
    "input-file-id": ids("input_file_id"),
    "output-file-id": ids("output_file_id"),
    "error-file-id": ids("error_file_id"),
    status: overallStatus(report.standing) ?? "",
    done: report.done,
    conclusion: report.conclusion,
    "request-total": counts.total,
    "request-completed": counts.completed,
    "request-failed": counts.failed,
    "input-tokens": usage?.input ?? "",
    "output-tokens": usage?.output ?? "",
    "total-tokens": usage?.total ?? "",
    "output-file": results?.outputFile ?? "",
    "error-file": results?.errorFile ?? "",
    batches: JSON.stringify(batches),
  };
  for (const [name, value] of Object.entries(values)) {
    // An id that was told once is never taken back: a later step may need it.
    if (batches.length > 0 || !name.endsWith("-id")) toolkit.setOutput(name, value);
  }
}

function reportedUsage(batches: readonly Batch[]): TokenUsage | undefined {
  const known = batches.flatMap(({ usage }) => usage ?? []);
  return sumUsage(
    known.map((usage) => ({
      input: usage.input_tokens,
      output: usage.output_tokens,
      total: usage.total_tokens,
      cachedInput: usage.input_tokens_details.cached_tokens,
      reasoning: usage.output_tokens_details.reasoning_tokens,
    })),
  );
}
