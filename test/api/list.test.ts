import { beforeAll, afterAll, expect, test } from "vitest";

import { startSimulator, type Simulator } from "../../src/simulator/index.ts";
import { clientFor, failureOf, paramsFor, textSource, requestLines } from "../support/account.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

let simulator: Simulator;
let newestFirst: readonly string[];

beforeAll(async () => {
  simulator = await startSimulator();
  const { client } = clientFor(simulator.url);
  const file = textSource(requestLines(1));
  const { id } = await client.files.create({ file, purpose: "batch" });
  for (let count = 0; count < 250; count += 1) await client.batches.create(paramsFor(id));
  newestFirst = simulator.batches.map((batch) => batch.id).reverse();
});

afterAll(() => simulator.close());

async function idsOf(items: AsyncIterable<{ readonly id: string }>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of items) ids.push(id);
  return ids;
}

test("iterating a list goes through all pages, each item once, in order", async () => {
  const { client } = clientFor(simulator.url);
  const before = simulator.calls.length;
  expect(await idsOf(client.batches.list({ limit: 100 }))).toEqual(newestFirst);
  const queries = simulator.calls.slice(before).map(({ query }) => query);
  expect(queries).toEqual([
    { limit: "100" },
    { limit: "100", after: newestFirst[99] },
    { limit: "100", after: newestFirst[199] },
  ]);
});

test("awaiting a list gives one page, from which the next can be asked for", async () => {
  const { client } = clientFor(simulator.url);
  const page = await client.batches.list();
  expect(page.data.map(({ id }) => id)).toEqual(newestFirst.slice(0, 20));
  expect(page).toMatchObject({ has_more: true, last_id: newestFirst[19] });
  const next = await page.getNextPage();
  expect(next?.data[0]?.id).toBe(newestFirst[20]);
  expect(await idsOf(page)).toEqual(newestFirst);
});

test("a list can begin behind an item and ends with it all read", async () => {
  const { client } = clientFor(simulator.url);
  const page = await client.batches.list({ after: newestFirst[239], limit: 50 });
  expect(page.data.map(({ id }) => id)).toEqual(newestFirst.slice(240));
  expect(page.has_more).toBe(false);
  expect(await page.getNextPage()).toBeUndefined();
});

test("nothing is called before a list is asked for, and leaving early asks no more", async () => {
  const { client } = clientFor(simulator.url);
  const before = simulator.calls.length;
  const list = client.batches.list({ limit: 10 });
  await Promise.resolve();
  expect(simulator.calls).toHaveLength(before);
  for await (const { id } of list) {
    if (id === newestFirst[9]) break;
  }
  expect(simulator.calls).toHaveLength(before + 1);
});

test("a page that fails in passing is asked for again, without repeating items", async () => {
  const { client, retries } = clientFor(simulator.url);
  simulator.addFault({ path: "/batches", skip: 1, fault: { kind: "status", status: 502 } });
  simulator.addFault({ path: "/batches", fault: { kind: "cut-body" } });
  expect(await idsOf(client.batches.list({ limit: 100 }))).toEqual(newestFirst);
  expect(retries).toHaveLength(2);
});

test("a wrong limit is the server's to refuse", async () => {
  const { client } = clientFor(simulator.url);
  expect(await failureOf(client.batches.list({ limit: 101 }))).toMatchObject({
    status: 400,
    param: "limit",
  });
});

test("files are listed page by page too", async () => {
  await using other = await startSimulator();
  const { client } = clientFor(other.url);
  const file = textSource(requestLines(1));
  for (let count = 0; count < 5; count += 1) await client.files.create({ file, purpose: "batch" });
  const uploaded = other.files.map(({ id }) => id);
  expect(await idsOf(client.files.list({ limit: 2, order: "asc" }))).toEqual(uploaded);
});

test.each([
  ["a bare array (Together)", [batchJson("b1"), batchJson("b2")]],
  ["a list under value (older Azure)", { value: [batchJson("b1"), batchJson("b2")] }],
  ["no object and no has_more", { data: [batchJson("b1"), batchJson("b2")] }],
])("a list may be %s", async (_name, answer) => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, answer);
  });
  const { client } = clientFor(server.url);
  expect(await idsOf(client.batches.list())).toEqual(["b1", "b2"]);
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["null", { object: "list", data: null, has_more: false }],
  ["null under value", { value: null }],
  ["an empty array", []],
])("an empty list may be %s", async (_name, answer) => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, answer);
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  expect(await idsOf(client.batches.list())).toEqual([]);
});

test("the cursor is the last item's id where the server names none", async () => {
  await using server = await rawServer(({ url }, response) => {
    const more = !url.includes("after");
    const data = more ? [batchJson("b1"), batchJson("b2")] : [batchJson("b3")];
    reply(response, 200, { object: "list", data, has_more: more, last_id: more ? null : "" });
  });
  const { client } = clientFor(server.url);
  expect(await idsOf(client.batches.list())).toEqual(["b1", "b2", "b3"]);
  expect(server.requests[1]?.url).toBe("/v1/batches?after=b2");
});

test("a server that has more but nothing to show ends the list", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, { object: "list", data: [], has_more: true });
  });
  const { client } = clientFor(server.url);
  expect(await idsOf(client.batches.list())).toEqual([]);
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["the same page again and again (Groq takes no cursor)", ["b1"]],
  ["two pages in turn", ["b1", "b2"]],
  ["three pages in turn", ["b1", "b2", "b3"]],
])("a server that gives %s is not read for ever", async (_name, cursors) => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count > 20) {
      reply(response, 400, { error: { message: "Read for ever." } });
      return;
    }
    const id = cursors[(count - 1) % cursors.length] ?? "";
    reply(response, 200, { object: "list", data: [batchJson(id)], has_more: true, last_id: id });
  });
  const { client } = clientFor(server.url);
  const ids = await idsOf(client.batches.list());
  expect([...new Set(ids)]).toEqual(cursors);
  expect(server.requests.length).toBeLessThanOrEqual(cursors.length + 1);
});

test("an item that is no batch is an error, not a hole in the list", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, { object: "list", data: [batchJson("b1"), null], has_more: false });
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  expect(await failureOf(client.batches.list())).toMatchObject({ code: "unreadable_answer" });
});
