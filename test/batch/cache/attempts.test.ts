import { rm, writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import {
  idempotencyKey,
  openCacheFile,
  runBatch,
  type RunBatchOptions,
} from "../../../src/index.ts";
import type { SimulatorOptions } from "../../../src/simulator/index.ts";
import { type Account, failureOf, openAccount, requestLines } from "../../support/account.ts";
import { type Folder, openFolder } from "../../support/folder.ts";

const minute = 60_000;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: minute };

/** As the action makes keys, of one run of a workflow. */
const keyed: Partial<RunBatchOptions> = {
  idempotencyKey: ({ hash, round }) =>
    idempotencyKey(`octo-org/nightly:42${round === 0 ? "" : `/retry${round}`}`, {
      inputHash: hash,
      endpoint: "/v1/chat/completions",
      completionWindow: "24h",
      metadata: {},
      account: [],
    }),
};
const own: Partial<RunBatchOptions> = { idempotencyKey: "nightly-42" };

async function attempt(
  { client }: Account,
  folder: Folder,
  options: Partial<RunBatchOptions>,
  requests = 4,
) {
  await writeFile(folder.at("in.jsonl"), requestLines(requests));
  return runBatch(client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("err.jsonl"),
    temporaryFolder: folder.path,
    cache: await openCacheFile(folder.at("cache.jsonl")),
    ...options,
  });
}

/** A server that takes metadata and keeps none. */
const forgetful: SimulatorOptions = {
  phases,
  dialect: { batch: (batch) => ({ ...batch, metadata: null }) },
};

type Respond = NonNullable<SimulatorOptions["respond"]>;

/** Answers with these statuses in turn, by the id, and with 200 otherwise; counts what was run. */
function server(plan: Readonly<Record<string, readonly number[]>> = {}) {
  const runs = new Map<string, number>();
  const respond: Respond = ({ custom_id: id }) => {
    const before = runs.get(id) ?? 0;
    runs.set(id, before + 1);
    const status = plan[id]?.[before] ?? 200;
    return {
      status_code: status,
      body: status < 300 ? { choices: [{}] } : { error: { code: `c${status}` } },
    };
  };
  return { runs, respond };
}

const oneByOne = { limits: { maxRequests: 2 }, maxActive: 1 };

describe.each([
  ["of the run", keyed],
  ["of the user's own", own],
])("with a key %s, a later attempt", (_, key) => {
  test("takes the batch of one that was ended after its create", async () => {
    const { runs, respond } = server();
    await using account = await openAccount({ phases, respond });
    await using folder = await openFolder();
    const cut = await attempt(account, folder, { ...key, timeout: minute });
    expect(cut.done).toBe(false);
    const again = await attempt(account, folder, key);
    expect(account.simulator.batches).toHaveLength(1);
    expect([again.reused, again.cached, again.results?.counts.completed]).toEqual([true, 0, 4]);
    expect([...runs.values()]).toEqual([1, 1, 1, 1]);
  });

  test("finds what still runs, although the cache has grown and the rest is another", async () => {
    const { runs, respond } = server({ r2: [400] });
    await using account = await openAccount({ phases, respond });
    await using folder = await openFolder();
    const first = await attempt(account, folder, { ...key, ...oneByOne, timeout: 20 * minute });
    expect(first.batches.map(({ status }) => status)).toEqual(["completed", "in_progress"]);
    // What is left is r2, r3 and r4: none of the batches that are there.
    const again = await attempt(account, folder, { ...key, ...oneByOne });
    expect(account.simulator.batches).toHaveLength(2);
    expect(again.cached).toBe(1);
    expect(again.results?.counts).toEqual({ total: 4, completed: 3, failed: 1 });
    expect(again.results?.duplicates).toBe(0);
    expect(again.batches.map(({ id }) => id)).toEqual(first.batches.map(({ id }) => id));
    expect([...runs.values()]).toEqual([1, 1, 1, 1]);
  });

  test("pays for nothing twice when the cache was lost between", async () => {
    const { runs, respond } = server();
    await using account = await openAccount({ phases, respond });
    await using folder = await openFolder();
    await attempt(account, folder, { idempotencyKey: "before" }, 2);
    runs.clear();
    const first = await attempt(account, folder, { ...key, timeout: 5 * minute });
    expect([first.cached, first.done]).toEqual([2, false]);
    await rm(folder.at("cache.jsonl"));
    const again = await attempt(account, folder, key);
    expect([again.cached, again.done, again.results?.counts.completed]).toEqual([0, true, 4]);
    expect(Object.fromEntries(runs)).toEqual({ r1: 1, r2: 1, r3: 1, r4: 1 });
  });

  test("creates nothing where it cannot be told what the batch of an earlier one holds", async () => {
    await using account = await openAccount({ phases });
    await using folder = await openFolder();
    await attempt(account, folder, { idempotencyKey: "before" }, 2);
    await attempt(account, folder, { ...key, timeout: 5 * minute });
    await rm(folder.at("cache.jsonl"));
    account.simulator.addFault({
      method: "GET",
      path: /\/content$/,
      fault: { kind: "status", status: 403 },
    });
    const failure = await failureOf(attempt(account, folder, key));
    expect(failure.code).toBe("look_up_incomplete");
    expect(failure.message).toContain(account.simulator.batches[1]?.id);
    expect(account.simulator.batches).toHaveLength(2);
  });

  test("creates nothing where the list of what the batch of an earlier one holds came cut", async () => {
    await using account = await openAccount({ phases });
    await using folder = await openFolder();
    await attempt(account, folder, { idempotencyKey: "before" }, 2);
    await attempt(account, folder, { ...key, timeout: 5 * minute });
    await rm(folder.at("cache.jsonl"));
    const { id: batch, input_file_id: file } = account.simulator.batches[1] ?? {};
    account.simulator.addFault({
      method: "GET",
      path: `/files/${file ?? ""}/content`,
      times: Infinity,
      fault: { kind: "cut-body", lines: 1, silent: true },
    });
    const failure = await failureOf(attempt(account, folder, key));
    expect(failure.code).toBe("look_up_incomplete");
    expect(failure.message).toContain(batch);
    expect(account.simulator.batches).toHaveLength(2);
  });

  test("sends only what is still to be answered where the results of a batch are gone", async () => {
    const { runs, respond } = server({ r2: [400, 400] });
    await using account = await openAccount({ phases, respond });
    await using folder = await openFolder();
    const first = await attempt(account, folder, key);
    for (const { output_file_id: id } of first.batches) {
      if (id !== undefined) account.simulator.remove(id);
    }
    const again = await attempt(account, folder, key);
    expect([again.cached, again.results?.counts.failed]).toEqual([3, 1]);
    expect(Object.fromEntries(runs)).toEqual({ r1: 1, r2: 2, r3: 1, r4: 1 });
  });

  test("takes up the rounds where the earlier one has left them", async () => {
    const plan = { r1: [500], r2: [500, 500], r3: [400] };
    const { runs, respond } = server(plan);
    await using account = await openAccount({ phases, respond });
    await using folder = await openFolder();
    const first = await attempt(account, folder, { ...key, retryFailed: 1 });
    expect(first.results?.counts).toEqual({ total: 4, completed: 2, failed: 2 });
    const again = await attempt(account, folder, { ...key, retryFailed: 1 });
    expect(again.results?.counts).toEqual({ total: 4, completed: 2, failed: 2 });
    expect(account.simulator.batches).toHaveLength(2);
    const more = await attempt(account, folder, { ...key, retryFailed: 2 });
    expect(more.results?.counts).toEqual({ total: 4, completed: 3, failed: 1 });
    expect([more.failures, more.done]).toEqual([[], true]);
    expect(Object.fromEntries(runs)).toEqual({ r1: 2, r2: 3, r3: 1, r4: 1 });
  });

  test("finds the batch of a later round behind one that took no money along", async () => {
    const { runs, respond } = server({ r1: [500], r2: [500] });
    await using account = await openAccount({ phases, respond });
    await using folder = await openFolder();
    const errors = [{ code: "model_not_found", message: "No.", param: null, line: 1 }];
    account.simulator.plan("completed");
    account.simulator.plan({ kind: "failed", errors });
    const first = await attempt(account, folder, { ...key, retryFailed: 2, timeout: 20 * minute });
    const statuses = first.batches.map(({ status }) => status);
    expect(statuses).toEqual(["completed", "failed", "in_progress"]);
    const again = await attempt(account, folder, { ...key, retryFailed: 1 });
    expect(account.simulator.batches).toHaveLength(3);
    expect([again.done, again.cached, again.results?.counts.completed]).toEqual([true, 2, 4]);
    expect(again.results?.duplicates).toBe(0);
    expect(Object.fromEntries(runs)).toEqual({ r1: 2, r2: 2, r3: 1, r4: 1 });
  });

  test("leaves to a later round what its batch holds, beside what this round has", async () => {
    const { runs, respond } = server({ r1: [500], r2: [500, 500] });
    await using account = await openAccount({ phases, respond });
    await using folder = await openFolder();
    const errors = [{ code: "model_not_found", message: "No.", param: null, line: 1 }];
    for (let made = 0; made < 4; made += 1) account.simulator.plan("completed");
    account.simulator.plan({ kind: "failed", errors });
    const rounds = { ...key, limits: { maxRequests: 1 }, retryFailed: 2 };
    const first = await attempt(account, folder, { ...rounds, timeout: 30 * minute });
    expect([first.batches.length, first.done]).toEqual([8, false]);
    const again = await attempt(account, folder, rounds);
    expect(account.simulator.batches).toHaveLength(8);
    expect([again.done, again.results?.counts.completed]).toEqual([true, 4]);
    expect(Object.fromEntries(runs)).toEqual({ r1: 2, r2: 3, r3: 1, r4: 1 });
  });
});

describe("on a server that keeps no metadata, a later attempt", () => {
  test("stops where a batch may hold what is left, however it was divided", async () => {
    await using account = await openAccount(forgetful);
    await using folder = await openFolder();
    await attempt(account, folder, { mayExist: false }, 2);
    await attempt(account, folder, { ...keyed, mayExist: false, timeout: 5 * minute });
    await rm(folder.at("cache.jsonl"));
    const failure = await failureOf(
      attempt(account, folder, { ...keyed, limits: { maxRequests: 1 } }),
    );
    expect(failure.code).toBe("look_up_incomplete");
    expect(account.simulator.batches).toHaveLength(2);
  });

  test("goes on beside batches of other requests", async () => {
    await using account = await openAccount(forgetful);
    await using folder = await openFolder();
    await account.submit(1);
    await account.clock.sleep(60 * minute);
    await writeFile(folder.at("in.jsonl"), requestLines(3).replaceAll("Hello", "Farewell"));
    const ran = await runBatch(account.client, {
      ...keyed,
      input: folder.at("in.jsonl"),
      cache: await openCacheFile(folder.at("cache.jsonl")),
    });
    expect([ran.done, ran.results?.counts.completed]).toEqual([true, 3]);
  });
});
