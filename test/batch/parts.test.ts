import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { hashText } from "../../src/batch/create/key.ts";
import { createBatches } from "../../src/batch/create-all.ts";
import { ownKeyOptions, partOfFile, partsToCreate } from "../../src/batch/parts.ts";
import { scanInput } from "../../src/batch/input.ts";
import { splitInput } from "../../src/batch/split.ts";
import { ENDPOINT, failureOf, openAccount, requestLines } from "../support/account.ts";
import { eventLog } from "../support/events.ts";
import { openFolder } from "../support/folder.ts";

async function partsOf(requests: number, maxRequests: number) {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(requests));
  const scan = await scanInput(folder.at("in.jsonl"));
  return { scan, parts: splitInput(scan, { maxRequests }) };
}

test("parts carry their number of requests, and a source named by its content", async () => {
  const { scan, parts } = await partsOf(5, 2);
  const toCreate = partsToCreate(scan, parts, { round: 0 });
  expect(toCreate.map(({ requests }) => requests)).toEqual([2, 2, 1]);
  expect(toCreate.map(({ key }) => key)).toEqual([undefined, undefined, undefined]);
  for (const { input } of toCreate) {
    expect("name" in input && input.name).toMatch(/-[0-9a-f]{16}\.jsonl$/);
  }
});

test("a key of one's own is numbered by the parts, and names the content of each and of what is sent again", async () => {
  const { scan, parts } = await partsOf(4, 2);
  const keys = (round: number) =>
    partsToCreate(scan, parts, { idempotencyKey: "nightly", round }).map(({ key }) => key);
  const hashes = parts.map(({ hash }) => hash.slice(0, 16));
  expect(keys(0)).toEqual([`nightly/1of2/${hashes[0]}`, `nightly/2of2/${hashes[1]}`]);
  expect(keys(1)).toEqual(hashes.map((hash) => `nightly/retry1/${hash}`));
  expect(new Set([...keys(1), ...keys(2)]).size).toBe(4);
  const [whole] = partsToCreate(scan, splitInput(scan), { idempotencyKey: "nightly", round: 0 });
  expect(whole?.key).toBe("nightly");
});

test("a function makes the key of each part, called with its place, content and round", async () => {
  const { scan, parts } = await partsOf(4, 2);
  const told: unknown[] = [];
  const idempotencyKey = (part: { readonly index: number }) => {
    told.push(part);
    return `key-${part.index}`;
  };
  const made = partsToCreate(scan, parts, { idempotencyKey, round: 3 });
  expect(made.map(({ key }) => key)).toEqual(["key-0", "key-1"]);
  expect(told).toMatchObject(parts.map(({ hash }, index) => ({ index, hash, count: 2, round: 3 })));
});

test("a file that is on the server already is one part of unknown size", () => {
  const [part, ...others] = partOfFile("file-1", { idempotencyKey: "nightly" });
  expect(part).toEqual({ key: "nightly", input: { fileId: "file-1" }, requests: undefined });
  expect(others).toEqual([]);
  const [keyed] = partOfFile("file-1", { idempotencyKey: ({ hash }) => hash });
  expect(keyed?.key).toBe(hashText("file-1"));
  expect(partOfFile("file-1", {})[0]?.key).toBeUndefined();
});

test("what a key of one's own stands for is the whole input, the endpoint and the owner", () => {
  const of = (hash: string, endpoint: string, keyOwner?: string) =>
    ownKeyOptions(hash, endpoint, { idempotencyKey: "nightly", keyOwner });
  expect(of("a", "/v1/x").ownKey).toBe("nightly");
  const contents = [of("a", "/v1/x"), of("b", "/v1/x"), of("a", "/v1/y"), of("a", "/v1/x", "octo")];
  expect(new Set(contents.map(({ content }) => content)).size).toBe(4);
  expect(of("a", "/v1/x")).toEqual(of("a", "/v1/x"));
  const made = ownKeyOptions("a", "/v1/x", { idempotencyKey: () => "key" });
  expect(made.ownKey).toBeUndefined();
});

test("createBatches makes a batch of each part, waits for none, and finds them again", async () => {
  await using folder = await openFolder();
  await using account = await openAccount({ phases: { inProgress: Infinity } });
  await writeFile(folder.at("in.jsonl"), requestLines(5));
  const options = {
    input: folder.at("in.jsonl"),
    limits: { maxRequests: 2 },
    idempotencyKey: "nightly",
  };
  const { onEvent, of } = eventLog();
  const first = await createBatches(account.client, { ...options, onEvent });
  expect(first.map(({ requests, provenance, round }) => [requests, provenance, round])).toEqual([
    [2, "created", 0],
    [2, "created", 0],
    [1, "created", 0],
  ]);
  expect(of("created").map(({ part, known }) => [part, known.batch.id])).toEqual(
    first.map(({ batch }, index) => [index, batch.id]),
  );
  const again = await createBatches(account.client, options);
  expect(again.map(({ batch, provenance }) => [batch.id, provenance])).toEqual(
    first.map(({ batch }) => [batch.id, "adopted"]),
  );
  // The same key for an input that has grown by a line is a mistake, although two of its parts are the same.
  await writeFile(folder.at("in.jsonl"), requestLines(6));
  const error = await failureOf(createBatches(account.client, options));
  expect(error.code).toBe("other_requests");
  expect(account.simulator.batches).toHaveLength(3);
});

test("createBatches that fails names what it had created, which somebody pays for", async () => {
  await using folder = await openFolder();
  await using account = await openAccount({ phases: { inProgress: Infinity } });
  await writeFile(folder.at("in.jsonl"), requestLines(3));
  account.simulator.addFault({
    method: "POST",
    path: "/batches",
    fault: { kind: "status", status: 400 },
    skip: 2,
  });
  const error = await failureOf(
    createBatches(account.client, { input: folder.at("in.jsonl"), limits: { maxRequests: 1 } }),
  );
  const ids = account.simulator.batches.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(error.message).toContain(`Batches that are there already: ${ids.join(", ")}.`);
});

test("createBatches takes the id of a file that is there", async () => {
  await using account = await openAccount({ phases: { inProgress: Infinity } });
  const fileId = await account.upload(3);
  const input = { fileId };
  const [one] = await createBatches(account.client, { input, endpoint: ENDPOINT });
  expect(one).toMatchObject({ requests: undefined, batch: { input_file_id: fileId } });
});
