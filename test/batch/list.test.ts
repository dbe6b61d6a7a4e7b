import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { cancelBatch, listBatches, runBatch, createBatch } from "../../src/index.ts";
import {
  clientFor,
  ENDPOINT,
  failureOf,
  openAccount,
  requestLines,
  textSource,
} from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

test("listBatches reads all pages and gives what matches metadata and status", async () => {
  await using account = await openAccount({ phases: { inProgress: 1e9 } });
  for (let count = 0; count < 12; count += 1) {
    await account.submit(1, { team: count % 2 === 0 ? "blue" : "red", run: String(count) });
  }
  account.simulator.plan("failed");
  await account.submit(1, { team: "blue" });
  account.clock.advance(1_000);
  const all = await listBatches(account.client);
  expect(all).toMatchObject({ hasMore: false });
  expect(all.batches).toHaveLength(13);
  expect(all.lastId).toBe(account.simulator.batches[0]?.id);

  const blue = await listBatches(account.client, { metadata: { team: "blue" } });
  expect(blue.batches).toHaveLength(7);
  const failed = await listBatches(account.client, {
    metadata: { team: "blue" },
    statuses: ["failed", "expired"],
  });
  expect(failed.batches.map(({ status }) => status)).toEqual(["failed"]);
  const both = await listBatches(account.client, { metadata: { team: "red", run: "2" } });
  expect(both.batches).toEqual([]);
});

test("listBatches stops at its limit and names where to go on", async () => {
  await using account = await openAccount();
  for (let count = 0; count < 5; count += 1) await account.submit(1, { n: String(count) });
  const first = await listBatches(account.client, { limit: 3 });
  expect(first.batches).toHaveLength(3);
  expect(first.hasMore).toBe(true);
  const rest = await listBatches(account.client, { limit: 3, after: first.lastId });
  expect(rest.batches.map(({ metadata }) => metadata?.["n"])).toEqual(["1", "0"]);
  expect(rest.hasMore).toBe(false);
  const exact = await listBatches(account.client, { limit: 5 });
  expect(exact).toMatchObject({ hasMore: false });
  const one = await listBatches(account.client, { limit: 1, metadata: { n: "2" } });
  expect(one).toMatchObject({ hasMore: true, lastId: one.batches[0]?.id });
});

test.each([undefined, 0, NaN])("listBatches returns every one with limit %s", async (limit) => {
  await using account = await openAccount();
  for (let count = 0; count < 3; count += 1) await account.submit(1, { n: String(count) });
  expect((await listBatches(account.client, { limit })).batches).toHaveLength(3);
  const statuses = ["validating", "in_progress", "completed"];
  expect((await listBatches(account.client, { limit, statuses })).batches).toHaveLength(3);
});

test("listBatches goes over more pages than one, however large the limit", async () => {
  await using server = await rawServer(({ url }, response) => {
    const query = new URL(url, "http://x").searchParams;
    const after = Number(query.get("after") ?? "0");
    const size = Number(query.get("limit") ?? "20");
    const ids = Array.from({ length: Math.min(size, 250 - after) }, (_, at) => after + at + 1);
    const data = ids.map((id) => batchJson(String(id)));
    reply(response, 200, { object: "list", data, has_more: after + ids.length < 250 });
  });
  const { client } = clientFor(server.url);
  const { batches, hasMore } = await listBatches(client, { limit: 230 });
  expect([batches.length, hasMore]).toEqual([230, true]);
  expect(server.requests).toHaveLength(3);
});

test("listBatches passes maxRetries on", async () => {
  await using account = await openAccount();
  account.simulator.addFault({ times: Infinity, fault: { kind: "status", status: 503 } });
  await failureOf(listBatches(account.client, { maxRetries: 0 }));
  expect(account.simulator.calls).toHaveLength(1);
});

test("listBatches ends at its deadline, between pages too", async () => {
  await using account = await openAccount();
  const deadline = account.clock.now() + 1_000;
  account.simulator.addFault({
    times: Infinity,
    fault: { kind: "status", status: 503, headers: { "retry-after": "1" } },
  });
  expect(await failureOf(listBatches(account.client, { deadline }))).toMatchObject({
    code: "deadline_exceeded",
  });
});

test("cancelBatch cancels a batch that runs", async () => {
  await using account = await openAccount({ phases: { inProgress: 1e9 } });
  const { id } = await account.submit();
  account.clock.advance(1_000);
  expect((await cancelBatch(account.client, id)).status).toBe("cancelling");
});

test("cancelBatch of a batch that is over gives it as it is (llama-stack answers 409)", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.clock.advance(10_000);
  expect((await cancelBatch(account.client, id)).status).toBe("completed");
  expect(account.retries).toEqual([]);
});

test("cancelBatch of a batch that is being cancelled gives it as it is", async () => {
  await using server = await rawServer(({ method }, response) => {
    if (method === "GET") reply(response, 200, batchJson("b", { status: "cancelling" }));
    else reply(response, 400, { error: { message: "Already." } });
  });
  const { client } = clientFor(server.url);
  expect((await cancelBatch(client, "b")).status).toBe("cancelling");
});

test("cancelBatch of a batch that runs on says why it was refused", async () => {
  await using server = await rawServer(({ method }, response) => {
    if (method === "GET") reply(response, 200, batchJson("b"));
    else reply(response, 409, { error: { message: "Not now." } });
  });
  const { client } = clientFor(server.url);
  expect(await failureOf(cancelBatch(client, "b"))).toMatchObject({ status: 409 });
});

test("cancelBatch of a batch that does not exist is an error", async () => {
  await using account = await openAccount();
  expect(await failureOf(cancelBatch(account.client, "batch_no"))).toMatchObject({ status: 404 });
});

test("createBatch uploads requests and makes one batch of them", async () => {
  await using account = await openAccount();
  const { id } = await createBatch(account.client, {
    input: textSource(requestLines(2)),
    endpoint: ENDPOINT,
    metadata: { run: "7" },
  }).then((made) => ("batch" in made ? made.batch : made));
  expect(account.simulator.batches).toMatchObject([{ id, completion_window: "24h" }]);
  expect(account.simulator.batches[0]?.metadata).toMatchObject({ run: "7" });
});

test("runBatch goes the whole way", async () => {
  await using account = await openAccount({ outcome: "mixed" });
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(8));
  const { done, batches, results } = await runBatch(account.client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
  });
  expect([done, batches[0]?.status]).toEqual([true, "completed"]);
  expect(results?.counts).toEqual({ total: 8, completed: 6, failed: 2 });
  expect(account.simulator.batches).toHaveLength(1);
});
