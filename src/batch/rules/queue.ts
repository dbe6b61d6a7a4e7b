import { formatCount, plural } from "../format.ts";
import type { Decision } from "../knowledge.ts";

/** How OpenAI names the limit: `Limit: 90,000 enqueued tokens.` */
const named = /\blimit:?\s*(\d[\d,]*)\s+enqueued tokens/i;

/** How many tokens a model's batches may have enqueued, where the server's words name it. */
export function enqueuedLimitIn(words: string): number | undefined {
  const digits = named.exec(words)?.[1]?.replaceAll(",", "");
  return digits === undefined ? undefined : Number(digits);
}

/** What is known before a part is sent. */
export interface RoomForPart {
  /** How many tokens the model's batches may have enqueued; `undefined` while the server has not said. */
  readonly limit: number | undefined;
  /** Of this job's own batches of the model that are in flight, by estimate. */
  readonly enqueued: number;
  /** Of the part, by estimate. */
  readonly tokens: number;
}

/**
 * Whether a part is sent now. Beside nothing of our own it is: the estimate may be wrong, others' batches
 * may have been in the way, and a batch that is turned away costs nothing.
 */
export function decideSendPart({
  limit,
  enqueued,
  tokens,
}: RoomForPart): Decision<"send" | "hold"> {
  if (limit === undefined) return { decision: "send", why: "no limit is known" };
  if (enqueued === 0) return { decision: "send", why: "nothing of this job is enqueued" };
  return enqueued + tokens <= limit
    ? { decision: "send", why: "there is room for it" }
    : {
        decision: "hold",
        why: `it has about ${plural(tokens, "token")}, about ${formatCount(enqueued)} are enqueued, and the server allows ${formatCount(limit)}`,
      };
}

/** How often a part that is turned away is tried again when no other of the same job is in flight. */
const maxAlone = 5;

/** What is known of a part that the server has turned away, because too many tokens are enqueued. */
export interface TurnedAway extends RoomForPart {
  /** How many batches of this job are in flight, of whatever model. */
  readonly inFlight: number;
  /** How often it was turned away while none was, this time included. */
  readonly alone: number;
  /** How many parts the job has. */
  readonly parts: number;
  /** Of the part; 1 for one that cannot be divided. */
  readonly requests: number;
}

/**
 * What becomes of a part that was turned away.
 *
 * - `wait`: room comes when others end, of this job or of the same account
 * - `halve`: it is too large for the limit that the server names, or has found no room for half an hour in
 *   which nothing of this job was in its way: the limit may not be named, and what images hold is not estimated
 * - `too large`: it is a single request that is larger than the limit; others may still fit
 * - `give up`: no room was found, and nothing is left to be divided
 */
export function decideTurnedAway({
  limit,
  enqueued,
  tokens,
  inFlight,
  alone,
  parts,
  requests,
}: TurnedAway): Decision<"wait" | "halve" | "too large" | "give up"> {
  if (limit !== undefined && enqueued === 0 && tokens > limit) {
    const why = `it has about ${plural(tokens, "token")}, and the server allows ${formatCount(limit)} enqueued tokens of its model`;
    return { decision: requests > 1 ? "halve" : "too large", why };
  }
  if (inFlight > 0) return { decision: "wait", why: "others of this job are in flight" };
  const why = `it was turned away ${plural(alone, "time")} with nothing of this job in flight`;
  if (parts > 1 && alone <= maxAlone) return { decision: "wait", why };
  // Of the only part of a job it is told at once: whoever waits for it may be the one to make room.
  return { decision: parts > 1 && requests > 1 ? "halve" : "give up", why };
}

/** What is known of a round of which a create has failed. */
export interface AfterFailedCreate {
  /** Whether a create was refused for good, for another reason than room. */
  readonly refused: boolean;
  /** How many parts have a create whose outcome is not known. */
  readonly unknown: number;
}

/**
 * Whether the parts that have no batch yet are sent after a create has failed. A create that lost its answer
 * may have been paid for, and the next ones may end as it did: they wait until its batch is found.
 */
export function decideSendFurther({
  refused,
  unknown,
}: AfterFailedCreate): Decision<"send" | "hold"> {
  if (refused)
    return { decision: "hold", why: "a create was refused, and the next may be as well" };
  return unknown > 0
    ? { decision: "hold", why: "whether a create has made a batch is not known" }
    : { decision: "send", why: "the batch of every create is known" };
}
