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
  in_progress: [
    "active",
    "executing",
    "inprogress",
    "processing",
    "progress",
    "running",
    "started",
  ],
  finalizing: ["finalising"],
  completed: [
    ...["complete", "completed_with_errors", "completed_with_failures", "done", "ended"],
    ...["finished", "partially_completed", "partially_succeeded", "succeeded", "success"],
    "successful",
  ],
  failed: ["error", "errored", "fail", "failure", "rejected"],
  expired: ["timed_out", "timedout", "timeout"],
  cancelling: ["aborting", "cancel_requested", "canceling", "stopping"],
  cancelled: ["aborted", "cancel", "canceled", "stopped"],
};

const statusOf: ReadonlyMap<string, BatchStatus> = new Map(
  // The keys of the table are its statuses.
  (Object.entries(words) as [BatchStatus, readonly string[]][]).flatMap(([status, others]) =>
    [status, ...others].map((word) => [word, status] as const),
  ),
);

/**
 * The status that a server's word stands for, whatever its capitals, hyphens and prefix
 * (`JOB_STATE_SUCCEEDED`). A word that nobody knows passes through, and no word is `unknown`: both
 * are reported, and taken for not final.
 */
export function statusOfWord(word: unknown): BatchStatus {
  if (typeof word !== "string") return unstated;
  const folded = plainText(word, longestWord)
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  const bare = folded.replace(/^(?:batch_|job_)?(?:state_|status_)|^(?:batch_|job_)/, "");
  return (
    statusOf.get(folded) ?? statusOf.get(bare) ?? (folded === "" ? unstated : unlisted(folded))
  );
}

/** The type lists OpenAI's statuses only, so that it is the official package's; other servers have more. */
function unlisted(word: string): BatchStatus {
  return word as BatchStatus;
}
