import { expect, test } from "vitest";

import { type Batch, waitForBatches } from "../../../src/index.ts";
import type { Fault } from "../../../src/simulator/index.ts";
import { type Account, openAccount, paramsFor } from "../../support/account.ts";

// Whole days of looks: seconds each, so that mutation runs leave them out.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

async function submitMany(account: Account, count: number): Promise<readonly string[]> {
  const fileId = await account.upload();
  const ids: string[] = [];
  for (let batch = 0; batch < count; batch += 1) {
    ids.push((await account.client.batches.create(paramsFor(fileId))).id);
  }
  return ids;
}

test("a day is waited for with at most 1,700 looks, and its end is seen within a minute", async () => {
  await using account = await openAccount({ phases: { inProgress: day - minute, finalizing: 0 } });
  const started = account.clock.now();
  const { id } = await account.submit();
  const { done } = await waitForBatches(account.client, [id], { random: () => 1 });
  expect(done).toBe(true);
  const ended = started + 100 + day - minute;
  expect(account.clock.now()).toBeGreaterThanOrEqual(ended);
  expect(account.clock.now() - ended).toBeLessThanOrEqual(minute);
  const looks = account.simulator.calls.filter(
    ({ method, path }) => method === "GET" && path === `/v1/batches/${id}`,
  ).length;
  expect(looks).toBeLessThanOrEqual(1_700);
  expect(looks).toBeGreaterThan(1_400);
});

const transient: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 429 },
  { kind: "status", status: 503, headers: { "retry-after": "90" } },
  { kind: "drop-before" },
  { kind: "html" },
  { kind: "html", status: 200 },
  { kind: "empty" },
  { kind: "cut-body" },
];

test("a day with errors of every kind at random ends as it should", async () => {
  await using account = await openAccount({ phases: { inProgress: 23 * hour } });
  const { id } = await account.submit();
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let count = 0; count < 400; count += 1) {
    const fault = transient[Math.floor(random() * transient.length)];
    if (fault === undefined) continue;
    account.simulator.addFault({
      method: "GET",
      after: Math.floor(random() * 22 * hour),
      times: Math.ceil(random() * 8),
      fault,
    });
  }
  const { done, batches } = await waitForBatches(account.client, [id], { random });
  expect([done, batches[0]?.status]).toEqual([true, "completed"]);
  const faulty = account.simulator.calls.filter(({ fault }) => fault !== null);
  expect(faulty.length).toBeGreaterThan(400);
});

test.each([1, 100])(
  "a wait of 24 hours for %i batches takes no more than 1,700 calls",
  async (count) => {
    await using account = await openAccount({ phases: { inProgress: 23.9 * hour } });
    const ids = await submitMany(account, count);
    const calls = account.simulator.calls.length;
    // The jitter that makes the most calls.
    const { done, batches } = await waitForBatches(account.client, ids, { random: () => 1 });
    expect(done).toBe(true);
    expect(batches.map(({ id }: Batch) => id)).toEqual(ids);
    expect(account.simulator.calls.length - calls).toBeLessThanOrEqual(1_700);
  },
  60_000,
);
