import type { Batch } from "../../api/types.ts";
import type { Decision, KnownBatch } from "../knowledge.ts";
import { isTerminal } from "../status.ts";

/** When unfinished batches are cancelled: the job ends `cancelled` or as a `failure`, or `never`. */
export type CancelOn = "cancelled" | "failure" | "never";

type CancelDecision = Decision<"cancel" | "leave">;

/** Whether a cancel would do anything: some servers turn even a completed batch into a cancelled one. */
export function decideCancel({ status }: Pick<Batch, "status">): CancelDecision {
  if (isTerminal({ status })) return { decision: "leave", why: `it has ended: ${status}` };
  return status === "cancelling"
    ? { decision: "leave", why: "it is being cancelled already" }
    : { decision: "cancel", why: `it is ${status}` };
}

/** Whether a batch has run and its results are being put together: a refused cancel will soon have had nothing to do. */
export function isAboutToEnd({ status }: Pick<Batch, "status">): boolean {
  return status === "finalizing";
}

/** Whether a cancel that was answered with this batch has cancelled it: it may have ended before, or run on. */
export function wasCancelled({ status }: Pick<Batch, "status">): boolean {
  return status === "cancelling" || status === "cancelled";
}

/**
 * Whether the step itself cancels when the runner signals it. A signal does not tell a cancelled
 * workflow from a step that ran out of time, so a job that cancels only on failure leaves it to the
 * post step, which knows how the job ended.
 */
export function decideCancelOnSignal(cancelOn: readonly CancelOn[]): CancelDecision {
  if (cancelOn.includes("never")) return { decision: "leave", why: "`cancel-on` is `never`" };
  return cancelOn.includes("cancelled")
    ? { decision: "cancel", why: "the step was interrupted" }
    : {
        decision: "leave",
        why: "`cancel-on` is `failure`, and only the post step knows how the job ended",
      };
}

/** What the post step knows of the step and the job. */
export interface JobEnd {
  /** Whether the step was to cancel what has not ended (`on-timeout: cancel`, or `operation: cancel`). */
  readonly cancelWanted: boolean;
  /** Whether the runner asked the step to end. */
  readonly interrupted: boolean;
  /** `success`, `failure` or `cancelled`; empty where the runner does not say. */
  readonly jobStatus: string;
  readonly cancelOn: readonly CancelOn[];
}

/**
 * Whether the post step cancels a batch that was found after a create had lost its answer.
 *
 * @param extra whether the step goes by another batch of the same create, so that nobody wants this one
 */
export function decideCancelLost(end: JobEnd, extra: boolean): CancelDecision {
  return extra
    ? { decision: "cancel", why: "a create whose answer was lost made it beside another" }
    : decideCancelAfterJob(end, false);
}

/**
 * Whether the post step cancels a batch that has not ended.
 *
 * @param leftByTimeout whether the step's timeout left it running on purpose: the job's failure for that
 *   timeout is no reason to cancel it, a cancelled workflow is
 */
export function decideCancelAfterJob(
  { cancelWanted, interrupted, jobStatus, cancelOn }: JobEnd,
  leftByTimeout: boolean,
): CancelDecision {
  if (cancelWanted && !leftByTimeout) {
    return {
      decision: "cancel",
      why: "the step was to cancel what had not ended",
    };
  }
  if (cancelOn.includes("never")) return { decision: "leave", why: "`cancel-on` is `never`" };
  if (jobStatus === "failure" && leftByTimeout && !interrupted) {
    return { decision: "leave", why: "the step's timeout was not to cancel it" };
  }
  const named = cancelOn.find((status) => status === jobStatus);
  if (named !== undefined) return { decision: "cancel", why: `the job's status is ${jobStatus}` };
  if (interrupted && cancelOn.includes("cancelled")) {
    return { decision: "cancel", why: "the step was interrupted" };
  }
  return { decision: "leave", why: `the job's status is ${jobStatus || "not known"}` };
}

/**
 * Whether a timeout with `on-timeout: cancel` cancels a batch. Only what this job created, or was asked
 * to wait for by its id: a batch that was adopted from another job may be somebody's who still waits.
 *
 * @param sameOwner whether an adopted batch was created with the metadata that this job gives its own
 */
export function decideCancelAtTimeout(
  { batch, provenance }: Pick<KnownBatch, "batch" | "provenance">,
  sameOwner: boolean,
): CancelDecision {
  const useful = decideCancel(batch);
  if (useful.decision === "leave") return useful;
  return provenance === "adopted" && !sameOwner
    ? { decision: "leave", why: "it was adopted from another run, which may still wait for it" }
    : { decision: "cancel", why: "the time was up" };
}
