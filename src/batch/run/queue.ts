import type { BatchClient } from "../../api/client.ts";
import { APIError, DeadlineError, UnknownOutcomeError } from "../../api/errors.ts";
import type { CallOptions } from "../../api/types.ts";
import type { Creator } from "../create/creator.ts";
import type { Reports } from "../events.ts";
import type { Queue } from "../follow.ts";
import type { Watch } from "../follow/watch.ts";
import type { KnownBatch } from "../knowledge.ts";
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
 * ended or a pause is over, and goes again; none is dropped. When a create fails for good no further one
 * is made.
 */
export function createPartQueue(client: BatchClient, options: PartQueueOptions): PartQueue {
  const { clock } = client;
  const { creator, watch, parts, onEvent } = options;
  const maxActive = options.maxActive === 0 ? Number.POSITIVE_INFINITY : options.maxActive;
  const known: (KnownBatch | undefined)[] = Array.from({ length: parts }, () => undefined);
  const unknown = new Set<number>();
  const alone = new Map<number, number>();
  let waiting = [...known.keys()];
  let failure: APIError | undefined;
  let hold = firstHold;
  let heldUntil = 0;

  /** Room comes when others of ours end; a part that is turned away though none is left may be too large for ever. */
  const mayFit = (part: number): boolean => {
    if (watch.following().length > 0) return true;
    const times = (alone.get(part) ?? 0) + 1;
    alone.set(part, times);
    return parts > 1 && times <= maxAlone;
  };
  const holdBack = (part: number) => {
    heldUntil = clock.now() + hold;
    onEvent?.({ type: "held-back", part, pause: hold });
    hold = Math.min(longestHold, hold * 2);
    waiting = [part, ...waiting].sort((a, b) => a - b);
  };
  const take = (part: number, one: KnownBatch) => {
    const before = known[part];
    if (before !== undefined) watch.drop(before.batch.id);
    known[part] = one;
    unknown.delete(part);
    watch.add(one.batch.id, one.batch);
  };
  const fail = (part: number, error: APIError, deadline: number | undefined) => {
    if (error.code === "token_limit_exceeded" && mayFit(part)) {
      holdBack(part);
      return;
    }
    if (error instanceof UnknownOutcomeError) unknown.add(part);
    // A pause that does not fit is an error; that the time is up is none.
    const late = error instanceof DeadlineError && clock.now() >= (deadline ?? 0);
    if (!late) failure = error;
    waiting = late ? [part, ...waiting] : [];
    if (late) heldUntil = Number.POSITIVE_INFINITY;
  };
  const mayGo = () =>
    waiting.length > 0 && watch.following().length < maxActive && clock.now() >= heldUntil;

  return {
    known,
    unknown,
    failure: () => failure,
    found: take,
    async send({ deadline }: CallOptions) {
      while (mayGo()) {
        const [part = 0] = waiting.splice(0, 1);
        try {
          take(part, await creator.create(part));
        } catch (error) {
          if (!(error instanceof APIError)) throw error;
          fail(part, error, deadline);
        }
      }
    },
    ended(batches) {
      for (const batch of batches) {
        const part = known.findIndex((one) => one?.batch.id === batch.id);
        if (part !== -1 && isTurnedAway(batch) && mayFit(part)) holdBack(part);
        else {
          hold = firstHold;
          if (heldUntil !== Number.POSITIVE_INFINITY) heldUntil = 0;
        }
      }
    },
    isEmpty: () => waiting.length === 0,
    nextAt() {
      const full = waiting.length === 0 || watch.following().length >= maxActive;
      return full ? Number.POSITIVE_INFINITY : heldUntil;
    },
  };
}
