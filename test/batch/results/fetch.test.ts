import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import { fetchResultFile } from "../../../src/batch/results/fetch.ts";
import { filesOf } from "../../../src/batch/results/settle.ts";
import { batchOf } from "../../action/batch.ts";
import { clientFor, rejectionOf } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";
import { batchJson, rawServer, reply } from "../../support/raw-server.ts";

const now = Date.UTC(2026, 0, 1) / 1000;
const text = '{"custom_id":"a"}\n';
const refusal = { error: { message: "No." } };

interface Answers {
  /** The status of the content; 200 brings it, without a length. */
  readonly content?: number;
  /** What the server says of the file: its length, or a status. */
  readonly file?: { readonly bytes: number } | { readonly status: number };
  readonly batch?: number;
  /** Whether the download names its length. */
  readonly measured?: boolean;
}

/** One try to get the file of a batch from a server that answers in this way. */
async function fetched(answers: Answers, ended: Partial<Batch> = {}, maxRetries = 0) {
  const { content = 200, file = { status: 404 }, batch = 200, measured = false } = answers;
  await using folder = await openFolder();
  await using server = await rawServer(({ url }, response) => {
    const isFile = url.startsWith("/v1/files");
    if (url.endsWith("/content") && content === 200) {
      response.writeHead(200, measured ? { "content-length": text.length } : {});
      response.end(text);
    } else if (url.endsWith("/content")) reply(response, content, refusal);
    else if (isFile && "status" in file) reply(response, file.status, refusal);
    else if (isFile) {
      reply(response, 200, { id: "file-1", object: "file", created_at: now, ...file });
    } else reply(response, batch, batch === 200 ? batchJson("batch_1") : refusal);
  });
  const { client } = clientFor(server.url, { maxRetries });
  const source = { client, call: {}, folder: folder.path, onEvent: () => undefined };
  const result = await fetchResultFile(source, batchOf(ended), "file-1");
  const kept = result.came ? readFileSync(result.path, "utf8") : undefined;
  const asked = server.requests.map(({ url }) => url.replace("/v1", ""));
  return { result, kept, asked, left: readdirSync(folder.path).length };
}

describe("a result file that came", () => {
  it("is whole by the length that the download names, and nothing more is asked", async () => {
    const { result, kept, asked } = await fetched({ measured: true });
    expect(result).toMatchObject({ came: true, bytes: text.length, length: "whole" });
    expect(kept).toBe(text);
    expect(asked).toEqual(["/files/file-1/content"]);
  });

  it.each([
    ["whole", { bytes: text.length }],
    ["short", { bytes: text.length + 1 }],
    ["unknown", { bytes: text.length - 1 }],
    ["unknown", { bytes: 0 }],
    ["unknown", { status: 404 }],
    ["unknown", { status: 500 }],
  ])("is %s where the server says of it: %j", async (length, file) => {
    const { result, asked } = await fetched({ file });
    expect(result).toMatchObject({ came: true, bytes: text.length, length });
    expect(asked).toEqual(["/files/file-1/content", "/files/file-1"]);
  });
});

describe("a result file that was refused", () => {
  const day = 24 * 3_600;

  it("is gone where the server has neither it nor word of it, and knows its batch", async () => {
    const { result, asked, left } = await fetched({ content: 404 });
    expect(result).toMatchObject({ came: false, gone: true, error: { status: 404 } });
    expect(asked).toEqual(["/files/file-1/content", "/files/file-1", "/batches/batch_1"]);
    expect(left).toBe(0);
  });

  it.each<[string, Answers]>([
    ["the server has lost sight of the batch as well", { content: 404, batch: 404 }],
    ["the server knows the file", { content: 404, file: { bytes: 9 } }],
    ["the server refuses a word of the file", { content: 404, file: { status: 403 } }],
    ["the server has no time for it", { content: 404, file: { status: 500 } }],
    ["the content is refused", { content: 403 }],
    ["the content fails", { content: 500 }],
  ])("is not gone where %s", async (_, answers) => {
    expect((await fetched(answers)).result).toMatchObject({ came: false, gone: false });
  });

  it.each<[string, Answers, Partial<Batch>, boolean]>([
    ["a moment after the end", { content: 404 }, { completed_at: now - 60 }, true],
    ["where no end is known", { content: 404 }, {}, true],
    ["long after the end", { content: 404 }, { completed_at: now - day }, false],
    [
      "long after the end, where the server knows the file",
      { content: 404, file: { bytes: 9 } },
      { completed_at: now - day },
      true,
    ],
    ["while it is too early", { content: 425 }, { completed_at: now - day }, true],
    ["after another refusal", { content: 401 }, {}, false],
  ])("is asked for again %s: %j", async (_, answers, ended, again) => {
    expect((await fetched(answers, ended)).result).toMatchObject({ came: false, again });
  });

  it("is looked at once more at the most, however many retries are wanted", async () => {
    const { asked } = await fetched({ file: { status: 500 } }, {}, 5);
    expect(asked).toEqual(["/files/file-1/content", "/files/file-1", "/files/file-1"]);
  });
});

it("a file in which nothing came is not whole by a length of 0, which servers tell that know none", async () => {
  await using folder = await openFolder();
  await using server = await rawServer(({ url }, response) => {
    if (url.endsWith("/content")) response.writeHead(200).end();
    else reply(response, 200, { id: "file-1", object: "file", created_at: now, bytes: 0 });
  });
  const { client } = clientFor(server.url);
  const source = { client, call: {}, folder: folder.path, onEvent: () => undefined };
  const result = await fetchResultFile(source, batchOf(), "file-1");
  expect(result).toMatchObject({ came: true, bytes: 0, length: "unknown" });
});

describe("the looks after a refusal", () => {
  /** Aborts while the server is asked for a path, and tells what came of the fetch. */
  async function abortedAt(path: string) {
    await using folder = await openFolder();
    const controller = new AbortController();
    const reason = new Error("stop");
    await using server = await rawServer(({ url }, response) => {
      if (url === path) {
        controller.abort(reason);
        return;
      }
      reply(response, 404, refusal);
    });
    const { client } = clientFor(server.url, { maxRetries: 0 });
    const call = { signal: controller.signal };
    const source = { client, call, folder: folder.path, onEvent: () => undefined };
    const error = await rejectionOf(fetchResultFile(source, batchOf(), "file-1"));
    return error === reason;
  }

  it.each([
    ["the file", "/v1/files/file-1"],
    ["the batch", "/v1/batches/batch_1"],
  ])("end with the signal, which says nothing of %s", async (_, path) => {
    expect(await abortedAt(path)).toBe(true);
  });

  it("ask for the batch once, however many retries are wanted", async () => {
    const { asked, result } = await fetched({ content: 404, batch: 500 }, {}, 5);
    expect(asked.filter((path) => path === "/batches/batch_1")).toHaveLength(1);
    expect(result).toMatchObject({ came: false, gone: false });
  });
});

it("a folder that cannot be one is told with its name, and the batch's", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("taken"), "");
  await using server = await rawServer((_request, response) => {
    response.end(text);
  });
  const { client } = clientFor(server.url);
  const path = folder.at("taken", "results");
  const source = { client, call: {}, folder: path, onEvent: () => undefined };
  const error = await rejectionOf(fetchResultFile(source, batchOf(), "file-1"));
  expect(String(error)).toContain(path);
  expect(String(error)).toContain("batch_1");
});

it("an abort leaves nothing on the disk", async () => {
  await using folder = await openFolder();
  const controller = new AbortController();
  const reason = new Error("stop");
  await using server = await rawServer((_request, response) => {
    response.write(text);
    setImmediate(() => {
      controller.abort(reason);
    });
  });
  const { client } = clientFor(server.url);
  const call = { signal: controller.signal };
  const source = { client, call, folder: folder.path, onEvent: () => undefined };
  expect(await rejectionOf(fetchResultFile(source, batchOf(), "file-1"))).toBe(reason);
  expect(existsSync(folder.path)).toBe(true);
  expect(readdirSync(folder.path)).toEqual([]);
});

it.each<[Partial<Batch>, readonly (readonly [string, string])[]]>([
  [{}, []],
  [{ output_file_id: "o" }, [["output", "o"]]],
  [{ error_file_id: "e" }, [["error", "e"]]],
  [
    { output_file_id: "o", error_file_id: "e" },
    [
      ["output", "o"],
      ["error", "e"],
    ],
  ],
  // Some servers name one file for both.
  [{ output_file_id: "o", error_file_id: "o" }, [["output", "o"]]],
])("the result files of %j are %j", (fields, files) => {
  expect(filesOf(batchOf(fields))).toEqual(files);
});
