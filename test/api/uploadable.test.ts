import { once } from "node:events";
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import type { FileCreateParams } from "../../src/api/files.ts";
import { failureOf, openAccount, rejectionOf, requestLines } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { rawServer } from "../support/raw-server.ts";

const text = requestLines(3);

test("a stream of a file is uploaded as the file at its path is, and closed", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("requests.jsonl"), text);
  await using account = await openAccount();
  const { client } = account;
  const stream = createReadStream(folder.at("requests.jsonl"));
  const [file] = await Promise.all([
    client.files.create({ file: stream, purpose: "batch" }),
    once(stream, "close"),
  ]);
  expect(file).toMatchObject({ filename: "requests.jsonl", bytes: Buffer.byteLength(text) });
  expect(await (await client.files.content(file.id)).text()).toBe(text);
});

test("a stream of a file is read again for a retry", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("requests.jsonl"), text);
  await using account = await openAccount({
    faults: [{ path: "/files", fault: { kind: "status", status: 503 } }],
  });
  const { client, retries } = account;
  const stream = createReadStream(Buffer.from(folder.at("requests.jsonl")));
  const file = await client.files.create({ file: stream, purpose: "batch" });
  expect(retries).toHaveLength(1);
  expect(file.bytes).toBe(Buffer.byteLength(text));
});

test("a stream of a file that is not there is the system's error", async () => {
  await using folder = await openFolder();
  await using account = await openAccount();
  const file = createReadStream(folder.at("nothing.jsonl"));
  const error = await rejectionOf(account.client.files.create({ file, purpose: "batch" }));
  expect(error).toMatchObject({ code: "ENOENT" });
});

test.each([{ start: 1 }, { end: 5 }, { start: 0, end: 0 }])(
  "a stream of a part of a file (%j) is refused",
  async (part) => {
    await using folder = await openFolder();
    await writeFile(folder.at("requests.jsonl"), text);
    await using account = await openAccount();
    const file = createReadStream(folder.at("requests.jsonl"), part);
    const error = await failureOf(account.client.files.create({ file, purpose: "batch" }));
    expect(error).toMatchObject({ name: "APIError", code: "invalid_file" });
    expect(error.message).toContain("reads only a part of its file");
    expect(account.simulator.calls).toEqual([]);
  },
);

test("a stream that has been read from is refused", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("requests.jsonl"), text);
  await using account = await openAccount();
  const file = createReadStream(folder.at("requests.jsonl"));
  await once(file, "readable");
  file.read();
  const error = await failureOf(account.client.files.create({ file, purpose: "batch" }));
  expect(error.message).toContain("has been read from already");
});

test.each([
  ["/exports/requests.jsonl?sig=1", "requests.jsonl"],
  ["/exports/requests", "requests.jsonl"],
  ["/", "upload.jsonl"],
])("the answer of a fetch of %s is uploaded as %s", async (path, name) => {
  await using server = await rawServer((_, response) => response.end(text));
  await using account = await openAccount();
  const { client } = account;
  const answer = await fetch(`${server.origin}${path}`);
  const file = await client.files.create({ file: answer, purpose: "batch" });
  expect(file.filename).toBe(name);
  expect(await (await client.files.content(file.id)).text()).toBe(text);
});

test("a response that was made and not fetched is uploaded under a name of ours", async () => {
  await using account = await openAccount();
  const file = await account.client.files.create({ file: new Response(text), purpose: "batch" });
  expect(file).toMatchObject({ filename: "upload.jsonl", bytes: Buffer.byteLength(text) });
});

test("a response that has been read is refused", async () => {
  await using account = await openAccount();
  const file = new Response(text);
  await file.text();
  const error = await failureOf(account.client.files.create({ file, purpose: "batch" }));
  expect(error).toMatchObject({ code: "invalid_file", cause: expect.any(TypeError) as unknown });
  expect(error.message).toContain("whose body nothing else has read");
});

test.each([
  ["nothing", undefined],
  ["null", null],
  ["a number", 7],
  ["bytes", Buffer.from(text)],
  ["a blob without a name", new Blob([text])],
  ["a promise", Promise.resolve("requests.jsonl")],
  ["a URL", new URL("file:///requests.jsonl")],
  ["an object", {}],
])("%s is refused with what to pass instead", async (_name, file) => {
  await using account = await openAccount();
  // Programs without types pass such things.
  const params = { file, purpose: "batch" } as FileCreateParams;
  const error = await failureOf(account.client.files.create(params));
  expect(error).toMatchObject({ name: "APIError", code: "invalid_file" });
  expect(error.message).toContain("new File(");
  expect(account.simulator.calls).toEqual([]);
});
