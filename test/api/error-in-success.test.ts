import { expect, test } from "vitest";

import { UnknownOutcomeError, UnreadableAnswerError } from "../../src/index.ts";
import { clientFor, failureOf, KEY, paramsFor, textSource } from "../support/account.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

/** A server that answers every call with a success of this body. */
async function answering(body: unknown) {
  return rawServer((_request, response) => {
    reply(response, 200, body, { "x-request-id": "req_1" });
  });
}

const words = "at most 5,000 lines a file";

test.each<readonly [body: object, expected: object, attempts: number]>([
  // What the body names counts as the status.
  [{ error: { message: words, code: 400 } }, { status: 400 }, 1],
  [{ object: "error", message: words, type: "BadRequestError", code: 404 }, { status: 404 }, 1],
  [{ success: false, status: 503, message: words }, { status: 503 }, 3],
  [{ code: 429, message: words }, { status: 429 }, 3],
  [{ statusCode: "422", success: false, msg: words }, { status: 422 }, 1],
  // Without one, the kind of the error tells whether it may be another time.
  [{ error: { message: words, type: "invalid_request_error" } }, { status: 200 }, 1],
  [{ error: { message: words, type: "server_error" } }, { type: "server_error" }, 3],
  [{ error: { message: words, code: "insufficient_quota" } }, { code: "insufficient_quota" }, 1],
  [{ code: 4711, message: words, status: false, data: null }, { code: "4711" }, 1],
  [{ code: 50_603, message: `System is busy: ${words}` }, { code: "50603" }, 3],
  [{ error: words }, { code: undefined }, 3],
  [{ detail: words }, { code: undefined }, 3],
  [{ errors: [{ message: words }], data: null }, { code: undefined }, 3],
  [{ status: "error", reason: words }, { code: undefined }, 3],
  [{ status: "fail", data: { file: 1 }, message: words, code: 422 }, { status: 422 }, 1],
])(
  "an upload answered with 200 and %j says what the server says",
  async (body, expected, attempts) => {
    await using server = await answering(body);
    const { client } = clientFor(server.url, { maxRetries: 2 });
    const error = await failureOf(
      client.files.create({ file: textSource("{}\n"), purpose: "batch" }),
    );
    expect(error).toMatchObject({ name: "APIError", requestID: "req_1", ...expected });
    expect(error.message).toContain("POST /files was answered with 200, but its body is an error");
    expect(error.message).toContain(words);
    expect(server.requests).toHaveLength(attempts);
  },
);

test.each([
  { error: { message: words, type: "invalid_request_error" } },
  { error: { message: words, code: 400 } },
  { success: false, code: "billing_not_active", message: words },
  { success: false, code: "unauthorized", message: words },
])("a create that is clearly refused in a success (%j) is a refusal", async (body) => {
  await using server = await answering(body);
  const { client } = clientFor(server.url);
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(error).not.toBeInstanceOf(UnknownOutcomeError);
  expect(error).toMatchObject({ outcomeUnknown: false });
  expect(error.message).toContain(words);
  expect(server.requests).toHaveLength(1);
});

test.each([
  { error: { message: words, type: "server_error" } },
  { error: { message: words, code: 500 } },
  { code: 4711, message: words, status: false, data: null },
  { error: words },
])("a create whose success holds another error (%j) leaves the outcome open", async (body) => {
  await using server = await answering(body);
  const { client } = clientFor(server.url);
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(error).toBeInstanceOf(UnknownOutcomeError);
  expect(error).toMatchObject({ created: false });
  expect(error.message).toContain(words);
  expect(server.requests).toHaveLength(1);
});

test.each([
  { error: { message: "line 2 is wrong" } },
  { success: false },
  { detail: "queued behind others" },
  { code: 7, message: "x" },
])("a batch with %j in it is a batch", async (more) => {
  await using server = await answering({ ...batchJson("batch_1"), ...more });
  const { client } = clientFor(server.url);
  expect((await client.batches.retrieve("batch_1")).id).toBe("batch_1");
});

test("a list with a word on its success is a list", async () => {
  const page = { code: 20_000, status: true, message: "Ok", data: [batchJson("b")], error: null };
  await using server = await answering(page);
  const { client } = clientFor(server.url);
  expect((await client.batches.list()).data.map(({ id }) => id)).toEqual(["b"]);
});

test("a wrapped file, numbers for ids and camel case are read at the first call", async () => {
  const file = { id: 12_345_678_901_234_567_890n, bytes: 3, createdAt: 5, filename: "a.jsonl" };
  await using server = await rawServer((_request, response) => {
    // A number that no double can hold.
    const data = JSON.stringify({ ...file, id: "ID" }).replace('"ID"', String(file.id));
    response.end(`{"code":20000,"message":"Ok","status":true,"data":${data}}`);
  });
  const { client } = clientFor(server.url);
  const read = await client.files.create({ file: textSource("{}\n"), purpose: "batch" });
  expect(read).toMatchObject({ id: "12345678901234567890", bytes: 3, created_at: 5 });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["204", 204, ""],
  ["an empty 200", 200, ""],
  ["a text", 200, "OK"],
  ["JSON that holds no batch", 202, '{"message":"accepted"}'],
  ["a batch without a status", 200, '{"id":"batch_1","cancelled":true}'],
])("a cancel answered with %s is sent once, and the batch is read", async (_name, status, body) => {
  await using server = await rawServer(({ method }, response) => {
    if (method === "POST") response.writeHead(status).end(body);
    else reply(response, 200, batchJson("batch_1", { status: "cancelled" }));
  });
  const { client } = clientFor(server.url);
  expect(await client.batches.cancel("batch_1")).toMatchObject({ status: "cancelled" });
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /v1/batches/batch_1/cancel",
    "GET /v1/batches/batch_1",
  ]);
});

test.each([
  ["204", 204, ""],
  ["a text", 200, "deleted"],
  ["an object", 200, "{}"],
])("a delete answered with %s has deleted, and is sent once", async (_name, status, body) => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(status).end(body);
  });
  const { client } = clientFor(server.url);
  expect(await client.files.delete("file-1")).toMatchObject({ id: "file-1", deleted: true });
  expect(server.requests).toHaveLength(1);
});

test("a web page with status 200 says nothing of a delete", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(200).end("<html><title>Sign in</title></html>");
  });
  const { client } = clientFor(server.url, { maxRetries: 1 });
  expect(await failureOf(client.files.delete("file-1"))).toMatchObject({ page: true });
  expect(server.requests).toHaveLength(2);
});

test("a rate limit in a success is no deed, and the create is sent again", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count > 1) reply(response, 200, batchJson("batch_1"));
    else reply(response, 200, { error: { message: words, type: "rate_limit_error" } });
  });
  const { client } = clientFor(server.url);
  expect((await client.batches.create(paramsFor("file-1"))).id).toBe("batch_1");
  expect(server.requests).toHaveLength(2);
});

test("a cancel that a success refuses is an error", async () => {
  await using server = await answering({ success: false, code: "not_found", message: words });
  const { client } = clientFor(server.url);
  const error = await failureOf(client.batches.cancel("batch_1"));
  expect(error).not.toBeInstanceOf(UnreadableAnswerError);
  expect(error.message).toContain(words);
  expect(server.requests).toHaveLength(1);
});

test("a key that a success repeats is taken out of every field but the ids", async () => {
  await using server = await answering(
    batchJson("batch_1", {
      metadata: { note: `sent with ${KEY}`, "x-team": "research-team" },
      errors: [`key ${KEY}`],
      other: { deep: [KEY] },
      output_file_id: `file-${KEY}`,
    }),
  );
  const { client } = clientFor(server.url, { defaultHeaders: { "x-team": "research-team" } });
  const batch = await client.batches.retrieve("batch_1");
  // A header that is no credential may hold a word that metadata holds too.
  expect(batch.metadata).toEqual({ note: "sent with ***", "x-team": "research-team" });
  expect(batch.errors).toEqual({ object: "list", data: [{ message: "key ***" }] });
  expect(batch).toMatchObject({ other: { deep: ["***"] }, output_file_id: `file-${KEY}` });
});
