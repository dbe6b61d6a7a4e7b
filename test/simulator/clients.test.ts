import { createReadStream, writeFileSync } from "node:fs";
import OpenAI, { toFile } from "openai";
import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/index.ts";
import { openFolder } from "../support/folder.ts";
import { chats, ENDPOINT } from "./account.ts";

const TEXT = chats(3)
  .map((line) => `${JSON.stringify(line)}\n`)
  .join("");

test.each(["the fields first", "the file first"])(
  "openai-node takes a batch from upload to results, %s",
  async (order) => {
    await using simulator = await startSimulator({
      phases: { validating: 0, inProgress: 0, finalizing: 0 },
    });
    const client = new OpenAI({ apiKey: "sk-test", baseURL: simulator.url, maxRetries: 0 });
    const file = await toFile(Buffer.from(TEXT), "requests.jsonl");
    const expires_after = { anchor: "created_at", seconds: 7200 } as const;
    // The package sends the parts in the order in which they are given.
    const uploaded = await client.files.create(
      order === "the file first"
        ? { file, purpose: "batch", expires_after }
        : { purpose: "batch", expires_after, file },
    );
    expect(uploaded).toMatchObject({ bytes: TEXT.length, filename: "requests.jsonl" });
    expect(uploaded.expires_at).toBe(uploaded.created_at + 7200);
    const batch = await client.batches.create({
      input_file_id: uploaded.id,
      endpoint: ENDPOINT,
      completion_window: "24h",
    });
    const ended = await client.batches.retrieve(batch.id);
    expect(ended.request_counts).toEqual({ total: 3, completed: 3, failed: 0 });
    const content = await client.files.content(ended.output_file_id ?? "");
    expect((await content.text()).trimEnd().split("\n")).toHaveLength(3);
  },
);

test("openai-node uploads a stream", async () => {
  await using simulator = await startSimulator();
  await using folder = await openFolder();
  writeFileSync(folder.at("requests.jsonl"), TEXT);
  const client = new OpenAI({ apiKey: "sk-test", baseURL: simulator.url, maxRetries: 0 });
  const file = createReadStream(folder.at("requests.jsonl"));
  const { id } = await client.files.create({ file, purpose: "batch" });
  expect(await (await client.files.content(id)).text()).toBe(TEXT);
});
