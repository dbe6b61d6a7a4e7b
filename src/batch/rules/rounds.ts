import type { Batch } from "../../api/types.ts";
import type { Decision, KnownBatch } from "../knowledge.ts";
import { worthOf } from "./create.ts";

/** What is known when a round has ended. */
export interface AfterRound {
  /** The round that would follow, from 1. */
  readonly round: number;
  /** How many rounds are wanted, those that an earlier run has paid for not counted. */
  readonly rounds: number;
  /** How many requests are known to be unanswered for a transient reason. */
  readonly resendable: number;
  /** A batch of this run that was cancelled while it was followed. */
  readonly cancelled: Batch | undefined;
}

/**
 * Whether requests are sent again in another round. What was cancelled on purpose, by anybody, stays
 * cancelled: a batch that is wrong or too expensive must not come back.
 */
export function decideRetryRound(known: AfterRound): Decision<"resend" | "end"> {
  const { round, rounds, resendable, cancelled } = known;
  if (resendable === 0) return { decision: "end", why: "no request is left to be sent again" };
  if (rounds === 0) return { decision: "end", why: "no retry round is wanted" };
  if (cancelled !== undefined) {
    return { decision: "end", why: `${cancelled.id} was cancelled, so it stays cancelled` };
  }
  return round <= rounds
    ? { decision: "resend", why: "they failed for a transient reason" }
    : { decision: "end", why: "every retry round was used" };
}

/** Whether a batch was cancelled while this job followed it; what was cancelled before is another matter. */
export function wasCancelledMeanwhile({ batch, takenAs }: KnownBatch): boolean {
  return isCancelled(batch.status) && !isCancelled(takenAs);
}

/** Whether a batch was taken for the answers that it has, having ended early in an earlier run. */
export function isTakenInPart({ batch, provenance, takenAs }: KnownBatch): boolean {
  return provenance === "adopted" && takenAs === batch.status && worthOf(batch) === "part";
}

function isCancelled(status: string): boolean {
  return status === "cancelled" || status === "cancelling";
}
