import type { Batch, BatchStatus } from "../api/types.ts";

/** The statuses in which a batch has ended. */
export const terminalStatuses: readonly string[] = ["failed", "expired", "cancelled", "completed"];

/** From the status furthest from `completed` to `completed` itself. */
export const statusesByDistance = [
  "failed",
  "expired",
  "cancelled",
  "cancelling",
  "validating",
  "in_progress",
  "finalizing",
  "completed",
] as const satisfies readonly BatchStatus[];

/**
 * Whether a batch has ended. The status alone tells: servers set timestamps of states not reached.
 *
 * @example
 * ```ts
 * import { type Batch, isTerminal } from "openai-batch-action";
 *
 * const batch: Batch = {
 *   id: "batch_1",
 *   object: "batch",
 *   endpoint: "/v1/chat/completions",
 *   input_file_id: "file-1",
 *   completion_window: "24h",
 *   created_at: 1_767_225_600,
 *   status: "cancelling",
 * };
 * console.log(isTerminal(batch)); // false
 * console.log(isTerminal({ ...batch, status: "cancelled" })); // true
 * ```
 */
export function isTerminal(batch: Pick<Batch, "status">): boolean {
  return terminalStatuses.includes(batch.status);
}

/** Whether the API's reference knows a status; others pass through and count as not ended. */
export function isKnownStatus(status: string): status is BatchStatus {
  return statusesByDistance.some((known) => known === status);
}

/**
 * One status for several batches: the one furthest from `completed`. `undefined` for none.
 *
 * From there: `failed`, `expired`, `cancelled`, `cancelling`, `validating`, `in_progress`, `finalizing`, `completed`.
 */
export function overallStatus(batches: readonly Batch[]): BatchStatus | undefined {
  const unknown = batches.find(({ status }) => !isKnownStatus(status))?.status;
  const worst = statusesByDistance.find((status) =>
    batches.some((batch) => batch.status === status),
  );
  return worst === undefined || worst === "completed" ? (unknown ?? worst) : worst;
}

/** How work of one or more batches ended, in one word. */
export type Conclusion = "success" | "partial" | "failure" | "expired" | "cancelled" | "pending";

/** How many requests there are and how they ended. */
export interface RequestCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

/** Counts of several batches, or of several files, added up. */
export function sumCounts(all: readonly RequestCounts[]): RequestCounts {
  return all.reduce(
    (sum, { total, completed, failed }) => ({
      total: sum.total + total,
      completed: sum.completed + completed,
      failed: sum.failed + failed,
    }),
    { total: 0, completed: 0, failed: 0 },
  );
}

/** The API's own counts of several batches, added up. Prefer counts of result lines: these lag and err. */
export function reportedCounts(batches: readonly Batch[]): RequestCounts {
  return sumCounts(batches.flatMap(({ request_counts: counts }) => counts ?? []));
}
