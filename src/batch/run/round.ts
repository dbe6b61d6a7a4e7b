import type { BatchClient } from "../../api/client.ts";
import type { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import { type CreatorOptions, openCreator, type PartToCreate } from "../create/creator.ts";
import { isOwnCreation } from "../create/identity.ts";
import { cancelExtras } from "../create/send.ts";
import type { BatchEvent } from "../events.ts";
import { follow, type FollowEnd, type PollOptions } from "../follow.ts";
import { createWatch } from "../follow/watch.ts";
import type { Creation, KnownBatch } from "../knowledge.ts";
import { lookForBatches } from "../look-up.ts";
import { chooseOwn } from "../rules.ts";
import { createPartList, type Halve, type PartList } from "./part-list.ts";
import type { PartSizes } from "./part-sizes.ts";
import { createPartQueue, type PartQueue } from "./queue.ts";

export interface RoundOptions extends CreatorOptions, PollOptions {
  /** Batches in flight at once; 0 for no bound. */
  readonly maxActive: number;
  /** Batches of earlier rounds, which stand before those of this one in what is reported. */
  readonly before: readonly Batch[];
  /** For a server that counts the tokens that are enqueued. */
  readonly sizes?: PartSizes | undefined;
  /** Divides a part that the server has no room for; by default none is divided. */
  readonly halve?: Halve | undefined;
}

/** What became of the parts of one round. */
export interface RoundResult {
  /** The numbers of the parts, in the input's order: halves in the place of one that was divided. */
  readonly order: readonly number[];
  /** Of each of these the last batch, as last seen; `undefined` where there is none. */
  readonly known: readonly (KnownBatch | undefined)[];
  /** The places in `order` of parts of which a batch may run that nobody has seen. */
  readonly unknown: ReadonlySet<number>;
  /** The places of parts whose batch was turned away for want of room, and that were to go again. */
  readonly due: ReadonlySet<number>;
  readonly end: FollowEnd["end"];
  /** Why batches could not be followed to their end, by id. */
  readonly lost: ReadonlyMap<string, APIError>;
  /** Why parts have no batch, or why the batches were followed no longer. */
  readonly failure: APIError | undefined;
}

/**
 * Creates the batches of a round's parts and follows them to their end, or to the deadline.
 *
 * @throws {APIError} when it cannot be seen what is there already
 * @throws the signal's reason when it aborts; nothing is cancelled then
 */
export async function runRound(
  client: BatchClient,
  parts: readonly PartToCreate[],
  options: RoundOptions,
): Promise<RoundResult> {
  const lostCreates = new Map<number, Creation>();
  const onEvent = (event: BatchEvent) => {
    if (event.type === "outcome-unknown") lostCreates.set(event.part, event.creation);
    options.onEvent?.(event);
  };
  const list = createPartList(parts, options.halve);
  const creator = await openCreator(client, list.all, { ...options, onEvent });
  const watch = createWatch(client, onEvent);
  const queue = createPartQueue(client, {
    creator,
    watch,
    parts: list,
    maxActive: options.maxActive,
    sizes: options.sizes,
    onEvent,
  });
  const waiting = {
    ...options,
    onEvent(event: BatchEvent) {
      if (event.type !== "polled") onEvent(event);
      else {
        onEvent({ ...event, batches: [...options.before, ...inOrder(queue, list, event.batches)] });
      }
    },
  };
  let ended = await follow(client, watch, queue, waiting);
  while (ended.end === "ended" && (await findLost(client, queue, lostCreates, waiting))) {
    ended = await follow(client, watch, queue, waiting);
  }
  const latest = new Map(watch.batches().map((batch) => [batch.id, batch]));
  const order = list.order();
  const known = order.map((part) => queue.known[part]);
  const placesOf = (parts: ReadonlySet<number>) =>
    new Set([...order.keys()].filter((place) => parts.has(order[place] ?? -1)));
  return {
    order,
    known: known.map((one) => one && { ...one, batch: latest.get(one.batch.id) ?? one.batch }),
    unknown: placesOf(queue.unknown),
    due: placesOf(queue.due),
    end: ended.end,
    lost: watch.lost,
    failure: ended.end === "stopped" ? ended.error : queue.failure(),
  };
}

/** What is known of a round's batches, in the order of its parts. */
function inOrder({ known }: PartQueue, parts: PartList, seen: readonly Batch[]): readonly Batch[] {
  const latest = new Map(seen.map((batch) => [batch.id, batch]));
  return parts.order().flatMap((part) => {
    const one = known[part];
    return one === undefined ? [] : (latest.get(one.batch.id) ?? one.batch);
  });
}

/** By the time that others have ended, the list may show a batch whose create was lost; `true` when one was found. */
async function findLost(
  client: BatchClient,
  queue: PartQueue,
  creations: ReadonlyMap<number, Creation>,
  options: RoundOptions,
): Promise<boolean> {
  let found = false;
  for (const part of [...queue.unknown]) {
    const creation = creations.get(part);
    if (creation === undefined) continue;
    const { signal, deadline, round = 0, onEvent } = options;
    const looked = await lookForBatches(client, (batch) => isOwnCreation(batch, creation), {
      since: creation.since,
      pauses: [0],
      signal,
      deadline,
    });
    const batch = looked.state === "found" ? chooseOwn(looked.found) : undefined;
    if (batch === undefined) continue;
    const takenAs = batch.status;
    const known = { batch, provenance: "created", takenAs, requests: undefined, round } as const;
    const kept = { ...creation, keep: batch.id };
    onEvent?.({ type: "created", part, known, creation: kept, found: true });
    await queue.found(part, known);
    found = true;
    // A create that was sent twice may have made another one, which nobody waits for.
    const settled = await cancelExtras(client, kept, { signal, deadline, onEvent });
    if (settled) onEvent?.({ type: "settled", creation: kept });
  }
  return found;
}
