import { plainText } from "./foreign-text.ts";
import type { BatchStatus } from "./types.ts";

const longestWord = 64;

/** The status of a batch whose server names none. */
export const unstated = unlisted("unknown");

/** Words of other servers for the statuses of a batch. */
const words: Readonly<Record<BatchStatus, readonly string[]>> = {
  validating: [
    ...["accepted", "created", "initializing", "new", "pending", "preparing", "queued", "in_queue"],
    ...["queueing", "queuing", "scheduled", "scheduling", "submitted", "not_started", "waiting"],
  ],
  in_progress: ["active", "executing", "processing", "progress", "running", "started"],
  finalizing: ["finalising"],
  completed: [
    ...["complete", "done", "ended", "finished", "succeeded", "success", "successful"],
    ...["partial_success", "partially_completed", "partially_failed", "partially_succeeded"],
    ...["partial_failure", "partial_completion", "partially_complete", "partially_successful"],
  ],
  failed: [
    ...["crashed", "error", "errored", "fail", "failure", "invalid", "rejected"],
    ...["validation_error", "validation_failed", "failed_validation"],
  ],
  expired: ["timed_out", "timeout"],
  cancelling: [
    ...["aborting", "canceling", "cancel_pending", "cancel_requested", "cancellation_requested"],
    ...["pending_cancel", "pending_cancellation", "stopping", "terminating"],
  ],
  cancelled: [
    ...["aborted", "cancel", "canceled", "killed", "stopped", "terminated"],
    ...["cancelled_by_user", "canceled_by_user", "user_cancelled", "user_canceled"],
  ],
};

/** An end that has something to add: `CompletedWithErrors`, `finished_with_warnings`. */
const withRemarks = /^((?:complete|end|finish|succeed)e?d)with[a-z]+$/;

const statusOf: ReadonlyMap<string, BatchStatus> = new Map(
  // The keys of the table are its statuses.
  (Object.entries(words) as [BatchStatus, readonly string[]][]).flatMap(([status, others]) =>
    [status, ...others].map((word) => [squeezed(word), status] as const),
  ),
);

/**
 * The status that a server's word stands for, whatever its capitals, hyphens, gaps and prefix
 * (`JOB_STATE_SUCCEEDED`, `PartiallyCompleted`). A word that nobody knows passes through, and no word
 * is `unknown`: both are reported, and taken for not final.
 */
export function statusOfWord(word: unknown): BatchStatus {
  if (typeof word !== "string") return unstated;
  const plain = plainText(word, longestWord);
  const whole = squeezed(plain);
  const bare = whole.replace(/^(?:batch|job)?(?:state|status)|^(?:batch|job)/, "");
  const end = withRemarks.exec(bare)?.[1] ?? bare;
  const folded = plain.toLowerCase().replace(/[\s-]+/g, "_");
  return statusOf.get(whole) ?? statusOf.get(end) ?? (folded === "" ? unstated : unlisted(folded));
}

/** A word without what servers put between its parts. */
function squeezed(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, "");
}

/** The type lists OpenAI's statuses only, so that it is the official package's; other servers have more. */
function unlisted(word: string): BatchStatus {
  return word as BatchStatus;
}
