import { describe, expect, it, test } from "vitest";

import { readResultLine } from "../../../src/batch/results/line.ts";
import { trimmedLine } from "../../../src/batch/results/json.ts";

const read = (line: unknown) =>
  readResultLine(Buffer.from(typeof line === "string" ? line : JSON.stringify(line)));

const answer = {
  choices: [{ finish_reason: "stop", message: { content: "x" } }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};
const withBody = (body: unknown, status: unknown = 200) => ({
  custom_id: "a",
  response: { status_code: status, body },
  error: null,
});
const failed = (code: string, transient: boolean) => ({ state: "failed", code, transient });

describe("a line that tells nothing of how its request went is unknown, and never paid again", () => {
  it.each<[string, unknown]>([
    ["a line of the input", { custom_id: "a", method: "POST", url: "/v1/x", body: { model: "m" } }],
    ["an id and nothing else", { custom_id: "a" }],
    ["its result under another name", { custom_id: "a", result: { body: answer } }],
    ["a response that is a list", { custom_id: "a", response: [{ body: answer }], error: null }],
  ])("%s", (_name, line) => {
    expect(read(line)).toMatchObject({
      customId: "a",
      readable: false,
      failure: { state: "unknown" },
    });
  });
});

describe("what is answered is not paid again", () => {
  it.each<[string, unknown]>([
    ["with a status of 0", withBody(answer, 0)],
    ["with a status and its words", withBody(answer, "200 OK")],
    ["beside an error with a code of 0", { ...withBody(answer), error: { code: 0, message: "" } }],
    ["beside an error that says null", { ...withBody(answer), error: "null" }],
    ["beside an error that says None", { ...withBody(answer), error: "None" }],
    ["beside an error of false", { ...withBody(answer), error: { error: false } }],
  ])("%s", (_name, line) => {
    expect(read(line).failure).toBeUndefined();
  });
});

describe("an error in the body of a 200 is a failure", () => {
  it.each<[string, unknown, object]>([
    ["of FastAPI", { detail: "Not found" }, failed("error", false)],
    ["with a code and a message", { code: 429, message: "busy" }, failed("429", true)],
    ["in a list", { error: [{ code: "server_error" }] }, failed("server_error", true)],
    ["in a list of errors", { errors: [{ code: "bad_input" }] }, failed("bad_input", false)],
    ["without words", { error: true }, failed("error", false)],
    ["that says that it was none", { success: false, message: "x" }, failed("error", false)],
    ["of RFC 9457", { title: "Too Many Requests", status: 429 }, failed("error", true)],
    ["of a gateway's page", "<html><body>502</body></html>", failed("no_body", false)],
    ["of false", false, failed("no_body", false)],
    ["of an empty list", [], failed("no_body", false)],
    ["in capitals", { object: "response", status: "FAILED" }, failed("response_failed", false)],
    ["in one l", { object: "response", status: "canceled" }, failed("response_cancelled", false)],
    ["in each choice", { choices: [{ error: { code: 502 } }] }, failed("502", true)],
  ])("%s", (_name, body, failure) => {
    expect(read(withBody(body)).failure).toEqual(failure);
  });

  test("but not where there is an answer, or the body says that all is well", () => {
    for (const body of [
      { ...answer, detail: "x" },
      { id: "video_1", object: "video", status: "queued" },
      { code: 0, message: "ok", data: [{ embedding: [1] }] },
      { choices: [{ error: { code: 502 } }, { finish_reason: "stop" }] },
    ]) {
      expect(read(withBody(body)).failure).toBeUndefined();
    }
  });
});

describe("a limit that is spent is permanent, however it is told", () => {
  const quota = failed("insufficient_quota", false);
  it.each<[string, unknown, object]>([
    [
      "by its type, where the code repeats the status",
      { code: "429", type: "insufficient_quota" },
      quota,
    ],
    [
      "in words alone",
      { code: 429, message: "You exceeded your current quota, please check your plan." },
      quota,
    ],
    [
      "by the type in a client's words",
      { message: "Error code: 429 - {'error': {'type': 'insufficient_quota', 'code': None}}" },
      quota,
    ],
    ["in capitals", { code: "INSUFFICIENT_QUOTA" }, failed("INSUFFICIENT_QUOTA", false)],
  ])("%s", (_name, error, failure) => {
    expect(read(withBody({ error }, 429)).failure).toEqual(failure);
    expect(read({ custom_id: "a", response: null, error }).failure).toEqual(failure);
    expect(read(withBody({ error }, 0)).failure).toEqual(failure);
  });
});

test("a status that is told with its words is read", () => {
  expect(read(withBody({}, "400 Bad Request")).failure).toEqual(failed("http_400", false));
  expect(read(withBody({}, "503 Service Unavailable")).failure).toEqual(failed("http_503", true));
});

test("the server's word that a request never ran is read in capitals too", () => {
  const line = { custom_id: "a", response: null, error: { code: "BATCH_EXPIRED" } };
  expect(read(line).failure).toMatchObject({ state: "never-ran", transient: true });
});

test("a custom_id that became a number keeps digits that a number does not", () => {
  const line = JSON.stringify(withBody(answer)).replace('"a"', "1234567890123456789");
  expect(read(line).customId).toBe("1234567890123456789");
});

test("tokens that nobody counted are not 0", () => {
  for (const usage of [{}, null, { prompt_tokens: null }, { promptTokens: 3 }]) {
    expect(read(withBody({ ...answer, usage })).usage).toBeUndefined();
  }
  const usage = { prompt_tokens: "10", completion_tokens: "5" };
  expect(read(withBody({ ...answer, usage })).usage).toMatchObject({ input: 10, total: 15 });
});

test("zero bytes before a line break are cut off with it, and white space alone is not", () => {
  expect(trimmedLine(Buffer.from("{}\0\0\r\n")).bytes.toString()).toBe("{}");
  expect(trimmedLine(Buffer.from("{}\0 \0")).bytes.toString()).toBe("{}");
  expect(trimmedLine(Buffer.from("{} \r\n")).bytes.toString()).toBe("{} \r\n");
});
