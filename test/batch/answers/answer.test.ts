import { describe, expect, it, test } from "vitest";

import { answerIn, problemIn } from "../../../src/batch/answers/answer.ts";
import { readResultLine } from "../../../src/batch/results/line.ts";

type Fields = Readonly<Record<string, unknown>>;

const lineOf = (fields: object) =>
  readResultLine(Buffer.from(JSON.stringify({ id: "1", custom_id: "a", error: null, ...fields })));
const of = (body: unknown, asksJson = false) => {
  const line = lineOf({ response: { status_code: 200, request_id: "q", body } });
  const answer = answerIn(line, { asksJson });
  // What is counted without a file of answers is what the file says.
  expect(problemIn(line, asksJson)).toBe(answer.problem);
  return answer;
};
const failureOf = (fields: object) => answerIn(lineOf(fields), { asksJson: false });

const chat = (message: Fields, choice: Fields = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-5-mini-2025-08-07",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", ...message }, ...choice },
  ],
});
const response = (output: readonly unknown[], fields: Fields = {}) => ({
  id: "resp_1",
  object: "response",
  status: "completed",
  error: null,
  incomplete_details: null,
  model: "gpt-5-mini",
  output,
  ...fields,
});
const message = (...content: readonly unknown[]) => ({
  type: "message",
  role: "assistant",
  content,
});
const said = (text: string) => ({ type: "output_text", text, annotations: [] });
const reasoning = { type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }] };
const incomplete = (reason?: string) => ({
  status: "incomplete",
  incomplete_details: reason === undefined ? null : { reason },
});
const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };

describe("the text of an answer", () => {
  it.each<[string, unknown, string | undefined]>([
    ["a chat completion", chat({ content: "Hello.", refusal: null }), "Hello."],
    [
      "a chat completion in parts",
      chat({
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      }),
      "ab",
    ],
    [
      "a chat completion with the model's thinking",
      chat({
        content: [
          { type: "thinking", thinking: [] },
          { type: "text", text: "b" },
        ],
      }),
      "b",
    ],
    ["a chat completion with sound", chat({ content: null, audio: { transcript: "Hi." } }), "Hi."],
    [
      "the first of several choices",
      { choices: [{ message: { content: "a" } }, { message: { content: "b" } }] },
      "a",
    ],
    [
      "the first choice that did not fail by itself",
      { choices: [{ finish_reason: "error" }, { message: { content: "b" } }] },
      "b",
    ],
    ["a completion", { choices: [{ text: "Once", finish_reason: "stop" }] }, "Once"],
    ["a response", response([reasoning, message(said("Hello."))]), "Hello."],
    ["a response in parts", response([message(said("a"), said("b")), message(said("c"))]), "abc"],
    [
      "a response after a search of the server's",
      response([{ type: "web_search_call" }, message(said("x"))]),
      "x",
    ],
    ["an embedding", { data: [{ index: 0, embedding: [0.5, -1] }] }, "[0.5,-1]"],
    [
      "embeddings of several inputs, in their order",
      {
        data: [
          { index: 1, embedding: [2] },
          { index: 0, embedding: [1] },
        ],
      },
      "[[1],[2]]",
    ],
    [
      "an embedding in Base64",
      {
        data: [
          { index: 0, embedding: Buffer.from(Float32Array.of(0.5, -2).buffer).toString("base64") },
        ],
      },
      "[0.5,-2]",
    ],
    ["a moderation", { results: [{ flagged: true }] }, '{"flagged":true}'],
    [
      "moderations of several inputs",
      { results: [{ flagged: true }, { flagged: false }] },
      '[{"flagged":true},{"flagged":false}]',
    ],
    ["a transcription", { text: "Hello." }, "Hello."],
    ["a body that is a text", "Hello.", "Hello."],
    ["an endpoint that is not known", { video: "x" }, '{"video":"x"}'],
  ])("of %s", (_, body, text) => {
    expect(of(body)).toMatchObject({ text, problem: undefined, answered: true });
  });
});

describe("what is wrong with an answer", () => {
  it.each<[string, unknown, string | undefined]>([
    ["nothing of a good one", chat({ content: "x" }), undefined],
    ["a limit of tokens", chat({ content: "x" }, { finish_reason: "length" }), "truncated"],
    [
      "a limit in Mistral's word",
      chat({ content: "x" }, { finish_reason: "model_length" }),
      "truncated",
    ],
    [
      "a limit before the first word",
      chat({ content: "" }, { finish_reason: "length" }),
      "truncated",
    ],
    ["a limit of a completion", { choices: [{ text: "x", finish_reason: "length" }] }, "truncated"],
    [
      "a limit of a response",
      response([message(said("x"))], incomplete("max_output_tokens")),
      "truncated",
    ],
    [
      "a limit that left only thoughts",
      response([reasoning], incomplete("max_output_tokens")),
      "truncated",
    ],
    [
      "a limit and a refusal",
      chat({ content: null, refusal: "No." }, { finish_reason: "length" }),
      "truncated",
    ],
    ["a refusal", chat({ content: null, refusal: "No." }), "refused"],
    ["a refusal beside an empty text", chat({ content: "", refusal: "No." }), "refused"],
    ["a refusal as a part", chat({ content: [{ type: "refusal", refusal: "No." }] }), "refused"],
    [
      "a refusal of a response",
      response([message({ type: "refusal", refusal: "No." })]),
      "refused",
    ],
    [
      "a refusal that a filter stopped",
      chat({ content: null, refusal: "No." }, { finish_reason: "content_filter" }),
      "refused",
    ],
    ["no refusal beside a text", chat({ content: "x", refusal: "No." }), undefined],
    ["a filter", chat({ content: "x" }, { finish_reason: "content_filter" }), "filtered"],
    [
      "a filter before the first word",
      chat({ content: null }, { finish_reason: "content_filter" }),
      "filtered",
    ],
    [
      "a filter of a response",
      response([message(said("x"))], incomplete("content_filter")),
      "filtered",
    ],
    ["no text", chat({ content: null }), "empty"],
    ["no text but blanks", chat({ content: " \n" }), "empty"],
    ["no message", { choices: [{ finish_reason: "stop" }] }, "empty"],
    ["no choice", { choices: [] }, "empty"],
    ["a response without a message", response([reasoning]), "empty"],
    ["a response without anything", response([]), "empty"],
    ["a completion without a text", { choices: [{ text: "", finish_reason: "stop" }] }, "empty"],
    ["no embedding", { data: [] }, "empty"],
    ["an embedding without numbers", { data: [{ embedding: [] }] }, "empty"],
    ["no result of a moderation", { results: [] }, "empty"],
    [
      "a call of a tool",
      chat({ content: null, tool_calls: [call] }, { finish_reason: "tool_calls" }),
      undefined,
    ],
    [
      "a call of a tool that ended otherwise",
      chat({ content: null, tool_calls: [call] }),
      undefined,
    ],
    [
      "a call of a tool at the limit",
      chat({ content: null, tool_calls: [call] }, { finish_reason: "length" }),
      undefined,
    ],
    [
      "a call of a function",
      chat({ content: null, function_call: { name: "f", arguments: "" } }),
      undefined,
    ],
    [
      "a call in a response",
      response([reasoning, { type: "function_call", name: "f", arguments: "{}" }]),
      undefined,
    ],
    [
      "a call of a tool of the caller's own",
      response([{ type: "custom_tool_call", name: "f" }]),
      undefined,
    ],
    ["a search without a text", response([{ type: "web_search_call" }]), "empty"],
    [
      "a picture without a text",
      response([{ type: "image_generation_call", result: "AAAA" }]),
      undefined,
    ],
    ["an end that is not known", chat({ content: "x" }, { finish_reason: "eos" }), undefined],
    [
      "an incomplete response for another reason",
      response([message(said("x"))], incomplete("max_messages")),
      undefined,
    ],
  ])("%s", (_, body, problem) => {
    expect(of(body).problem).toBe(problem);
  });

  it.each<[string, unknown, string | undefined]>([
    ["an object", chat({ content: '{"a":1}' }), undefined],
    ["an object with space around", chat({ content: '\n {"a":1}\n' }), undefined],
    ["prose", chat({ content: "Sorry." }), "not-json"],
    ["JSON in a fence", chat({ content: '```json\n{"a":1}\n```' }), "not-json"],
    ["the start of JSON", chat({ content: '{"a":' }), "not-json"],
    [
      "the start of JSON at the limit",
      chat({ content: '{"a":' }, { finish_reason: "length" }),
      "truncated",
    ],
    ["a refusal", chat({ content: null, refusal: "No." }), "refused"],
    ["nothing", chat({ content: "" }), "empty"],
    [
      "a call of a tool beside prose",
      chat({ content: "Let me see.", tool_calls: [call] }),
      undefined,
    ],
    ["a response in prose", response([message(said("Sorry."))]), "not-json"],
  ])("where JSON was asked for: %s", (_, body, problem) => {
    expect(of(body, true).problem).toBe(problem);
  });

  it.each([
    [{ type: "text" }, undefined],
    [{ type: "json_object" }, "not-json"],
    [{ type: "json_schema", name: "x", schema: {} }, "not-json"],
  ])("is known from a response that repeats the format %j", (format, problem) => {
    expect(of(response([message(said("Sorry."))], { text: { format } })).problem).toBe(problem);
  });
});

describe("an answer that is JSON as a whole", () => {
  it.each<[string, unknown]>([
    ['{"a":[1,null]}', { a: [1, null] }],
    [" [1] ", [1]],
    ['"x"', "x"],
    ["42", 42],
    ["-1.5e3", -1500],
    ["true", true],
    ["null", null],
    ["truely", undefined],
    ["1. First", undefined],
    ["01", undefined],
    ["{a}", undefined],
    ["", undefined],
  ])("%j is read as %j", (content, json) => {
    expect(of(chat({ content })).json).toEqual(json);
  });
});

describe("beside the text", () => {
  it("stand the words of a refusal, the end, the model and the tokens", () => {
    const usage = {
      prompt_tokens: 9,
      completion_tokens: 5,
      total_tokens: 14,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    };
    expect(of({ ...chat({ content: null, refusal: "No." }), usage })).toMatchObject({
      customId: "a",
      text: undefined,
      message: "No.",
      finishReason: "stop",
      model: "gpt-5-mini-2025-08-07",
      usage: { input: 9, cachedInput: 4, output: 5, reasoning: 3 },
      cost: undefined,
    });
  });

  it.each([
    [response([message(said("x"))]), "completed"],
    [response([], incomplete("max_output_tokens")), "max_output_tokens"],
    [response([], incomplete()), "incomplete"],
  ])("stands why a response ended (%#)", (body, reason) => {
    expect(of(body).finishReason).toBe(reason);
  });

  test("stands what it cost, where somebody knows", () => {
    const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
    const body = response([message(said("x"))], { usage });
    const line = lineOf({ response: { status_code: 200, body } });
    const costs = answerIn(line, {
      asksJson: false,
      priceOf: (model, tokens) =>
        model === "gpt-5-mini" && tokens ? tokens.input * 2 + tokens.output * 3 : undefined,
    });
    expect(costs.cost).toBe(35);
    expect(answerIn(line, { asksJson: false, priceOf: () => undefined }).cost).toBeUndefined();
  });
});

describe("a request that failed", () => {
  const status = (status_code: number, body: unknown) => ({ response: { status_code, body } });
  it.each<[string, object, string, string | undefined]>([
    [
      "by its status",
      status(400, { error: { code: "invalid_value", message: "Wrong." } }),
      "invalid_value",
      "Wrong.",
    ],
    [
      "before it ran",
      { response: null, error: { code: "batch_expired", message: "Too late." } },
      "batch_expired",
      "Too late.",
    ],
    ["by an error that is a text", { response: null, error: "Nope." }, "error", "Nope."],
    [
      "in words of another shape",
      status(422, { detail: [{ message: "Field." }] }),
      "http_422",
      "Field.",
    ],
    ["without words", status(500, {}), "http_500", undefined],
    ["with 200 and an error", status(200, { error: { code: "x", message: "Bad." } }), "x", "Bad."],
    [
      "in its only choice",
      status(200, { choices: [{ finish_reason: "error", error: { code: "y", message: "Oh." } }] }),
      "y",
      "Oh.",
    ],
    [
      "in a line that tells nothing",
      { response: undefined, error: undefined },
      "unreadable_line",
      "Its line could not be read.",
    ],
  ])("%s has the code as its problem and the error's own words", (_, fields, problem, words) => {
    expect(failureOf(fields)).toMatchObject({
      answered: false,
      text: undefined,
      json: undefined,
      problem,
      message: words,
    });
  });
});
