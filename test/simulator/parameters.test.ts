import OpenAI from "openai";
import { expect, test } from "vitest";
import { chats, ENDPOINT, failureOf, openAccount } from "./account.ts";

const pairs = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "value"]));

test.each<[string, object, string, string | null]>([
  ["no input file", { input_file_id: undefined }, "input_file_id", "missing_required_parameter"],
  ["an input file that is no text", { input_file_id: 1 }, "input_file_id", "invalid_type"],
  ["no endpoint", { endpoint: undefined }, "endpoint", "missing_required_parameter"],
  ["an unknown endpoint", { endpoint: "/v1/fun" }, "endpoint", "invalid_value"],
  ["no window", { completion_window: null }, "completion_window", "missing_required_parameter"],
  ["another window", { completion_window: "1h" }, "completion_window", "invalid_value"],
  ["metadata that is a list", { metadata: [] }, "metadata", "invalid_type"],
  ["17 pairs of metadata", { metadata: pairs(17) }, "metadata", "object_above_max_properties"],
  [
    "a key of 65 characters",
    { metadata: { ["k".repeat(65)]: "v" } },
    "metadata",
    "invalid_property_name",
  ],
  [
    "a value of 513 characters",
    { metadata: { k: "v".repeat(513) } },
    "metadata.k",
    "string_above_max_length",
  ],
  ["a value that is no text", { metadata: { k: 1 } }, "metadata.k", "invalid_type"],
  [
    "an expiry that is no object",
    { output_expires_after: 1 },
    "output_expires_after.anchor",
    "missing_required_parameter",
  ],
  [
    "an expiry of another anchor",
    { output_expires_after: { anchor: 1, seconds: 3600 } },
    "output_expires_after.anchor",
    "invalid_value",
  ],
  [
    "an expiry under an hour",
    { output_expires_after: { anchor: "created_at", seconds: 60 } },
    "output_expires_after.seconds",
    "integer_below_min_value",
  ],
  [
    "an expiry that is no number",
    { output_expires_after: { anchor: "created_at", seconds: "3600" } },
    "output_expires_after.seconds",
    "invalid_type",
  ],
])("a batch with %s is refused", async (_, wrong, param, code) => {
  await using account = await openAccount();
  const right = {
    input_file_id: await account.upload(chats(1)),
    endpoint: ENDPOINT,
    completion_window: "24h",
  };
  const error = await failureOf(account.client.post("/batches", { body: { ...right, ...wrong } }));
  expect([error.status, error.type, error.param, error.code]).toEqual([
    400,
    "invalid_request_error",
    param,
    code,
  ]);
  expect(account.simulator.batches).toEqual([]);
});

test("sixteen pairs with keys of 64 and values of 512 characters are taken", async () => {
  await using account = await openAccount();
  const metadata = { ...pairs(15), ["k".repeat(64)]: "v".repeat(512) };
  expect((await account.submit(chats(1), metadata)).metadata).toEqual(metadata);
});

test("a batch of an unknown file is refused", async () => {
  await using account = await openAccount();
  const error = await failureOf(
    account.client.batches.create({
      input_file_id: "file-nope",
      endpoint: ENDPOINT,
      completion_window: "24h",
    }),
  );
  expect([error.status, error.error]).toEqual([
    404,
    {
      message: "No such File object: file-nope",
      type: "invalid_request_error",
      param: "id",
      code: null,
    },
  ]);
});

test("a body that is no JSON object is refused", async () => {
  await using account = await openAccount();
  const send = async (body: string): Promise<number> => {
    const headers = { authorization: "Bearer k" };
    return (await fetch(`${account.simulator.url}/batches`, { method: "POST", headers, body }))
      .status;
  };
  expect(await send("{")).toBe(400);
  expect(await send("[]")).toBe(400);
});

test.each([
  ["GET", "/models"],
  ["PUT", "/batches"],
  ["POST", "/batches/batch_1/stop"],
  ["PUT", "/files/%E0/content"],
])("%s %s is no part of the API", async (method, path) => {
  await using account = await openAccount();
  const headers = { authorization: "Bearer k" };
  const response = await fetch(account.simulator.url + path, { method, headers });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    error: { message: `Invalid URL (${method} /v1${path})` },
  });
});

test("a call outside /v1 is not found, and shows in the journal", async () => {
  await using account = await openAccount();
  const headers = { authorization: "Bearer k" };
  const response = await fetch(account.simulator.url.replace("/v1", "/batches"), { headers });
  expect(response.status).toBe(404);
  expect(account.simulator.calls).toMatchObject([{ path: "/batches", status: 404 }]);
});

test("any key will do, but there has to be one", async () => {
  await using account = await openAccount();
  const response = await fetch(`${account.simulator.url}/batches`);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining("You didn't provide an API key") as unknown },
  });
  const own = await fetch(`${account.simulator.url}/batches`, { headers: { "api-key": "k" } });
  expect(own.status).toBe(200);
});

test("with a key set, another one is refused and not repeated in full", async () => {
  await using account = await openAccount({ apiKey: "sk-right" });
  const other = new OpenAI({ apiKey: "sk-wrong", baseURL: account.simulator.url, maxRetries: 0 });
  const error = await failureOf(other.batches.list());
  expect([error.status, error.code]).toEqual([401, "invalid_api_key"]);
  expect(error.message).not.toContain("sk-wrong");
  const right = new OpenAI({ apiKey: "sk-right", baseURL: account.simulator.url, maxRetries: 0 });
  expect((await right.batches.list()).data).toEqual([]);
});

test("every answer names its request, and no two alike", async () => {
  await using account = await openAccount();
  const good = await account.client.batches.list().withResponse();
  const bad = await failureOf(account.client.batches.retrieve("batch_x"));
  expect(good.request_id).toMatch(/^req_[0-9a-f]{32}$/);
  expect(bad.requestID).toMatch(/^req_[0-9a-f]{32}$/);
  expect(bad.requestID).not.toBe(good.request_id);
});

test("the journal holds each call, and no key", async () => {
  await using account = await openAccount();
  await account.submit(chats(2));
  await account.client.batches.list({ limit: 5 });
  const [upload, create, list] = account.simulator.calls;
  expect(upload).toMatchObject({ method: "POST", path: "/v1/files", status: 200, fault: null });
  expect(upload?.bodyBytes).toBe(Number(upload?.headers["content-length"]));
  expect(create).toMatchObject({ path: "/v1/batches", at: account.clock.now(), authorized: true });
  expect(list).toMatchObject({ method: "GET", query: { limit: "5" }, bodyBytes: 0 });
  expect(JSON.stringify(account.simulator.calls)).not.toContain("sk-test");
});
