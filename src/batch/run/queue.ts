import type { BatchClient } from "../../api/client.ts";
import { APIError, DeadlineError, UnknownOutcomeError } from "../../api/errors.ts";
import type { Batch, BatchError, CallOptions } from "../../api/types.ts";
import type { Creator } from "../create/creator.ts";
import type { Reports } from "../events.ts";
import type { Queue } from "../follow.ts";
import type { Watch } from "../follow/watch.ts";
import type { KnownBatch } from "../knowledge.ts";
import type { PartSizes } from "./part-sizes.ts";
import { createRoom, type Room } from "./room.ts";
import { isTurnedAway } from "../rules.ts";

/** A part is tried again this long after it was turned away, then twice as long, up to the longest. */
const firstHold = 60_000;
const longestHold = 15 * 60_000;
/** How often a part is tried again when no other of the same job is in flight. */
const maxAlone = 5;

export interface PartQueueOptions extends Reports {
  readonly creator: Creator;
  readonly watch: Watch;
  /** How many parts there are. */
  readonly parts: number;
  /** Batches in flight at once; 0 for no bound. */
  readonly maxActive: number;
  /** How large they are; where a limit is named, only what fits is sent. */
  readonly sizes?: PartSizes | undefined;
}

/** The parts of one round, and what became of their creates. */
export interface PartQueue extends Queue {
  /** Of each part the last batch; `undefined` where there is none. */
  readonly known: readonly (KnownBatch | undefined)[];
  /** Parts whose create has no known outcome: a batch may run. */
  readonly unknown: ReadonlySet<number>;
  /** Why no further part is sent, when it is not the deadline. */
  failure(): APIError | undefined;
  /** Takes on a batch that was found after all. */
  found(part: number, known: KnownBatch): void;
}

/**
 * Sends the parts of a round, no more than `maxActive` at once. A part that the server has no room for
 * (`token_limit_exceeded`, at the create or minutes later in a failed batch) waits until others have
 * ended or a pause is over, and goes again; none is dropped. Once the server has named its limit, only what
 * fits beside those in flight is sent. When a create fails for good no further one
 * is made.
 */
export function createPartQueue(client: BatchClient, options: PartQueueOptions): PartQueue {
  const { clock } = client;
  const { creator, watch, parts } = options;
  const maxActive = options.maxActive === 0 ? Number.POSITIVE_INFINITY : options.maxActive;
  const queue: Queued = {
    ...options,
    now: () => clock.now(),
    known: Array.from({ length: parts }, () => undefined),
    unknown: new Set(),
    alone: new Map(),
    waiting: Array.from({ length: parts }, (_, part) => part),
    room: createRoom(options),
    blocked: false,
    failure: undefined,
    hold: firstHold,
    heldUntil: 0,
  };
  const isFull = () => watch.following().length >= maxActive;
  return {
    known: queue.known,
    unknown: queue.unknown,
    failure: () => queue.failure,
    found(part, known) {
      take(queue, part, known);
    },
    async send({ deadline }: CallOptions) {
      while (queue.waiting.length > 0 && !isFull() && clock.now() >= queue.heldUntil) {
        const part = await queue.room.next(queue.waiting, () => inFlight(queue));
        queue.blocked = part === undefined;
        if (part === undefined) return;
        queue.waiting = queue.waiting.filter((other) => other !== part);
        try {
          take(queue, part, await creator.create(part));
        } catch (error) {
          if (!(error instanceof APIError)) throw error;
          fail(queue, part, error, deadline);
        }
      }
    },
    ended(batches) {
      for (const batch of batches) end(queue, batch);
    },
    isEmpty: () => queue.waiting.length === 0,
    nextAt() {
      const waits = queue.waiting.length === 0 || isFull();
      const isBlocked = queue.blocked && watch.following().length > 0;
      return waits || isBlocked ? Number.POSITIVE_INFINITY : queue.heldUntil;
    },
  };
}

interface Queued extends PartQueueOptions {
  readonly now: () => number;
  readonly known: (KnownBatch | undefined)[];
  readonly unknown: Set<number>;
  /** How often a part was turned away while no other was in flight. */
  readonly alone: Map<number, number>;
  readonly room: Room;
  /** Whether nothing that waits has room beside what is in flight. */
  blocked: boolean;
  waiting: number[];
  failure: APIError | undefined;
  /** Milliseconds for which the next part that is turned away waits. */
  hold: number;
  heldUntil: number;
}

/** The parts whose batches have not ended. */
function inFlight({ known, watch }: Queued): readonly number[] {
  const open = new Set(watch.following());
  return known.flatMap((one, part) => (one !== undefined && open.has(one.batch.id) ? [part] : []));
}

function take({ known, unknown, watch }: Queued, part: number, one: KnownBatch): void {
  const before = known[part];
  if (before !== undefined) watch.drop(before.batch.id);
  known[part] = one;
  unknown.delete(part);
  watch.add(one.batch.id, one.batch);
}

/** Room comes when others of ours end; a part that is turned away though none is left may be too large for ever. */
function mayFit({ watch, alone, parts }: Queued, part: number): boolean {
  if (watch.following().length > 0) return true;
  const times = (alone.get(part) ?? 0) + 1;
  alone.set(part, times);
  return parts > 1 && times <= maxAlone;
}

function holdBack(queue: Queued, part: number): void {
  queue.heldUntil = queue.now() + queue.hold;
  queue.onEvent?.({ type: "held-back", part, pause: queue.hold });
  queue.hold = Math.min(longestHold, queue.hold * 2);
  queue.waiting = [part, ...queue.waiting].sort((a, b) => a - b);
}

function fail(queue: Queued, part: number, error: APIError, deadline: number | undefined): void {
  if (error.code === "token_limit_exceeded") queue.room.learn(part, [error.message]);
  if (error.code === "token_limit_exceeded" && mayFit(queue, part)) {
    holdBack(queue, part);
    return;
  }
  if (error instanceof UnknownOutcomeError) queue.unknown.add(part);
  // What the time does not suffice for is unsent, which the timeout judges: nothing has gone wrong.
  if (error instanceof DeadlineError && deadline !== undefined) {
    if (queue.now() < deadline) queue.onEvent?.({ type: "put-off", part, error });
    queue.waiting = [part, ...queue.waiting];
    queue.heldUntil = Number.POSITIVE_INFINITY;
    return;
  }
  queue.failure = error;
  queue.waiting = [];
}

function end(queue: Queued, batch: Batch): void {
  const part = queue.known.findIndex((one) => one?.batch.id === batch.id);
  queue.blocked = false;
  if (isTurnedAway(batch)) queue.room.learn(part, (batch.errors?.data ?? []).map(wordsOf));
  if (part !== -1 && isTurnedAway(batch) && mayFit(queue, part)) holdBack(queue, part);
  else if (queue.heldUntil !== Number.POSITIVE_INFINITY) {
    queue.hold = firstHold;
    queue.heldUntil = 0;
  }
}

function wordsOf({ message }: BatchError): string | undefined {
  return message;
}
