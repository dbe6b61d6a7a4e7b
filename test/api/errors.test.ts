import { expect, test } from "vitest";

import { clientFor, failureOf, KEY } from "../support/account.ts";
import { rawServer, reply } from "../support/raw-server.ts";

/** What the client makes of an error answer. */
async function errorFor(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  await using server = await rawServer((_request, response) => {
    if (typeof body === "string") response.writeHead(status, headers).end(body);
    else reply(response, status, body, headers);
  });
  return await failureOf(
    clientFor(server.url, { maxRetries: 0 }).client.batches.retrieve("batch_1"),
  );
}

test("an error has the server's fields and a message that says what was called, came back, and to do", async () => {
  const error = await errorFor(
    401,
    {
      error: {
        message: "Incorrect API key",
        type: "invalid_request_error",
        param: "key",
        code: "invalid_api_key",
      },
    },
    { "x-request-id": "req_1" },
  );
  expect(error).toMatchObject({
    name: "APIError",
    status: 401,
    code: "invalid_api_key",
    type: "invalid_request_error",
    param: "key",
    requestID: "req_1",
  });
  expect(error.message).toBe(
    "GET /batches/batch_1 was answered with 401 invalid_api_key (request id req_1): Incorrect API key. " +
      "Check that the key is whole, not revoked, and belongs to this server and project.",
  );
});

test.each([
  ["FastAPI's text (aibrix)", { detail: "Batch not found" }, "Batch not found."],
  [
    "FastAPI's list, without the input that it repeats",
    { detail: [{ loc: ["body"], msg: "Field required", input: "PRIVATE" }, { msg: "Too long" }] },
    "Field required; Too long.",
  ],
  ["a text for an error", { error: "no such thing" }, "no such thing."],
  ["a message without an error", { message: "Resource not found" }, "Resource not found."],
  ["an error with a detail", { error: { detail: "Nope!" } }, "Nope!"],
  ["a nested message beside an empty one", { error: { message: "" }, message: "Outer" }, "Outer."],
  ["a message over several lines", { error: { message: "a\n\tb  c" } }, "a b c."],
])("reads %s", async (_name, body, said) => {
  const error = await errorFor(404, body);
  expect(error.message).toContain(`404: ${said} Check the id`);
  expect(error.message).not.toContain("PRIVATE");
});

test.each([
  ["text/plain (doubleword)", "Batch not found", "404: Batch not found. Check the id"],
  ["text over several lines", "no such\n batch\n", "404: no such batch. Check the id"],
  [
    "XML of a storage service",
    '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>It is gone</Message></Error>',
    "404 NoSuchKey: It is gone. Check the id",
  ],
  ["a JSON text", JSON.stringify("no such batch"), "404: no such batch. Check the id"],
  ["a list of errors", { errors: [{ message: "gone", code: "no_batch" }] }, "404 no_batch: gone."],
  ["an error that is a list", { error: ["gone", "lost"] }, "404: gone; lost."],
  ["a bare list", [{ error: { code: "x", message: "gone" } }], "404 x: gone."],
  ["all of a list", { errors: ["gone", { message: "lost" }] }, "404: gone; lost."],
  [
    "words on fields",
    { errors: { file: ["too old", "odd"], url: "bad" } },
    "file: too old; odd; url: bad.",
  ],
  ["RFC 9457", { type: "about:blank", title: "None", detail: "It is gone" }, "404: It is gone."],
  ["RFC 9457's title", { type: "about:blank", title: "It is gone" }, "404: It is gone."],
  ["JSON in an error", { error: '{"message":"gone","code":"x"}' }, "404 x: gone."],
  ["JSON in a message", { error: { message: '{"error":{"message":"gone"}}' } }, "404: gone."],
  ["an inner error", { error: { code: "E", innererror: { message: "gone" } } }, "404 E: gone."],
  ["a fault", { fault: { faultstring: "gone" } }, "404: gone."],
  ["another word for a message", { error_code: 17, error_msg: "gone" }, "404 17: gone."],
  ["a list of messages", { messages: ["gone"] }, "404: gone."],
  ["XML without a head", "<error><code>17</code><message>gone</message></error>", "404 17: gone."],
  ["JSON and NULs", '{"error":{"message":"gone"}}\0\0', "404: gone."],
  ["code and message", { code: 20_012, message: "No batch" }, "404 20012: No batch."],
])("the server's own words are told: %s", async (_name, body, said) => {
  expect((await errorFor(404, body)).message).toContain(said);
});

test.each([
  ["with a title", "<html><head><title>Access\ndenied</title>SECRET", ' titled "Access denied"'],
  ["without one", "<!DOCTYPE html><p>SECRET</p>", ""],
  ["with a long one", `<html><title>${"x".repeat(200)}</title>`, ""],
])("a web page %s is called one and not repeated", async (_name, body, title) => {
  const error = await errorFor(403, body);
  expect(error).toMatchObject({ status: 403, page: true, code: undefined });
  expect(error.message).toBe(
    `GET /batches/batch_1 was answered with 403 and a web page (HTML)${title}. ` +
      "That is no answer of the API but of a gateway or proxy in front of it; check the base URL and the network, and run again.",
  );
});

test("advice on a 403 does not contradict what the server says", async () => {
  const model = await errorFor(403, "model gpt-9 is not available");
  expect(model.message).toContain("model gpt-9 is not available. Check the model's name");
  expect(model.message).not.toContain("permission");
  const other = await errorFor(403, { detail: "Batches are closed on Sundays" });
  expect(other.message).toContain("Sundays. If that is about the key, give it the permission");
});

test("nothing that a server says does anything to a terminal or hides text", async () => {
  const message = "\u001b[31mred\u001b[0m\u0007 \u202edetrever \u001b]0;title\u0007ok\u200b";
  const error = await errorFor(400, { error: { message, code: "a\u001b[1mb\nc" } });
  expect(error.message).toContain("400 ab c: red detrever ok.");
  expect(error.code).toBe("ab c");
});

test("an error carries the answer's headers, without what may be secret", async () => {
  const error = await errorFor(
    429,
    {},
    {
      "x-request-id": "req_1",
      "x-ratelimit-remaining-tokens": "7",
      "set-cookie": "session=SECRET",
      "www-authenticate": "SECRET",
      location: "https://storage.test/?signature=SECRET",
      "x-amz-security-token": "SECRET",
      "x-echo": `Bearer ${KEY}`,
    },
  );
  expect(error.requestID).toBe("req_1");
  expect(error.headers?.get("x-ratelimit-remaining-tokens")).toBe("7");
  expect(error.headers?.get("x-echo")).toBe("Bearer ***");
  const values = [...(error.headers ?? [])].flat().join(" ");
  expect(values).not.toMatch(/SECRET/);
  expect(values).not.toContain(KEY);
});

test("a numeric code becomes a text", async () => {
  expect(await errorFor(404, { error: { message: "x", code: 404 } })).toMatchObject({
    code: "404",
  });
});

test.each([
  ["null", null],
  ["a number", 7],
  ["JSON that was cut", '{"error":{"message":"PRIV'],
  ["nothing", ""],
  ["an empty error", { error: {} }],
  ["an error of null", { error: null }],
  ["an error that is a list of nothing", { error: [null, {}, 7] }],
  ["an error of unknown fields", { error: { request: { body: "PRIVATE" } } }],
])("%s as an error's body tells nothing and breaks nothing", async (_name, body) => {
  const error = await errorFor(400, body);
  expect(error).toMatchObject({ status: 400, code: undefined });
  expect(error.message).toBe(
    "GET /batches/batch_1 was answered with 400. " +
      "The server did not accept the request as it is; fix what it names and run again.",
  );
});

test("a message without end is cut", async () => {
  const error = await errorFor(400, { error: { message: "long ".repeat(10_000) } });
  expect(error.message.length).toBeLessThan(1_300);
});

test.each([
  [400, "fix what it names"],
  [401, "Check the API key"],
  [403, "may not do this"],
  [404, "Check the id and the base URL"],
  [405, "usually ends in /v1"],
  [409, "If something else changed it at the same time, run again"],
  [409, "if it is a batch that has ended, there is nothing to cancel"],
  [413, "split it"],
  [418, "Fix what the server names"],
  [429, "run again later"],
  [500, "The server has a problem"],
  [599, "The server has a problem"],
])("a %d says what to do", async (status, advice) => {
  expect((await errorFor(status, {})).message).toContain(advice);
});

test.each([
  ["insufficient_quota", "billing settings"],
  ["model_not_found", "Check the model's name"],
  ["model_not_found", "that it has not been shut down"],
  ["incorrect_hostname", "https://us.api.openai.com/v1"],
  ["token_limit_exceeded", "Wait for other batches to finish"],
])("the code %s says what to do, before the status", async (code, advice) => {
  expect((await errorFor(400, { error: { message: "x", code } })).message).toContain(advice);
});

test("a full storage for files says so, though it has no code", async () => {
  const message =
    "You have exceeded your file storage quota. Organizations are limited to 100 GB of files.";
  const error = await errorFor(400, { error: { message, code: null } });
  expect(error.message).toContain("Delete files that are no longer needed");
});

test.each(["constructor", "__proto__", "toString"])(
  "a code that every object has (%s) finds no advice that is none",
  async (code) => {
    const { message } = await errorFor(400, { error: { message: "x", code } });
    expect(message).toContain("The server did not accept the request as it is");
  },
);

test.each([
  ["<!doctype html><title>Sign in</title>secret", 'a web page (HTML) titled "Sign in"'],
  ["<html>secret page</html>", "a web page (HTML)"],
  ["", "nothing"],
  ["  \n", "nothing"],
  ['{"id": "batch', "text that is no whole JSON"],
])(
  "a success with the body %j is named for what it is, and not repeated in full",
  async (body, kind) => {
    const error = await errorFor(200, body, { "apim-request-id": "azure-1" });
    expect(error).toMatchObject({
      name: "UnreadableAnswerError",
      code: "unreadable_answer",
      status: 200,
      requestID: "azure-1",
    });
    expect(error.message).toContain(`${kind} (request id azure-1)`);
    expect(error.message).toContain("usually ends in /v1");
    expect(error.message).not.toContain("secret");
  },
);

test("JSON of another kind says to check the base URL", async () => {
  const error = await errorFor(200, { models: [] });
  expect(error.message).toContain("holds no batch we can read");
  expect(error.message).toContain("Check that the base URL");
});

test("lists and files of another kind say so too", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, { nothing: "here" });
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  expect((await failureOf(client.batches.list())).message).toContain("no list of batches");
  expect((await failureOf(client.files.list())).message).toContain("no list of files");
  expect((await failureOf(client.files.retrieve("f"))).message).toContain("no file");
});
