import type { Batch, BatchStatus } from "../api/types.ts";

const terminal: ReadonlySet<string> = new Set(["completed", "failed", "expired", "cancelled"]);

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

/** Whether a batch has ended. The status alone tells: servers set timestamps of states not reached. */
export function isTerminal(batch: Batch): boolean {
  return terminal.has(batch.status);
}

/** Whether the API's reference knows a status; others pass through and count as not ended. */
export function isKnownStatus(status: string): status is BatchStatus {
  return statusesByDistance.some((known) => known === status);
}

/** One status for several batches: the one furthest from `completed`. `undefined` for none. */
export function overallStatus(batches: readonly Batch[]): BatchStatus | undefined {
  const unknown = batches.find(({ status }) => !isKnownStatus(status))?.status;
  const worst = statusesByDistance.find((status) =>
    batches.some((batch) => batch.status === status),
  );
  return worst === undefined || worst === "completed" ? (unknown ?? worst) : worst;
}

export type Conclusion = "success" | "partial" | "failure" | "expired" | "cancelled" | "pending";

/** How many requests there are and how they ended. */
export interface RequestCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

/** The API's own counts of several batches, added up. Prefer counts of result lines: these lag and err. */
export function reportedCounts(batches: readonly Batch[]): RequestCounts {
  return batches.reduce(
    (sum, { request_counts: counts }) => ({
      total: sum.total + (counts?.total ?? 0),
      completed: sum.completed + (counts?.completed ?? 0),
      failed: sum.failed + (counts?.failed ?? 0),
    }),
    { total: 0, completed: 0, failed: 0 },
  );
}

/** One word for how the work ended: `pending` until every batch has, `partial` when some requests failed. */
export function conclude(batches: readonly Batch[], counts: RequestCounts): Conclusion {
  if (batches.length === 0 || !batches.every(isTerminal)) return "pending";
  const status = overallStatus(batches);
  if (status === "failed") return "failure";
  if (status === "expired" || status === "cancelled") return status;
  if (counts.failed === 0) return "success";
  return counts.failed >= counts.total ? "failure" : "partial";
}
