import { describe, expect, it } from "vitest";

import { noReporter } from "../../src/action/github/status-reporter.ts";
import { githubContext } from "../../src/action/github/context.ts";
import { createNarrator } from "../../src/action/narrate.ts";
import { InterruptError } from "../../src/action/runner/interrupt.ts";
import { createState, readState } from "../../src/action/state.ts";
import {
  APIConnectionError,
  APIError,
  DeadlineError,
  UnknownOutcomeError,
} from "../../src/api/errors.ts";
import type { Batch } from "../../src/api/types.ts";
import type { KnownBatch, Provenance } from "../../src/batch/knowledge.ts";
import { batchOf } from "./batch.ts";
import { recordingToolkit } from "./toolkit.ts";

const creation = { key: "nightly", creationId: "creation-1", since: 1_767_225_600_000 };
const running = (id: string) => batchOf({ id, status: "in_progress" });
const refused = new APIError("The server says no.", { status: 503 });

function knownOf(batch: Batch, provenance: Provenance = "created"): KnownBatch {
  return { batch, provenance, takenAs: batch.status, requests: 3, round: 0 };
}

/** A narrator, with what it has written so far, in order. */
function open(env: Readonly<Record<string, string>> = {}) {
  const recorded = recordingToolkit();
  const written: string[] = [];
  const toolkit = {
    ...recorded.toolkit,
    setOutput(name: string, value: unknown) {
      written.push(name);
      recorded.toolkit.setOutput(name, value);
    },
    saveState(name: string, value: unknown) {
      written.push(name);
      recorded.toolkit.saveState(name, value);
    },
  };
  const narrator = createNarrator({
    toolkit,
    state: createState((name, value) => {
      toolkit.saveState(name, value);
    }),
    reporter: noReporter,
    github: githubContext(env),
    now: () => 0,
  });
  return { ...recorded, narrator, written, read: () => readState(recorded.toolkit.getState) };
}

type Opened = ReturnType<typeof open>;

function create({ narrator }: Opened, id: string, part = 0): void {
  const known = knownOf(running(id));
  const own = { ...creation, creationId: `of-${id}` };
  narrator.onEvent({ type: "creating", part, creation: own });
  narrator.onEvent({ type: "created", part, known, creation: own, found: false });
  narrator.onEvent({ type: "settled", creation: own });
}

describe("a create", () => {
  it("is in the state before it is sent, and its batch before its create is struck out", () => {
    const opened = open();
    create(opened, "batch_1");
    expect(opened.written.filter((name) => /_\d+$/.test(name))).toEqual([
      "creation_0",
      "batch_0",
      "creation_0",
    ]);
    expect(opened.read()).toMatchObject({
      creations: [],
      batches: [{ id: "batch_1", open: true }],
    });
    expect(opened.outputs).toMatchObject({ "batch-id": "batch_1", reused: "false" });
  });

  it("whose answer was lost stays in the state, and the warning is one short sentence or two", () => {
    const opened = open();
    const { narrator } = opened;
    narrator.onEvent({ type: "creating", part: 0, creation });
    const error = new UnknownOutcomeError("file-1", new APIError("Bad gateway.", { status: 502 }));
    narrator.onEvent({ type: "outcome-unknown", part: 0, creation, error });
    expect(opened.read().creations).toEqual([creation]);
    expect(opened.said.at(-1)).toBe(
      "warning: No answer says whether the batch of file-1 was created (status 502). Looking for it in the list of batches.",
    );
  });

  it.each([
    [new APIConnectionError("Gone.", { code: "ECONNRESET", sent: true }), "ECONNRESET"],
    [new APIConnectionError("Gone.", { sent: true }), "no answer"],
    [new DeadlineError("Late.", { inFlight: true }), "the time was up"],
    [new InterruptError("The workflow was cancelled."), "no answer"],
  ])("whose answer was lost is told with what was in its way: %s", (cause, told) => {
    const { narrator, said } = open();
    const error = new UnknownOutcomeError("file-1", cause);
    narrator.onEvent({ type: "outcome-unknown", part: 0, creation, error });
    expect(said.at(-1)).toContain(`was created (${told}).`);
  });

  it("that was refused is struck out", () => {
    const { narrator, read } = open();
    narrator.onEvent({ type: "creating", part: 0, creation });
    narrator.onEvent({ type: "refused", part: 0, creation, error: refused });
    expect(read().creations).toEqual([]);
  });

  it("of one's own that is found again is no reuse; a batch that is adopted is", () => {
    const opened = open();
    const { narrator, outputs } = opened;
    const known = knownOf(running("batch_1"));
    narrator.onEvent({ type: "created", part: 0, known, creation, found: true });
    expect(outputs["reused"]).toBe("false");
    narrator.onEvent({ type: "adopted", part: 1, known: knownOf(running("batch_2"), "adopted") });
    expect(outputs["reused"]).toBe("true");
    expect([...narrator.facts().adopted]).toEqual(["batch_2"]);
  });

  it("belongs to the round that was planned last", () => {
    const { narrator } = open();
    narrator.onEvent({ type: "planned", round: 0, parts: [10] });
    narrator.onEvent({
      type: "created",
      part: 0,
      known: knownOf(running("batch_1")),
      creation,
      found: false,
    });
    narrator.onEvent({ type: "planned", round: 1, parts: [2] });
    narrator.onEvent({
      type: "created",
      part: 0,
      known: knownOf(running("batch_2")),
      creation,
      found: false,
    });
    expect([...narrator.facts().rounds]).toEqual([
      ["batch_1", 0],
      ["batch_2", 1],
    ]);
  });
});

it.each([
  [1, 0, "0 of 1 request is"],
  [2, 1, "1 of 2 requests is"],
  [2, 0, "0 of 2 requests are"],
])("of %i request(s) the cache answers %i, in words", (requests, answered, words) => {
  const { narrator, said } = open();
  narrator.onEvent({ type: "cache-read", requests, answered, rejected: 0, unreadable: [] });
  expect(said).toEqual([`info: ${words} answered by the cache.`]);
});

it("a round in which requests are sent again is a retry round, since the summary counts the first one too", () => {
  const { narrator, said } = open();
  narrator.onEvent({ type: "retry-round", round: 1, requests: 2 });
  expect(said).toEqual([
    "info: Retry round 1: 2 requests that failed for a transient reason are sent again.",
  ]);
});

describe("a batch that was turned away", () => {
  it("is named no longer once another one is made for its part, nor said to be reused", () => {
    const opened = open();
    const { narrator, outputs } = opened;
    narrator.onEvent({ type: "adopted", part: 0, known: knownOf(running("batch_1"), "adopted") });
    create(opened, "batch_2", 1);
    create(opened, "batch_3", 0);
    expect(outputs).toMatchObject({ "batch-id": "batch_2,batch_3", reused: "false" });
    expect(narrator.known().map(({ id }) => id)).toEqual(["batch_2", "batch_3"]);
  });
});

describe("a part that is divided", () => {
  const halved = {
    type: "halved",
    part: 0,
    halves: [2, 3],
    requests: [6, 5],
    batch: undefined,
    why: "it is too large",
  } as const;

  it("is told with the numbers of its halves, and what is unsent is what they have", () => {
    const { narrator, said } = open();
    narrator.onEvent({ type: "planned", round: 0, parts: [11, 4] });
    expect(narrator.report().unsent).toBe(15);
    narrator.onEvent(halved);
    expect(said.at(-1)).toBe("info: Batch 1 is divided in two, batches 3 and 4: it is too large.");
    expect(narrator.report().unsent).toBe(15);
    narrator.onEvent({ type: "creating", part: 2, creation });
    expect(narrator.report().unsent).toBe(9);
  });

  it("leaves neither outputs nor state with the batch that others stand for", () => {
    const opened = open();
    const { narrator, outputs } = opened;
    for (const [part, id] of ["batch_1", "batch_2"].entries()) create(opened, id, part);
    narrator.onEvent({ ...halved, batch: batchOf({ id: "batch_1", status: "failed" }) });
    expect(outputs["batch-id"]).toBe("batch_2");
    expect(narrator.known().map(({ id }) => id)).toEqual(["batch_2"]);
    const { batches } = opened.read();
    expect(batches.map(({ id, open }) => [id, open])).toEqual([
      ["batch_1", false],
      ["batch_2", true],
    ]);
  });

  it("is no reuse any longer where its batch had been adopted", () => {
    const { narrator, outputs } = open();
    narrator.onEvent({ type: "adopted", part: 0, known: knownOf(running("batch_1"), "adopted") });
    expect(outputs["reused"]).toBe("true");
    narrator.onEvent({ ...halved, batch: batchOf({ id: "batch_1", status: "failed" }) });
    expect(outputs["reused"]).toBe("false");
  });

  it("in a retry round leaves nothing of the input unsent", () => {
    const { narrator } = open();
    narrator.onEvent({ type: "planned", round: 1, parts: [11] });
    narrator.onEvent(halved);
    expect(narrator.report().unsent).toBe(0);
  });
});

describe("an adoption", () => {
  const adopt = (env: Readonly<Record<string, string>>) => {
    const { narrator, said } = open({ GITHUB_RUN_ID: "77", ...env });
    const batch = { ...running("batch_1"), metadata: { github_run_id: "77" } };
    narrator.onEvent({ type: "adopted", part: 0, known: knownOf(batch, "adopted") });
    return said.at(-1);
  };

  it("of what an earlier step of the same first attempt made is a warning that says how to have one's own", () => {
    expect(adopt({})).toMatch(/^warning: .*`idempotency-key` of its own.*`reuse-existing: false`/);
  });

  it("in a re-run, or of another run's, is what was wanted", () => {
    expect(adopt({ GITHUB_RUN_ATTEMPT: "2" })).toMatch(/^info: Adopted batch_1/);
    expect(adopt({ GITHUB_RUN_ID: "78" })).toMatch(/^info: Adopted batch_1/);
  });
});

describe("the ids in the outputs", () => {
  it("are all there after each of the first eight batches, and before anything is waited for", () => {
    const opened = open();
    const ids = Array.from({ length: 100 }, (_, at) => `batch_${at}`);
    for (const [at, id] of ids.entries()) {
      create(opened, id, at);
      if (at < 8) expect(opened.outputs["batch-id"]).toBe(ids.slice(0, at + 1).join(","));
      expect(opened.read().batches).toHaveLength(at + 1);
    }
    opened.narrator.onEvent({ type: "polled", batches: ids.map(running) });
    expect(opened.outputs["batch-id"]).toBe(ids.join(","));
    const times = opened.written.filter((name) => name === "batch-id").length;
    expect(times).toBeLessThan(20);
  });

  it("are not taken back for a batch that could not be seen yet, and keep their order", () => {
    const { narrator, outputs } = open();
    narrator.follow(["batch_1", "batch_2"]);
    narrator.onEvent({ type: "poll-failed", batchId: "batch_1", error: refused });
    narrator.onEvent({ type: "polled", batches: [running("batch_2")] });
    expect(outputs).toMatchObject({ "batch-id": "batch_1,batch_2", done: "false" });
    narrator.onEvent({ type: "polled", batches: [running("batch_1"), running("batch_2")] });
    narrator.flush();
    expect(outputs["batch-id"]).toBe("batch_1,batch_2");
    expect(narrator.known().map(({ id }) => id)).toEqual(["batch_1", "batch_2"]);
  });

  it("leave out what the server does not know", () => {
    const { narrator, outputs, read } = open();
    narrator.follow(["batch_none", "batch_2"]);
    narrator.onEvent({ type: "polled", batches: [running("batch_2")] });
    narrator.onEvent({ type: "unknown-id", batchId: "batch_none", error: refused });
    expect(outputs["batch-id"]).toBe("batch_2");
    expect(read().batches.map(({ id }) => id)).toEqual(["batch_2"]);
  });

  it("leave out the extra batch of a create that was sent twice", () => {
    const opened = open();
    create(opened, "batch_1");
    const extra = batchOf({ id: "batch_2", status: "cancelling" });
    opened.narrator.onEvent({ type: "extra-found", batch: extra, creation });
    opened.narrator.onEvent({ type: "cancelled", batch: extra });
    opened.narrator.flush();
    expect(opened.outputs).toMatchObject({ "batch-id": "batch_1", status: "in_progress" });
    expect(opened.said.join("\n")).toMatch(/warning: .*batch_2 as well; cancelling it/);
  });
});

describe("while waiting", () => {
  it("outputs are written when the status changes, and only those that are short", () => {
    const opened = open();
    opened.narrator.follow(["batch_1"]);
    const poll = (status: Batch["status"]) => {
      opened.narrator.onEvent({ type: "polled", batches: [{ ...running("batch_1"), status }] });
    };
    poll("validating");
    opened.written.length = 0;
    for (let look = 0; look < 1_000; look += 1) poll("validating");
    expect(opened.written).toEqual([]);
    poll("in_progress");
    expect(opened.outputs["status"]).toBe("in_progress");
    expect(opened.written).not.toContain("batches");
  });

  it("warns of the first three looks that fail, and only logs the others", () => {
    const { narrator, said } = open();
    for (let look = 0; look < 5; look += 1) {
      narrator.onEvent({ type: "poll-failed", batchId: "batch_1", error: refused });
    }
    expect(said.map((line) => line.split(":")[0])).toEqual([
      ...["warning", "warning", "warning"],
      ...["info", "info"],
    ]);
  });

  it("a batch that was cancelled before it was ever seen is known by what the cancel said", () => {
    const { narrator, read } = open();
    narrator.follow(["batch_1"]);
    narrator.onEvent({
      type: "cancelled",
      batch: batchOf({ id: "batch_1", status: "cancelling" }),
    });
    expect(narrator.report()).toMatchObject({ batches: [{ status: "cancelling" }] });
    expect(read().batches).toMatchObject([{ open: true, cancelled: true }]);
  });
});

describe("a timeout", () => {
  it.each([
    [true, { cancelWanted: true, batches: [{ left: false }, { left: false }] }],
    [false, { cancelWanted: false, batches: [{ left: true }, { left: false }] }],
  ])("tells the post step what was meant: cancels is %s", (cancels, expected) => {
    const opened = open();
    create(opened, "batch_1");
    create(opened, "batch_2", 1);
    const unfinished = ["batch_1"];
    opened.narrator.onEvent({ type: "timed-out", unfinished, unsent: 0, cancels });
    expect(opened.read()).toMatchObject(expected);
  });

  it("names the requests that no batch holds", () => {
    const { narrator, said } = open();
    narrator.onEvent({ type: "timed-out", unfinished: [], unsent: 1, cancels: false });
    expect(said).toEqual([expect.stringMatching(/^warning: 1 request of the input was not sent/)]);
  });

  it("leaves what is adopted from another run, and the post step knows", () => {
    const opened = open();
    create(opened, "batch_1");
    opened.narrator.onEvent({ type: "left-running", batchId: "batch_1", why: "it was adopted" });
    expect(opened.read().batches).toMatchObject([{ left: true }]);
    expect(opened.said.at(-1)).toBe("notice: batch_1 is not cancelled: it was adopted.");
  });
});
