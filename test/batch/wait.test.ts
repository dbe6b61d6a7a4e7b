import { expect, test } from "vitest";

import { type Batch, type BatchStatus, waitForBatches } from "../../src/index.ts";
import {
  type Account,
  clientFor,
  failureOf,
  openAccount,
  rejectionOf,
} from "../support/account.ts";
import { eventLog, on } from "../support/events.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";
import { asSoonAs } from "../support/until.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function looksAt(account: Account, id: string) {
  return account.simulator.calls.filter(
    ({ method, path }) => method === "GET" && path === `/v1/batches/${id}`,
  );
}

test("the first look comes at once, and a finished batch needs no second", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.clock.advance(hour);
  const before = account.clock.now();
  const { done, batches } = await waitForBatches(account.client, [id]);
  expect([done, batches[0]?.status]).toEqual([true, "completed"]);
  expect(account.clock.now()).toBe(before);
  expect(looksAt(account, id)).toHaveLength(1);
});

test("a look that shows another batch is none: what it says is neither taken for ours nor an end", async () => {
  await using account = await openAccount({ phases: { inProgress: hour } });
  const { id } = await account.submit();
  const other = (answer: unknown) => ({ ...Object(answer), id: "batch_other" }) as unknown;
  account.simulator.addFault({
    method: "GET",
    path: "/batches/*",
    times: 20,
    fault: { kind: "rewrite", rewrite: other },
  });
  const { onEvent, of } = eventLog();
  const { done, batches } = await waitForBatches(account.client, [id], { onEvent });
  expect([done, batches.map((batch) => [batch.id, batch.status])]).toEqual([
    true,
    [[id, "completed"]],
  ]);
  expect(of("poll-failed")[0]?.error.message).toContain("another batch, batch_other");
});

test("all statuses on the way are seen, in their order", async () => {
  await using account = await openAccount({
    phases: { validating: 20_000, inProgress: hour, finalizing: 5 * minute },
  });
  const { id } = await account.submit();
  const seen = new Set<string>();
  const { done } = await waitForBatches(account.client, [id], {
    onEvent: on("polled", ({ batches: [batch] }) => seen.add(batch?.status ?? "none")),
  });
  expect(done).toBe(true);
  expect([...seen]).toEqual(["validating", "in_progress", "finalizing", "completed"]);
});

test.each(["completed", "failed", "expired", "all_failed", "mixed"] as const)(
  "the wait ends for a batch of the outcome %s (ZenRows/cli#15)",
  async (outcome) => {
    await using account = await openAccount({ outcome });
    const { id } = await account.submit();
    const { done, batches } = await waitForBatches(account.client, [id], { timeout: hour });
    expect(done).toBe(true);
    expect(batches[0]?.status).toMatch(/^(completed|failed|expired)$/);
  },
);

test("the wait follows a cancellation through cancelling to cancelled", async () => {
  await using account = await openAccount({
    phases: { inProgress: day, cancelling: 9 * minute },
  });
  const { id } = await account.submit();
  account.clock.advance(hour);
  await account.client.batches.cancel(id);
  const seen = new Set<string>();
  const { done } = await waitForBatches(account.client, [id], {
    onEvent: on("polled", ({ batches: [batch] }) => seen.add(batch?.status ?? "none")),
  });
  expect(done).toBe(true);
  expect([...seen]).toEqual(["cancelling", "cancelled"]);
});

test.each([
  ["validating", false],
  ["in_progress", false],
  ["finalizing", false],
  ["cancelling", false],
  ["queued", false],
  ["", false],
  ["PROGRESS", false],
  ["completed", true],
  ["COMPLETED", true],
  ["failed", true],
  ["expired", true],
  ["cancelled", true],
  ["CANCELED", true],
])("the status %j ends the wait: %s", async (status, ends) => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, batchJson("b", { status }));
  });
  const { client } = clientFor(server.url);
  const { done, batches } = await waitForBatches(client, ["b"], { timeout: minute });
  expect([done, batches.length]).toEqual([ends, 1]);
});

test("timestamps of states not reached do not end the wait (doubleword)", async () => {
  await using server = await rawServer((_request, response) => {
    reply(response, 200, batchJson("b", { expired_at: 1, completed_at: 1, output_file_id: "o" }));
  });
  const { client } = clientFor(server.url);
  expect((await waitForBatches(client, ["b"], { timeout: minute })).done).toBe(false);
});

test("a short batch is looked at often: every five seconds at first", async () => {
  await using account = await openAccount({ phases: { inProgress: 50_000 } });
  const { id } = await account.submit();
  await waitForBatches(account.client, [id]);
  expect(account.clock.pauses).toEqual(Array.from({ length: 11 }, () => 5_000));
});

test("the bounds of the interval can be set", async () => {
  await using account = await openAccount({ phases: { inProgress: 10 * hour } });
  const { id } = await account.submit();
  await waitForBatches(account.client, [id], { pollInterval: minute, maxPollInterval: 5 * minute });
  const { pauses } = account.clock;
  expect(Math.min(...pauses)).toBe(minute);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(5 * minute);
  expect(Math.max(...pauses)).toBeGreaterThan(4.5 * minute);
  expect(new Set(pauses.filter((pause) => pause > 4.5 * minute)).size).toBeGreaterThan(5);
});

test("a batch that is old when the wait begins is looked at seldom from the start", async () => {
  await using account = await openAccount({ phases: { inProgress: day } });
  const { id } = await account.submit();
  account.clock.advance(20 * hour);
  await waitForBatches(account.client, [id], { random: () => 0 });
  expect(account.clock.pauses[0]).toBe(minute);
});

test("a server that names no time of creation is looked at often too", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    const status = count > 4 ? "completed" : "in_progress";
    reply(response, 200, batchJson("b", { status, created_at: null }));
  });
  const { client, clock } = clientFor(server.url);
  await waitForBatches(client, ["b"]);
  expect(clock.pauses).toEqual([5_000, 5_000, 5_000, 5_000]);
});

test("an hour of errors in the middle of a day does not end the wait (mistral client-python#625, ralph-starter#140)", async () => {
  await using account = await openAccount({ phases: { inProgress: 4 * hour } });
  const { id } = await account.submit();
  const errors: string[] = [];
  account.clock.at(account.clock.now() + 2 * hour, () => {
    const remove = account.simulator.addFault({
      method: "GET",
      times: Infinity,
      fault: { kind: "status", status: 502 },
    });
    account.clock.at(account.clock.now() + hour, remove);
  });
  const { done, batches } = await waitForBatches(account.client, [id], {
    onEvent: on("poll-failed", ({ error, batchId }) =>
      errors.push(`${batchId} ${String(error.status)}`),
    ),
  });
  expect([done, batches[0]?.status]).toEqual([true, "completed"]);
  expect(errors.length).toBeGreaterThan(10);
  expect(new Set(errors)).toEqual(new Set([`${id} 502`]));
});

test.each([
  ["a gateway's 404", { kind: "status", status: 404 }],
  ["a gateway's 400", { kind: "status", status: 400 }],
  [
    "a 500 not to be repeated",
    { kind: "status", status: 500, headers: { "x-should-retry": "false" } },
  ],
  [
    "a rate limit not to be repeated at once",
    { kind: "status", status: 429, headers: { "x-should-retry": "false" } },
  ],
] as const)("%s does not end the wait for a batch that was seen", async (_name, fault) => {
  await using account = await openAccount({ phases: { inProgress: hour } });
  const { id } = await account.submit();
  account.simulator.addFault({ method: "GET", skip: 2, times: 2, fault });
  const { done } = await waitForBatches(account.client, [id]);
  expect(done).toBe(true);
});

test.each([401, 403])(
  "one %d does not end the wait for a batch that was seen: a gateway may have refused it",
  async (status) => {
    await using account = await openAccount({ phases: { inProgress: hour } });
    const { id } = await account.submit();
    const fault = { kind: "status", status } as const;
    account.simulator.addFault({ method: "GET", skip: 2, times: 4, fault });
    const { onEvent, of } = eventLog();
    const waited = await waitForBatches(account.client, [id], { onEvent });
    expect(waited).toMatchObject({ done: true, stopped: undefined });
    expect(of("poll-failed").map(({ error }) => error.status)).toEqual(Array(4).fill(status));
  },
);

test.each([401, 403])(
  "five %d in a row end the wait, and what was seen is given back",
  async (status) => {
    await using account = await openAccount({ phases: { inProgress: hour } });
    const { id } = await account.submit();
    const fault = { kind: "status", status } as const;
    account.simulator.addFault({ method: "GET", skip: 2, times: Infinity, fault });
    const waited = await waitForBatches(account.client, [id]);
    expect(waited).toMatchObject({
      done: false,
      timedOut: false,
      stopped: { status },
      batches: [{ id }],
    });
    expect(waited.lost.size).toBe(0);
    expect(looksAt(account, id)).toHaveLength(2 + 5);
  },
);

test("a look between refusals that shows the batch starts their count again", async () => {
  await using account = await openAccount({ phases: { inProgress: hour } });
  const { id } = await account.submit();
  const fault = { kind: "status", status: 403 } as const;
  account.simulator.addFault({ method: "GET", skip: 1, times: 4, fault });
  account.simulator.addFault({ method: "GET", skip: 2, times: 4, fault });
  expect(await waitForBatches(account.client, [id])).toMatchObject({ done: true });
});

test.each([401, 403])("a %d at the first look is an error at once", async (status) => {
  await using account = await openAccount({ phases: { inProgress: hour } });
  const { id } = await account.submit();
  account.simulator.addFault({ method: "GET", fault: { kind: "status", status } });
  const before = account.clock.now();
  expect(await failureOf(waitForBatches(account.client, [id]))).toMatchObject({ status });
  expect(account.clock.now()).toBe(before);
});

test("an id that does not exist is an error after ten seconds: it may be new", async () => {
  await using account = await openAccount();
  const before = account.clock.now();
  const { onEvent, of } = eventLog();
  const error = await failureOf(waitForBatches(account.client, ["batch_none"], { onEvent }));
  expect(error).toMatchObject({ status: 404 });
  expect(error.message).toContain("Check the id");
  expect(account.clock.now() - before).toBe(10_000);
  expect(of("unknown-id").map(({ batchId }) => batchId)).toEqual(["batch_none"]);
});

test("an id among several that does not exist is reported, and the others are followed to their end", async () => {
  await using account = await openAccount({ phases: { inProgress: hour } });
  const { id } = await account.submit();
  const told: [string, number][] = [];
  const started = account.clock.now();
  const waited = await waitForBatches(account.client, ["batch_none", id], {
    onEvent: on("unknown-id", ({ error, batchId }) =>
      told.push([`${batchId} ${error.status}`, account.clock.now() - started]),
    ),
  });
  expect(told).toEqual([["batch_none 404", 10_000]]);
  expect(waited).toMatchObject({ done: false, timedOut: false, stopped: undefined });
  expect(waited.batches.map(({ status }) => status)).toEqual(["completed"]);
  expect([...waited.lost.keys()]).toEqual(["batch_none"]);
  expect(looksAt(account, "batch_none")).toHaveLength(3);
});

test("a batch that is not found for nine seconds after its create is followed with the others", async () => {
  await using account = await openAccount();
  const [first, second] = [await account.submit(), await account.submit()];
  account.simulator.addFault({
    path: `/batches/${second.id}`,
    times: Infinity,
    for: 9_000,
    fault: { kind: "status", status: 404, body: { error: { message: "No batch found." } } },
  });
  const { batches, lost, done } = await waitForBatches(account.client, [first.id, second.id]);
  expect(batches.map(({ status }) => status)).toEqual(["completed", "completed"]);
  expect([done, lost.size]).toEqual([true, 0]);
});

test("several ids of which none exists are an error", async () => {
  await using account = await openAccount();
  const error = await failureOf(waitForBatches(account.client, ["batch_none", "batch_gone"]));
  expect(error).toMatchObject({ status: 404 });
});

test("a batch that was seen is gone after five looks and thirty seconds, and is given back as last seen", async () => {
  await using account = await openAccount({ phases: { inProgress: hour } });
  const [{ id }, other] = [await account.submit(), await account.submit()];
  account.clock.at(account.clock.now() + minute, () => {
    account.simulator.remove(id);
  });
  const { onEvent, of } = eventLog();
  const waited = await waitForBatches(account.client, [id, other.id], { onEvent });
  expect(waited.batches.map(({ status }) => status)).toEqual(["in_progress", "completed"]);
  expect(waited).toMatchObject({ done: false, timedOut: false });
  expect([...waited.lost.keys()]).toEqual([id]);
  expect(of("gone").map(({ batchId }) => batchId)).toEqual([id]);
  expect(of("poll-failed").length).toBeGreaterThanOrEqual(4);
});

test("transient errors at the first look are survived as well", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.simulator.addFault({ method: "GET", times: 20, fault: { kind: "status", status: 503 } });
  expect((await waitForBatches(account.client, [id])).done).toBe(true);
});

test("a timeout ends the wait exactly then, with the batch as last seen", async () => {
  await using account = await openAccount({ phases: { inProgress: day } });
  const { id } = await account.submit();
  const before = account.clock.now();
  const { done, timedOut, batches } = await waitForBatches(account.client, [id], {
    timeout: 5.5 * hour,
  });
  expect([done, timedOut, batches[0]?.status]).toEqual([false, true, "in_progress"]);
  expect(account.clock.now() - before).toBe(5.5 * hour);
});

test("a batch that ends in the last seconds before the timeout is seen to have ended", async () => {
  await using account = await openAccount({
    phases: { validating: 0, inProgress: 2 * hour - 3_000, finalizing: 0 },
  });
  const { id } = await account.submit();
  const { done, batches } = await waitForBatches(account.client, [id], { timeout: 2 * hour });
  expect([done, batches[0]?.status]).toEqual([true, "completed"]);
});

test("errors to the end leave the timeout exact, and what was never seen is missing", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.simulator.addFault({
    method: "GET",
    times: Infinity,
    fault: { kind: "status", status: 503 },
  });
  const before = account.clock.now();
  const { done, batches } = await waitForBatches(account.client, [id], { timeout: hour });
  expect({ done, batches }).toEqual({ done: false, batches: [] });
  expect(account.clock.now() - before).toBeLessThanOrEqual(hour);
});

test("a Retry-After beyond the deadline does not end the wait before its time", async () => {
  await using account = await openAccount({ phases: { inProgress: 30 * minute } });
  const { id } = await account.submit();
  const headers = { "retry-after": "7200" };
  account.simulator.addFault({
    method: "GET",
    skip: 1,
    fault: { kind: "status", status: 429, headers },
  });
  const before = account.clock.now();
  const { done } = await waitForBatches(account.client, [id], { timeout: hour });
  if (!done) expect(account.clock.now() - before).toBe(hour);
});

test("a batch that cannot be read does not keep the others from being looked at", async () => {
  await using account = await openAccount();
  const first = await account.submit();
  const second = await account.submit();
  account.clock.advance(hour);
  account.simulator.addFault({
    path: `/batches/${first.id}`,
    times: Infinity,
    fault: { kind: "status", status: 429, headers: { "retry-after": "36000" } },
  });
  const { batches } = await waitForBatches(account.client, [first.id, second.id], {
    timeout: hour,
  });
  expect(batches.map(({ id }) => id)).toContain(second.id);
});

test("several batches are followed until the last has ended, in the order of their ids", async () => {
  await using account = await openAccount({ phases: { inProgress: hour } });
  const old = await account.submit();
  account.clock.advance(30 * minute);
  const young = await account.submit();
  const progress: (readonly Batch[])[] = [];
  const { done, batches } = await waitForBatches(account.client, [young.id, old.id], {
    onEvent: on("polled", ({ batches: all }) => progress.push(all)),
  });
  expect(done).toBe(true);
  expect(batches.map(({ id }) => id)).toEqual([young.id, old.id]);
  for (const all of progress) expect(all.map(({ id }) => id)).toEqual([young.id, old.id]);
  // One that has ended is not asked for again.
  expect(looksAt(account, old.id).length).toBeLessThan(looksAt(account, young.id).length);
});

test("an id given twice is looked at once", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.clock.advance(hour);
  const { batches } = await waitForBatches(account.client, [id, id]);
  expect(batches).toHaveLength(1);
  expect(looksAt(account, id)).toHaveLength(1);
});

test("a signal ends the wait at once, in a pause or in a look", async () => {
  await using account = await openAccount({ phases: { inProgress: day } });
  const { id } = await account.submit();
  const reason = new Error("stop");
  const inPause = new AbortController();
  const before = account.clock.now();
  account.clock.at(before + hour + 1, () => {
    inPause.abort(reason);
  });
  expect(await rejectionOf(waitForBatches(account.client, [id], { signal: inPause.signal }))).toBe(
    reason,
  );
  expect(account.clock.now() - before).toBe(hour + 1);

  const inLook = new AbortController();
  account.simulator.addFault({ method: "GET", fault: { kind: "hang" } });
  const looks = looksAt(account, id).length;
  asSoonAs(
    () => looksAt(account, id).length > looks,
    () => {
      inLook.abort(reason);
    },
  );
  expect(await rejectionOf(waitForBatches(account.client, [id], { signal: inLook.signal }))).toBe(
    reason,
  );
});

test("an unknown status goes through to the caller", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    reply(response, 200, batchJson("b", { status: count > 1 ? "completed" : "on_hold" }));
  });
  const { client } = clientFor(server.url);
  const seen: (BatchStatus | undefined)[] = [];
  await waitForBatches(client, ["b"], {
    onEvent: on("polled", ({ batches: [batch] }) => seen.push(batch?.status)),
  });
  expect(seen).toEqual(["on_hold", "completed"]);
});
