import { expect, test } from "vitest";
import { openAccount } from "./account.ts";

async function answersTo(
  endpoint: string,
  bodies: readonly object[],
): Promise<readonly { readonly status: number; readonly body: Record<string, unknown> }[]> {
  await using account = await openAccount({ shuffle: false });
  const lines = bodies.map((body, index) => ({
    custom_id: `r${index}`,
    method: "POST",
    url: endpoint,
    body,
  }));
  const { id } = await account.client.batches.create({
    input_file_id: await account.upload(lines),
    // The endpoint comes from the test's table, all of them real.
    endpoint: endpoint as "/v1/responses",
    completion_window: "24h",
  });
  account.clock.advance(1000);
  const batch = await account.client.batches.retrieve(id);
  const all = await account.lines(batch.output_file_id ?? batch.error_file_id);
  return all.map(({ response }) => ({
    status: response?.status_code ?? -1,
    body: response?.body ?? {},
  }));
}

const model = "gpt-5-nano";

test("a chat completion echoes the last message and counts its tokens", async () => {
  const [answer] = await answersTo("/v1/chat/completions", [
    {
      model,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "What is a  batch?" }] },
      ],
    },
  ]);
  expect(answer).toMatchObject({
    status: 200,
    body: {
      object: "chat.completion",
      model,
      choices: [
        {
          message: { role: "assistant", content: "Echo: What is a batch?" },
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 },
    },
  });
  expect(answer?.body["id"]).toMatch(/^chatcmpl-/);
});

test("a long prompt is echoed by its first words", async () => {
  const content = Array.from({ length: 50 }, (_, index) => `w${index}`).join(" ");
  const [answer] = await answersTo("/v1/chat/completions", [
    { model, messages: [{ role: "user", content }] },
  ]);
  expect(answer?.body["choices"]).toMatchObject([
    { message: { content: "Echo: w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 …" } },
  ]);
});

test("a response has output text, and JSON where a format asks for it", async () => {
  const answers = await answersTo("/v1/responses", [
    { model, input: "Say hello" },
    {
      model,
      input: [{ role: "user", content: "Say hello" }],
      text: { format: { type: "json_schema" } },
    },
  ]);
  const texts = ["Echo: Say hello", '{"echo":"Say hello"}'];
  for (const [index, text] of texts.entries()) {
    expect(answers[index]?.body).toMatchObject({
      object: "response",
      status: "completed",
      model,
      output: [{ type: "message", content: [{ type: "output_text", text }] }],
    });
  }
});

test("a chat completion is JSON where response_format asks for it", async () => {
  const [answer] = await answersTo("/v1/chat/completions", [
    {
      model,
      messages: [{ role: "user", content: "Hi" }],
      response_format: { type: "json_object" },
    },
  ]);
  expect(answer?.body["choices"]).toMatchObject([{ message: { content: '{"echo":"Hi"}' } }]);
});

test("embeddings give one vector to each input, always the same and of length one", async () => {
  const answers = await answersTo("/v1/embeddings", [
    { model, input: ["cat", "dog"] },
    { model, input: "cat", dimensions: 3 },
    { model, input: [1, 2, 3] },
    { model, input: "cat", encoding_format: "base64" },
    { model, input: "cat" },
  ]);
  const vectors = answers.map(({ body }) =>
    // The shape is the API's; the assertions below would fail on another.
    (body["data"] as { embedding: number[] | string }[]).map((item) => item.embedding),
  );
  const [two, three, tokens, base64, one] = vectors;
  expect(two).toHaveLength(2);
  expect(two?.[0]).not.toEqual(two?.[1]);
  expect(three?.[0]).toHaveLength(3);
  expect(tokens).toHaveLength(1);
  expect(one?.[0]).toEqual(two?.[0]);
  expect(Math.hypot(...((one?.[0] ?? []) as number[]))).toBeCloseTo(1);
  const bytes = Buffer.from(String(base64?.[0]), "base64");
  expect(bytes.readFloatLE(0)).toBe((one?.[0] as number[])[0]);
});

test.each([
  [
    "/v1/completions",
    { prompt: "Once" },
    { object: "text_completion", choices: [{ text: "Echo: Once" }] },
  ],
  ["/v1/moderations", { input: "Nice" }, { results: [{ flagged: false }] }],
  [
    "/v1/images/generations",
    { prompt: "A cat" },
    { object: "simulator.answer", text: "Echo: A cat" },
  ],
  ["/v1/videos", {}, { object: "simulator.answer" }],
])("%s has an answer of its own", async (endpoint, body, expected) => {
  const [answer] = await answersTo(endpoint, [{ model, ...body }]);
  expect(answer).toMatchObject({ status: 200, body: { model, ...expected } });
});

test.each([
  ["no model", { messages: [] }],
  ["stream", { model, messages: [], stream: true }],
])("a request with %s fails by itself with 400", async (_, body) => {
  const [answer] = await answersTo("/v1/chat/completions", [body]);
  expect(answer?.status).toBe(400);
  expect(answer?.body["error"]).toMatchObject({ type: "invalid_request_error" });
});
