import { writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import type { Expected } from "../../../src/batch/results/settle.ts";
import { settleBatch } from "../../../src/batch/results/settle.ts";
import { StateTable } from "../../../src/batch/results/state-table.ts";
import { scanInput } from "../../../src/batch/input.ts";
import { splitInput } from "../../../src/batch/split.ts";
import { batchOf } from "../../action/batch.ts";
import { clientFor, rejectionOf, requestLines } from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { openFolder } from "../../support/folder.ts";
import { batchJson, rawServer, reply } from "../../support/raw-server.ts";
import { answerLine, failedLine, jsonl, stream } from "./result-server.ts";

/** The second at which the clock of a test client starts. */
const start = Date.UTC(2026, 0, 1) / 1000;

const output = jsonl([answerLine("r1"), answerLine("r2")]);
const errors = jsonl([failedLine("r3", 400, "invalid_value")]);

/** What a server gives at the nth call for something, from 1. */
interface Script {
  /** A status, or the text of the file under its length. */
  readonly out?: (count: number) => number | string;
  readonly err?: (count: number) => number | string;
  /** What the nth look at the batch shows of it, or a status. */
  readonly look?: (count: number) => object | number;
  /** Whether the server names the length of a download. */
  readonly measured?: boolean;
}

interface Settings {
  readonly call?: { readonly deadline?: number; readonly maxRetries?: number };
  /** Milliseconds after which the call is aborted. */
  readonly abortAfter?: number;
  /** How many requests `r1`, `r2`, … the input has; without it none is at hand. */
  readonly requests?: number;
}

const named = { output_file_id: "out", error_file_id: "err", completed_at: start };

/** Settles a batch with a server that answers by a script, and tells what was asked in which order. */
async function settle(script: Script, fields: Partial<Batch> = named, settings: Settings = {}) {
  const { out = () => output, err = () => errors, look = () => ({}), measured = true } = script;
  const { call = {}, abortAfter, requests } = settings;
  const counts = new Map<string, number>();
  const asked: string[] = [];
  await using folder = await openFolder();
  await using server = await rawServer(({ url }, response) => {
    const path = url.replace("/v1/", "");
    asked.push(path);
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    const [kind, id] = path.split("/");
    if (kind === "batches") {
      const shown = look(count);
      if (typeof shown === "number") reply(response, shown, { error: { message: "No." } });
      else {
        const whole = { status: "completed", ...named, ...shown };
        reply(response, 200, batchJson("batch_1", whole));
      }
      return;
    }
    const answer = path.endsWith("/content") ? (id === "out" ? out : err)(count) : 404;
    if (typeof answer === "number") reply(response, answer, { error: { message: "Not yet." } });
    else if (measured) {
      response.writeHead(200, { "content-length": Buffer.byteLength(answer) });
      response.end(answer);
    } else stream(response, answer);
  });
  const { client, clock } = clientFor(server.url);
  const controller = new AbortController();
  if (abortAfter !== undefined) {
    clock.at(clock.now() + abortAfter, () => {
      controller.abort(new Error("stop"));
    });
  }
  const expected = await expectedOf(folder.at("in.jsonl"), requests);
  const log = eventLog();
  const source = {
    client,
    call: { signal: controller.signal, ...call },
    folder: folder.path,
    onEvent: log.onEvent,
  };
  const settling = settleBatch(source, batchOf(fields), expected).then(
    (settled) => ({ settled, error: undefined }),
    (error: unknown) => ({ settled: undefined, error }),
  );
  const { settled, error } = await settling;
  return {
    settled,
    error,
    asked: asked.join(" "),
    late: log.of("results-late").map(({ why, pause }) => [why, pause] as const),
    pauses: log.of("results-late").map(({ pause }) => pause),
    states: settled?.files.map(({ state }) => state),
    left: (await folder.list()).filter((name) => name !== "in.jsonl").length,
  };
}

async function expectedOf(path: string, requests: number | undefined): Promise<Expected> {
  const states = new StateTable();
  if (requests === undefined) return { states, input: undefined, part: undefined };
  await writeFile(path, requestLines(requests));
  const input = await scanInput(path);
  return { states, input, part: splitInput(input)[0] };
}

describe("between two tries", () => {
  it("a file that is whole is kept, and only the other one is fetched again", async () => {
    const { asked, states, left, late } = await settle({
      err: (count) => (count === 1 ? 425 : errors),
    });
    expect(asked).toBe("files/out/content files/err/content batches/batch_1 files/err/content");
    expect(states).toEqual(["complete", "complete"]);
    expect(left).toBe(2);
    expect(late).toEqual([[expect.stringContaining("Not yet."), 1_000]]);
  });

  it("a file that is not whole is fetched anew, and the other one is kept", async () => {
    const { asked, states, left, settled } = await settle({
      out: (count) => (count === 1 ? `${answerLine("r1")}\n{"custom_id":"r2"` : output),
    });
    expect(asked).toBe("files/out/content files/err/content batches/batch_1 files/out/content");
    expect(states).toEqual(["complete", "complete"]);
    expect([left, settled?.reading.results]).toEqual([2, 3]);
  });

  it("a refusal that the next try ends is no reason to tell of any more", async () => {
    const { settled } = await settle({ err: (count) => (count === 1 ? 425 : errors) });
    expect(settled?.errors).toEqual([]);
  });

  it("the batch is looked at again, and the files that it names then are read", async () => {
    const { asked, settled } = await settle({}, { completed_at: start });
    expect(asked).toBe("batches/batch_1 files/out/content files/err/content");
    expect(settled?.batch).toMatchObject(named);
  });

  it.each<[string, object | number]>([
    ["that fails", 500],
    ["that shows the batch before its end", { status: "finalizing", output_file_id: null }],
  ])("a look %s changes nothing, and is not repeated before the next try", async (_, first) => {
    const { asked, states, settled } = await settle({
      out: (count) => (count <= 2 ? 425 : output),
      look: (count) => (count === 1 ? first : {}),
    });
    expect(asked).toBe(
      "files/out/content files/err/content batches/batch_1 files/out/content batches/batch_1 files/out/content",
    );
    expect(states).toEqual(["complete", "complete"]);
    expect(settled?.batch.status).toBe("completed");
  });
});

describe("waiting for late files", () => {
  const late: Script = { out: () => 425 };

  it("takes half a minute at most, after which what is there stands", async () => {
    const { pauses, states, settled, left } = await settle(late);
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000]);
    expect(states).toEqual(["not yet there", "complete"]);
    expect(settled?.errors).toMatchObject([{ status: 425 }]);
    expect(left).toBe(1);
  });

  it.each([
    ["ends a moment before a pause would pass it", 2_999, [1_000]],
    ["ends where a pause would end with it", 3_000, [1_000]],
    ["goes on where it leaves time for another try", 3_001, [1_000, 2_000]],
  ])("with a deadline %s", async (_, time, expected) => {
    const { pauses } = await settle(late, named, { call: { deadline: start * 1000 + time } });
    expect(pauses).toEqual(expected);
  });

  it("ends in the middle of a pause with the signal, and leaves nothing on the disk", async () => {
    const { error, asked, left } = await settle(late, named, { abortAfter: 500 });
    expect(error).toMatchObject({ message: "stop" });
    expect(asked).toBe("files/out/content files/err/content");
    expect(left).toBe(0);
  });

  it("is not begun for a file that was refused for good", async () => {
    const { pauses, states } = await settle({ out: () => 401 });
    expect([pauses, states]).toEqual([[], ["not yet there", "complete"]]);
  });

  it("is begun for one of two that may come, whichever it is", async () => {
    const first = await settle({ out: (count) => (count === 1 ? 425 : output), err: () => 401 });
    const second = await settle({ out: () => 401, err: (count) => (count === 1 ? 425 : errors) });
    expect(first.states).toEqual(["complete", "not yet there"]);
    expect(second.states).toEqual(["not yet there", "complete"]);
  });

  it("says which file it waits for", async () => {
    const { late: told } = await settle({}, { completed_at: start }, {});
    expect(told).toEqual([["it has ended and names no file of results", 1_000]]);
  });
});

describe("a file that is not found, of a batch that ended long ago", () => {
  const past = { ...named, completed_at: start - 3_600 };
  const settlePast = (out: NonNullable<Script["out"]>) => settle({ out, look: () => past }, past);

  it("is gone when three looks in a row have not found it", async () => {
    const { states, pauses } = await settlePast(() => 404);
    expect([states, pauses]).toEqual([
      ["gone", "complete"],
      [1_000, 2_000],
    ]);
  });

  it("is looked for again after one that did not find it, whatever those before saw", async () => {
    const { states } = await settlePast((count) =>
      count <= 3 ? "{}" : count === 4 ? 404 : output,
    );
    expect(states).toEqual(["complete", "complete"]);
  });

  it("is looked for again after two that did not, when it was there between them", async () => {
    const { states } = await settlePast((count) => (count > 4 ? output : count === 2 ? "{}" : 404));
    expect(states).toEqual(["complete", "complete"]);
  });

  it("is not known to be gone when the last look alone did not find it", async () => {
    const { states } = await settlePast((count) => (count <= 5 ? "{}" : 404));
    expect(states).toEqual(["not yet there", "complete"]);
  });

  it("is not known to be gone when there was no time for three looks", async () => {
    const call = { deadline: start * 1000 + 1_500 };
    const { states } = await settle({ out: () => 404, look: () => past }, past, { call });
    expect(states).toEqual(["not yet there", "complete"]);
  });
});

describe("a file whose length nobody tells", () => {
  const counted = { output_file_id: "out", completed_at: start };
  const script: Script = { measured: false, look: () => ({ error_file_id: null }) };

  it("is whole where it names every request of the part", async () => {
    const { states, pauses } = await settle(script, counted, { requests: 2 });
    expect([states, pauses]).toEqual([["complete"], []]);
  });

  it("is not known to be whole as long as requests of the part have no line", async () => {
    const { states, pauses } = await settle(script, counted, { requests: 3 });
    expect(states).toEqual(["incomplete"]);
    expect(pauses).toHaveLength(5);
  });

  it("says how many lines are of no request, and how many requests have none", async () => {
    const strangers = jsonl([answerLine("r1"), answerLine("x1"), answerLine("x2")]);
    const told = await settle({ ...script, out: () => strangers }, counted, { requests: 3 });
    expect(told.late[0]?.[0]).toBe(
      "2 of its lines name no request of the input, and 2 requests have no line",
    );
  });

  it("is all that is waited for where it names every request, whatever the batch counts", async () => {
    const request_counts = { total: 2, completed: 2, failed: 0 };
    const fields = { error_file_id: "err", completed_at: start, request_counts };
    const { states, pauses } = await settle({ ...script, err: () => output }, fields, {
      requests: 2,
    });
    expect([states, pauses]).toEqual([["complete"], []]);
  });

  it("is whole without an input where a second try brings just as much", async () => {
    const { states, pauses } = await settle(script, counted);
    expect([states, pauses]).toEqual([["complete"], [1_000]]);
  });
});

it("an error that is none of a call ends the settling, and removes what was downloaded", async () => {
  await using folder = await openFolder();
  await using server = await rawServer((_request, response) => {
    response.end(output);
  });
  const { client } = clientFor(server.url);
  const onEvent = () => {
    throw new Error("A listener broke.");
  };
  const source = { client, call: {}, folder: folder.path, onEvent };
  const batch = batchOf({
    output_file_id: "out",
    request_counts: { total: 9, completed: 9, failed: 0 },
  });
  const expected = { states: new StateTable(), input: undefined, part: undefined };
  const error = await rejectionOf(settleBatch(source, batch, expected));
  expect(error).toMatchObject({ message: "A listener broke." });
  expect(await folder.list()).toEqual([]);
});
