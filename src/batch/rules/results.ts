import type { Batch } from "../../api/types.ts";
import type { Decision, RequestState, ResultFile } from "../knowledge.ts";

/** Whether a request is sent again by a retry round: only what is known to be unanswered is. */
export function decideResend(request: RequestState): Decision<"resend" | "keep"> {
  switch (request.state) {
    case "failed":
      return request.transient
        ? { decision: "resend", why: `it failed with ${request.code}, which is transient` }
        : { decision: "keep", why: `it failed with ${request.code}, which no retry changes` };
    case "never-ran":
      return request.transient
        ? { decision: "resend", why: `the server says that it never ran (${request.code})` }
        : { decision: "keep", why: `its batch was refused (${request.code})` };
    case "missing":
      return { decision: "resend", why: "complete result files do not name it" };
    case "answered":
      return { decision: "keep", why: "it is answered" };
    case "unsent":
    case "pending":
      return { decision: "keep", why: request.message };
    case "unknown":
      return { decision: "keep", why: `it may be answered: ${request.message}` };
  }
}

/**
 * Whether a batch may be recorded as collected: every file that it has was read whole, or is known to
 * be gone for good. An unknown file is never recorded.
 */
export function decideRecord(files: readonly ResultFile[]): Decision<"record" | "leave"> {
  const open = files.find(({ state }) => state === "incomplete" || state === "not yet there");
  return open === undefined
    ? { decision: "record", why: "every result file was read whole" }
    : { decision: "leave", why: "why" in open ? open.why : "a result file is not whole" };
}

/** Whether a batch that has ended should have result files that it does not name yet. */
export function expectsFile({
  status,
  request_counts: counts,
  output_file_id: output,
  error_file_id: errors,
}: Batch): boolean {
  if (status === "failed") return false;
  if (output !== undefined) return false;
  if (counts !== undefined && counts.total > 0) {
    return counts.completed > 0 || (counts.failed > 0 && errors === undefined);
  }
  return errors === undefined;
}
