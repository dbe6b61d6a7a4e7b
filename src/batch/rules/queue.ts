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
        why: `it has about ${plural(tokens, "token")}, and about ${formatCount(enqueued)} of the ${formatCount(limit)} that the server allows are enqueued`,
      };
}
