import { describe, expect, it } from "vitest";

import { APIError, DeadlineError, UnknownOutcomeError } from "../../../src/api/errors.ts";
import type { Batch } from "../../../src/api/types.ts";
import { createWatch } from "../../../src/batch/follow/watch.ts";
import type { KnownBatch } from "../../../src/batch/knowledge.ts";
import { createPartList } from "../../../src/batch/run/part-list.ts";
import { createPartQueue } from "../../../src/batch/run/queue.ts";
import { batchOf } from "../../action/batch.ts";
import { clientFor, rejectionOf } from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";

const minute = 60_000;

const noRoom = new APIError("Enqueued token limit reached.", { code: "token_limit_exceeded" });
const refused = new APIError("No.", { status: 403 });
const late = new DeadlineError("The time was up.", { inFlight: false });
const lost = new UnknownOutcomeError("file-1", new Error("Cut."));

/** A queue whose creates come to what is given, in order, and to a running batch after that. */
function open({ parts, maxActive = 0 }: { readonly parts: number; readonly maxActive?: number }) {
  const { client, clock } = clientFor("http://localhost:1/v1");
  const watch = createWatch(client);
  const log = eventLog();
  const sent: number[] = [];
  const outcomes: (Error | Partial<Batch>)[] = [];
  const creator = {
    create(part: number): Promise<KnownBatch> {
      sent.push(part);
      const outcome = outcomes.shift();
      if (outcome instanceof Error) return Promise.reject(outcome);
      if (outcome !== undefined) {
        return Promise.resolve(known(batchOf({ id: `b${sent.length}`, ...outcome })));
      }
      return Promise.resolve(known(batchOf({ id: `b${sent.length}`, status: "in_progress" })));
    },
  };
  const part = { key: undefined, input: { fileId: "file-1" }, requests: 1 };
  const list = createPartList(Array.from({ length: parts }, () => part));
  const options = { creator, watch, parts: list, maxActive, onEvent: log.onEvent };
  const queue = createPartQueue(client, options);
  return {
    queue,
    watch,
    clock,
    sent,
    next: (...given: readonly (Error | Partial<Batch>)[]) => outcomes.push(...given),
    send: async (deadline?: number) => queue.send({ deadline }),
    ids: () => queue.known.map((one) => one?.batch.id),
    pauses: () => log.of("held-back").map(({ part, pause }) => [part, pause / minute] as const),
    /** In minutes from now. */
    inMinutes: () => (queue.nextAt() - clock.now()) / minute,
    /** Lets a batch end, as a look at it does. */
    end: async (id: string, fields: Partial<Batch> = {}) => {
      const batch = batchOf({ id, ...fields });
      watch.add(id, batch);
      await queue.ended([batch]);
    },
  };
}

function known(batch: Batch): KnownBatch {
  return { batch, provenance: "created", takenAs: batch.status, requests: undefined, round: 0 };
}

const tokens = { code: "token_limit_exceeded", message: "No room.", param: null, line: null };
const turnedAway: Partial<Batch> = { status: "failed", errors: { data: [tokens] } };

describe("parts that find room", () => {
  it("go in order, as many as may be active, and the next when one has ended", async () => {
    const { queue, sent, send, end, ids } = open({ parts: 3, maxActive: 2 });
    await send();
    expect([sent, ids()]).toEqual([
      [0, 1],
      ["b1", "b2", undefined],
    ]);
    expect([queue.isEmpty(), queue.nextAt()]).toEqual([false, Infinity]);
    await send();
    expect(sent).toEqual([0, 1]);
    await end("b1");
    expect(queue.nextAt()).toBe(0);
    await send();
    expect([sent, queue.isEmpty(), queue.nextAt()]).toEqual([[0, 1, 2], true, Infinity]);
  });

  it("go all at once where no bound is set", async () => {
    const { queue, sent, send } = open({ parts: 4 });
    expect(queue.nextAt()).toBe(0);
    await send();
    expect([sent, queue.isEmpty(), queue.failure()]).toEqual([[0, 1, 2, 3], true, undefined]);
  });
});

describe("a part that is turned away", () => {
  it("waits a minute, and goes before those behind it", async () => {
    const { queue, sent, send, end, clock, inMinutes, pauses } = open({ parts: 4, maxActive: 3 });
    await send();
    await end("b2", turnedAway);
    expect([queue.isEmpty(), inMinutes(), pauses()]).toEqual([false, 1, [[1, 1]]]);
    clock.advance(minute - 1);
    await send();
    expect(sent).toEqual([0, 1, 2]);
    clock.advance(1);
    await send();
    expect(sent).toEqual([0, 1, 2, 1]);
  });

  it("goes in the order of the input with others that wait, whichever came back first", async () => {
    const { sent, send, end, clock } = open({ parts: 4, maxActive: 3 });
    await send();
    await end("b2", turnedAway);
    await end("b3", turnedAway);
    clock.advance(60 * minute);
    await send();
    expect(sent).toEqual([0, 1, 2, 1, 2]);
  });

  it("at its create waits as well, and nothing behind it is sent meanwhile", async () => {
    const { queue, sent, send, next, inMinutes, pauses } = open({ parts: 3 });
    next(noRoom);
    await send();
    expect([sent, inMinutes(), pauses()]).toEqual([[0], 1, [[0, 1]]]);
    expect([queue.failure(), queue.isEmpty()]).toEqual([undefined, false]);
  });

  it("waits twice as long each time, a quarter of an hour at most, as long as another runs", async () => {
    const { send, next, end, clock, pauses } = open({ parts: 2 });
    await send();
    await end("b2", turnedAway);
    next(...Array.from({ length: 6 }, () => noRoom));
    for (let time = 0; time < 6; time += 1) {
      clock.advance(15 * minute);
      await send();
    }
    expect(pauses().map(([, pause]) => pause)).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  it("goes as soon as another has ended, and waits no longer than a minute after that", async () => {
    const { queue, sent, send, next, end, clock, pauses } = open({ parts: 3 });
    await send();
    await end("b3", turnedAway);
    next(noRoom);
    clock.advance(minute);
    await send();
    await end("b1");
    expect(queue.nextAt()).toBe(0);
    next(noRoom);
    await send();
    expect(sent).toEqual([0, 1, 2, 2, 2]);
    expect(pauses().map(([, pause]) => pause)).toEqual([1, 2, 1]);
  });

  it("is tried five times more where no other runs, and then fails", async () => {
    const { queue, sent, send, next, clock, pauses } = open({ parts: 2, maxActive: 1 });
    next(...Array.from({ length: 9 }, () => noRoom));
    for (let time = 0; time < 9; time += 1) {
      await send();
      clock.advance(15 * minute);
    }
    expect(pauses()).toEqual([1, 2, 4, 8, 15].map((pause) => [0, pause]));
    expect([sent, queue.failure()]).toEqual([[0, 0, 0, 0, 0, 0], noRoom]);
    // The part behind it would find no room either.
    expect([queue.isEmpty(), queue.nextAt()]).toEqual([true, Infinity]);
  });

  it("fails at once where it is the only one", async () => {
    const { queue, send, next, pauses } = open({ parts: 1 });
    next(noRoom);
    await send();
    expect([queue.failure(), pauses()]).toEqual([noRoom, []]);
  });

  it("waits as well when it was turned away before its lost create was found", async () => {
    const { next, send, clock, sent, pauses, ids } = open({ parts: 2 });
    next(turnedAway);
    await send();
    expect([sent, pauses()]).toEqual([[0], [[0, 1]]]);
    clock.advance(minute);
    await send();
    expect([sent, ids()]).toEqual([
      [0, 0, 1],
      ["b2", "b3"],
    ]);
  });

  it("is followed under its new batch alone", async () => {
    const { watch, send, end, clock, ids } = open({ parts: 2 });
    await send();
    await end("b2", turnedAway);
    clock.advance(minute);
    await send();
    expect(ids()).toEqual(["b1", "b3"]);
    expect(watch.batches().map(({ id }) => id)).toEqual(["b1", "b3"]);
  });

  it.each<[string, string, Partial<Batch>]>([
    ["of another reason", "b2", { status: "failed" }],
    ["of its answers", "b2", { status: "completed" }],
    ["that is none of this job's", "other", turnedAway],
  ])("is not one whose batch ended because %s", async (_, id, fields) => {
    const { queue, send, end, pauses } = open({ parts: 3, maxActive: 2 });
    await send();
    await end(id, fields);
    expect([pauses(), queue.isEmpty()]).toEqual([[], false]);
  });
});

describe("a create that fails", () => {
  /** One part has ended, and the create of the next one comes to an error. */
  async function failing(error: Error, deadlineIn?: number) {
    const opened = open({ parts: 3, maxActive: 1 });
    const { clock, send, end, next } = opened;
    const deadline = deadlineIn === undefined ? undefined : clock.now() + deadlineIn;
    await send(deadline);
    await end("b1");
    next(error);
    await send(deadline);
    return opened;
  }

  it.each<[string, Error, number | undefined]>([
    ["is refused", refused, undefined],
    ["is refused when the time is up", refused, 0],
    ["had a deadline of its own", late, undefined],
  ])("ends the sending where it %s", async (_, error, deadlineIn) => {
    const { queue, sent, ids } = await failing(error, deadlineIn);
    expect([sent, ids()]).toEqual([
      [0, 1],
      ["b1", undefined, undefined],
    ]);
    expect([queue.failure(), queue.isEmpty(), queue.unknown.size]).toEqual([error, true, 0]);
  });

  it.each([
    ["at the deadline", 0],
    ["because it would have to wait beyond the deadline", minute],
  ])(
    "%s is none: its part stays unsent, and nothing ever wakes the queue",
    async (_, deadlineIn) => {
      const { queue, sent, send, end } = await failing(late, deadlineIn);
      expect([queue.failure(), queue.isEmpty(), queue.nextAt()]).toEqual([
        undefined,
        false,
        Infinity,
      ]);
      await end("b1");
      await send();
      expect([sent, queue.nextAt()]).toEqual([[0, 1], Infinity]);
    },
  );

  it("without a known outcome is unknown until its batch is found, which is followed then", async () => {
    const { queue, watch, ids } = await failing(lost);
    expect([queue.failure(), queue.unknown]).toEqual([lost, new Set([1])]);
    await queue.found(1, known(batchOf({ id: "found", status: "in_progress" })));
    expect([queue.unknown, ids()]).toEqual([new Set(), ["b1", "found", undefined]]);
    expect(watch.following()).toEqual(["found"]);
    // What waited behind it goes now, and nothing has failed any more.
    expect([queue.failure(), queue.isEmpty()]).toEqual([undefined, false]);
  });

  it("with an error that is none of a call breaks the round", async () => {
    const broken = new TypeError("A bug.");
    expect(await rejectionOf(failing(broken))).toBe(broken);
  });
});
