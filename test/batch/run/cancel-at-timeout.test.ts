import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import type { KnownBatch } from "../../../src/batch/knowledge.ts";
import { cancelAtTimeout } from "../../../src/batch/run/cancel-at-timeout.ts";
import { type Batch, runBatch, type RunBatchOptions } from "../../../src/index.ts";
import { type Account, openAccount, rejectionOf, requestLines } from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { openFolder } from "../../support/folder.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const slow = { validating: 0, inProgress: 10 * hour, finalizing: 0, cancelling: 30 * second };

async function run(account: Account, requests: number, options: Partial<RunBatchOptions> = {}) {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(requests));
  const events = eventLog();
  const started = account.clock.now();
  const ran = await runBatch(account.client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("err.jsonl"),
    temporaryFolder: folder.path,
    timeout: hour,
    pollInterval: 10 * minute,
    maxPollInterval: 10 * minute,
    onTimeout: "cancel",
    onEvent: events.onEvent,
    ...options,
  });
  return { ...ran, events, took: account.clock.now() - started };
}

test("what a run has created is cancelled at its timeout, and what it has is waited for and kept", async () => {
  await using account = await openAccount({ phases: slow });
  const ran = await run(account, 20);
  expect(ran.batches.map(({ status }) => status)).toEqual(["cancelled"]);
  expect(ran).toMatchObject({ timedOut: true, failures: [] });
  // A tenth of the time has passed, and so a tenth of the requests are answered.
  expect(ran.results?.counts).toMatchObject({ total: 20, completed: 2 });
  expect(ran.took).toBeGreaterThanOrEqual(hour + 30 * second);
  expect(ran.took).toBeLessThanOrEqual(hour + 40 * second);
  const [batch] = ran.batches;
  expect(ran.events.of("timed-out")).toEqual([
    { type: "timed-out", unfinished: [batch?.id], unsent: 0, cancels: true },
  ]);
  const types = ran.events.types();
  expect(types.indexOf("cancelling")).toBeGreaterThan(types.indexOf("timed-out"));
  expect(types.indexOf("cancelled")).toBeGreaterThan(types.indexOf("cancelling"));
});

test("a batch that does not end for its cancel is waited for no longer than two minutes", async () => {
  await using account = await openAccount({ phases: { ...slow, cancelling: hour } });
  const ran = await run(account, 20);
  expect(ran.batches.map(({ status }) => status)).toEqual(["cancelling"]);
  expect(ran).toMatchObject({ done: false, timedOut: true });
  expect(ran.took).toBe(hour + 2 * minute);
});

test("nothing is waited for where no results are wanted", async () => {
  await using account = await openAccount({ phases: slow });
  const ran = await run(account, 20, { outputFile: undefined, errorFile: undefined });
  expect(ran.batches.map(({ status }) => status)).toEqual(["cancelling"]);
  expect(ran.took).toBe(hour);
});

test("without onTimeout everything is left running", async () => {
  await using account = await openAccount({ phases: slow });
  const ran = await run(account, 20, { onTimeout: undefined });
  expect(ran.batches.map(({ status }) => status)).toEqual(["in_progress"]);
  expect(ran.events.types()).not.toContain("cancelling");
  expect(ran.took).toBe(hour);
});

test("no retry round follows a timeout", async () => {
  await using account = await openAccount({ phases: slow });
  const ran = await run(account, 20, { retryFailed: 3 });
  expect(ran.events.types()).not.toContain("retry-round");
  expect(account.simulator.batches).toHaveLength(1);
});

test.each<[string, Record<string, string> | undefined, string]>([
  ["with the same metadata is cancelled, as one's own", { repository: "octo/hello" }, "cancelled"],
  ["of other metadata is left to whoever waits for it", { repository: "octo/bye" }, "in_progress"],
  ["without metadata is left as well", undefined, "in_progress"],
])("an adopted batch %s", async (_, metadata, status) => {
  await using account = await openAccount({ phases: slow });
  const keyed = { idempotencyKey: () => "key-of-a-run" };
  const theirs = { metadata: { repository: "octo/hello" } };
  await run(account, 20, { ...keyed, ...theirs, onTimeout: "leave" });
  const ran = await run(account, 20, { ...keyed, metadata });
  expect(ran.reused).toBe(true);
  expect(ran.batches.map((batch) => batch.status)).toEqual([status]);
  const left = ran.events.of("left-running").map(({ batchId, why }) => [batchId, why]);
  const why = "it was adopted from another run, which may still wait for it";
  expect(left).toEqual(status === "cancelled" ? [] : [[ran.batches[0]?.id, why]]);
});

test("a cancel that is refused is a failure of the run, which gives back the batch as it is", async () => {
  await using account = await openAccount({ phases: slow });
  const fault = { kind: "status", status: 403 } as const;
  account.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault });
  const ran = await run(account, 20);
  expect(ran.batches.map(({ status }) => status)).toEqual(["in_progress"]);
  expect(ran.failures).toMatchObject([{ status: 403 }]);
  expect(ran.events.of("cancel-failed")).toMatchObject([{ batchId: ran.batches[0]?.id }]);
});

function known(batch: Batch, provenance: KnownBatch["provenance"]): KnownBatch {
  return { batch, provenance, takenAs: batch.status, requests: undefined, round: 0 };
}

test("an id that was never seen is cancelled too, and what has ended or is being cancelled is not", async () => {
  await using account = await openAccount({ phases: slow });
  account.simulator.plan("failed");
  const ended = await account.submit();
  const cancelling = await account.submit();
  const unseen = await account.submit();
  account.clock.advance(second);
  await account.client.batches.cancel(cancelling.id);
  const latest = async ({ id }: Batch) => account.client.batches.retrieve(id);
  const events = eventLog();
  const done = await cancelAtTimeout(
    account.client,
    [known(await latest(ended), "given"), known(await latest(cancelling), "given")],
    { unseen: [unseen.id], settle: true, onEvent: events.onEvent },
  );
  expect(events.of("cancelling")).toMatchObject([{ ids: [unseen.id], why: "the time was up" }]);
  expect(events.of("left-running")).toEqual([]);
  expect(done.cancelled).toEqual([unseen.id]);
  // What was being cancelled already is waited for with the others.
  expect(new Map(done.batches.map(({ id, status }) => [id, status]))).toEqual(
    new Map([unseen.id, cancelling.id].map((id) => [id, "cancelled"])),
  );
});

const ours = { repository: "octo/hello", run_id: "7" };

test.each<[string, Record<string, string> | null, Record<string, string>, boolean]>([
  ["has all of ours", { ...ours, more: "x" }, ours, true],
  ["has only some of ours", { repository: "octo/hello" }, ours, false],
  ["has others", { repository: "octo/hello", run_id: "8" }, ours, false],
  ["has none", null, ours, false],
  [
    "differs in its key and the value of its create, as each does",
    { ...ours, idempotency_key: "a", creation_id: "b" },
    { ...ours, idempotency_key: "c", creation_id: "d" },
    true,
  ],
  [
    "shares nothing but its key",
    { idempotency_key: "a", creation_id: "b" },
    { idempotency_key: "a", creation_id: "b" },
    false,
  ],
])("an adopted batch whose metadata %s is ours or not", async (_, theirs, metadata, owned) => {
  await using account = await openAccount({ phases: slow });
  const batch = { ...(await account.submit()), metadata: theirs };
  const { onEvent, of } = eventLog();
  const options = { metadata, settle: false, onEvent };
  const done = await cancelAtTimeout(account.client, [known(batch, "adopted")], options);
  expect(done.batches.map(({ id }) => id)).toEqual(owned ? [batch.id] : []);
  expect(of("left-running").map(({ batchId }) => batchId)).toEqual(owned ? [] : [batch.id]);
});

test("a batch is left without a word where nobody listens", async () => {
  await using account = await openAccount({ phases: slow });
  const batch = await account.submit();
  const done = await cancelAtTimeout(account.client, [known(batch, "adopted")], { settle: false });
  expect(done).toEqual({ batches: [], cancelled: [], failures: new Map() });
});

test("a signal ends the wait for what was cancelled", async () => {
  await using account = await openAccount({ phases: { ...slow, cancelling: hour } });
  const batch = await account.submit();
  const controller = new AbortController();
  const reason = new Error("stop");
  account.clock.at(account.clock.now() + 20 * second, () => {
    controller.abort(reason);
  });
  const { signal } = controller;
  const settling = cancelAtTimeout(account.client, [known(batch, "created")], {
    settle: true,
    signal,
  });
  expect(await rejectionOf(settling)).toBe(reason);
  expect(account.simulator.batches[0]?.status).toBe("cancelling");
});

test("what has ended by its cancel already is not looked at again", async () => {
  await using account = await openAccount({ phases: { ...slow, cancelling: 0 } });
  const batch = await account.submit();
  const done = await cancelAtTimeout(account.client, [known(batch, "created")], { settle: true });
  const { length } = account.simulator.calls;
  expect(done.batches.map(({ status }) => status)).toEqual(["cancelled"]);
  expect(account.simulator.calls[length - 1]?.path).toMatch(/\/cancel$/);
});

test("one that has ended already does not end the wait for the others", async () => {
  await using account = await openAccount({ phases: slow });
  account.simulator.plan("failed");
  const ended = { ...(await account.submit()), status: "in_progress" } as const;
  const running = await account.submit();
  account.clock.advance(second);
  const seen = [known(ended, "created"), known(running, "created")];
  const { batches } = await cancelAtTimeout(account.client, seen, { settle: true });
  expect(batches.map(({ status }) => status)).toEqual(["failed", "cancelled"]);
});
