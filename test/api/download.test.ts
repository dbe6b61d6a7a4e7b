import { type AddressInfo, createServer, type Server } from "node:net";
import { readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { DeadlineError } from "../../src/index.ts";
import type { Fault } from "../../src/simulator/index.ts";
import {
  bytesSource,
  clientFor,
  failureOf,
  openAccount,
  rejectionOf,
  textSource,
} from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { rawServer } from "../support/raw-server.ts";
import { asSoonAs } from "../support/until.ts";

const text = '{"a":1}\n'.repeat(40_000);

async function openWithFile(options: Parameters<typeof openAccount>[0] = {}) {
  const account = await openAccount(options);
  const file = textSource(text);
  const { id } = await account.client.files.create({ file, purpose: "batch" });
  return { ...account, id };
}

test("a file is written whole, folders are made, and no other name is left", async () => {
  await using account = await openWithFile();
  const { id } = account;
  await using folder = await openFolder();
  const result = await account.client.files.download(id, folder.at("deep", "er", "out.jsonl"));
  expect(result).toEqual({
    path: folder.at("deep", "er", "out.jsonl"),
    bytes: text.length,
    complete: "length",
  });
  expect(await readFile(result.path, "utf8")).toBe(text);
  expect(await folder.list()).toEqual(["deep", "deep/er", "deep/er/out.jsonl"]);
});

test("a file may have the longest name that there is", async () => {
  await using account = await openWithFile();
  await using folder = await openFolder();
  const name = `${"n".repeat(249)}.jsonl`;
  await account.client.files.download(account.id, folder.at(name));
  expect(await folder.list()).toEqual([name]);
});

const breaks: readonly [string, Fault][] = [
  ["cut after its head", { kind: "cut-body", bytes: 0 }],
  ["cut half way", { kind: "cut-body" }],
  ["cut before its last byte", { kind: "cut-body", bytes: text.length - 1 }],
  ["cut at the end of a line", { kind: "cut-body", bytes: 8 * 1_000 }],
  ["refused by a transient error", { kind: "status", status: 503 }],
  ["broken off before it began", { kind: "drop-before" }],
  ["a gateway's page with an error status", { kind: "html" }],
];

test.each(breaks)(
  "an answer that is %s is gone on with until it is whole (openai-python#2959, openai-java#649)",
  async (_name, fault) => {
    await using account = await openWithFile();
    const { id } = account;
    await using folder = await openFolder();
    account.simulator.addFault({ path: "/files/*/content", times: 3, fault });
    const { path, bytes } = await account.client.files.download(id, folder.at("out.jsonl"));
    expect(bytes).toBe(text.length);
    expect((await readFile(path, "utf8")) === text).toBe(true);
    expect(account.retries.length).toBeGreaterThan(0);
    expect(await folder.list()).toEqual(["out.jsonl"]);
  },
);

test("a chunked answer without a length that is cut is fetched again", async () => {
  await using server = await rawServer((_request, response, { count, socket }) => {
    response.writeHead(200);
    response.write(text, () => {
      if (count === 1) socket.destroy();
      else response.end("last\n");
    });
  });
  await using folder = await openFolder();
  const { client, retries } = clientFor(server.url);
  const { bytes } = await client.files.download("file-1", folder.at("out.jsonl"));
  expect(bytes).toBe(text.length + 5);
  expect(retries).toHaveLength(1);
});

test("a body that falls silent is given up and fetched again", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("12345");
    if (count > 1) response.end("67890");
  });
  await using folder = await openFolder();
  // On a slow machine other answers may come too late as well.
  const { client, retries } = clientFor(server.url, { timeout: 80, maxRetries: 1_000 });
  const { path } = await client.files.download("file-1", folder.at("out.jsonl"));
  expect(await readFile(path, "utf8")).toBe("1234567890");
  expect(new Set(retries.map(({ error }) => error.name))).toEqual(
    new Set(["APIConnectionTimeoutError"]),
  );
});

test("a file that never comes whole leaves nothing behind, and what was there stays", async () => {
  await using account = await openWithFile({ client: { maxRetries: 2 } });
  const { id } = account;
  await using folder = await openFolder();
  await writeFile(folder.at("out.jsonl"), "from yesterday\n");
  account.simulator.addFault({
    path: "/files/*/content",
    times: Infinity,
    fault: { kind: "cut-body" },
  });
  const error = await failureOf(account.client.files.download(id, folder.at("out.jsonl")));
  expect(error).toMatchObject({ name: "APIConnectionError" });
  expect(error.requestID).toMatch(/^req_/);
  expect(await folder.list()).toEqual(["out.jsonl"]);
  expect(await readFile(folder.at("out.jsonl"), "utf8")).toBe("from yesterday\n");
});

test("a file that is not there makes no file", async () => {
  await using account = await openAccount();
  await using folder = await openFolder();
  const error = await failureOf(account.client.files.download("file-no", folder.at("out.jsonl")));
  expect(error).toMatchObject({ status: 404 });
  expect(error.message).toContain("No such File object");
  expect(await folder.list()).toEqual([]);
});

test("a signal and a deadline end a download under way and leave nothing behind", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("12345");
  });
  await using folder = await openFolder();
  const { client, clock } = clientFor(server.url);
  const reason = new Error("stop");
  const controller = new AbortController();
  const isUnderWay = () => readdirSync(folder.path).length > 0;
  asSoonAs(isUnderWay, () => {
    controller.abort(reason);
  });
  const path = folder.at("out.jsonl");
  expect(await rejectionOf(client.files.download("f", path, { signal: controller.signal }))).toBe(
    reason,
  );
  expect(await folder.list()).toEqual([]);
  asSoonAs(isUnderWay, () => {
    clock.advance(60_000);
  });
  expect(
    await failureOf(client.files.download("f", path, { deadline: clock.now() + 60_000 })),
  ).toBeInstanceOf(DeadlineError);
  expect(await folder.list()).toEqual([]);
});

test("a disk that refuses is the system's error, and the server is not asked again", async () => {
  await using account = await openWithFile();
  const { id } = account;
  await using folder = await openFolder();
  await mkdir(folder.at("out.jsonl"));
  const error = await rejectionOf(account.client.files.download(id, folder.at("out.jsonl")));
  expect(error).toMatchObject({ syscall: "rename" });
  expect(await folder.list()).toEqual(["out.jsonl"]);
  expect(account.retries).toEqual([]);
});

test("several downloads to one path at once end with one whole file", async () => {
  await using account = await openWithFile();
  const { id } = account;
  await using folder = await openFolder();
  const path = folder.at("out.jsonl");
  await Promise.all(Array.from({ length: 4 }, () => account.client.files.download(id, path)));
  expect((await readFile(path, "utf8")) === text).toBe(true);
  expect(await folder.list()).toEqual(["out.jsonl"]);
});

test("an empty file is a file", async () => {
  await using account = await openAccount();
  await using folder = await openFolder();
  const file = bytesSource(Buffer.alloc(0));
  const { id } = await account.client.files.create({ file, purpose: "batch" });
  expect(await account.client.files.download(id, folder.at("out.jsonl"))).toMatchObject({
    bytes: 0,
  });
  expect(await readFile(folder.at("out.jsonl"), "utf8")).toBe("");
});

test("content() is a web Response with status, headers and a body to be read in any way", async () => {
  await using account = await openWithFile();
  const { id } = account;
  const response = await account.client.files.content(id);
  expect(response).toBeInstanceOf(Response);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-length")).toBe(String(text.length));
  expect((await response.text()) === text).toBe(true);
  const bytes = await (await account.client.files.content(id)).bytes();
  expect(bytes.byteLength).toBe(text.length);
});

test("content() can be left half read", async () => {
  await using account = await openWithFile();
  const { id } = account;
  const { body } = await account.client.files.content(id);
  const reader = body?.getReader();
  const first: unknown = (await reader?.read())?.value;
  expect(first).toBeInstanceOf(Uint8Array);
  await reader?.cancel();
  expect((await account.client.files.retrieve(id)).id).toBe(id);
});

test("content() repeats what fails before the body, and rejects what fails in it", async () => {
  await using account = await openWithFile();
  const { id } = account;
  const path = "/files/*/content";
  account.simulator.addFault({ path, fault: { kind: "status", status: 500 } });
  expect((await account.client.files.content(id)).ok).toBe(true);
  account.simulator.addFault({ path, fault: { kind: "cut-body" } });
  await expect((await account.client.files.content(id)).text()).rejects.toThrow();
});

test("content() with status 204 is an empty body", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(204).end();
  });
  const { client } = clientFor(server.url);
  expect(await (await client.files.content("file-1")).text()).toBe("");
});

test("the error of a long error body is read without end neither in time nor in memory", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(404, { "content-type": "application/json" });
    const more = () => {
      while (response.writable && response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  });
  const { client } = clientFor(server.url);
  expect(await failureOf(client.files.content("file-1"))).toMatchObject({ status: 404 });
});

test("an answer of HTTP/1.0 that ends with its connection is taken as it is", async () => {
  const server: Server = createServer((socket) => {
    socket.once("data", () => socket.end("HTTP/1.0 200 OK\r\n\r\nline\n"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  await using folder = await openFolder();
  try {
    const { client } = clientFor(`http://127.0.0.1:${port}/v1`);
    const { bytes } = await client.files.download("f", folder.at("out.jsonl"));
    expect(bytes).toBe(5);
  } finally {
    server.close();
  }
});
