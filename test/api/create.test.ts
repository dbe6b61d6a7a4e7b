import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { expect, test } from "vitest";

import { APIError, DeadlineError, UnknownOutcomeError } from "../../src/index.ts";
import type { Fault } from "../../src/simulator/index.ts";
import {
  type Account,
  clientFor,
  failureOf,
  KEY,
  openAccount,
  paramsFor,
  rejectionOf,
} from "../support/account.ts";
import { connectProxy } from "../support/proxy.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";
import { asSoonAs } from "../support/until.ts";

const lost: readonly [string, Fault, number][] = [
  ["a connection that breaks before the server has done anything", { kind: "drop-before" }, 0],
  ["an answer that is lost", { kind: "drop-after" }, 1],
  ["a 500 that did nothing", { kind: "status", status: 500 }, 0],
  ["a 500 that did it all the same", { kind: "status-after", status: 500 }, 1],
  ["a 503 with Retry-After", { kind: "status", status: 503, headers: { "retry-after": "1" } }, 0],
  [
    "a 500 that wants to be repeated",
    { kind: "status-after", status: 500, headers: { "x-should-retry": "true" } },
    1,
  ],
  ["a 504", { kind: "status-after", status: 504 }, 1],
  ["a 408", { kind: "status-after", status: 408 }, 1],
  ["a gateway's page", { kind: "html", processed: true }, 1],
  ["a gateway's page with status 200", { kind: "html", status: 200, processed: true }, 1],
  ["a cut answer", { kind: "cut-body" }, 1],
  ["an empty answer", { kind: "empty", processed: true }, 1],
  ["silence", { kind: "hang", processed: true }, 1],
];

test.each(lost)(
  "%s: a create is not sent again, and the error names the input file (qwen-code#11874, litellm-docs#1408, ogx#3171)",
  async (_name, fault, batches) => {
    await using account = await openAccount();
    const file = await account.upload();
    account.simulator.addFault({ method: "POST", path: "/batches", times: Infinity, fault });
    const { client, retries } =
      fault.kind === "hang" ? clientFor(account.simulator.url, { timeout: 500 }) : account;
    const error = await failureOf(client.batches.create(paramsFor(file)));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({
      name: "UnknownOutcomeError",
      code: "unknown_outcome",
      inputFileId: file,
    });
    expect(error.cause).toBeInstanceOf(APIError);
    expect(error.message).toContain(`List the batches, and use the one with input_file_id ${file}`);
    expect(account.simulator.calls.filter(({ path }) => path === "/v1/batches")).toHaveLength(1);
    expect(account.simulator.batches).toHaveLength(batches);
    expect(retries).toEqual([]);
  },
);

test("a connection reset after the request was read leaves the outcome open at once", async () => {
  await using server = await rawServer((_request, _response, { socket }) => {
    socket.destroy();
  });
  const { client } = clientFor(server.url);
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(error).toBeInstanceOf(UnknownOutcomeError);
  expect(server.requests).toHaveLength(1);
});

test("JSON that is no batch leaves the outcome open", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, { ok: true });
  });
  const { client } = clientFor(server.url);
  expect(await failureOf(client.batches.create(paramsFor("file-1")))).toBeInstanceOf(
    UnknownOutcomeError,
  );
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["a rate limit", { kind: "status", status: 429 }],
  ["a transient conflict", { kind: "status", status: 409 }],
  [
    "a refusal that asks to be repeated",
    { kind: "status", status: 400, headers: { "x-should-retry": "true" } },
  ],
] as const)("after %s a create is sent again, and one batch exists", async (_name, fault) => {
  await using account = await openAccount();
  const file = await account.upload();
  account.simulator.addFault({ method: "POST", path: "/batches", times: 2, fault });
  const batch = await account.client.batches.create(paramsFor(file));
  expect(account.simulator.batches.map(({ id }) => id)).toEqual([batch.id]);
  expect(account.retries).toHaveLength(2);
});

test("a server that nobody listens on is asked again, and is no open outcome", async () => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address of this form.
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const { client, retries } = clientFor(`http://127.0.0.1:${port}/v1`);
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(error).toMatchObject({ name: "APIConnectionError", code: "ECONNREFUSED" });
  expect(retries).toHaveLength(5);
});

test("a host that no name server knows is no open outcome", async () => {
  const { client } = clientFor("https://api.nowhere.invalid/v1", { maxRetries: 0 });
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(error).toMatchObject({ name: "APIConnectionError", outcomeUnknown: false });
});

test("a TLS handshake that fails has sent no request and is no open outcome", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, batchJson("batch_1"));
  });
  const { client } = clientFor(`https://127.0.0.1:${server.port}/v1`, { maxRetries: 0 });
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(server.requests).toEqual([]);
  expect(error).not.toBeInstanceOf(UnknownOutcomeError);
});

test("a key that no header can hold has sent no request and is no open outcome", async () => {
  await using account = await openAccount();
  const file = await account.upload();
  const outcome = await Promise.resolve()
    .then(async () => {
      const { client } = clientFor(account.simulator.url, { apiKey: `${KEY}\n` });
      return client.batches.create(paramsFor(file));
    })
    .catch((error: unknown) => error);
  expect(outcome).not.toBeInstanceOf(UnknownOutcomeError);
  expect(String(outcome)).toContain("Check the key and the headers for line breaks");
  expect(String(outcome)).not.toMatch(/network|sk-/);
});

test("a key that could not be fetched has sent no request and is no open outcome", async () => {
  const refused = new Error("no token today");
  await using account = await openAccount();
  const { client } = clientFor(account.simulator.url, { apiKey: () => Promise.reject(refused) });
  expect(await rejectionOf(client.batches.create(paramsFor("file-1")))).toBe(refused);
  expect(account.simulator.calls).toEqual([]);
});

test("a proxy that refuses the tunnel has sent no request and is no open outcome", async () => {
  await using proxy = await connectProxy("HTTP/1.1 403 Forbidden\r\n\r\n");
  process.env["https_proxy"] = proxy.origin;
  try {
    const { client } = clientFor("https://api.example.test/v1", { maxRetries: 0 });
    const error = await failureOf(client.batches.create(paramsFor("file-1")));
    expect(proxy.connects).toHaveLength(1);
    expect(error).not.toBeInstanceOf(UnknownOutcomeError);
  } finally {
    delete process.env["https_proxy"];
  }
});

test("a create that is aborted on the wire still gets its answer, so that its batch is known", async () => {
  await using account = await openAccount();
  const file = await account.upload();
  const aborted = Promise.withResolvers<undefined>();
  account.simulator.addFault({
    path: "/batches",
    fault: { kind: "delay", until: aborted.promise },
  });
  const controller = new AbortController();
  onCreate(account, () => {
    controller.abort(new Error("stop"));
    aborted.resolve(undefined);
  });
  const { signal } = controller;
  const batch = await account.client.batches.create(paramsFor(file), { signal });
  expect(account.simulator.batches.map(({ id }) => id)).toEqual([batch.id]);
});

test("a create that is aborted and not answered in the time that is left is an open outcome", async () => {
  await using account = await openAccount();
  const file = await account.upload();
  account.simulator.addFault({ path: "/batches", fault: { kind: "hang", processed: true } });
  const controller = new AbortController();
  onCreate(account, () => {
    controller.abort(new Error("stop"));
    account.clock.advance(5_000);
  });
  const { signal } = controller;
  const error = await failureOf(account.client.batches.create(paramsFor(file), { signal }));
  expect(error).toMatchObject({ name: "UnknownOutcomeError", inputFileId: file });
  expect(error.message).toContain("was created: stop. It may be running");
});

test("a create that is aborted in a pause is no open outcome", async () => {
  await using account = await openAccount();
  const file = await account.upload();
  const controller = new AbortController();
  const reason = new Error("stop");
  account.simulator.addFault({
    path: "/batches",
    fault: { kind: "status", status: 429, headers: { "retry-after": "60" } },
  });
  account.clock.at(account.clock.now() + 1_000, () => {
    controller.abort(reason);
  });
  const call = account.client.batches.create(paramsFor(file), { signal: controller.signal });
  expect(await rejectionOf(call)).toBe(reason);
  expect(account.simulator.batches).toEqual([]);
});

/** Does something as soon as a create has come in. */
function onCreate({ simulator }: Account, act: () => void): void {
  asSoonAs(() => simulator.calls.some(({ path }) => path === "/v1/batches"), act);
}

test("a final refusal is the server's error, not an open outcome", async () => {
  await using account = await openAccount();
  const error = await failureOf(account.client.batches.create(paramsFor("file-none")));
  expect(error).not.toBeInstanceOf(UnknownOutcomeError);
  expect(error.status).toBe(404);
});

test.each([
  [301, false],
  [302, false],
  [303, true],
  [307, false],
  [308, false],
  [400, false],
  [408, true],
  [409, false],
  [429, false],
  [499, true],
  [500, true],
])("a %d leaves open whether a batch was made: %s", async (status, open) => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(status, { location: "/v1/batches/batch_1" }).end();
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(error.status).toBe(status);
  expect(error instanceof UnknownOutcomeError).toBe(open);
});

test.each([
  [{ message: "A batch of this file already exists." }],
  [{ message: "Conflict.", code: "duplicate_request" }],
  [{ message: "Conflict.", type: "IdempotencyError" }],
])(
  "a conflict with what is there already leaves open whether this create made it: %j",
  async (words) => {
    await using account = await openAccount();
    const file = await account.upload();
    const fault = { kind: "status-after", status: 409, body: { error: words } } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", times: Infinity, fault });
    const error = await failureOf(account.client.batches.create(paramsFor(file)));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(account.simulator.batches).toHaveLength(1);
  },
);

test("a redirect of a create is not followed and says what to do", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(307, { location: "/v2/batches" }).end();
  });
  const { client } = clientFor(server.url);
  const error = await failureOf(client.batches.create(paramsFor("file-1")));
  expect(error).toMatchObject({ name: "APIError", status: 307 });
  expect(error.message).toContain("Set the base URL to the address that the server redirects to.");
  expect(server.requests).toHaveLength(1);
});

test("a deadline within a create's flight leaves the outcome open, one before it does not", async () => {
  await using account = await openAccount();
  const file = await account.upload();
  account.simulator.addFault({ path: "/batches", fault: { kind: "hang", processed: true } });
  onCreate(account, () => {
    account.clock.advance(60_000);
  });
  const open = account.client.batches.create(paramsFor(file), {
    deadline: account.clock.now() + 60_000,
  });
  expect(await failureOf(open)).toMatchObject({ name: "UnknownOutcomeError", inputFileId: file });

  const none = account.client.batches.create(paramsFor(file), { deadline: account.clock.now() });
  expect(await failureOf(none)).toBeInstanceOf(DeadlineError);

  account.simulator.addFault({
    path: "/batches",
    fault: { kind: "status", status: 429, headers: { "retry-after": "100" } },
  });
  const paused = account.client.batches.create(paramsFor(file), {
    deadline: account.clock.now() + 100_000,
  });
  const error = await failureOf(paused);
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error.outcomeUnknown).toBe(false);
});

test("an upload whose answer is lost is repeated: a second file costs nothing", async () => {
  await using account = await openAccount();
  account.simulator.addFault({ path: "/files", fault: { kind: "drop-after" } });
  const id = await account.upload();
  expect(account.simulator.files.map((file) => file.id)).toContain(id);
  expect(account.retries).toHaveLength(1);
});
