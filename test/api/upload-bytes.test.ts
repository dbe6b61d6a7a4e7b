import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { partSource, scanInput, splitInput } from "../../src/index.ts";
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
