import { describe, expect, it, test } from "vitest";

import { customIdOf, readResultLine } from "../../../src/batch/results/line.ts";
import { trimmedLine } from "../../../src/batch/results/json.ts";

const read = (line: unknown) =>
  readResultLine(Buffer.from(typeof line === "string" ? line : JSON.stringify(line)));

const answer = { choices: [{ finish_reason: "stop", message: { content: "x" } }] };
const line = (fields: object) => ({
  id: "1",
  custom_id: "a",
  response: { status_code: 200, request_id: "q", body: answer },
  error: null,
  ...fields,
});
const response = (fields: object) =>
  line({ response: { status_code: 200, request_id: "q", body: answer, ...fields } });
const body = (value: unknown) => response({ body: value });

describe("an answer is read in other servers' hands", () => {
  it.each<[string, unknown]>([
    [
      "NaN in its body",
      JSON.stringify(body({ ...answer, score: 1 })).replace('"score":1', '"score":NaN'),
    ],
    [
      "infinities in its body",
      JSON.stringify(body({ ...answer, score: [1] })).replace("[1]", "[Infinity,-Infinity]"),
    ],
    ["a status that is a text", response({ status_code: "200" })],
    ["a status under another name", line({ response: { status: 200, body: answer } })],
    ["a status in capitals of its own", line({ response: { statusCode: 201, body: answer } })],
    ["no status, and a body that is an answer", line({ response: { body: answer } })],
    ["no body around the answer", line({ response: answer })],
    ["no response around its fields", { custom_id: "a", status_code: 200, body: answer }],
    ["no response and no status", { custom_id: "a", body: { output: [] } }],
    ["an id that is a number", line({ custom_id: 7 })],
    ["a body that is a JSON text", body(JSON.stringify(answer))],
    [
      "a response that is a JSON text",
      line({ response: JSON.stringify({ status_code: 200, body: answer }) }),
    ],
    ["a body that is text, as of a transcription", body("Hello.")],
    ["an empty error", line({ error: {} })],
    ["an error without words", line({ error: "" })],
    ["an error of nothing", line({ error: { code: null, message: null, details: {} } })],
    ["an error of empty texts", line({ error: { code: "", message: "" } })],
    ["an empty error in its body", body({ ...answer, error: {} })],
    [
      "an error of null in its body",
      body({ object: "response", status: "completed", error: null }),
    ],
    [
      "a response that is incomplete",
      body({ object: "response", status: "incomplete", output: [] }),
    ],
    [
      "one of two choices that failed",
      body({ choices: [{ finish_reason: "error" }, { finish_reason: "stop" }] }),
    ],
    ["no choices, as an embedding", body({ data: [{ embedding: [1] }] })],
    ["choices of none", body({ choices: [] })],
  ])("with %s", (_name, given) => {
    expect(read(given)).toMatchObject({ failure: undefined, readable: true });
  });

  test("a text that looks like NaN stays as it is", () => {
    const odd = JSON.stringify(line({ custom_id: 'NaN "Infinity" \\' })).replace("200", "NaN");
    expect(read(odd).customId).toBe('NaN "Infinity" \\');
  });

  it.each([
    [7, "7"],
    ["7", "7"],
    ["", ""],
    [null, undefined],
    [{ a: 1 }, undefined],
  ])("a custom_id of %j is %j", (id, customId) => {
    expect(read(line({ custom_id: id })).customId).toBe(customId);
    expect(customIdOf(Buffer.from(JSON.stringify({ custom_id: id })))).toBe(customId);
  });

  it.each(["", "[1]", "{", '"a"'])("no custom_id is read from %j", (text) => {
    expect(customIdOf(Buffer.from(text))).toBeUndefined();
  });
});

describe("a failure is read", () => {
  const failed = (code: string, transient: boolean) => ({ state: "failed", code, transient });

  it.each<[string, unknown, object]>([
    ["in a body of 200", body({ error: { code: 429, message: "busy" } }), failed("429", true)],
    [
      "in a body of 200 by its type",
      body({ error: { type: "api_error" } }),
      failed("api_error", true),
    ],
    [
      "in a body of 200 by its status",
      body({ error: { message: "x", status: 503 } }),
      failed("error", true),
    ],
    [
      "in a body of 200 that is permanent",
      body({ error: { code: "invalid_value" } }),
      failed("invalid_value", false),
    ],
    ["in a body of 200 as a text", body({ error: "boom" }), failed("error", false)],
    ["in a body beside choices", body({ ...answer, error: { code: 502 } }), failed("502", true)],
    [
      "in a body that is the error itself (vLLM)",
      body({ object: "error", message: "x", type: "BadRequestError", code: 400 }),
      failed("400", false),
    ],
    [
      "in a body that says by its type that it is one",
      body({ type: "error", error: { type: "overloaded_error" } }),
      failed("overloaded_error", true),
    ],
    [
      "in a Responses object that failed",
      body({ object: "response", status: "failed", error: { code: "server_error" }, output: [] }),
      failed("server_error", true),
    ],
    [
      "in a Responses object without a reason",
      body({ status: "failed", error: null }),
      failed("response_failed", false),
    ],
    [
      "in a Responses object that was cancelled",
      body({ status: "cancelled" }),
      failed("response_cancelled", false),
    ],
    [
      "in choices that all failed",
      body({ choices: [{ finish_reason: "error" }] }),
      failed("finish_reason_error", false),
    ],
    [
      "in choices that say why",
      body({ choices: [{ finish_reason: "error", error: { code: 502 } }] }),
      failed("502", true),
    ],
    ["in a body of null", body(null), failed("no_body", false)],
    ["in an empty body", body(""), failed("no_body", false)],
    ["in a body without a field", body({}), failed("no_body", false)],
    ["without a body", line({ response: { status_code: 200 } }), failed("no_body", false)],
    ["without a response", line({ response: null }), failed("no_response", true)],
    ["in a status of 0", response({ status_code: 0, body: {} }), failed("status_0", true)],
    ["in a status of nothing", response({ status_code: null, body: {} }), failed("status_0", true)],
    [
      "in a status that is a text",
      response({ status_code: "503", body: {} }),
      failed("http_503", true),
    ],
    ["in a status of 199", response({ status_code: 199 }), failed("http_199", false)],
    ["in a status of 300", response({ status_code: 300 }), failed("http_300", false)],
    ["in a status of 408", response({ status_code: 408, body: {} }), failed("http_408", true)],
    ["in a status of 499", response({ status_code: 499, body: {} }), failed("http_499", false)],
    ["in a status of 500", response({ status_code: 500, body: {} }), failed("http_500", true)],
    [
      "in a body without an error around it",
      response({ status_code: 400, body: { code: "bad_input", message: "x" } }),
      failed("bad_input", false),
    ],
    [
      "in a body that is a text",
      response({ status_code: 500, body: "upstream said no" }),
      failed("http_500", true),
    ],
    [
      "in the words of a Python client",
      line({
        response: null,
        error: { message: "Error code: 500 - {'error': {'message': 'x', 'code': 'oops'}}" },
      }),
      failed("oops", true),
    ],
    [
      "in the words of a client, without a code",
      line({ response: null, error: "Error code: 503 - busy" }),
      failed("http_503", true),
    ],
    [
      "in JSON inside of the message",
      line({ response: null, error: { message: 'x: {"error":{"code":"rate_limit_exceeded"}}' } }),
      failed("rate_limit_exceeded", true),
    ],
    [
      "in an error inside of the error",
      line({ response: null, error: { error: { code: "server_error" } } }),
      failed("server_error", true),
    ],
    ["beside a 200", line({ error: { code: "invalid_value" } }), failed("invalid_value", false)],
    ["beside a 429", response({ status_code: 429 }), failed("http_429", true)],
    [
      "in an error of ours beside the status of the answer",
      { ...response({ status_code: 400 }), error: { message: "Error code: 500" } },
      failed("http_500", false),
    ],
  ])("%s", (_name, given, failure) => {
    expect(read(given).failure).toEqual(failure);
  });

  it.each([
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
  ])("that a limit is spent: %s is permanent, whatever its status", (code) => {
    for (const given of [
      response({ status_code: 429, body: { error: { code } } }),
      body({ error: { code, status: 500 } }),
      line({ response: null, error: { code, message: "Error code: 429" } }),
    ]) {
      expect(read(given).failure).toEqual(failed(code, false));
    }
  });

  it.each(["batch_expired", "batch_cancelled", "batch_canceled"])(
    "that a request never ran: %s",
    (code) => {
      expect(read(line({ response: null, error: { code, message: "x" } })).failure).toEqual({
        state: "never-ran",
        code,
        transient: true,
      });
    },
  );

  it.each([
    "server_error",
    "internal_error",
    "internal_server_error",
    "api_error",
    "rate_limit_exceeded",
    "rate_limit_error",
    "too_many_requests",
    "overloaded",
    "overloaded_error",
    "service_unavailable",
    "timeout",
    "request_timeout",
  ])("that passes, by its code alone: %s", (code) => {
    expect(read(line({ response: null, error: { code } })).failure).toEqual(failed(code, true));
  });
});

describe("what is no result line", () => {
  it.each(["hello", "{", "[1]", "null", "7", "{}", '{"error":{"message":"x"}}', '{"detail":"x"}'])(
    "is not taken for one: %s",
    (text) => {
      expect(read(text)).toMatchObject({
        readable: false,
        customId: undefined,
        failure: { state: "unknown", code: "unreadable_line" },
      });
    },
  );

  test("a line of no request is one all the same when it has a response", () => {
    expect(read({ response: { status_code: 200, body: answer } })).toMatchObject({
      readable: true,
      customId: undefined,
      failure: undefined,
    });
  });
});

describe("around a line", () => {
  it.each([
    ["{}", "{}", 0],
    ["{}\0\0", "{}", 0],
    ["\0{}", "{}", 1],
    ["\ufeff{}\0", "{}", 3],
    ["\0\ufeff{}", "{}", 4],
    ["\0\0", "", 2],
    ["", "", 0],
  ])("marks and zero bytes are left out of %j", (text, rest, skipped) => {
    const trimmed = trimmedLine(Buffer.from(text));
    expect(trimmed.bytes.toString("utf8")).toBe(rest);
    expect(trimmed.skipped).toBe(skipped);
  });
});
