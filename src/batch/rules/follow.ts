import { identityExpired } from "../../api/auth-errors.ts";
import { isTransient } from "../../api/retry.ts";
import type { Decision, FailedLook } from "../knowledge.ts";

/** Looks in a row that a refused credential, or an id that is not found, has to last before it counts. */
const maxRefusals = 5;
/** Milliseconds, beside the looks, before an id that was never seen is given up: it may be new. */
const newcomer = 10_000;
/** Milliseconds, beside the looks, before a batch that was seen counts as gone. */
const patience = 30_000;

/**
 * What a look that failed says of the wait. One refusal ends nothing: gateways answer with pages of
 * their own, and a batch that was there is taken to be there still.
 *
 * - `go on`: looked at again at the next round
 * - `unknown id`: the server has never shown such a batch, and goes on saying that there is none
 * - `gone`: a batch that was seen is not there any more
 * - `stop`: the server refuses every look
 */
export function decideAfterFailedLook(
  look: FailedLook,
): Decision<"go on" | "unknown id" | "gone" | "stop"> {
  const { error, seen, inARow, since } = look;
  const transient: boolean = isTransient(error);
  if (transient) return { decision: "go on", why: "the error is transient" };
  const { status, code } = error;
  if (code === identityExpired) {
    return { decision: "stop", why: "the job may not ask for an identity any longer" };
  }
  if (status === undefined || status === 401 || status === 403) {
    // A key that never worked will not work later; one that did may be refused by a gateway in between.
    return !seen || inARow >= maxRefusals
      ? { decision: "stop", why: "the server refuses to show the batches" }
      : { decision: "go on", why: "one refusal does not end a wait" };
  }
  if (!seen) {
    return inARow > 1 && since >= newcomer
      ? { decision: "unknown id", why: "the server knows no such batch" }
      : { decision: "go on", why: "a batch that was just made may not be found yet" };
  }
  return inARow >= maxRefusals && since >= patience
    ? { decision: "gone", why: "the batch was there and is not any more" }
    : { decision: "go on", why: "a batch that was there is taken to be there still" };
}

/** Rounds without a change on the list after which one batch is retrieved to see whether the list is stale. */
const firstDoubt = 3;
const longestDoubt = 30;

/**
 * Whether the list is to be checked against a retrieve: some servers' lists lag behind, or never move
 * (aimock moves a batch on only when it is retrieved).
 *
 * @param quiet rounds in a row in which nothing moved on the list
 * @param checks how often it was checked since something moved
 * @param last whether no look follows: what is said then is what it shows
 */
export function decideListCheck(
  quiet: number,
  checks: number,
  last = false,
): Decision<"check" | "trust"> {
  const due = last ? 1 : Math.min(firstDoubt * 2 ** checks, longestDoubt);
  return quiet >= due
    ? { decision: "check", why: `nothing has moved on the list for ${quiet} looks` }
    : { decision: "trust", why: "the list moves" };
}
