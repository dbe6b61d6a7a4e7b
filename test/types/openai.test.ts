import { createReadStream, type ReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";

import OpenAI from "openai";
import { afterEach, expect, expectTypeOf, test, vi } from "vitest";

import { type Batch, BatchClient } from "../../src/index.ts";
import { startSimulator } from "../../src/simulator/index.ts";
import { KEY, requestLines, textSource } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { rawServer } from "../support/raw-server.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

interface EitherPage {
  readonly data: readonly OpenAI.Batch[];
  hasNextPage(): boolean;
}

/** What a program may ask of either client. */
interface EitherClient {
  readonly batches: {
    create(body: {
      input_file_id: string;
      endpoint: "/v1/chat/completions";
      completion_window: "24h";
    }): PromiseLike<OpenAI.Batch>;
    retrieve(id: string): PromiseLike<OpenAI.Batch>;
    cancel(id: string): PromiseLike<OpenAI.Batch>;
    list(query?: {
      after?: string;
      limit?: number;
    }): AsyncIterable<OpenAI.Batch> & PromiseLike<EitherPage>;
  };
  readonly files: {
    create(body: {
      file: File | Response | ReadStream;
      purpose: "batch";
    }): PromiseLike<{ id: string; bytes: number; filename: string }>;
    content(id: string): PromiseLike<Response>;
    retrieve(id: string): PromiseLike<{ id: string; bytes: number; filename: string }>;
    delete(id: string): PromiseLike<{ id: string; deleted: boolean }>;
  };
}

test("a batch of ours is one of the official package's, and the other way round", () => {
  expectTypeOf<Batch>().toExtend<OpenAI.Batch>();
  expectTypeOf<OpenAI.Batch>().toExtend<Batch>();
});

test("both clients do for the same program", () => {
  expectTypeOf<BatchClient>().toExtend<EitherClient>();
  expectTypeOf<OpenAI>().toExtend<EitherClient>();
});

test("the same program gives the same batch with either client", async () => {
  await using simulator = await startSimulator();
  const ours = new BatchClient({ apiKey: KEY, baseURL: simulator.url });
  const theirs = new OpenAI({ apiKey: KEY, baseURL: simulator.url });
  const file = await ours.files.create({ file: textSource(requestLines(2)), purpose: "batch" });
  const run = async (client: EitherClient): Promise<unknown> => {
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    const { status } = await client.batches.cancel(id);
    const seen = await client.batches.retrieve(id);
    const ids: string[] = [];
    for await (const batch of client.batches.list({ limit: 1 })) ids.push(batch.id);
    const content = await (await client.files.content(file.id)).text();
    return [status, seen.input_file_id, seen.created_at > 0, ids.includes(id), content];
  };
  expect(await run(ours)).toEqual(await run(theirs));
});

test("the program of the official package's guide does the same with either client", async () => {
  await using folder = await openFolder();
  await using server = await rawServer((_, response) => response.end(requestLines(1)));
  const path = folder.at("requests.jsonl");
  await writeFile(path, requestLines(2));
  const run = async (Client: new () => EitherClient): Promise<unknown> => {
    await using simulator = await startSimulator({ apiKey: KEY });
    vi.stubEnv("OPENAI_API_KEY", KEY);
    vi.stubEnv("OPENAI_BASE_URL", simulator.url);
    vi.stubEnv("OPENAI_ORG_ID", "org-1");
    vi.stubEnv("OPENAI_PROJECT_ID", "proj_1");
    const client = new Client();
    // The API wants the purpose first; the official package sends the fields as they stand here.
    const file = await client.files.create({ purpose: "batch", file: createReadStream(path) });
    const again = await client.files.create({
      purpose: "batch",
      file: await fetch(`${server.origin}/exported.jsonl`),
    });
    const named = new File([requestLines(1)], "named.jsonl");
    const third = await client.files.create({ purpose: "batch", file: named });
    for (const { id } of [file, file]) {
      await client.batches.create({
        input_file_id: id,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      });
    }
    const first = await client.batches.list({ limit: 1 });
    const after = first.data.at(-1)?.id ?? "";
    const last = await client.batches.list({ limit: 1, after });
    const headers = simulator.calls.map((call) => [
      call.headers["openai-organization"],
      call.headers["openai-project"],
    ]);
    return {
      names: [file, again, third].map(({ filename }) => filename),
      bytes: [file, again, third].map(({ bytes }) => bytes),
      more: [first.hasNextPage(), last.hasNextPage()],
      headers,
    };
  };
  const ours = await run(BatchClient);
  expect(ours).toEqual(await run(OpenAI));
  expect(ours).toMatchObject({ more: [true, false], headers: Array(7).fill(["org-1", "proj_1"]) });
});
