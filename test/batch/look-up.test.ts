import { describe, expect, it } from "vitest";

import { APIError } from "../../src/api/errors.ts";
import type { Batch } from "../../src/api/types.ts";
import {
  isMissingCall,
  isSince,
  lookForBatches,
  pastBy,
  readBatches,
  sleepWithin,
} from "../../src/batch/look-up.ts";
import {
  type Account,
  clientFor,
  failureOf,
  openAccount,
  paramsFor,
  rejectionOf,
} from "../support/account.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const now = Date.UTC(2026, 0, 1);

const lists = ({ simulator }: Account) =>
  simulator.calls.filter(({ method, path }) => method === "GET" && path === "/v1/batches");
const idsOf = (batches: readonly Batch[]) => batches.map(({ id }) => id);

async function fill(account: Account, count: number): Promise<void> {
  const file = await account.upload();
  for (let made = 0; made < count; made += 1) {
    await account.client.batches.create(paramsFor(file));
  }
}

/** A server whose list is these pages, by number; what is no page is the status that it answers with. */
async function pagesOf(
  pages: readonly (number | { readonly data: readonly object[]; readonly fields?: object })[],
) {
  return rawServer(({ url }, response) => {
    const after = new URL(url, "http://127.0.0.1").searchParams.get("after");
    const at = after === null ? 0 : Number(after.split("-")[1]);
    const page = pages[at];
    if (page === undefined || typeof page === "number") {
      reply(response, page ?? 404, { error: { message: "The list is not to be read." } });
      return;
    }
    reply(response, 200, {
      object: "list",
      data: page.data,
      has_more: at + 1 < pages.length,
      last_id: `page-${at + 1}`,
      ...page.fields,
    });
  });
}

const at = (id: string, milliseconds: number) =>
  batchJson(id, { created_at: Math.floor(milliseconds / 1000) });

describe("the list is read", () => {
  it("in pages of 100 until what has been read is enough", async () => {
    await using account = await openAccount();
    const since = account.clock.now();
    const wanted = await account.submit(1);
    await fill(account, 105);
    const reading = await readBatches(account.client, {
      since,
      enough: (items) => items.some(({ id }) => id === wanted.id),
    });
    expect(idsOf(reading.items)).toContain(wanted.id);
    expect(reading).toMatchObject({ incomplete: undefined, noList: false });
    expect(lists(account).map(({ query }) => query["limit"])).toEqual(["100", "100"]);
  });

  it("no further than a page that is older throughout, with ten minutes for a wrong clock", async () => {
    await using account = await openAccount();
    for (let second = 0; second < 41; second += 1) {
      await fill(account, 5);
      account.clock.advance(1_000);
    }
    account.clock.advance(hour);
    const late = await readBatches(account.client, { since: account.clock.now() });
    expect(late).toEqual({ items: [], incomplete: undefined, noList: false });
    expect(lists(account)).toHaveLength(1);
    const since = account.clock.now() - hour - minute + 9 * minute;
    const early = await readBatches(account.client, { since });
    expect(early.items).toHaveLength(205);
    expect(lists(account)).toHaveLength(4);
  });

  it("on past a page of old batches where the oldest come first: their order is no promise", async () => {
    const all = Array.from({ length: 150 }, (_, index) =>
      at(`batch_${index}`, now - (150 - index) * 10 * minute),
    );
    await using server = await pagesOf([{ data: all.slice(0, 100) }, { data: all.slice(100) }]);
    const { client } = clientFor(server.url);
    const { items } = await readBatches(client, { since: now - hour });
    // The hour, and ten minutes for a wrong clock.
    expect(idsOf(items)).toEqual([143, 144, 145, 146, 147, 148, 149].map((id) => `batch_${id}`));
  });

  it("without what is older, but with what tells no time", async () => {
    const data = [
      at("new", now),
      at("ten-minutes", now - 10 * minute),
      at("older", now - 10 * minute - second),
      batchJson("timeless", { created_at: null }),
    ];
    await using server = await pagesOf([{ data }]);
    const { client } = clientFor(server.url);
    const { items } = await readBatches(client, { since: now });
    expect(idsOf(items)).toEqual(["new", "ten-minutes", "timeless"]);
  });

  it("as a list without a batch where it has none", async () => {
    await using server = await pagesOf([{ data: [] }]);
    const { client } = clientFor(server.url);
    const reading = await readBatches(client, { since: now });
    expect(reading).toEqual({ items: [], incomplete: undefined, noList: false });
  });
});

describe("a reading is incomplete", () => {
  const one = { data: [at("batch_1", now)] };

  it.each<[string, Parameters<typeof pagesOf>[0], RegExp]>([
    ["after a page that was refused", [one, 400], /could not be read to its end: .*400/],
    ["after a page that the server does not find", [one, 404], /could not be read to its end/],
    [
      "where the server names nothing to go on from",
      [{ data: [], fields: { has_more: true, last_id: null } }],
      /^the server says that there is more, but names nothing to go on from$/,
    ],
    [
      "where a cursor leads back",
      [one, { data: [at("batch_2", now)], fields: { has_more: true, last_id: "page-1" } }],
      /^the server says that there is more, but its cursor leads back to page-1$/,
    ],
    [
      "where a page brings nothing new",
      [one, { data: one.data, fields: { has_more: true } }],
      /a page brought no new entries/,
    ],
    [
      "where an entry could not be read",
      [{ data: [at("batch_1", now), { object: "batch" }] }],
      /1 entry could not be read/,
    ],
  ])("%s, and what was read is kept", async (_, pages, why) => {
    await using server = await pagesOf(pages);
    const { client } = clientFor(server.url);
    const reading = await readBatches(client, { since: now });
    expect(reading.incomplete).toMatch(why);
    // Its readers put it into sentences of their own.
    expect(reading.incomplete).not.toMatch(/\.$/);
    expect(reading.noList).toBe(false);
    const [first] = pages;
    const kept = typeof first === "object" && first.data.length > 0 ? ["batch_1"] : [];
    expect(idsOf(reading.items).slice(0, 1)).toEqual(kept);
  });

  it("where more pages are there than were to be read", async () => {
    await using server = await pagesOf([one, { data: [at("batch_2", now)] }, one]);
    const { client } = clientFor(server.url);
    const reading = await readBatches(client, { since: now, maxPages: 2 });
    expect(idsOf(reading.items)).toEqual(["batch_1", "batch_2"]);
    expect(reading.incomplete).toBe("only the newest 200 batches were read");
    expect(server.requests).toHaveLength(2);
  });

  it("not where there are just as many pages", async () => {
    await using server = await pagesOf([one, { data: [at("batch_2", now)] }]);
    const { client } = clientFor(server.url);
    const reading = await readBatches(client, { since: now, maxPages: 2 });
    expect(reading.incomplete).toBeUndefined();
  });

  it("not where what has been read is enough", async () => {
    await using server = await pagesOf([one, 400]);
    const { client } = clientFor(server.url);
    const reading = await readBatches(client, { since: now, enough: () => true });
    expect(reading.incomplete).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it("on the page that is older throughout where that page is, too", async () => {
    const olds = [1, 2, 3, 4, 5, 6].map((hours) => at(`old_${hours}`, now - hours * hour));
    const old = { data: [...olds, { object: "batch" }] };
    await using server = await pagesOf([old, { data: [] }]);
    const { client } = clientFor(server.url);
    const reading = await readBatches(client, { since: now });
    expect(reading.incomplete).toMatch(/1 entry/);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a list that is not there", () => {
  it.each([404, 405])("is said not to be there after four tries (%i)", async (status) => {
    await using server = await pagesOf([status]);
    const { client, clock } = clientFor(server.url);
    const reading = await readBatches(client, { since: now });
    expect(reading).toEqual({
      items: [],
      incomplete: "the server has no list of batches",
      noList: true,
    });
    expect(server.requests).toHaveLength(4);
    expect(clock.pauses).toEqual([1_000, 2_000, 4_000]);
  });

  it("is not waited for past a signal or a deadline", async () => {
    await using server = await pagesOf([404]);
    const { client, clock } = clientFor(server.url);
    const controller = new AbortController();
    const reason = new Error("stop");
    clock.at(clock.now() + 500, () => {
      controller.abort(reason);
    });
    const aborted = readBatches(client, { since: now, signal: controller.signal });
    expect(await rejectionOf(aborted)).toBe(reason);
    expect(clock.now() - now).toBe(500);
    const deadline = clock.now() + 1_500;
    const late = readBatches(client, { since: now, deadline });
    expect(await failureOf(late)).toMatchObject({ name: "DeadlineError" });
    expect(clock.now()).toBe(deadline);
  });

  it("may be there at the fourth", async () => {
    await using account = await openAccount();
    const { id } = await account.submit();
    const fault = { kind: "status", status: 404 } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", times: 3, fault });
    const reading = await readBatches(account.client, { since: now });
    expect(reading).toMatchObject({ items: [{ id }], incomplete: undefined, noList: false });
  });

  it("is not one whose first page is refused: that is an error", async () => {
    await using server = await pagesOf([403]);
    const { client } = clientFor(server.url);
    expect(await failureOf(readBatches(client, { since: now }))).toMatchObject({ status: 403 });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [404, true],
    [405, true],
    [501, true],
    [400, false],
    [403, false],
    [500, false],
    [undefined, false],
  ])("%s: %s", (status, missing) => {
    expect(isMissingCall(new APIError("No.", { status }))).toBe(missing);
  });

  it("is no error of another kind", () => {
    expect(isMissingCall(Object.assign(new Error("No."), { status: 404 }))).toBe(false);
  });
});

describe("a batch that may not be shown yet is looked for", () => {
  const wanted = ({ id }: Batch) => id.startsWith("batch_");

  it.each([0, 1_000, 14_000, 29_000])("until a list that lags %i ms shows it", async (listLag) => {
    await using account = await openAccount({ listLag });
    const { id } = await account.submit();
    const looked = await lookForBatches(account.client, wanted, { since: account.clock.now() });
    expect(looked).toMatchObject({ state: "found", found: [{ id }] });
  });

  it("for half a minute, and is absent then", async () => {
    await using account = await openAccount({ listLag: Infinity });
    await account.submit();
    const looked = await lookForBatches(account.client, wanted, { since: account.clock.now() });
    expect(looked).toEqual({ state: "absent" });
    expect(account.clock.pauses).toEqual([0, 1_000, 2_000, 4_000, 8_000, 15_000]);
  });

  it("until as many are there as are looked for", async () => {
    await using account = await openAccount({ listLag: 5_000 });
    const first = await account.submit();
    account.clock.advance(6_000);
    const second = await account.submit();
    const options = { since: account.clock.now(), count: 2 };
    const looked = await lookForBatches(account.client, wanted, options);
    expect(looked.state === "found" && idsOf(looked.found)).toEqual([second.id, first.id]);
    expect(account.clock.pauses).toEqual([0, 1_000, 2_000, 4_000]);
  });

  it("and what there is is given where there are fewer", async () => {
    await using account = await openAccount();
    const { id } = await account.submit();
    const options = { since: account.clock.now(), count: 2 };
    const looked = await lookForBatches(account.client, wanted, options);
    expect(looked.state === "found" && idsOf(looked.found)).toEqual([id]);
    expect(lists(account)).toHaveLength(6);
  });

  it("and is not absent where the last look could not see the whole list", async () => {
    await using server = await pagesOf([{ data: [at("other", now)] }, 400]);
    const { client } = clientFor(server.url);
    const looked = await lookForBatches(client, wanted, { since: now });
    expect(looked).toMatchObject({ state: "incomplete" });
    expect(looked.state === "incomplete" && looked.why).toContain("read to its end");
  });

  it("and is found on a list of which only a part could be seen", async () => {
    await using server = await pagesOf([{ data: [at("batch_1", now)] }, 400]);
    const { client } = clientFor(server.url);
    const looked = await lookForBatches(client, wanted, { since: now, count: 2 });
    expect(looked).toMatchObject({ state: "found", found: [{ id: "batch_1" }] });
  });

  it("is absent when only the last look saw all of the list", async () => {
    await using account = await openAccount();
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", times: 5, fault });
    const looked = await lookForBatches(account.client, wanted, { since: now });
    expect(looked).toEqual({ state: "absent" });
  });

  it("is not said to be absent by a server without a list", async () => {
    await using server = await pagesOf([404]);
    const { client } = clientFor(server.url);
    const looked = await lookForBatches(client, wanted, { since: now, pauses: [0] });
    expect(looked).toEqual({ state: "incomplete", why: "the server has no list of batches" });
  });

  it("nor by a list that is refused", async () => {
    await using server = await pagesOf([403]);
    const { client } = clientFor(server.url);
    const looked = await lookForBatches(client, wanted, { since: now, pauses: [0] });
    expect(looked.state === "incomplete" && looked.why).toMatch(
      /^the list of batches could not be read: .*403/,
    );
  });

  it("nor by nobody's look", async () => {
    await using account = await openAccount();
    const looked = await lookForBatches(account.client, wanted, { since: now, pauses: [] });
    expect(looked).toEqual({ state: "incomplete", why: "nobody looked" });
  });

  it("no longer than to the deadline", async () => {
    await using account = await openAccount({ listLag: Infinity });
    const deadline = account.clock.now() + 5_000;
    const looked = await lookForBatches(account.client, wanted, { since: now, deadline });
    expect(account.clock.now()).toBe(deadline);
    expect(looked).toEqual({
      state: "incomplete",
      why: "the time was up before the list of batches was read",
    });
  });

  it("no further back on the list than it takes", async () => {
    await using account = await openAccount();
    await fill(account, 205);
    const newest = account.simulator.batches.at(-1)?.id ?? "none";
    const looked = await lookForBatches(account.client, ({ id }) => id === newest, { since: now });
    expect(looked).toMatchObject({ state: "found", found: [{ id: newest }] });
    expect(lists(account)).toHaveLength(1);
  });

  it("and what is no answer of the API is not taken for one", async () => {
    await using account = await openAccount();
    await account.submit();
    const broken = new TypeError("The caller's own.");
    const looking = lookForBatches(
      account.client,
      () => {
        throw broken;
      },
      { since: now },
    );
    expect(await rejectionOf(looking)).toBe(broken);
  });

  it("and a signal ends that with its reason", async () => {
    await using account = await openAccount({ listLag: Infinity });
    const controller = new AbortController();
    const reason = new Error("stop");
    account.clock.at(account.clock.now() + 2_000, () => {
      controller.abort(reason);
    });
    const { signal } = controller;
    const looking = lookForBatches(account.client, wanted, { since: now, signal });
    expect(await rejectionOf(looking)).toBe(reason);
  });
});

describe("a pause", () => {
  it.each([
    ["in full before a deadline", 10_000, 5_000],
    ["to the deadline", 3_000, 3_000],
    ["not at all behind it", -1, 0],
    ["in full without one", undefined, 5_000],
  ])("is slept %s", async (_, left, slept) => {
    await using account = await openAccount();
    const deadline = left === undefined ? undefined : account.clock.now() + left;
    await sleepWithin(account.client, 5_000, { deadline });
    expect(account.clock.pauses).toEqual([slept]);
  });
});

describe("by its time of creation", () => {
  it.each([
    ["now", 0, true],
    ["ten minutes ago", -600, true],
    ["longer ago", -601, false],
    ["later", 600, true],
  ])("a batch of %s may be a create's of now", (_, seconds, since) => {
    expect(isSince({ created_at: now / 1000 + seconds }, now)).toBe(since);
  });

  it("a batch that tells no time may be anybody's", () => {
    expect(isSince({ created_at: 0 }, now)).toBe(true);
  });

  it.each<[string, readonly number[], boolean]>([
    ["all are older, after five steps back", [9, 8, 7, 6, 5, 4], true],
    ["steps of the same second are none", [9, 9, 8, 7, 6, 5, 4], true],
    ["four steps back show no order", [9, 8, 7, 6, 5], false],
    ["all are of the same second", [9, 9, 9, 9, 9, 9, 9], false],
    ["one is as old", [10, 9, 8, 7, 6, 5], false],
    ["one is newer", [11, 9, 8, 7, 6, 5], false],
    ["the oldest come first", [3, 4, 5, 6, 7, 8], false],
    ["one in the middle goes forward", [9, 8, 7, 6, 5, 4, 5, 4], false],
    ["one tells no time", [9, 8, 7, 6, 5, 4, 0], false],
    ["there are none", [], false],
  ])("a page and all behind it are past where %s: %j", (_, times, past) => {
    expect(pastBy(10)(times.map((created_at) => ({ created_at })))).toBe(past);
  });

  it("a page without a batch shows nothing, whatever stood before it", () => {
    const isPast = pastBy(10);
    const page = (...times: readonly number[]) => times.map((created_at) => ({ created_at }));
    expect(isPast(page(11, 9, 8, 7, 6, 5, 4))).toBe(false);
    expect(isPast([])).toBe(false);
    expect(isPast(page(3))).toBe(true);
  });

  it("the steps of earlier pages count", () => {
    const isPast = pastBy(10);
    expect(isPast([{ created_at: 14 }, { created_at: 13 }, { created_at: 12 }])).toBe(false);
    expect(isPast([{ created_at: 9 }, { created_at: 8 }, { created_at: 7 }])).toBe(true);
  });
});
