import { mkdir, rm, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { fileSource, type UploadSource } from "../../src/index.ts";
import {
  clientFor,
  failureOf,
  openAccount,
  rejectionOf,
  requestLines,
  textSource,
} from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { asSoonAs, until } from "../support/until.ts";

async function bytesOf(source: UploadSource): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.stream()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("a path is uploaded as it is under its own name, and comes back byte for byte", async () => {
  await using folder = await openFolder();
  const text = requestLines(500) + "\u00e9\u{1f600} without a final newline";
  await writeFile(folder.at("my requests.jsonl"), text);
  await using account = await openAccount();
  const { client, simulator } = account;
  const file = await client.files.create({
    file: folder.at("my requests.jsonl"),
    purpose: "batch",
  });
  expect(file).toMatchObject({
    filename: "my requests.jsonl",
    bytes: Buffer.byteLength(text),
    purpose: "batch",
  });
  expect(simulator.files).toHaveLength(1);
  expect(await (await client.files.content(file.id)).text()).toBe(text);
});

test("the expiry arrives", async () => {
  await using account = await openAccount();
  const file = await account.client.files.create({
    file: textSource("{}\n"),
    purpose: "batch",
    expires_after: { anchor: "created_at", seconds: 3_600 },
  });
  expect(file.expires_at).toBe(file.created_at + 3_600);
});

test.each([
  ["a.jsonl", undefined, "a.jsonl"],
  ["a.json", undefined, "a.json.jsonl"],
  ["a", undefined, "a.jsonl"],
  ["a", "b.jsonl", "b.jsonl"],
  ["a", "b.txt", "b.txt.jsonl"],
])("a file %s with the name %s is called %s: only .jsonl is taken", async (file, name, called) => {
  await using folder = await openFolder();
  await writeFile(folder.at(file), "{}\n");
  expect((await fileSource(folder.at(file), name)).name).toBe(called);
});

test("an odd file name does not break the form", async () => {
  await using account = await openAccount();
  const name = 'a"b\r\nc: d.jsonl';
  const file = await account.client.files.create({
    file: textSource("{}\n", name),
    purpose: "batch",
  });
  expect(file.bytes).toBe(3);
});

test("a web File can be uploaded", async () => {
  await using account = await openAccount();
  const web = new File(["{}\n", "{}\n"], "web.jsonl");
  // Node's stream types are those of the web without their iterator.
  const file: UploadSource = {
    name: web.name,
    size: web.size,
    stream: () => web.stream() as AsyncIterable<Uint8Array>,
  };
  expect(await account.client.files.create({ file, purpose: "batch" })).toMatchObject({
    bytes: 6,
    filename: "web.jsonl",
  });
});

test("every retry reads the file again from its start (azure-sdk-for-js#31148, openai-node#910)", async () => {
  await using folder = await openFolder();
  const text = requestLines(4_000);
  await writeFile(folder.at("a.jsonl"), text);
  await using account = await openAccount();
  const { client, simulator, retries } = account;
  simulator.addFault({ path: "/files", fault: { kind: "drop-before" } });
  simulator.addFault({ path: "/files", fault: { kind: "status", status: 503 } });
  simulator.addFault({ path: "/files", fault: { kind: "html" } });
  const { id } = await client.files.create({ file: folder.at("a.jsonl"), purpose: "batch" });
  expect(retries).toHaveLength(3);
  expect(await (await client.files.content(id)).text()).toBe(text);
});

test("bytes that another process appends meanwhile stay out", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("a.jsonl"), "{}\n");
  const source = await fileSource(folder.at("a.jsonl"));
  await writeFile(folder.at("a.jsonl"), "{}\n{}\n");
  expect((await bytesOf(source)).toString()).toBe("{}\n");
});

test("an empty file is an empty source", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("a.jsonl"), "");
  const source = await fileSource(folder.at("a.jsonl"));
  expect(source.size).toBe(0);
  expect(await bytesOf(source)).toHaveLength(0);
});

test("a missing file is the system's error, with nothing sent", async () => {
  await using account = await openAccount();
  const call = account.client.files.create({ file: "/no/such/file.jsonl", purpose: "batch" });
  expect(await rejectionOf(call)).toMatchObject({ code: "ENOENT" });
  expect(account.simulator.calls).toEqual([]);
});

test("a folder instead of a file is no network fault to be retried", async () => {
  await using folder = await openFolder();
  await mkdir(folder.at("a.jsonl"));
  await using account = await openAccount();
  const call = account.client.files.create({ file: folder.at("a.jsonl"), purpose: "batch" });
  const error = await rejectionOf(call);
  expect(String(error)).toContain("EISDIR");
  expect(String(error)).not.toContain("Check the network");
  expect(account.retries).toEqual([]);
});

test("a file that vanishes before it is read is no network fault to be retried", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("a.jsonl"), "{}\n");
  const source = await fileSource(folder.at("a.jsonl"));
  await rm(folder.at("a.jsonl"));
  await using account = await openAccount();
  const error = await rejectionOf(account.client.files.create({ file: source, purpose: "batch" }));
  expect(String(error)).toContain("ENOENT");
  expect(account.retries).toEqual([]);
});

test("a source with other bytes than its size is refused as such, not sent again and again", async () => {
  await using account = await openAccount({ client: { maxRetries: 2 } });
  const source = { ...textSource("{}\n"), size: 10 };
  const error = await rejectionOf(account.client.files.create({ file: source, purpose: "batch" }));
  expect(String(error)).not.toContain("Check the network");
  expect(account.retries).toEqual([]);
});

test("a file that is too large is refused with what to do", async () => {
  await using account = await openAccount({ limits: { bytes: 100 } });
  const error = await failureOf(
    account.client.files.create({ file: textSource(requestLines(2)), purpose: "batch" }),
  );
  expect(error).toMatchObject({ status: 413 });
  expect(error.message).toContain("split it");
});

test("an aborted upload stops reading the file", async () => {
  await using account = await openAccount();
  const controller = new AbortController();
  let ended = false;
  const endless: UploadSource = {
    name: "a.jsonl",
    size: 1e12,
    async *stream() {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(65_536, "x"));
      } finally {
        ended = true;
      }
    },
  };
  asSoonAs(
    () => account.simulator.calls.some(({ bodyBytes }) => bodyBytes > 1e6),
    () => {
      controller.abort(new Error("stop"));
    },
  );
  const { client } = clientFor(account.simulator.url);
  await expect(
    client.files.create({ file: endless, purpose: "batch" }, { signal: controller.signal }),
  ).rejects.toThrow("stop");
  await until(() => ended);
});
