import { expect, test } from "vitest";

import { createLooker, type Look } from "../../../src/batch/follow/look.ts";
import type { Batch } from "../../../src/index.ts";
import { type Account, openAccount, paramsFor } from "../../support/account.ts";

const endless = { validating: 0, inProgress: Infinity };

async function submitMany(account: Account, count: number): Promise<readonly string[]> {
  const fileId = await account.upload();
  const ids: string[] = [];
  for (let batch = 0; batch < count; batch += 1) {
    ids.push((await account.client.batches.create(paramsFor(fileId))).id);
  }
  return ids;
}

/** The GET calls since the last time it was asked. */
function callsOf({ simulator }: Account) {
  let from = simulator.calls.length;
  return () => {
    const calls = simulator.calls.slice(from).map(({ path }) => path.replace("/v1", ""));
    from = simulator.calls.length;
    return calls;
  };
}

/** The batches that one look shows, by id. */
async function look({ client }: Account, ids: readonly string[]) {
  return seenIn(await createLooker(client).look(ids, {}));
}

function seenIn(looks: ReadonlyMap<string, Look>): ReadonlyMap<string, Batch> {
  const seen = [...looks].flatMap(([id, one]) =>
    one.state === "seen" ? [[id, one.batch] as const] : [],
  );
  return new Map(seen);
}

test.each([1, 2, 3])("%i batches are retrieved one by one", async (count) => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, count);
  const calls = callsOf(account);
  const found = await look(account, ids);
  expect([...found.keys()]).toEqual(ids);
  expect(calls()).toEqual(ids.map((id) => `/batches/${id}`));
});

test.each([4, 100])("%i batches are read off one page of the list", async (count) => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, count);
  const calls = callsOf(account);
  const found = await look(account, ids);
  expect(new Set(found.keys())).toEqual(new Set(ids));
  expect(calls()).toEqual(["/batches"]);
});

test("250 batches are read off three pages, and others among them cost one more", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 250);
  const calls = callsOf(account);
  expect((await look(account, ids)).size).toBe(250);
  expect(calls()).toHaveLength(3);
  await submitMany(account, 60);
  calls();
  expect((await look(account, ids)).size).toBe(250);
  expect(calls()).toHaveLength(4);
});

test("batches beyond the recent pages are retrieved", async () => {
  await using account = await openAccount({ phases: endless });
  const old = await submitMany(account, 4);
  await submitMany(account, 210);
  const [recent = ""] = await submitMany(account, 1);
  const calls = callsOf(account);
  const found = await look(account, [...old, recent]);
  expect(new Set(found.keys())).toEqual(new Set([...old, recent]));
  expect(calls()).toEqual(["/batches", "/batches", ...old.map((id) => `/batches/${id}`)]);
});

test("a batch that the list does not show yet is retrieved", async () => {
  await using account = await openAccount({ phases: endless, listLag: 5_000 });
  const ids = await submitMany(account, 5);
  expect((await look(account, ids)).size).toBe(5);
});

test.each([404, 405, 501, 403])(
  "a server whose list answers %i is asked one by one",
  async (status) => {
    await using account = await openAccount({ phases: endless });
    const ids = await submitMany(account, 5);
    account.simulator.addFault({
      method: "GET",
      path: "/batches",
      times: Infinity,
      fault: { kind: "status", status },
    });
    expect((await look(account, ids)).size).toBe(5);
  },
);

test("a list that fails on its second page keeps what the first one said", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 120);
  account.simulator.addFault({
    method: "GET",
    path: "/batches",
    skip: 1,
    times: Infinity,
    fault: { kind: "status", status: 404 },
  });
  const calls = callsOf(account);
  expect((await look(account, ids)).size).toBe(120);
  expect(calls()).toHaveLength(2 + 20);
});

test("what cannot be seen of one among many is said of it, and the others are seen", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 4);
  const looks = await createLooker(account.client).look([...ids, "batch_nobody"], {});
  expect([...seenIn(looks).keys()].sort()).toEqual([...ids].sort());
  expect(looks.get("batch_nobody")).toMatchObject({ state: "failed", error: { status: 404 } });
});

test("a refused credential is said of each", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 4);
  const fault = { kind: "status", status: 401 } as const;
  account.simulator.addFault({ method: "GET", times: Infinity, fault });
  const looks = await createLooker(account.client).look(ids, {});
  expect(looks.size).toBe(4);
  for (const one of looks.values()) {
    expect(one).toMatchObject({ state: "failed", error: { status: 401 } });
  }
});

test("a batch that the server wants to be asked for after the deadline is held", async () => {
  await using account = await openAccount({ phases: endless });
  const [id = ""] = await submitMany(account, 1);
  const headers = { "retry-after": "60" };
  account.simulator.addFault({ method: "GET", fault: { kind: "status", status: 429, headers } });
  const deadline = account.clock.now() + 30_000;
  const looks = await createLooker(account.client).look([id], { deadline });
  expect(looks.get(id)).toEqual({ state: "held" });
});

/** Looks until every batch is seen in this status, at the most so often; how many looks it took. */
async function looksUntil(account: Account, ids: readonly string[], status: string) {
  const looker = createLooker(account.client);
  for (let looks = 1; looks <= 20; looks += 1) {
    const seen = seenIn(await looker.look(ids, {}));
    if ([...seen.values()].every((batch) => batch.status === status)) return { looks, looker };
    account.clock.advance(60_000);
  }
  throw new Error(`Not all are ${status} after 20 looks.`);
}

test("a list that never moves is found out at the fourth look, and not read any longer (aimock)", async () => {
  await using account = await openAccount({ list: { stale: true } });
  const ids = await submitMany(account, 5);
  account.clock.advance(60_000);
  const { looks, looker } = await looksUntil(account, ids, "completed");
  expect(looks).toBe(4);
  const calls = callsOf(account);
  await looker.look(ids, {});
  expect(calls()).toEqual(ids.map((id) => `/batches/${id}`));
});

test("a list on which nothing moves because nothing happens is checked seldom, and stays trusted", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 5);
  const looker = createLooker(account.client);
  const checks: number[] = [];
  for (let at = 0; at < 100; at += 1) {
    const calls = callsOf(account);
    await looker.look(ids, {});
    const made = calls();
    expect(made[0]).toBe("/batches");
    if (made.length > 1) checks.push(at);
  }
  expect(checks).toEqual([3, 9, 21, 45, 75]);
});

test("a list that moves is not checked, and its checks begin anew when it stops", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = [...(await submitMany(account, 4))];
  const looker = createLooker(account.client);
  const checks: number[] = [];
  for (let at = 0; at < 40; at += 1) {
    if (at < 10 || at === 20) ids.push(...(await submitMany(account, 1)));
    const calls = callsOf(account);
    await looker.look(ids, {});
    if (calls().length > 1) checks.push(at);
  }
  expect(checks).toEqual([12, 18, 23, 29]);
});

test("a list that has not moved is checked at the last look, however long it was trusted", async () => {
  await using account = await openAccount({ list: { stale: true } });
  const ids = await submitMany(account, 5);
  const looker = createLooker(account.client);
  for (let at = 0; at < 2; at += 1) await looker.look(ids, {});
  account.clock.advance(60_000);
  const seen = seenIn(await looker.look(ids, { last: true }));
  expect([...seen.values()].map(({ status }) => status)).toEqual(ids.map(() => "completed"));
});

test("a check that fails leaves the list trusted", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 5);
  account.simulator.addFault({
    method: "GET",
    path: "/batches/*",
    fault: { kind: "status", status: 404 },
  });
  const looker = createLooker(account.client);
  for (let at = 0; at < 5; at += 1) expect(seenIn(await looker.look(ids, {})).size).toBe(5);
});
