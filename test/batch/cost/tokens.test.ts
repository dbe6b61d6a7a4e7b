import { writeFile } from "node:fs/promises";

import { encode, encodeChat } from "gpt-tokenizer/model/gpt-4o";
import { describe, expect, it } from "vitest";

import { loadCounter } from "../../../src/batch/cost/counter.ts";
import { estimateTokens, type TokenEstimate } from "../../../src/batch/cost/tokens.ts";
import { scanInput } from "../../../src/batch/input.ts";
import { openFolder } from "../../support/folder.ts";

async function estimate(url: string, bodies: readonly object[]): Promise<TokenEstimate> {
  await using folder = await openFolder();
  const path = folder.at("requests.jsonl");
  const lines = bodies.map((body, index) => ({
    custom_id: `r${index}`,
    method: "POST",
    url,
    body: { model: "gpt-4o-mini", ...body },
  }));
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return await estimateTokens(await scanInput(path));
}

const chat = "/v1/chat/completions";
const hello = [
  { role: "system", content: "You answer in one word." },
  { role: "user", content: "What is the capital of France?" },
] as const;

describe("the input of a small file", () => {
  it("is that of the tokenizer, with what stands around messages", async () => {
    const { input, error, read } = await estimate(chat, [{ messages: hello }]);
    expect([input, error, read]).toEqual([encodeChat(hello).length, 0, 1]);
  });

  it("is the same for a response, whose instructions are a message", async () => {
    const [system, user] = hello;
    const body = { instructions: system.content, input: user.content };
    expect((await estimate("/v1/responses", [body])).input).toBe(encodeChat(hello).length);
    const items = { input: [...hello] };
    expect((await estimate("/v1/responses", [items])).input).toBe(encodeChat(hello).length);
  });

  it("is that of every text to embed, and of tokens in their place", async () => {
    const texts = ["a short text", "another, with Umlauten: äöü"];
    const expected = texts.flatMap((text) => encode(text)).length;
    const { input, models } = await estimate("/v1/embeddings", [
      { input: texts },
      { input: [[1, 2, 3], [4]] },
      { input: [1, 2] },
    ]);
    expect(input).toBe(expected + 4 + 2);
    expect(models[0]).toMatchObject({ output: 0, unlimited: 0 });
  });

  it("holds the texts of parts, tools and schemas", async () => {
    const bare = await estimate(chat, [{ messages: [{ role: "user", content: "hi" }] }]);
    const parts = await estimate(chat, [
      { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] },
    ]);
    expect(parts.input).toBe(bare.input);
    const tools = [{ type: "function", function: { name: "look_up", parameters: {} } }];
    const json_schema = { name: "answer", schema: { type: "object" } };
    const more = await estimate(chat, [
      {
        messages: [{ role: "user", content: "hi" }],
        tools,
        response_format: { type: "json_schema", json_schema },
      },
    ]);
    const added = encode(JSON.stringify(tools)).length + encode(JSON.stringify(json_schema)).length;
    expect(more.input).toBe(bare.input + added);
  });

  it("says how much of it is no text", async () => {
    const { models } = await estimate(chat, [
      {
        messages: [
          { role: "user", content: [{ type: "image_url", image_url: { url: "data:…" } }] },
          { role: "user", content: [{ type: "input_audio", input_audio: { data: "…" } }] },
        ],
      },
    ]);
    expect(models[0]).toMatchObject({ uncounted: 2, input: 2 * 4 + 3 });
  });

  it("takes the names of special tokens for the letters that they are", async () => {
    const count = await loadCounter();
    expect(count("<|endoftext|>")).toBeGreaterThan(1);
  });

  it("is counted in time where a text is one endless word", async () => {
    const count = await loadCounter();
    const word = "a".repeat(1_000);
    expect(count(word.repeat(300))).toBe(300 * count(word));
  });
});

describe("the output", () => {
  it("is each request's own limit, for each answer that it asks for", async () => {
    const messages = hello;
    const { models } = await estimate(chat, [
      { messages, max_completion_tokens: 100 },
      { messages, max_tokens: 50, n: 2 },
      { messages },
    ]);
    expect(models[0]).toMatchObject({ requests: 3, output: 200, unlimited: 1 });
  });
});

describe("the input of a large file", () => {
  it("is estimated from a sample that is the same each time, and says how far off it may be", async () => {
    await using folder = await openFolder();
    const path = folder.at("requests.jsonl");
    const count = await loadCounter();
    let truth = 0;
    const lines: string[] = [];
    for (let index = 0; index < 3_000; index += 1) {
      // Short and long, prose and digits: no two requests have the same tokens a byte.
      const words = index % 7 === 0 ? "Rechnungsnummer 48151623 " : "the kettle boils quickly ";
      const content = words.repeat(10 + ((index * 37) % 180));
      truth += count(content) + 4 + 3;
      const body = { model: "gpt-4o-mini", messages: [{ role: "user", content }], max_tokens: 9 };
      lines.push(JSON.stringify({ custom_id: `r${index}`, method: "POST", url: chat, body }));
    }
    await writeFile(path, `${lines.join("\n")}\n`);
    const scan = await scanInput(path);
    const first = await estimateTokens(scan);
    expect(first.read).toBeLessThan(2_500);
    expect(Math.abs(first.input - truth) / truth).toBeLessThan(0.02);
    expect(first.error).toBeGreaterThan(0);
    expect(Math.abs(first.input - truth)).toBeLessThan(2 * first.error);
    expect(first.models[0]).toMatchObject({ output: 27_000, unlimited: 0 });
    expect(await estimateTokens(scan)).toEqual(first);
  });

  it("is not read from a file that was written since", async () => {
    await using folder = await openFolder();
    const path = folder.at("requests.jsonl");
    const line = { custom_id: "a", method: "POST", url: chat, body: { model: "m", messages: [] } };
    await writeFile(path, `${JSON.stringify(line)}\n`);
    const scan = await scanInput(path);
    await writeFile(path, `${JSON.stringify(line)}\n\n`);
    await expect(estimateTokens(scan)).rejects.toMatchObject({ code: "input_changed" });
  });
});
