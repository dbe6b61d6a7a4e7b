import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";

import { expect, test, vi } from "vitest";

import { BatchClient, scanInput } from "../../src/index.ts";
import { partSource, splitInput } from "../../src/batch/split.ts";
import { openAccount, requestLine } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";

/** Chunks that are views into a larger buffer, and lines longer than any chunk, are where bytes get lost. */
test("what arrives is what was to be sent, byte for byte", async () => {
  await using account = await openAccount();
  await using folder = await openFolder();
  const long = requestLine("long".repeat(150_000));
  const short = Array.from({ length: 9_000 }, (_, index) => requestLine(`r${index}`));
  const lines = [requestLine("first"), "", ...short, long, " ", requestLine("last")];
  await writeFile(folder.at("in.jsonl"), lines.join("\n"));
  const scan = await scanInput(folder.at("in.jsonl"));
  const [part] = splitInput(scan);
  if (part === undefined) throw new Error("There is no part.");

  const { id } = await account.client.files.create({
    file: partSource(scan, part),
    purpose: "batch",
  });
  const arrived = await account.client.files.download(id, folder.at("arrived.jsonl"));

  const expected = `${lines.filter((line) => line.trim() !== "").join("\n")}\n`;
  expect(arrived.bytes).toBe(Buffer.byteLength(expected));
  expect((await readFile(arrived.path, "utf8")) === expected).toBe(true);
});

test("chunks that begin in the middle of a buffer arrive as they are", async () => {
  await using account = await openAccount();
  await using folder = await openFolder();
  const whole = Buffer.from(`${requestLine("x".repeat(300_000))}\n`);
  const { id } = await account.client.files.create({
    file: {
      name: "views.jsonl",
      size: whole.length - 100_000 + 7,
      async *stream() {
        yield await Promise.resolve(whole.subarray(0, 7));
        yield whole.subarray(100_000);
      },
    },
    purpose: "batch",
  });
  const { path } = await account.client.files.download(id, folder.at("arrived.jsonl"));
  const arrived: Buffer[] = [];
  for await (const chunk of createReadStream(path)) arrived.push(Buffer.from(chunk as Buffer)); // No encoding is set.
  expect(
    Buffer.concat([whole.subarray(0, 7), whole.subarray(100_000)]).equals(Buffer.concat(arrived)),
  ).toBe(true);
});

test.each(["the caller's signal", "a connection that breaks"])(
  "%s ends the reading of the file as well",
  async (what) => {
    await using folder = await openFolder();
    await writeFile(folder.at("in.jsonl"), `${requestLine("x".repeat(30_000_000))}\n`);
    const scan = await scanInput(folder.at("in.jsonl"));
    const [part] = splitInput(scan);
    if (part === undefined) throw new Error("There is no part.");
    const source = partSource(scan, part);
    let ended = false;
    const watched = {
      ...source,
      async *stream(transient?: boolean) {
        try {
          yield* source.stream(transient);
        } finally {
          ended = true;
        }
      },
    };
    const abort = new AbortController();
    // A server that reads nothing more: the body stands where the sockets are full.
    const server = createServer((socket) => {
      socket.once("data", () => {
        socket.pause();
        if (what === "the caller's signal") abort.abort(new Error("enough"));
        else socket.destroy();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // Not a pipe, so it has one.
    const client = new BatchClient({
      apiKey: "sk-test",
      baseURL: `http://127.0.0.1:${port}`,
      maxRetries: 0,
    });
    const call = client.files.create({ file: watched, purpose: "batch" }, { signal: abort.signal });
    await expect(call).rejects.toThrow();
    await vi.waitUntil(() => ended);
    server.close();
  },
);
