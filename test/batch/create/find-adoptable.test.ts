import { describe, expect, it, test } from "vitest";

import {
  findAdoptable,
  noSightings,
  readListed,
  type Wanted,
} from "../../../src/batch/create/find-adoptable.ts";
import { isOwnCreation, mayBeOf } from "../../../src/batch/create/identity.ts";
import type { Batch } from "../../../src/api/types.ts";
import { batchOf } from "../../action/batch.ts";
import { clientFor, failureOf, openAccount, rejectionOf } from "../../support/account.ts";
import { textLike } from "../../support/matching.ts";
import { batchJson, rawServer, reply } from "../../support/raw-server.ts";

const now = Date.UTC(2026, 0, 1) / 1000;
const ours = "0123456789abcdef";
const theirs = "fedcba9876543210";

const wanted: Wanted = {
  keys: ["nightly"],
  ownKey: undefined,
  content: ours,
  partial: false,
  mayExist: true,
};

/** A batch with a key, of a create that says what the key stands for. */
function made(id: string, key: string, fields: object = {}, content: string | undefined = ours) {
  const metadata = { idempotency_key: key, creation_id: `c-${id}.${content}` };
  return batchJson(id, { created_at: now, metadata, ...fields });
}

/** A server whose list is these batches, on pages of so many. */
async function listing(batches: readonly object[], size = 100) {
  return rawServer(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
    if (pathname !== "/v1/batches") {
      reply(response, 404, { error: { message: "Gone." } });
      return;
    }
    const start = Number(searchParams.get("after") ?? 0);
    const data = batches.slice(start, start + size);
    const next = start + size;
    reply(response, 200, {
      object: "list",
      data,
      has_more: next < batches.length,
      last_id: `${next}`,
    });
  });
}

async function sightings(batches: readonly object[], fields: Partial<Wanted> = {}, size = 100) {
  await using server = await listing(batches, size);
  const { client } = clientFor(server.url);
  const found = await findAdoptable(client, { ...wanted, ...fields }, {});
  const keys = fields.keys ?? wanted.keys;
  const before = await Promise.all(keys.map(async (key) => found.before(key)));
  return {
    before,
    ids: before.map((one) => one.found?.id),
    unusable: [...found.unusable],
    pages: server.requests.length,
  };
}

describe("what stands for a key already", () => {
  it("is found in one reading of the list for all keys", async () => {
    const batches = [made("a", "job/1"), made("b", "job/2"), made("c", "other")];
    const seen = await sightings(batches, { keys: ["job/1", "job/2", "job/3"] });
    expect(seen.ids).toEqual(["a", "b", undefined]);
    expect(seen.pages).toBe(1);
  });

  it("is read for until each key has a batch that is whole, and no further", async () => {
    const batches = [
      made("late", "job/1", { status: "expired" }),
      made("a", "job/1"),
      made("b", "job/2"),
      made("older", "job/1", { created_at: now - 60 }),
    ];
    const seen = await sightings(batches, { keys: ["job/1", "job/2"], partial: true }, 1);
    expect(seen.ids).toEqual(["a", "b"]);
    expect(seen.pages).toBe(3);
  });

  it("is not what ended early while another that still runs stands on a further page", async () => {
    const batches = [made("early", "nightly", { status: "expired" }), made("runs", "nightly")];
    expect((await sightings(batches, { partial: true }, 1)).ids).toEqual(["runs"]);
  });

  it("is not what has ended early since it was listed, where another runs on a further page", async () => {
    const batches = [made("first", "nightly"), made("second", "nightly", { created_at: now - 60 })];
    await using server = await listing(batches, 1);
    const { client } = clientFor(server.url);
    const found = await findAdoptable(client, { ...wanted, partial: true }, {});
    const newer = new Map([["first", batchOf({ id: "first", status: "expired" })]]);
    expect((await found.before("nightly", newer)).found?.id).toBe("second");
  });

  it("is not read for again in a list that was read to its end already", async () => {
    const batches = [made("first", "nightly", { status: "expired" })];
    await using server = await listing(batches);
    const { client } = clientFor(server.url);
    const listed = await readListed(client, true, {});
    const found = await findAdoptable(client, { ...wanted, listed }, {});
    const newer = new Map([["first", batchOf({ id: "first", status: "expired" })]]);
    expect((await found.before("nightly", newer)).found).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it("is told apart from batches of other keys where another is created all the same", async () => {
    await using server = await listing([made("a", "nightly"), made("b", "weekly")]);
    const found = await findAdoptable(clientFor(server.url).client, wanted, {});
    expect([...found.ofKey("nightly")]).toEqual(["a"]);
  });

  it("is read for further when what the list showed turns out to be over", async () => {
    const batches = [made("first", "nightly"), made("second", "nightly", { created_at: now - 60 })];
    await using server = await listing(batches, 1);
    const { client } = clientFor(server.url);
    const found = await findAdoptable(client, wanted, {});
    expect((await found.before("nightly")).found?.id).toBe("first");
    const newer = new Map([["first", batchOf({ id: "first", status: "failed" })]]);
    expect((await found.before("nightly", newer)).found?.id).toBe("second");
    expect(server.requests.map(({ url }) => url)).toHaveLength(3);
    await found.before("nightly", newer);
    expect(server.requests).toHaveLength(3);
  });

  it("is read for past the batches of other keys", async () => {
    const batches = [
      made("other", "job/9"),
      made("another", "job/8"),
      made("a", "job/1"),
      made("b", "job/2"),
    ];
    expect((await sightings(batches, { keys: ["job/1", "job/2"] }, 1)).ids).toEqual(["a", "b"]);
  });

  it("is the newest of a key, wherever the list shows it", async () => {
    const batches = [
      made("oldest", "nightly", { created_at: now - 90 }),
      made("newest", "nightly", { created_at: now - 30 }),
      made("middle", "nightly", { created_at: now - 60 }),
    ];
    expect((await sightings(batches)).ids).toEqual(["newest"]);
  });

  it("is a part only for those who send the rest again", async () => {
    const batches = [made("a", "nightly", { status: "expired" })];
    expect((await sightings(batches, { partial: true })).ids).toEqual(["a"]);
    expect((await sightings(batches)).ids).toEqual([undefined]);
  });

  it("is not older than the thirty days that results live", async () => {
    const day = 24 * 3_600;
    const young = [made("a", "nightly", { created_at: now - 30 * day })];
    const old = [made("a", "nightly", { created_at: now - 30 * day - 601 })];
    expect((await sightings(young)).ids).toEqual(["a"]);
    expect((await sightings(old)).ids).toEqual([undefined]);
  });

  it("is told with what could not be seen", async () => {
    const seen = await sightings([made("a", "nightly"), { object: "batch" }], {
      keys: ["nightly", "other"],
    });
    expect(seen.before).toMatchObject([
      { found: { id: "a" }, incomplete: textLike("1 entry") },
      { found: undefined, incomplete: textLike("1 entry"), noList: false },
    ]);
  });

  it.each([true, false])(
    "on a server without a list is unknown (may exist: %s)",
    async (mayExist) => {
      await using server = await rawServer((_request, response) => {
        reply(response, 404, { error: { message: "No such path." } });
      });
      const { client } = clientFor(server.url);
      const found = await findAdoptable(client, { ...wanted, mayExist }, {});
      expect(await found.before("nightly")).toEqual({
        found: undefined,
        filesGone: false,
        incomplete: "the server has no list of batches",
        noList: true,
        mayExist,
      });
    },
  );

  it("is not looked for where every create is work of its own", async () => {
    expect(await noSightings.before("nightly")).toMatchObject({
      found: undefined,
      incomplete: undefined,
      noList: false,
    });
    expect(noSightings.unusable.size).toBe(0);
    expect(noSightings.ofKey("nightly").size).toBe(0);
  });
});

describe("input files that batches have failed with", () => {
  it("are not used again, whatever the key of their batch", async () => {
    const roomless = { errors: { data: [{ code: "token_limit_exceeded", message: "Full." }] } };
    const { unusable } = await sightings([
      made("a", "nightly", { status: "failed", input_file_id: "file-a" }),
      made("b", "other", { status: "failed", input_file_id: "file-b" }),
      made("c", "other", { status: "failed", input_file_id: "file-c", ...roomless }),
      made("d", "other", { status: "expired", input_file_id: "file-d" }),
      made("e", "other", { status: "completed", input_file_id: "file-e" }),
    ]);
    expect(unusable).toEqual(["file-a", "file-b"]);
  });
});

describe("a key of one's own that names a batch of other requests", () => {
  const own = { ownKey: "nightly" };

  it.each([
    ["nightly"],
    ["nightly/1of3/0f"],
    ["nightly/12of34/0f"],
    ["nightly/retry1/0123456789abcdef"],
    ["nightly/retry12/0123456789abcdef"],
    ["nightly/2of3/0f/retry1/0123456789abcdef"],
  ])("is refused when the batch has the key %s", async (key) => {
    const error = await failureOf(sightings([made("a", key, {}, theirs)], own));
    expect(error).toMatchObject({ code: "other_requests" });
    expect(error.message).toContain("nightly names a,");
    expect(error.message).toContain("Let the key change with the requests");
  });

  it.each([
    ["nightly2"],
    ["another/nightly"],
    ["nightly/1of"],
    ["nightly/of3"],
    ["nightly/1of3x"],
    ["nightly/retry/0123456789abcdef"],
    ["nightly/retry1/"],
    ["nightly/retry1/0123456789abcdefX"],
    ["nightly/build"],
  ])("is not refused for the key %s, which is another", async (key) => {
    expect((await sightings([made("a", key, {}, theirs)], own)).ids).toEqual([undefined]);
  });

  it("is not asked after where the key was made of the requests", async () => {
    expect((await sightings([made("a", "nightly", {}, theirs)])).ids).toEqual(["a"]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["of the same requests", made("a", "nightly")],
    [
      "that does not say of which",
      batchJson("a", { created_at: now, metadata: { idempotency_key: "nightly" } }),
    ],
  ])("is taken for a batch %s", async (_, batch) => {
    expect((await sightings([batch], own)).ids).toEqual(["a"]);
  });
});

describe("a key of one's own that names the same requests in other batches", () => {
  const own = { ownKey: "nightly", partial: true };
  const split = made("a", "nightly/1of2/0f");

  it("is refused, and the batch and the ways out are named", async () => {
    const error = await failureOf(sightings([split], own));
    expect(error.code).toBe("other_split");
    expect(error.message).toContain("The idempotency key nightly names a, which holds the same");
    expect(error.message).toContain("Split them as before");
  });

  it("is not refused for a batch of which it is known that it holds none of what is left", async () => {
    expect((await sightings([split], { ...own, settled: new Set(["a"]) })).ids).toEqual([
      undefined,
    ]);
  });

  it("is not refused for a batch of another program that has such a key", async () => {
    const other = { created_at: now, metadata: { idempotency_key: "nightly/1of2/0f" } };
    expect((await sightings([batchJson("a", other)], own)).ids).toEqual([undefined]);
  });

  it("is not refused to a retry round of those batches", async () => {
    const keys = ["nightly/retry1/0123456789abcdef"];
    const ended = made("a", "nightly/1of2/0f", { status: "expired" });
    expect((await sightings([ended], { ...own, keys })).ids).toEqual([undefined]);
  });
});

describe("a batch of the same round that an earlier attempt has made of other requests", () => {
  const key = "run:42/retry1/aaaa";
  const other = "run:42/retry1/bbbb";

  async function overlapping(batch: object, keys: readonly string[] = [key], taken?: string) {
    const known = new Set(taken === undefined ? [] : [taken]);
    const { before } = await sightings([batch], { keys, partial: true, taken: known });
    return before[0]?.overlapping?.id;
  }

  it.each(["in_progress", "completed", "expired", "cancelled", "cancelling"])(
    "is seen while it is %s",
    async (status) => {
      expect(await overlapping(made("a", other, { status }))).toBe("a");
    },
  );

  it("is seen in rounds whose keys hold a hash behind a colon, and of the second round", async () => {
    expect(await overlapping(made("a", "run:42/retry1:bbbb"), ["run:42/retry1:aaaa"])).toBe("a");
    expect(await overlapping(made("a", "r/retry12/bb"), ["r/retry12/aa"])).toBe("a");
  });

  it.each<[string, object]>([
    ["one that failed, which has run nothing", made("a", other, { status: "failed" })],
    ["one of this round itself", made("a", key)],
    ["one of another run", made("a", "run:43/retry1/bbbb")],
    ["one of the whole input", made("a", "run:42")],
    ["one of other content", made("a", other, {}, theirs)],
    ["one without a key", batchJson("a", { created_at: now })],
  ])("is not %s", async (_, batch) => {
    expect(await overlapping(batch)).toBeUndefined();
  });

  it("is seen in a later round too, unless this attempt has taken it: its answers may be elsewhere", async () => {
    const second = ["run:42/retry2/cccc"];
    expect(await overlapping(made("a", other), second)).toBe("a");
    expect(await overlapping(made("a", other), second, other)).toBeUndefined();
    expect(await overlapping(made("a", other, { status: "failed" }), second)).toBeUndefined();
  });

  it("is not one of which it is known that it holds none of these requests", async () => {
    const settled = new Set(["a"]);
    const { before } = await sightings([made("a", other)], { keys: [key], settled });
    expect(before[0]?.overlapping).toBeUndefined();
  });

  it("is not one of a key that this attempt has as well", async () => {
    expect(await overlapping(made("a", other), [key, other])).toBeUndefined();
  });

  it("may hold requests of the whole input too, as long as it runs or has all answers", async () => {
    expect(await overlapping(made("a", other), ["run:42"])).toBe("a");
    const expired = made("a", other, { status: "expired", output_file_id: "out" });
    expect(await overlapping(expired, ["run:42"])).toBeUndefined();
    expect(await overlapping(made("a", other), ["run:43"])).toBeUndefined();
  });

  it("is nothing to the whole input where it is of the whole input itself", async () => {
    expect(await overlapping(made("a", "run:43"), ["run:42"])).toBeUndefined();
  });
});

describe("result files of a batch that has ended", () => {
  async function before(
    fields: object,
    answer: (count: number, url: string) => number,
    shown?: { readonly status: number; readonly body: object },
  ) {
    let count = 0;
    await using server = await rawServer(({ url }, response) => {
      const batch = made("a", "nightly", { status: "completed", ...fields });
      if (url === "/v1/batches/a") {
        const { status, body } = shown ?? { status: 200, body: batch };
        reply(response, status, body);
        return;
      }
      if (url.startsWith("/v1/batches")) {
        reply(response, 200, { object: "list", data: [batch], has_more: false });
        return;
      }
      count += 1;
      const status = answer(count, url);
      const file = { id: "file-9", object: "file", bytes: 1, created_at: now };
      reply(response, status, status === 200 ? file : { error: { message: "No." } });
    });
    const { client, clock } = clientFor(server.url, { maxRetries: 0 });
    const found = await findAdoptable(client, wanted, {});
    const { filesGone } = await found.before("nightly");
    const asked = server.requests.slice(1).map(({ url }) => url);
    return { filesGone, asked, pauses: clock.pauses };
  }

  it("are gone after three looks in four seconds that do not find one", async () => {
    const seen = await before({ output_file_id: "file-o" }, () => 404);
    expect(seen.filesGone).toBe(true);
    const look = ["/v1/files/file-o", "/v1/files/file-o/content", "/v1/batches/a"];
    // The list is read on, for one that was made in its stead.
    expect(seen.asked).toEqual([...look, ...look, ...look, "/v1/batches?limit=100"]);
    expect(seen.pauses).toEqual([0, 1_000, 3_000]);
  });

  it("give way to those of a batch that was made in its stead, be they fewer, on a further page too", async () => {
    const metadata = { idempotency_key: "nightly", creation_id: `c.${ours}` };
    const counts = (completed: number) => ({ total: 5, completed, failed: 5 - completed });
    const ended = { created_at: now, metadata, status: "completed" };
    const emptied = batchJson("emptied", {
      ...ended,
      output_file_id: "file-gone",
      request_counts: counts(5),
    });
    const later = batchJson("later", {
      ...ended,
      output_file_id: "file-there",
      request_counts: counts(4),
    });
    await using server = await rawServer(({ url }, response) => {
      const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
      if (pathname === "/v1/batches") {
        const isFirst = searchParams.get("after") === null;
        const data = isFirst ? [emptied] : [later];
        reply(response, 200, { object: "list", data, has_more: isFirst, last_id: "emptied" });
      } else if (pathname.startsWith("/v1/batches/")) reply(response, 200, emptied);
      else if (pathname.includes("file-gone")) reply(response, 404, { error: { message: "No." } });
      else reply(response, 200, { id: "file-there", object: "file", bytes: 1, created_at: now });
    });
    const { client } = clientFor(server.url, { maxRetries: 0 });
    const found = await findAdoptable(client, wanted, {});
    const before = await found.before("nightly");
    expect([before.found?.id, before.filesGone]).toEqual(["later", false]);
    expect([...found.ofKey("nightly")]).toEqual(["emptied", "later"]);
  });

  it("are gone when one of two is", async () => {
    const both = { output_file_id: "file-o", error_file_id: "file-e" };
    const seen = await before(both, (_, url) => (url.includes("file-e") ? 404 : 200));
    expect(seen.filesGone).toBe(true);
    expect(seen.asked[0]).toBe("/v1/files/file-o");
  });

  it.each([
    ["found at the third look", (count: number) => (count < 5 ? 404 : 200), 7],
    [
      "not found, and the content comes with nothing in it",
      (count: number) => (count === 2 ? 204 : 404),
      2,
    ],
    ["refused", () => 403, 1],
    ["not answered for", () => 500, 1],
  ])("are there when a look is %s", async (_, answer, looks) => {
    const seen = await before({ output_file_id: "file-o" }, answer);
    expect(seen.filesGone).toBe(false);
    expect(seen.asked).toHaveLength(looks);
  });

  it.each([
    ["does not find it any more", { status: 404, body: { error: { message: "No batch." } } }],
    ["shows a page in its place", { status: 200, body: { hello: "world" } }],
  ])("are not gone where the server that lost the file %s", async (_, shown) => {
    const seen = await before({ output_file_id: "file-o" }, () => 404, shown);
    expect(seen.filesGone).toBe(false);
    expect(seen.asked.at(-1)).toBe("/v1/batches/a");
  });

  it("are not said to be gone where the caller's own code fails while they are looked for", async () => {
    const mistake = new Error("a mistake of the caller's");
    await using account = await openAccount({
      client: {
        onRetry() {
          throw mistake;
        },
      },
    });
    await account.submit(2, { idempotency_key: "nightly" });
    account.clock.advance(60_000);
    const found = await findAdoptable(account.client, wanted, {});
    const fault = { kind: "status", status: 500 } as const;
    account.simulator.addFault({ method: "GET", path: "/files/*", fault });
    expect(await rejectionOf(found.before("nightly"))).toBe(mistake);
  });

  it("are not asked for while it runs, or where it names none", async () => {
    const runs = await before({ status: "in_progress", output_file_id: "file-o" }, () => 404);
    const none = await before({}, () => 404);
    expect([runs.filesGone, none.filesGone]).toEqual([false, false]);
    expect([runs.asked, none.asked]).toEqual([[], []]);
  });
});

describe("a batch is this very create's", () => {
  const identity = { creationId: "creation-1", inputFileId: "file-1" };

  it.each<[string, Partial<Batch>, boolean]>([
    ["by its creation_id", { metadata: { creation_id: "creation-1" } }, true],
    ["in whatever status", { metadata: { creation_id: "creation-1" }, status: "failed" }, true],
    ["not by its key alone", { metadata: { idempotency_key: "nightly" } }, false],
    ["not with another creation_id", { metadata: { creation_id: "creation-2" } }, false],
    ["by its file, where the server keeps no metadata", { input_file_id: "file-1" }, true],
    ["by its file, where the server empties them", { input_file_id: "file-1", metadata: {} }, true],
    ["not by its file where metadata are kept", { metadata: { team: "search" } }, false],
    ["not with another file", { input_file_id: "file-2" }, false],
  ])("%s", (_, fields, own) => {
    expect(isOwnCreation(batchOf(fields), identity)).toBe(own);
  });

  test("not by a file of its own where it is of an earlier create of the same part", () => {
    const again = { ...identity, earlier: ["batch-first"] };
    const isOwn = (id: string) => isOwnCreation(batchOf({ id, metadata: null }), again);
    expect([isOwn("batch-first"), isOwn("batch-second")]).toEqual([false, true]);
  });

  test("not by a file that others may use as well, though it may be", () => {
    expect(isOwnCreation(batchOf(), { creationId: "creation-1" })).toBe(false);
    expect(mayBeOf(batchOf(), "file-1")).toBe(true);
    expect(mayBeOf(batchOf({ metadata: null }), "file-1")).toBe(true);
    expect(mayBeOf(batchOf({ metadata: { team: "search" } }), "file-1")).toBe(false);
    expect(mayBeOf(batchOf(), "file-2")).toBe(false);
  });
});

test("a list without metadata costs one look at a batch where no retries are wanted", async () => {
  const dialect = { batch: (batch: object) => ({ ...batch, metadata: null }) };
  await using account = await openAccount({ dialect });
  const { id } = await account.submit();
  const fault = { kind: "status", status: 503 } as const;
  account.simulator.addFault({ method: "GET", path: "/batches/*", times: Infinity, fault });
  const calls = account.simulator.calls.length;
  const { reading } = await readListed(account.client, true, { maxRetries: 0 });
  expect(reading.incomplete).toContain(id);
  expect(account.simulator.calls).toHaveLength(calls + 2);
});

test("a list that is refused is an error, before anything is created", async () => {
  await using account = await openAccount();
  const fault = { kind: "status", status: 403 } as const;
  account.simulator.addFault({ method: "GET", fault });
  expect(await failureOf(findAdoptable(account.client, wanted, {}))).toMatchObject({ status: 403 });
});
