import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

import { expect, test } from "vitest";

import { clientFor, failureOf } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { rawServer } from "../support/raw-server.ts";

const text = Array.from({ length: 20_000 }, (_, index) => `{"row":${index}}\n`).join("");
const encoders = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
  "GZIP, br": (bytes: string) => brotliCompressSync(gzipSync(bytes)),
  identity: (bytes: string) => Buffer.from(bytes),
  "aws-chunked": (bytes: string) => Buffer.from(bytes),
};

test.each(Object.entries(encoders))(
  "a file that comes as %s although it was not asked for is decoded, and known to be whole by its length on the wire",
  async (encoding, encode) => {
    const body = encode(text);
    await using server = await rawServer((_request, response) => {
      response.writeHead(200, { "content-encoding": encoding, "content-length": body.length });
      response.end(body);
    });
    await using folder = await openFolder();
    const { client } = clientFor(server.url, { maxRetries: 0 });
    const { path, bytes, complete } = await client.files.download("f", folder.at("out.jsonl"));
    expect((await readFile(path, "utf8")) === text).toBe(true);
    expect({ bytes, complete }).toEqual({ bytes: text.length, complete: "length" });
    const response = await client.files.content("f");
    expect(response.headers.get("content-length")).toBe(
      /identity|aws/.test(encoding) ? String(body.length) : null,
    );
    expect((await response.text()) === text).toBe(true);
  },
);

test("an encoded file that is cut is fetched anew, never from its middle", async () => {
  const body = gzipSync(text);
  const ranges: IncomingHttpHeaders["range"][] = [];
  await using server = await rawServer(({ headers }, response, { count, socket }) => {
    ranges.push(headers.range);
    response.writeHead(200, { "content-encoding": "gzip", "content-length": body.length });
    if (count > 1) response.end(body);
    else response.write(body.subarray(0, body.length - 100), () => socket.end());
  });
  await using folder = await openFolder();
  const { client, retries } = clientFor(server.url);
  const { path } = await client.files.download("f", folder.at("out.jsonl"));
  expect((await readFile(path, "utf8")) === text).toBe(true);
  expect(ranges).toEqual([undefined, undefined]);
  expect(retries).toHaveLength(1);
});

test("an encoding that ends too early is an error, though the length on the wire is right", async () => {
  const body = gzipSync(text).subarray(0, -100);
  await using server = await rawServer((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip", "content-length": body.length });
    response.end(body);
  });
  await using folder = await openFolder();
  const { client } = clientFor(server.url, { maxRetries: 1 });
  const error = await failureOf(client.files.download("f", folder.at("out.jsonl")));
  expect(error).toMatchObject({ name: "APIConnectionError" });
  expect(server.requests).toHaveLength(2);
  expect(await folder.list()).toEqual([]);
});

test("an encoding that nobody knows is an error that names it", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(200, { "content-encoding": "snappy" }).end("x");
  });
  await using folder = await openFolder();
  const { client } = clientFor(server.url);
  const error = await failureOf(client.files.download("f", folder.at("out.jsonl")));
  expect(error).toMatchObject({ code: "unsupported_encoding" });
  expect(error.message).toContain("snappy");
  expect(server.requests).toHaveLength(1);
});

test("an error page that is encoded is read", async () => {
  const body = gzipSync('{"error":{"message":"It is gone.","code":"gone"}}');
  await using server = await rawServer((_request, response) => {
    response.writeHead(404, { "content-encoding": "gzip" }).end(body);
  });
  await using folder = await openFolder();
  const { client } = clientFor(server.url);
  const error = await failureOf(client.files.download("f", folder.at("out.jsonl")));
  expect(error).toMatchObject({ status: 404, code: "gone" });
});

test.each([
  ["a length", { "content-length": String(text.length) }, 200, "length", true],
  ["no length", {}, 200, undefined, false],
] as const)("with %s the result tells it", async (_name, headers, status, complete, measured) => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(status, headers);
    response.end(text);
  });
  await using folder = await openFolder();
  const { client } = clientFor(server.url);
  const told: boolean[] = [];
  const check = (_path: string, known: boolean) => {
    told.push(known);
    return Promise.resolve(undefined);
  };
  const result = await client.files.download("f", folder.at("out.jsonl"), { check });
  expect(result.complete).toBe(complete);
  expect(told).toEqual([measured]);
});
