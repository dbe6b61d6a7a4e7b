import type { Batch } from "../../api/types.ts";
import type { Decision, KnownBatch } from "../knowledge.ts";
import { worthOf, worths } from "./create.ts";

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

/** A batch of an earlier attempt, and what it holds. */
export interface Holder {
  readonly batch: Pick<Batch, "status" | "errors" | "output_file_id">;
  readonly round: number;
  /** Numbers of requests. */
  readonly requests: readonly number[];
}

/** Whether a round has two batches that hold the same request: behind a list that lags it was paid for twice. */
export function overlap(holders: readonly Holder[]): boolean {
  const held = new Set<string>();
  return holders.some(({ round, requests }) =>
    requests.some((request) => {
      const mark = `${round} ${request}`;
      const isHeld = held.has(mark);
      held.add(mark);
      return isHeld;
    }),
  );
}

/**
 * The batches of one round that are gone on with, the worthiest first. Each stands for what is wanted of its
 * requests and stands in none before it: should its results be gone, that is sent in its stead. One that
 * stands for nothing is not gone on with.
 */
export function shareOut<T extends Holder>(
  holders: readonly T[],
  isWanted: (request: number) => boolean,
): readonly { readonly holder: T; readonly left: readonly number[] }[] {
  const held = new Set<number>();
  return holders
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map((holder) => {
      const left = holder.requests.filter((request) => isWanted(request) && !held.has(request));
      for (const request of left) held.add(request);
      return { holder, left };
    })
    .filter(({ left }) => left.length > 0);
}

function rankOf({ batch }: Holder): number {
  return worths.indexOf(worthOf(batch));
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
