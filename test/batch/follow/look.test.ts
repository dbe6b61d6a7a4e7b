import { expect, test } from "vitest";

import { lookAt } from "../../../src/batch/wait/look.ts";
import { type Batch, waitForBatches } from "../../../src/index.ts";
import { type Account, failureOf, openAccount, paramsFor } from "../../support/account.ts";

const hour = 3_600_000;
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

const look = async ({ client }: Account, ids: readonly string[]) =>
  lookAt(client, ids, { seen: new Set(ids) });

test.each([1, 2, 3])("%i batches are retrieved one by one", async (count) => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, count);
  const calls = callsOf(account);
  const { found } = await look(account, ids);
  expect([...found.keys()]).toEqual(ids);
  expect(calls()).toEqual(ids.map((id) => `/batches/${id}`));
});

test.each([4, 100])("%i batches are read off one page of the list", async (count) => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, count);
  const calls = callsOf(account);
  const { found } = await look(account, ids);
  expect(new Set(found.keys())).toEqual(new Set(ids));
  expect(calls()).toEqual(["/batches"]);
});

test("250 batches are read off three pages, and others among them cost one more", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 250);
  const calls = callsOf(account);
  expect((await look(account, ids)).found.size).toBe(250);
  expect(calls()).toHaveLength(3);
  await submitMany(account, 60);
  calls();
  expect((await look(account, ids)).found.size).toBe(250);
  expect(calls()).toHaveLength(4);
});

test("batches beyond the recent pages are retrieved", async () => {
  await using account = await openAccount({ phases: endless });
  const old = await submitMany(account, 4);
  await submitMany(account, 210);
  const [recent = ""] = await submitMany(account, 1);
  const calls = callsOf(account);
  const { found } = await look(account, [...old, recent]);
  expect(new Set(found.keys())).toEqual(new Set([...old, recent]));
  expect(calls()).toEqual(["/batches", "/batches", ...old.map((id) => `/batches/${id}`)]);
});

test("a batch that the list does not show yet is retrieved", async () => {
  await using account = await openAccount({ phases: endless, listLag: 5_000 });
  const ids = await submitMany(account, 5);
  expect((await look(account, ids)).found.size).toBe(5);
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
    expect((await look(account, ids)).found.size).toBe(5);
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
  expect((await look(account, ids)).found.size).toBe(120);
  expect(calls()).toHaveLength(2 + 20);
});

test("an id among many that never existed is an error, and a known one is waited for", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 4);
  const all = [...ids, "batch_nobody"];
  const seen = new Set(ids);
  expect(await failureOf(lookAt(account.client, all, { seen }))).toMatchObject({ status: 404 });
  const errors: string[] = [];
  const { found } = await lookAt(account.client, all, {
    seen: new Set(all),
    onError: (_error, id) => errors.push(id),
  });
  expect(found.size).toBe(4);
  expect(errors).toEqual(["batch_nobody"]);
});

test("a refused credential ends the look at many", async () => {
  await using account = await openAccount({ phases: endless });
  const ids = await submitMany(account, 4);
  const fault = { kind: "status", status: 401 } as const;
  account.simulator.addFault({ method: "GET", times: Infinity, fault });
  expect(await failureOf(look(account, ids))).toMatchObject({ status: 401 });
});

test.each([1, 100])(
  "a wait of 24 hours for %i batches takes no more than 1,700 calls",
  async (count) => {
    await using account = await openAccount({ phases: { inProgress: 23.9 * hour } });
    const ids = await submitMany(account, count);
    const calls = callsOf(account);
    // The jitter that makes the most calls.
    const { done, batches } = await waitForBatches(account.client, ids, { random: () => 1 });
    expect(done).toBe(true);
    expect(batches.map(({ id }: Batch) => id)).toEqual(ids);
    expect(calls().length).toBeLessThanOrEqual(1_700);
  },
  60_000,
);
