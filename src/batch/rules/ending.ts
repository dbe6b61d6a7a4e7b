import type { Batch } from "../../api/types.ts";
import type { Decision } from "../knowledge.ts";
import { type Conclusion, isTerminal, overallStatus, type RequestCounts } from "../status.ts";

/** What is known of a job when it is asked how it stands. */
export interface JobSeen {
  readonly batches: readonly Batch[];
  /** Whether every batch of the job is known, and every request that is to be sent has been sent. */
  readonly complete: boolean;
  /** How many requests the cache has answered. */
  readonly cached: number;
}

/** Whether a job is over: nothing is unsent, unknown or still running. A job without a batch is, where the cache had all. */
export function decideDone({ batches, complete, cached }: JobSeen): Decision<"done" | "open"> {
  if (!complete) return { decision: "open", why: "not all of it is known to have been sent" };
  if (batches.length === 0 && cached === 0) return { decision: "open", why: "it has no batch" };
  return batches.every(isTerminal)
    ? { decision: "done", why: "every batch has ended" }
    : { decision: "open", why: "not every batch has ended" };
}

/** Whether a step may say that it is done: what may be answered and could not be read is no more done than what still runs. */
export function isAllDone(done: boolean, unread: number): boolean {
  return done && unread === 0;
}

/** What is known of a job and of its requests. */
export interface JobSettled extends JobSeen {
  /** Those of the batches that the job is judged by: none whose unanswered requests were sent again. */
  readonly standing: readonly Batch[];
  readonly counts: RequestCounts;
}

/** One word for how a job ended: `pending` as long as anything of it is unknown, unsent or running. */
export function decideConclusion(known: JobSettled): Conclusion {
  const { batches, standing, complete, counts } = known;
  if (!complete) return "pending";
  const allCached = batches.length === 0 && decideDone(known).decision === "done";
  return allCached ? "success" : conclude(standing, counts);
}

/**
 * One word for how the work ended: `pending` until every batch has, `partial` when some requests failed.
 *
 * @example
 * ```ts
 * import { BatchClient, conclude, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, results } = await runBatch(client, {
 *   input: "requests.jsonl",
 *   outputFile: "answers.jsonl",
 * });
 * console.log(conclude(batches, results?.counts ?? { total: 0, completed: 0, failed: 0 })); // success
 * ```
 */
export function conclude(batches: readonly Batch[], counts: RequestCounts): Conclusion {
  if (batches.length === 0 || !batches.every(isTerminal)) return "pending";
  const status = overallStatus(batches);
  if (status === "failed") return "failure";
  if (status === "expired" || status === "cancelled") return status;
  if (counts.failed === 0) return "success";
  return counts.failed >= counts.total ? "failure" : "partial";
}

/** What a conclusion becomes where results could not be read or written, whatever the batches say: it is no success. */
export function withoutResults(conclusion: Conclusion): Conclusion {
  return conclusion === "success" || conclusion === "partial" ? "failure" : conclusion;
}

/** Whether it is a success that no batch was found to do something with. */
export function decideNothingToDo(incomplete: string | undefined): Decision<"success" | "unknown"> {
  return incomplete === undefined
    ? { decision: "success", why: "the list was read to its end" }
    : { decision: "unknown", why: incomplete };
}

/** How many failed requests a step puts up with: a number of requests, or a percentage of all. */
export type FailureLimit = { readonly count: number } | { readonly percent: number };

/** What is known of a job when its step ends. */
export interface StepEnd {
  /** How many batches ended in a way that the step is to fail for, by themselves. */
  readonly bad: number;
  /** Whether the time was up and something is left that has not come to its own end. */
  readonly late: boolean;
  /** How many problems kept results from being read. */
  readonly unreadable: number;
  readonly done: boolean;
  readonly counts: RequestCounts;
  readonly limit: FailureLimit;
}

/** Whether a step succeeds, and if not the gravest reason: the others follow from it, or are told beside it. */
export function decideStepEnd({
  bad,
  late,
  unreadable,
  done,
  counts: { failed, total },
  limit,
}: StepEnd): "ended badly" | "late" | "unreadable" | "too many failures" | "success" {
  if (bad > 0) return "ended badly";
  if (late) return "late";
  if (unreadable > 0) return "unreadable";
  // Hundredths, and a tolerance far below one request: fractions of a percent are not exact in binary.
  const over =
    "count" in limit ? failed > limit.count : failed * 100 > limit.percent * total + 1e-6;
  return done && over ? "too many failures" : "success";
}
