import type { Batch } from "../../api/types.ts";
import type { Decision, KnownBatch } from "../knowledge.ts";

/**
 * Whether the answers of a batch are put into a cache, under what this run's requests ask for: only where
 * it is known that they answer these requests. That a batch has the same key says no more than its key does.
 *
 * @param theirs what its create says that the batch was made of
 * @param ours what this run would say
 */
export function decideKeep(
  { batch, provenance }: KnownBatch,
  theirs: string | undefined,
  ours: string,
): Decision<"keep" | "leave"> {
  if (provenance === "created") {
    return { decision: "keep", why: `${batch.id} was made of these requests` };
  }
  return theirs === ours
    ? { decision: "keep", why: `${batch.id} says that it was made of the same requests` }
    : { decision: "leave", why: `nothing tells what ${batch.id} was made of` };
}

/**
 * What becomes of a batch that an earlier attempt has made of some of the same requests, when a cache has
 * answered others since. What it holds is paid for: it is known exactly and stays with it, or nothing is
 * created at all.
 */
export function decideEarlier(
  { id, status }: Pick<Batch, "id" | "status">,
  unread: boolean,
): Decision<"take" | "stop"> {
  return unread
    ? {
        decision: "stop",
        why: `${id} is ${status} and holds some of these requests for an earlier attempt, and which of them could not be read`,
      }
    : { decision: "take", why: `${id} is ${status} and holds some of these requests` };
}

/**
 * Whether requests are sent beside a batch of which the server keeps no metadata: it may be of an earlier
 * attempt.
 *
 * @param ours how many of the requests to be sent it holds; `undefined` where that could not be read
 */
export function decideBesideUnnamed(
  { id, status }: Pick<Batch, "id" | "status">,
  ours: number | undefined,
): Decision<"create" | "stop"> {
  if (ours === 0) return { decision: "create", why: `${id} holds none of these requests` };
  const what = ours === undefined ? "its requests could not be read" : "it holds some of these";
  return {
    decision: "stop",
    why: `${id} is ${status} and shows no metadata, so it may be of an earlier attempt, and ${what}`,
  };
}
