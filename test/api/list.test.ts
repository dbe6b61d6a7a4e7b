import { beforeAll, afterAll, expect, test } from "vitest";

import type { Page, PagePromise } from "../../src/api/page.ts";
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

test("a page that fails with a transient error is asked for again, without repeating items", async () => {
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

/** All entries of a list, and why it is incomplete, as its iteration and its pages tell it. */
async function readThrough(list: () => PagePromise<{ readonly id: string }>) {
  const ids: string[] = [];
  const error = await failureOf(
    (async () => {
      for await (const { id } of list()) ids.push(id);
    })(),
  );
  let page: Page<{ readonly id: string }> | undefined = await list();
  while (page.hasNextPage()) page = (await page.getNextPage()) ?? page;
  expect(error).toMatchObject({ code: "list_incomplete", outcomeUnknown: false });
  expect(error.message).toContain(page.incomplete ?? "no reason");
  expect(await failureOf(page.getNextPage())).toMatchObject({ message: error.message });
  return { ids, why: page.incomplete, hasMore: page.has_more };
}

const listed = (ids: readonly string[], more: object = {}) => ({
  object: "list",
  data: ids.map((id) => batchJson(id)),
  ...more,
});

test("a server that has more but nothing to show gives no whole list", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, listed([], { has_more: true }));
  });
  const { client } = clientFor(server.url);
  const read = await readThrough(() => client.batches.list());
  expect(read).toMatchObject({ ids: [], hasMore: true });
  expect(read.why).toContain("names nothing to go on from");
  expect(server.requests).toHaveLength(2);
});

test.each([
  ["null, and has more", { data: null, has_more: true }],
  ["null, and a way on", { data: null, next: "/v1/batches?page=2" }],
  ["nothing, and more in a word", { data: [], has_more: "yes" }],
  ["nothing, and more in a word that nobody knows", { data: [], has_more: "partly" }],
  ["nothing, and more as a number", { data: [], has_more: 1 }],
  ["nothing, and a link to the next page", { data: [], "@odata.nextLink": "https://x.test/2" }],
  ["nothing, and a token of the next page", { data: [], next_page_token: "abc" }],
  ["nothing, and a next page beside it", { data: [], pagination: { next: 2 } }],
  ["nothing, and GraphQL's word", { data: [], pageInfo: { hasNextPage: true } }],
  ["nothing in a wrapper, and more beside that", { data: { data: [] }, has_more: true }],
  ["nothing, and a count of five", { data: [], total: 5 }],
  ["nothing, and a count beside it", { data: [], meta: { total_count: "5" } }],
])("an answer that holds %s is no empty list", async (_name, answer) => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, answer);
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  expect(await readThrough(() => client.batches.list())).toMatchObject({ ids: [], hasMore: true });
});

test.each([
  ["no way on", { next: null, next_page_token: "", links: { next: false } }],
  ["no in a word", { has_more: "no", next: "/v1/batches?after=b2" }],
  ["no as a number", { has_more: 0 }],
  ["all that are counted", { total: 2 }],
])("a list that says that it has %s is whole", async (_name, said) => {
  await using server = await rawServer(({ url }, response) => {
    reply(response, 200, listed(url.includes("after") ? [] : ["b1", "b2"], said));
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  expect(await idsOf(client.batches.list())).toEqual(["b1", "b2"]);
});

test("a list that counts more entries than its pages bring is incomplete, but not from its middle", async () => {
  await using server = await rawServer(({ url }, response) => {
    const at = ["b1", "b2", "b3"];
    const from = at.indexOf(new URL(url, "http://x").searchParams.get("after") ?? "") + 1;
    reply(response, 200, listed(at.slice(from, from + 2), { total: 4 }));
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  const { ids } = await readThrough(() => client.batches.list());
  expect(ids).toEqual(["b1", "b2", "b3"]);
  expect(await idsOf(client.batches.list({ after: "b2" }))).toEqual(["b3"]);
});

test.each([
  ["the same page again and again (Groq takes no cursor)", ["b1"]],
  ["two pages in turn", ["b1", "b2"]],
  ["three pages in turn", ["b1", "b2", "b3"]],
])("a list of %s is neither read for ever nor taken for whole", async (_name, cursors) => {
  await using server = await rawServer(({ url }, response, { count }) => {
    if (count > 20) {
      reply(response, 400, { error: { message: "Read for ever." } });
      return;
    }
    const after = new URL(url, "http://x").searchParams.get("after");
    const id = cursors[(cursors.indexOf(after ?? "") + 1) % cursors.length] ?? "";
    reply(response, 200, listed([id], { has_more: true, last_id: id }));
  });
  const { client } = clientFor(server.url);
  const { ids, why } = await readThrough(() => client.batches.list());
  expect(ids).toEqual(cursors);
  expect(why).toContain("its cursor leads back");
});

test("pages with new cursors but without new entries end as incomplete", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    reply(response, 200, listed(["b1", "b2"], { has_more: true, last_id: `c${count}` }));
  });
  const { client } = clientFor(server.url);
  const { ids, why } = await readThrough(() => client.batches.list());
  expect(ids).toEqual(["b1", "b2"]);
  expect(why).toContain("brought no new entries");
});

test("an entry that cannot be read is no fault of the others, but the list is incomplete", async () => {
  await using server = await rawServer(({ url }, response) => {
    const first = !url.includes("after");
    reply(response, 200, {
      data: first ? [batchJson("b1"), null, {}, batchJson("b2")] : [batchJson("b3")],
      has_more: first,
    });
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  const page = await client.batches.list();
  expect(page.hasNextPage()).toBe(true);
  expect(page.incomplete).toBe("2 entries could not be read and were left out");
  const { ids, why } = await readThrough(() => client.batches.list());
  expect(ids).toEqual(["b1", "b2", "b3"]);
  expect(why).toBe("2 entries could not be read and were left out");
  await using files = await rawServer((_request, response) => {
    reply(response, 200, { data: [{ id: "file-1" }, "x"], has_more: false });
  });
  const other = clientFor(files.url).client;
  expect((await readThrough(() => other.files.list())).why).toMatch(/^1 entry/);
});

const many = Array.from({ length: 45 }, (_, index) => `b${index}`);

test.each([
  ["a list", (ids: readonly string[]) => listed(ids)],
  ["a bare array", (ids: readonly string[]) => listed(ids).data],
])("%s that does not say whether there is more is read until a page is short", async (_, shape) => {
  await using server = await rawServer(({ url }, response) => {
    const { searchParams } = new URL(url, "http://x");
    const from = many.indexOf(searchParams.get("after") ?? "") + 1;
    reply(response, 200, shape(many.slice(from, from + 20)));
  });
  const { client } = clientFor(server.url);
  expect(await idsOf(client.batches.list())).toEqual(many);
  expect(server.requests).toHaveLength(3);
  expect(await idsOf(client.batches.list({ limit: 100 }))).toEqual(many);
});

test("a first page is no end where the server does not say: how short its pages are nobody knows", async () => {
  const few = many.slice(0, 5);
  await using server = await rawServer(({ url }, response) => {
    const { searchParams } = new URL(url, "http://x");
    const from = few.indexOf(searchParams.get("after") ?? "") + 1;
    reply(response, 200, listed(few.slice(from, from + 2)));
  });
  const { client } = clientFor(server.url);
  expect(await idsOf(client.batches.list({ limit: 100 }))).toEqual(few);
  expect(server.requests).toHaveLength(3);
});

test.each([
  ["the same", many],
  ["the same in another order", many.toReversed()],
])("a server without pages that gives %s again has given its whole list", async (_, again) => {
  await using server = await rawServer((_request, response, { count }) => {
    reply(response, 200, listed(count === 1 ? many : again).data);
  });
  const { client } = clientFor(server.url);
  expect(await idsOf(client.batches.list({ limit: 20 }))).toEqual(many);
  expect(server.requests).toHaveLength(2);
});

test("pages that overlap, or come in another order, bring each entry once", async () => {
  const pages: Readonly<Record<string, readonly string[]>> = {
    "": ["b2", "b1", "b1"],
    c1: ["b1", "b4", "b3"],
    c2: ["b5", "b2"],
  };
  await using server = await rawServer(({ url }, response) => {
    const after = new URL(url, "http://x").searchParams.get("after") ?? "";
    const last = { "": "c1", c1: "c2" }[after];
    reply(
      response,
      200,
      listed(pages[after] ?? [], { has_more: last !== undefined, last_id: last }),
    );
  });
  const { client } = clientFor(server.url);
  expect(await idsOf(client.batches.list())).toEqual(["b2", "b1", "b4", "b3", "b5"]);
});

test("leaving an incomplete list early is no error", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, listed(["b1"], { has_more: true, last_id: null }));
  });
  const { client } = clientFor(server.url);
  for await (const { id } of client.batches.list()) {
    if (id === "b1") break;
  }
  expect(server.requests).toHaveLength(1);
});

test("an error answer of a list carries what tells a gateway's page from the API's word", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count === 1) response.writeHead(404).end("<html>404</html>");
    else reply(response, 404, { error: { message: "no route" } });
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  expect(await failureOf(client.batches.list())).toMatchObject({ status: 404, page: true });
  expect(await failureOf(client.batches.list())).toMatchObject({ status: 404, page: false });
});
