import { expect, test } from "vitest";

import type { CallEvent } from "../../src/api/transport.ts";
import {
  clientFor,
  failureOf,
  KEY,
  openAccount,
  paramsFor,
  textSource,
} from "../support/account.ts";
import { aNumber, textLike } from "../support/matching.ts";
import { batchJson, rawServer, reply, type SeenRequest } from "../support/raw-server.ts";

const fileJson = {
  id: "file-1",
  object: "file",
  bytes: 3,
  created_at: 1,
  filename: "a.jsonl",
  purpose: "batch",
};

/** A server that answers every call with the same, and its one request. */
async function requestOf(
  answer: unknown,
  call: (client: ReturnType<typeof clientFor>["client"]) => PromiseLike<unknown>,
  options: Parameters<typeof clientFor>[1] = {},
): Promise<{ readonly request: SeenRequest; readonly result: unknown }> {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, answer, { "x-request-id": "req_7" });
  });
  const result = await call(clientFor(server.url, options).client);
  const [request, ...more] = server.requests;
  if (request === undefined || more.length > 0) throw new Error("One request was expected.");
  return { request, result };
}

test("retrieve asks for the batch with a bearer key and no body", async () => {
  const { request, result } = await requestOf(batchJson("batch_1"), (client) =>
    client.batches.retrieve("batch_1"),
  );
  expect(request).toMatchObject({
    method: "GET",
    url: "/v1/batches/batch_1",
    body: "",
    headers: {
      authorization: `Bearer ${KEY}`,
      accept: "application/json",
      "user-agent": textLike("openai-batch-action"),
    },
  });
  for (const name of ["openai-organization", "openai-project", "content-type"]) {
    expect(request.headers).not.toHaveProperty(name);
  }
  expect(result).toMatchObject({ id: "batch_1", object: "batch", status: "in_progress" });
});

test("organization and project go along as headers, and a caller's header replaces ours in any case", async () => {
  const { request } = await requestOf(
    batchJson("batch_1"),
    (client) => client.batches.retrieve("batch_1"),
    {
      organization: "org-1",
      project: "proj_1",
      defaultHeaders: { "User-Agent": "mine/1", "X-Portkey-Config": "pc-1" },
    },
  );
  expect(request.headers).toMatchObject({
    "openai-organization": "org-1",
    "openai-project": "proj_1",
    "user-agent": "mine/1",
    "x-portkey-config": "pc-1",
  });
});

test("create sends exactly the fields that it was given, as JSON", async () => {
  const params = {
    input_file_id: "file-1",
    endpoint: "/v1/something/new",
    completion_window: "immediate",
    metadata: { run: "7" },
    output_expires_after: { anchor: "created_at", seconds: 3_600 },
  } as const;
  const { request } = await requestOf(batchJson("batch_1"), (client) =>
    client.batches.create(params),
  );
  expect(request).toMatchObject({
    method: "POST",
    url: "/v1/batches",
    headers: { "content-type": "application/json" },
  });
  expect(JSON.parse(request.body)).toEqual(params);
});

test("create leaves out what was not given", async () => {
  const { request } = await requestOf(batchJson("batch_1"), (client) =>
    client.batches.create({
      input_file_id: "file-1",
      endpoint: "/v1/responses",
      completion_window: "24h",
    }),
  );
  expect(JSON.parse(request.body)).toEqual({
    input_file_id: "file-1",
    endpoint: "/v1/responses",
    completion_window: "24h",
  });
});

test("cancel posts nothing to the batch's cancel path", async () => {
  const { request, result } = await requestOf(
    batchJson("batch_1", { status: "cancelling" }),
    (client) => client.batches.cancel("batch_1"),
  );
  expect(request).toMatchObject({ method: "POST", url: "/v1/batches/batch_1/cancel", body: "" });
  expect(request.headers["content-length"]).toBe("0");
  expect(result).toMatchObject({ status: "cancelling" });
});

test("list sends cursor and limit only where they are given", async () => {
  const list = { object: "list", data: [], has_more: false };
  const bare = await requestOf(list, (client) => client.batches.list());
  expect(bare.request.url).toBe("/v1/batches");
  const full = await requestOf(list, (client) =>
    client.batches.list({ after: "batch/1&x", limit: 5 }),
  );
  const query = new URL(full.request.url, "http://x").searchParams;
  expect(Object.fromEntries(query)).toEqual({ after: "batch/1&x", limit: "5" });
});

test("files: retrieve, list, delete and content have their paths and queries", async () => {
  const file = await requestOf(fileJson, (client) => client.files.retrieve("file-1"));
  expect(file.request).toMatchObject({ method: "GET", url: "/v1/files/file-1" });
  expect(file.result).toEqual(fileJson);

  const listed = await requestOf({ object: "list", data: [fileJson], has_more: false }, (client) =>
    client.files.list({ purpose: "batch", order: "asc", limit: 2, after: "file-0" }),
  );
  const query = new URL(listed.request.url, "http://x").searchParams;
  expect(Object.fromEntries(query)).toEqual({
    purpose: "batch",
    order: "asc",
    limit: "2",
    after: "file-0",
  });

  const gone = await requestOf({ id: "file-1", object: "file", deleted: true }, (client) =>
    client.files.delete("file-1"),
  );
  expect(gone.request).toMatchObject({ method: "DELETE", url: "/v1/files/file-1", body: "" });
  expect(gone.result).toEqual({ id: "file-1", object: "file", deleted: true });

  const kept = await requestOf({ id: "file-1", deleted: false }, (client) =>
    client.files.delete("file-1"),
  );
  expect(kept.result).toMatchObject({ deleted: false });

  const content = await requestOf({ a: 1 }, async (client) =>
    (await client.files.content("file-1")).text(),
  );
  expect(content.request).toMatchObject({ method: "GET", url: "/v1/files/file-1/content" });
  expect(content.request.headers["accept-encoding"]).toBe("identity");
  expect(content.result).toBe('{"a":1}');
});

test("an upload is multipart with its text fields before the file, and names its length", async () => {
  const { request, result } = await requestOf(fileJson, (client) =>
    client.files.create({
      file: textSource("{}\n"),
      purpose: "batch",
      expires_after: { anchor: "created_at", seconds: 86_400 },
    }),
  );
  expect(request).toMatchObject({ method: "POST", url: "/v1/files" });
  expect(request.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
  expect(request.headers["content-length"]).toBe(String(Buffer.byteLength(request.body)));
  expect(request.headers).not.toHaveProperty("transfer-encoding");
  const names = [...request.body.matchAll(/ name="([^"]+)"/g)].map((match) => match[1]);
  expect(names).toEqual(["purpose", "expires_after[anchor]", "expires_after[seconds]", "file"]);
  expect(request.body).toMatch(/\r\n\r\nbatch\r\n/);
  expect(request.body).toMatch(/\r\n\r\n86400\r\n/);
  expect(request.body).toMatch(/filename="requests\.jsonl"[^]*\r\n\r\n\{\}\n\r\n--/);
  expect(result).toEqual(fileJson);
});

test("an id with a slash goes out as it is, any other odd character escaped once (Gemini)", async () => {
  const gemini = await requestOf(batchJson("batches/abc"), (client) =>
    client.batches.retrieve("batches/abc"),
  );
  expect(gemini.request.url).toBe("/v1/batches/batches/abc");
  const odd = await requestOf(fileJson, (client) => client.files.retrieve("a b?c#d%2F+=="));
  expect(odd.request.url).toBe("/v1/files/a%20b%3Fc%23d%252F%2B%3D%3D");
});

test("a very long id is no problem (LiteLLM)", async () => {
  const id = Buffer.from("litellm:".repeat(100)).toString("base64");
  const { request } = await requestOf(batchJson(id), (client) => client.batches.retrieve(id));
  expect(decodeURIComponent(request.url)).toBe(`/v1/batches/${id}`);
});

test.each(["..", "../files/file-1", "a/../../files/file-1", ".", "batch_1/.."])(
  "the id %s never reaches another path than its own",
  async (id) => {
    await using server = await rawServer((_request, response) => {
      reply(response, 200, batchJson("batch_1"));
    });
    const { client } = clientFor(server.url);
    await client.batches.cancel(id).catch(() => undefined);
    for (const { url } of server.requests) expect(url).toMatch(/^\/v1\/batches\/.+\/cancel$/);
  },
);

test("an empty id is refused before any call", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, { id: "", deleted: true });
  });
  const { client } = clientFor(server.url);
  await expect(client.files.delete("")).rejects.toThrow(/id/);
  expect(server.requests).toEqual([]);
});

test("a credential header stands for the key", async () => {
  const { request } = await requestOf(
    batchJson("batch_1"),
    (client) => client.batches.retrieve("batch_1"),
    { apiKey: undefined, defaultHeaders: { "API-Key": "azure-key-1234" } },
  );
  expect(request.headers["api-key"]).toBe("azure-key-1234");
  expect(request.headers).not.toHaveProperty("authorization");
});

test("a caller's authorization header replaces the bearer key", async () => {
  const { request } = await requestOf(
    batchJson("batch_1"),
    (client) => client.batches.retrieve("batch_1"),
    { defaultHeaders: { Authorization: "Basic abc" } },
  );
  expect(request.headers.authorization).toBe("Basic abc");
});

test("a key function is asked before every request, retries included", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count === 1) reply(response, 503, {});
    else reply(response, 200, batchJson("batch_1"));
  });
  let asked = 0;
  const { client } = clientFor(server.url, {
    apiKey: () => Promise.resolve(`sk-number-${(asked += 1)}`),
  });
  await client.batches.retrieve("batch_1");
  await client.batches.retrieve("batch_1");
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer sk-number-1",
    "Bearer sk-number-2",
    "Bearer sk-number-3",
  ]);
});

test("what a key function throws ends the call as it is, with nothing sent", async () => {
  await using account = await openAccount();
  const refused = new TypeError("no token today");
  const { client, retries } = clientFor(account.simulator.url, {
    apiKey: () => Promise.reject(refused),
  });
  await expect(client.batches.retrieve("batch_1")).rejects.toBe(refused);
  expect(retries).toEqual([]);
  expect(account.simulator.calls).toEqual([]);
});

test.each([undefined, ""])(
  "a key function that gives %j is an error that says so, with nothing sent",
  async (key) => {
    await using account = await openAccount();
    const { client, retries } = clientFor(account.simulator.url, {
      // What a caller without types may give.
      apiKey: (() => Promise.resolve(key)) as () => Promise<string>,
    });
    const error = await failureOf(client.batches.create(paramsFor("file-1")));
    expect(error).toMatchObject({
      name: "APIError",
      code: "missing_credential",
      outcomeUnknown: false,
      message: "The function `apiKey` gave no key, so nothing was sent. Have it give one.",
    });
    expect(retries).toEqual([]);
    expect(account.simulator.calls).toEqual([]);
  },
);

test("onCall hears of each request with its outcome, and of nothing private", async () => {
  const events: CallEvent[] = [];
  await using account = await openAccount({ client: { onCall: (event) => events.push(event) } });
  account.simulator.addFault({ path: "/batches", fault: { kind: "drop-before" } });
  account.simulator.addFault({ path: "/batches", fault: { kind: "status", status: 500 } });
  await account.client.batches.list({ limit: 3 });
  expect(events).toEqual([
    { method: "GET", path: "/batches", code: "ECONNRESET", ms: aNumber() },
    {
      method: "GET",
      path: "/batches",
      status: 500,
      requestID: textLike(/^req_/),
      ms: aNumber(),
    },
    {
      method: "GET",
      path: "/batches",
      status: 200,
      requestID: textLike(/^req_/),
      ms: aNumber(),
    },
  ]);
});

test("onCall hears of streamed answers and of streams that never begin", async () => {
  const events: CallEvent[] = [];
  await using account = await openAccount({ client: { onCall: (event) => events.push(event) } });
  const id = await account.upload();
  account.simulator.addFault({ path: "/files/*/content", fault: { kind: "drop-before" } });
  await (await account.client.files.content(id)).text();
  expect(events.slice(1).map(({ status, code }) => status ?? code)).toEqual(["ECONNRESET", 200]);
});
