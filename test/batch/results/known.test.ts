import { describe, expect, it, test } from "vitest";

import type { BatchEvent } from "../../../src/batch/events.ts";
import type { Batch } from "../../../src/api/types.ts";
import { openCollection } from "../../../src/batch/results.ts";
import { collectResults, type CollectOptions, scanInput } from "../../../src/index.ts";
import { writeFile } from "node:fs/promises";
import { clientFor, failureOf, rejectionOf, requestLines } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";
import { batchJson, type RawHandler, rawServer, reply } from "../../support/raw-server.ts";
import { answerLine, jsonl, stream } from "./result-server.ts";

/** The second at which the clock of a test client starts. */
const start = Date.UTC(2026, 0, 1) / 1000;

// In the shape of the reference.
const batchOf = (fields: object = {}) =>
  batchJson("batch_1", {
    status: "completed",
    output_file_id: "out",
    ...fields,
  }) as unknown as Batch;

const whole = jsonl(["r1", "r2"].map((id) => answerLine(id)));
const noSuchFile: Parameters<typeof reply> extends [unknown, ...infer Rest] ? Rest : never = [
  404,
  { error: { message: "No such File object" } },
];

/** Collects a batch from a server, and tells what happened. */
async function collect(
  handler: RawHandler,
  { batch = batchOf(), ...options }: CollectOptions & { readonly batch?: Batch } = {},
) {
  await using server = await rawServer(handler);
  await using folder = await openFolder();
  const { client, clock } = clientFor(server.url);
  const events: BatchEvent[] = [];
  const call = collectResults(client, [batch], {
    temporaryFolder: folder.path,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const settled = await call.then(
    (results) => ({ results, error: undefined }),
    (error: unknown) => ({ results: undefined, error }),
  );
  return {
    ...settled,
    events,
    pauses: clock.pauses,
    asked: server.requests.map(({ method, url }) => `${method} ${url.replace("/v1", "")}`),
    left: await folder.list(),
  };
}

describe("a result file that is gone", () => {
  const gone: RawHandler = ({ url }, response) => {
    if (url.startsWith("/v1/files/out")) reply(response, ...noSuchFile);
    else if (url.endsWith("/content")) response.end(whole);
    else reply(response, 200, batchOf({ error_file_id: "err", completed_at: start - 590 }));
  };
  const both = { error_file_id: "err" };

  test("is known to be gone after three looks when its batch ended long ago", async () => {
    const batch = batchOf({ ...both, completed_at: start - 600 });
    const handler: RawHandler = (request, response, context) => {
      if (request.url === "/v1/batches/batch_1") reply(response, 200, batch);
      else gone(request, response, context);
    };
    const { results, pauses, events } = await collect(handler, { batch });
    expect(pauses).toEqual([1_000, 2_000]);
    expect(results?.files.get("batch_1")).toMatchObject([{ state: "gone" }, { state: "complete" }]);
    expect(results?.problems).toEqual([expect.stringContaining("404")]);
    expect(events).toContainEqual({
      type: "download-failed",
      batchId: "batch_1",
      fileId: "out",
      why: expect.stringContaining("No such File object") as string,
    });
  });

  test("is waited for when its batch has only just ended", async () => {
    const batch = batchOf({ ...both, completed_at: start - 590 });
    const { results, pauses } = await collect(gone, { batch });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(results?.files.get("batch_1")).toMatchObject([{ state: "gone" }, { state: "complete" }]);
  });

  test("is not gone as long as the server says that it has the file", async () => {
    const hidden: RawHandler = (request, response, context) => {
      if (request.url === "/v1/files/out") reply(response, 200, { id: "out", bytes: 9 });
      else gone(request, response, context);
    };
    const batch = batchOf({ ...both, completed_at: start - 3_600 });
    const { results, pauses } = await collect(hidden, { batch });
    expect(pauses).toHaveLength(5);
    expect(results?.files.get("batch_1")).toMatchObject([
      { state: "not yet there" },
      { state: "complete" },
    ]);
  });
});

describe("what happens is told as it happens", () => {
  test("a file that came whole", async () => {
    const { events, asked, results } = await collect((_request, response) => {
      response.end(whole);
    });
    expect(events).toEqual([
      { type: "downloaded", batchId: "batch_1", fileId: "out", lines: 2 },
      { type: "written", results },
    ]);
    expect(asked).toEqual(["GET /files/out/content"]);
  });

  test("a file that comes late", async () => {
    const { events, left } = await collect(({ url }, response, { count }) => {
      if (!url.endsWith("/content")) reply(response, 200, batchOf());
      else if (count === 1) reply(response, 425, { error: { message: "Wait." } });
      else response.end(whole);
    });
    expect(events.map(({ type }) => type)).toEqual(["results-late", "downloaded", "written"]);
    expect(events[0]).toMatchObject({ batchId: "batch_1", pause: 1_000 });
    expect(events[0]).toHaveProperty("why", expect.stringContaining("Wait."));
    expect(left).toEqual([]);
  });

  test("a file that is never named", async () => {
    const { events, error } = await collect(
      (_request, response) => {
        reply(response, 200, batchOf({ output_file_id: null }));
      },
      { batch: batchOf({ output_file_id: undefined }) },
    );
    expect(events.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 5 }, () => "results-late"),
      "download-failed",
    ]);
    expect(error).toMatchObject({ code: "result_unknown" });
  });
});

describe("waiting for results ends", () => {
  const late: RawHandler = (_request, response) => {
    reply(response, 425, { error: { message: "Wait." } });
  };

  test("before the deadline", async () => {
    const { pauses, error } = await collect(late, { deadline: start * 1000 + 7_500 });
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
    expect(error).toMatchObject({ status: 425 });
  });

  test("with the signal, and leaves nothing behind", async () => {
    const controller = new AbortController();
    const reason = new Error("stop");
    await using server = await rawServer(({ url }, response) => {
      if (url.startsWith("/v1/batches")) controller.abort(reason);
      if (url.endsWith("/content")) stream(response, answerLine("r1"));
      else reply(response, 404, {});
    });
    await using folder = await openFolder();
    const { client } = clientFor(server.url);
    const call = collectResults(client, [batchOf()], {
      temporaryFolder: folder.path,
      signal: controller.signal,
    });
    expect(await rejectionOf(call)).toBe(reason);
    expect(await folder.list()).toEqual([]);
  });

  test("at once with an error that no waiting changes", async () => {
    const { pauses, error } = await collect((_request, response) => {
      reply(response, 401, { error: { message: "No." } });
    });
    expect(pauses).toEqual([]);
    expect(error).toMatchObject({ status: 401 });
  });
});

describe("a batch that comes a second time", () => {
  test("is counted once where no input names its requests", async () => {
    await using server = await rawServer((_request, response) => {
      response.end(whole);
    });
    await using folder = await openFolder();
    const { client } = clientFor(server.url);
    const options = { temporaryFolder: folder.path };
    const results = await collectResults(client, [batchOf(), batchOf()], options);
    expect(results.counts).toEqual({ total: 2, completed: 2, failed: 0 });
  });
});

describe("requests of an input whose parts are not known", () => {
  const collectWith = async (batch: Batch, text: string) => {
    await using folder = await openFolder();
    await writeFile(folder.at("in.jsonl"), requestLines(3));
    await using server = await rawServer(({ url }, response) => {
      if (!url.endsWith("/content")) reply(response, 404, {});
      else response.end(text);
    });
    const { client } = clientFor(server.url);
    const input = await scanInput(folder.at("in.jsonl"));
    const collection = openCollection(client, { input, temporaryFolder: folder.path });
    try {
      await collection.add([batch]);
      return { again: collection.resendable(), results: await collection.write({}) };
    } finally {
      await collection.close();
    }
  };

  it.each<[string, Batch, string, readonly number[], string]>([
    ["are missing in whole files", batchOf(), whole, [2], "result_missing"],
    [
      "are unknown in a file that is not whole",
      batchOf({ request_counts: { total: 3, completed: 3, failed: 0 } }),
      whole,
      [],
      "result_unknown",
    ],
  ])("%s", async (_name, batch, text, again, code) => {
    const collected = await collectWith(batch, text);
    expect(collected.again).toEqual(again);
    expect(collected.results.failures).toEqual([
      { code, count: 1, resendable: code === "result_missing" ? 1 : 0, examples: ["r3"] },
    ]);
  });

  test("are pending while a batch has not ended", async () => {
    const { again, results } = await collectWith(batchOf({ status: "finalizing" }), whole);
    expect(again).toEqual([]);
    expect(results.failures).toMatchObject([{ code: "not_finished", count: 3 }]);
    expect(results.unknown).toBe(0);
  });
});

test("where nothing could be downloaded, the error is the server's own", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, ...noSuchFile);
  });
  const { client } = clientFor(server.url);
  expect(await failureOf(collectResults(client, [batchOf()]))).toMatchObject({ status: 404 });
});
