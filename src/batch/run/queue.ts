import type { BatchClient } from "../../api/client.ts";
import { APIError, DeadlineError, UnknownOutcomeError } from "../../api/errors.ts";
import type { Batch, BatchError, CallOptions } from "../../api/types.ts";
import { type Creator, SentInHalvesError } from "../create/creator.ts";
import type { Reports } from "../events.ts";
import type { Queue } from "../follow.ts";
import type { Watch } from "../follow/watch.ts";
import type { KnownBatch } from "../knowledge.ts";
import type { PartList } from "./part-list.ts";
import type { PartSizes } from "./part-sizes.ts";
import { createRoom, type Room } from "./room.ts";
import { decideSendFurther, decideTurnedAway, isTurnedAway } from "../rules.ts";

/** A part is tried again this long after it was turned away, then twice as long, up to the longest. */
const firstHold = 60_000;
const longestHold = 15 * 60_000;

interface PartQueueOptions extends Reports {
  readonly creator: Creator;
  readonly watch: Watch;
  readonly parts: PartList;
  /** Batches in flight at once; 0 for no bound. */
  readonly maxActive: number;
  /** How large they are; where a limit is named, only what fits is sent. */
  readonly sizes?: PartSizes | undefined;
}

/** The parts of one round, and what became of their creates. */
export interface PartQueue extends Queue {
  /** Of each part, by its number, the last batch; `undefined` where there is none. */
  readonly known: readonly (KnownBatch | undefined)[];
  /** Parts whose create has no known outcome: a batch may run. */
  readonly unknown: ReadonlySet<number>;
  /** Parts that the server has turned away and that were not sent again yet: nothing holds their requests. */
  readonly due: ReadonlySet<number>;
  /** Why no further part is sent, when it is not the deadline. */
  failure(): APIError | undefined;
  /** Takes on a batch that was found after all; what waited behind it goes too. */
  found(part: number, known: KnownBatch): Promise<void>;
}

/**
 * Sends the parts of a round, no more than `maxActive` at once. A part that the server has no room for
 * (`token_limit_exceeded`, at the create or minutes later in a failed batch) waits until others have
 * ended or a pause is over, and goes again; none is dropped. Once the server has named its limit, only what
 * fits beside those in flight is sent, and a part that is larger than the limit is divided. When a create
 * fails for good no further one is made.
 */
export function createPartQueue(client: BatchClient, options: PartQueueOptions): PartQueue {
  const { clock } = client;
  const { creator, watch, parts } = options;
  const maxActive = options.maxActive > 0 ? options.maxActive : Number.POSITIVE_INFINITY;
  const queue: Queued = {
    ...options,
    now: () => clock.now(),
    known: parts.all.map(() => undefined),
    unknown: new Set(),
    due: new Set(),
    alone: new Map(),
    waiting: parts.order(),
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
    due: queue.due,
    failure: () => queue.failure,
    async found(part, one) {
      take(queue, part, one);
      goOn(queue);
      // It has ended already: no look will tell of that.
      if (isTurnedAway(one.batch)) await end(queue, one.batch);
    },
    async send({ deadline }: CallOptions) {
      while (queue.waiting.length > 0 && !isFull() && clock.now() >= queue.heldUntil) {
        const part = await queue.room.next(queue.waiting, () => inFlight(queue));
        queue.blocked = part === undefined;
        if (part === undefined) return;
        queue.waiting = queue.waiting.filter((other) => other !== part);
        try {
          const one = await creator.create(part);
          take(queue, part, one);
          // It may have ended before its lost create was found: no look will tell of that.
          if (one.provenance === "created" && isTurnedAway(one.batch)) await end(queue, one.batch);
        } catch (error) {
          if (!(error instanceof APIError)) throw error;
          await fail(queue, part, error, deadline);
        }
      }
    },
    async ended(batches) {
      for (const batch of batches) await end(queue, batch);
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
  readonly due: Set<number>;
  /** How often a part was turned away while no other was in flight. */
  readonly alone: Map<number, number>;
  readonly room: Room;
  /** Whether nothing that waits has room beside what is in flight. */
  blocked: boolean;
  /** In the input's order. */
  waiting: readonly number[];
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

function take(queue: Queued, part: number, one: KnownBatch): void {
  const { known, unknown, due, watch } = queue;
  const before = known[part];
  if (before !== undefined) watch.drop(before.batch.id);
  known[part] = one;
  unknown.delete(part);
  due.delete(part);
  watch.add(one.batch.id, one.batch);
}

/** Whether a part that the server had no room for goes again, as a whole or in halves; says what it does. */
async function goesAgain(queue: Queued, part: number, cause: APIError): Promise<boolean> {
  const { watch, alone, parts, room } = queue;
  const inFlight = watch.following().length;
  if (inFlight === 0) alone.set(part, (alone.get(part) ?? 0) + 1);
  const { decision, why } = decideTurnedAway({
    ...(await room.roomFor(part, othersInFlight(queue, part))),
    inFlight,
    alone: alone.get(part) ?? 0,
    parts: parts.order().length,
    requests: parts.all[part]?.requests ?? 1,
  });
  if (decision === "wait") holdBack(queue, part);
  if (decision === "wait" || (decision === "halve" && halve(queue, part, why))) return true;
  // The parts behind it may be smaller: only this one is not sent.
  if (decision === "too large") queue.failure ??= tooLarge(part, why, cause);
  return decision === "too large";
}

function othersInFlight(queue: Queued, part: number): readonly number[] {
  return inFlight(queue).filter((other) => other !== part);
}

function tooLarge(part: number, why: string, cause: APIError): APIError {
  const { code, status, requestID, type, param, headers } = cause;
  return new APIError(
    `Batch ${part + 1} is a single request and cannot be sent: ${why}. Make the request smaller, or ask for a higher limit. ${cause.message}`,
    { code, status, requestID, type, param, headers, cause },
  );
}

/** Puts two halves in the place of a part; `false` where it cannot be divided. */
function halve(queue: Queued, part: number, why: string): boolean {
  const { parts, known, watch, onEvent } = queue;
  const halves = parts.halve(part);
  if (halves === undefined) return false;
  const id = known[part]?.batch.id;
  const batch = watch.batches().find((one) => one.id === id);
  if (id !== undefined) watch.drop(id);
  known[part] = undefined;
  queue.due.delete(part);
  known.push(undefined, undefined);
  const requests = halves.map((half) => parts.all[half]?.requests);
  onEvent?.({ type: "halved", part, halves, requests, batch, why });
  wait(queue, ...halves);
  return true;
}

function holdBack(queue: Queued, part: number): void {
  queue.heldUntil = queue.now() + queue.hold;
  queue.onEvent?.({ type: "held-back", part, pause: queue.hold });
  queue.hold = Math.min(longestHold, queue.hold * 2);
  queue.due.add(part);
  wait(queue, part);
}

function wait(queue: Queued, ...added: readonly number[]): void {
  const waiting = new Set([...queue.waiting, ...added]);
  queue.waiting = queue.parts.order().filter((part) => waiting.has(part));
}

async function fail(
  queue: Queued,
  part: number,
  error: APIError,
  deadline: number | undefined,
): Promise<void> {
  if (error instanceof SentInHalvesError && halve(queue, part, error.why)) return;
  if (error.code === "token_limit_exceeded") {
    queue.room.learn(part, [error.message]);
    if (await goesAgain(queue, part, error)) return;
  }
  if (error instanceof UnknownOutcomeError) queue.unknown.add(part);
  // What the time does not suffice for is unsent, which the timeout judges: nothing has gone wrong.
  if (error instanceof DeadlineError && deadline !== undefined) {
    if (queue.now() < deadline) queue.onEvent?.({ type: "put-off", part, error });
    wait(queue, part);
    queue.heldUntil = Number.POSITIVE_INFINITY;
    return;
  }
  queue.failure = error;
  if (!sendsFurther(queue)) queue.waiting = [];
}

function sendsFurther({ failure, unknown }: Queued): boolean {
  const refused = failure !== undefined && !(failure instanceof UnknownOutcomeError);
  return decideSendFurther({ refused, unknown: unknown.size }).decision === "send";
}

/** Sends what a create without a known outcome has kept waiting, now that its batch is found. */
function goOn(queue: Queued): void {
  const { failure, parts, known, due } = queue;
  if (failure === undefined || !sendsFurther(queue)) return;
  queue.failure = undefined;
  wait(queue, ...parts.order().filter((part) => known[part] === undefined || due.has(part)));
}

async function end(queue: Queued, batch: Batch): Promise<void> {
  const part = queue.known.findIndex((one) => one?.batch.id === batch.id);
  queue.blocked = false;
  if (part !== -1 && isTurnedAway(batch)) {
    const words = (batch.errors?.data ?? []).map(wordsOf);
    queue.room.learn(part, words);
    const error = new APIError(words.join(" "), { code: "token_limit_exceeded" });
    if (await goesAgain(queue, part, error)) return;
  }
  if (queue.heldUntil !== Number.POSITIVE_INFINITY) {
    queue.hold = firstHold;
    queue.heldUntil = 0;
  }
}

function wordsOf({ message }: BatchError): string | undefined {
  return message;
}
