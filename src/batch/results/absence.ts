import type { Batch } from "../../api/types.ts";
import type { RequestState } from "../knowledge.ts";
import type { Absence } from "./book.ts";

const messages: Readonly<Record<string, string>> = {
  batch_expired: "The batch expired before this request was run.",
  batch_cancelled: "The batch was cancelled before this request was run.",
};

/** What stands in the place of a failure's code for requests that have not come to an end, or are not known to. */
export const openCodes = {
  running: "not_finished",
  unsent: "not_sent",
  unseen: "outcome_unknown",
} as const;

/** What is said of the requests of a batch that has ended whose results do not name them. */
export function absenceBy(batch: Batch, state: RequestState): Absence {
  switch (state.state) {
    case "never-ran":
      return {
        state,
        code: state.code,
        message: messages[state.code] ?? failedBatch(batch),
      };
    case "unknown":
      return { state, code: state.code, message: state.message };
    default:
      return {
        state,
        code: "result_missing",
        message: "The server gave no result for this request.",
      };
  }
}

export function unfinished({ id, status }: Batch): Absence {
  const message = `Batch ${id} was ${status} when its results were collected.`;
  return { state: { state: "pending", message }, code: openCodes.running, message };
}

export function notSent(message: string): Absence {
  return { state: { state: "unsent", message }, code: openCodes.unsent, message };
}

/** A batch of it may run that nobody has seen. */
export function unseen(message: string): Absence {
  const code = openCodes.unseen;
  return { state: { state: "unknown", code, message }, code, message };
}

function failedBatch({ id, errors }: Batch): string {
  return `Batch ${id} failed: ${errors?.data?.[0]?.message ?? "the server gave no reason"}`;
}
