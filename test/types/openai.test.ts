import OpenAI from "openai";
import { expect, expectTypeOf, test } from "vitest";

import { type Batch, BatchClient } from "../../src/index.ts";
import { startSimulator } from "../../src/simulator/index.ts";
import { KEY, requestLines, textSource } from "../support/account.ts";

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
    list(query?: { after?: string; limit?: number }): AsyncIterable<OpenAI.Batch>;
  };
  readonly files: {
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
