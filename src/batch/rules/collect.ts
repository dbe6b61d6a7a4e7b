import type { Batch } from "../../api/types.ts";
import type { Decision } from "../knowledge.ts";
import { ranNothing } from "./create.ts";

/**
 * Whether nothing of a batch can be lost: it was refused as a whole and names no result files. Of
 * any other status, files that are not named may only be late.
 */
export function hasNothingToLose(batch: Batch): boolean {
  return ranNothing(batch) && batch.error_file_id === undefined;
}

/** What becomes of a batch whose results could not be collected: what is gone for good is not tried again. */
export function decideFailedCollect(code: string | null | undefined): Decision<"record" | "leave"> {
  return code === "results_gone"
    ? { decision: "record", why: "its results are gone for good" }
    : { decision: "leave", why: "its results may be there yet" };
}

/** What is known of a batch whose results a step has claimed, once its job has ended. */
export interface ClaimedBatch {
  /** Whether its results have been written, or are known to be gone. */
  readonly written: boolean;
  /** Whether there is nothing that could be lost with the runner. */
  readonly empty: boolean;
  /** Whether the step was cut short: it was interrupted, or never came to its own end. */
  readonly cutShort: boolean;
  /** `success`, `failure` or `cancelled`; empty where the runner does not say. */
  readonly jobStatus: string;
}

/**
 * Whether a claimed batch counts as collected. Written files are still on the runner, and are lost with
 * it unless a later step of the job takes them off; whether one did is known only once the job has
 * succeeded.
 */
export function decideSettlement(batch: ClaimedBatch): Decision<"record" | "release"> {
  const { written, empty, cutShort, jobStatus } = batch;
  if (!written) return { decision: "release", why: "its results were not written" };
  if (empty) return { decision: "record", why: "it has no results that could be lost" };
  if (cutShort) return { decision: "release", why: "the step was cut short" };
  return jobStatus === "success"
    ? { decision: "record", why: "the job has succeeded" }
    : { decision: "release", why: `the job's status is ${jobStatus || "not known"}` };
}
