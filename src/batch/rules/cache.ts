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
