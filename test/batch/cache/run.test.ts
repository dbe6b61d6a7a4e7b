import { readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { openCacheFile, runBatch, type RunBatchOptions, scanInput } from "../../../src/index.ts";
import { type Account, failureOf, openAccount, requestLines } from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { type Folder, openFolder } from "../../support/folder.ts";

const minute = 60_000;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: minute };

/** Runs an input with the cache file of the folder. */
async function run(
  { client }: Account,
  folder: Folder,
  input: string,
  options: Partial<RunBatchOptions> = {},
) {
  await writeFile(folder.at("in.jsonl"), input);
  const events = eventLog();
  const ran = await runBatch(client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("err.jsonl"),
    temporaryFolder: folder.path,
    cache: await openCacheFile(folder.at("cache.jsonl")),
    onEvent: events.onEvent,
    ...options,
  });
  return { ...ran, output: await readFile(folder.at("out.jsonl"), "utf8"), events };
}

const sent = ({ simulator }: Account) =>
  simulator.batches.map(({ request_counts: { total } }) => total);

test("what was answered before is not sent, and is written as it was", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  const first = await run(account, folder, requestLines(4));
  const again = await run(account, folder, requestLines(4));
  expect(sent(account)).toEqual([4]);
  expect(again.output).toBe(first.output);
  expect([first.cached, again.cached, again.batches, again.done]).toEqual([0, 4, [], true]);
  expect(again.results?.counts).toEqual({ total: 4, completed: 4, failed: 0 });
  expect(again.results?.usage?.total).toBe(0);
});

test("a nightly run with one changed row in a hundred pays for that one", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  await run(account, folder, requestLines(100));
  const changed = requestLines(100).replace("Hello r37", "Good evening");
  const again = await run(account, folder, changed);
  expect(sent(account)).toEqual([100, 1]);
  expect(again.cached).toBe(99);
  const ids = again.output
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
  expect(ids).toEqual(Array.from({ length: 100 }, (_, at) => `r${at + 1}`));
  expect(again.results?.usage?.total).toBeLessThan(100);
});

const idsOf = (output: string) =>
  output
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);

test("an answer goes to whoever asks the same, under the id of now, and with every other byte as it was", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  const first = await run(account, folder, requestLines(2));
  const renamed = requestLines(2).replace('"r1"', '"row \\"1\\" é"').replace('"r2"', '"x"');
  const again = await run(account, folder, renamed);
  expect(sent(account)).toEqual([2]);
  expect(again.output).toBe(first.output.replace('"r1"', '"row \\"1\\" é"').replace('"r2"', '"x"'));
});

test("what failed is not kept, whatever file it came in, and is sent by the next run", async () => {
  const statuses: Record<string, number> = { r2: 400, r3: 500 };
  await using account = await openAccount({
    phases,
    respond: ({ custom_id: id }) => ({
      status_code: statuses[id] ?? 200,
      body: statuses[id] === undefined ? { choices: [{}] } : { error: { code: "bad" } },
    }),
  });
  await using folder = await openFolder();
  const first = await run(account, folder, requestLines(4));
  expect(first.events.of("cache-written").map(({ answers }) => answers)).toEqual([2]);
  delete statuses["r2"];
  const again = await run(account, folder, requestLines(4));
  expect(sent(account)).toEqual([4, 2]);
  expect([again.cached, idsOf(again.output)]).toEqual([2, ["r1", "r2", "r4"]]);
});

test("requests that ask the same are both sent, and the first answer is kept", async () => {
  const said: string[] = [];
  await using account = await openAccount({
    phases,
    respond({ custom_id: id }) {
      said.push(id);
      return { status_code: 200, body: { said: id } };
    },
  });
  await using folder = await openFolder();
  const twice = requestLines(1) + requestLines(1).replace('"r1"', '"r2"');
  await run(account, folder, twice);
  expect(said.sort()).toEqual(["r1", "r2"]);
  const again = await run(account, folder, twice);
  expect(again.cached).toBe(2);
  expect(again.output.match(/"said": ?"r1"/g)).toHaveLength(2);
});

test.each([["expired"], ["timed out"]])(
  "what a batch has answered is kept although the run did not end well: %s",
  async (how) => {
    await using account = await openAccount({ phases });
    await using folder = await openFolder();
    if (how === "expired") account.simulator.plan({ kind: "expired", completedShare: 0.5 });
    const options =
      how === "expired" ? {} : { limits: { maxRequests: 2 }, maxActive: 1, timeout: 15 * minute };
    const first = await run(account, folder, requestLines(4), options);
    expect(first.results?.counts.completed).toBe(2);
    const again = await run(account, folder, requestLines(4));
    expect([again.cached, again.done, again.results?.counts.completed]).toEqual([2, true, 4]);
  },
);

test("answers of retry rounds are kept too", async () => {
  const tries = new Map<string, number>();
  await using account = await openAccount({
    phases,
    respond({ custom_id: id }) {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      const fails = id === "r2" && tries.get(id) === 1;
      return {
        status_code: fails ? 500 : 200,
        body: fails ? { error: { code: "x" } } : { choices: [{}] },
      };
    },
  });
  await using folder = await openFolder();
  await run(account, folder, requestLines(3), { retryFailed: 1 });
  const again = await run(account, folder, requestLines(3), { retryFailed: 1 });
  expect([sent(account), again.cached]).toEqual([[3, 1], 3]);
});

test("cached answers stand first where the order is that of completion", async () => {
  await using account = await openAccount({ phases, shuffle: false });
  await using folder = await openFolder();
  const [one = "", two = "", three = ""] = requestLines(3).split("\n");
  await run(account, folder, `${two}\n`);
  const again = await run(account, folder, `${one}\n${two}\n${three}\n`, { order: "completion" });
  expect(idsOf(again.output)).toEqual(["r2", "r1", "r3"]);
});

test("a cache that takes nothing more costs no answer of the run", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  const full = new Error("no space left on device");
  const again = await run(account, folder, requestLines(2), {
    cache: {
      read: () => [],
      append() {
        throw full;
      },
    },
  });
  expect([again.done, again.failures, idsOf(again.output)]).toEqual([true, [], ["r1", "r2"]]);
  expect(again.events.of("cache-failed").map(({ error }) => error)).toEqual([full]);
});

test("what a cache gives that is no answer to the request is not taken", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  const good = '{"custom_id":"q","response":{"status_code":200,"body":{"choices":[{}]}}}';
  const lines = [
    "nonsense",
    '{"response":{"status_code":200,"body":{}}}',
    good.replace('"q"', '"q","custom_id":"r5"'),
    good.replace("200", "500"),
    `${good}\n${good}`,
    good.replace("[{}]", "[{}"),
    good,
  ].map((line) => Buffer.from(line));
  const ran = await run(account, folder, requestLines(7), {
    cache: { read: () => lines, append: () => undefined },
  });
  expect([ran.cached, sent(account), ran.done]).toEqual([1, [6], true]);
  const [read] = ran.events.of("cache-read");
  expect([read?.answered, read?.rejected, read?.unreadable.length]).toEqual([1, 1, 5]);
  expect(idsOf(ran.output)).toHaveLength(7);
});

test("nothing is kept of a batch that is not known to be of these requests", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  // Of somebody who has made it with the same key, and not with this package.
  await account.submit(3, { idempotency_key: "shared" });
  const ran = await run(account, folder, requestLines(3), { idempotencyKey: "shared" });
  expect([ran.reused, ran.results?.counts.completed]).toEqual([true, 3]);
  const again = await run(account, folder, requestLines(3));
  expect([again.cached, account.simulator.batches.length]).toEqual([0, 2]);
});

test("the answers of one server are none of another's", async () => {
  await using account = await openAccount({ phases });
  await using other = await openAccount({ phases });
  await using folder = await openFolder();
  await run(account, folder, requestLines(2));
  expect((await run(other, folder, requestLines(2))).cached).toBe(0);
});

test("an input that was scanned before is read once more, and must not have changed", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  await run(account, folder, requestLines(2));
  const input = await scanInput(folder.at("in.jsonl"));
  const again = await runBatch(account.client, {
    input,
    cache: await openCacheFile(folder.at("cache.jsonl")),
  });
  expect(again.cached).toBe(2);
  await writeFile(folder.at("in.jsonl"), requestLines(2).replace("Hello", "Farewell"));
  const cache = await openCacheFile(folder.at("cache.jsonl"));
  const failure = await failureOf(runBatch(account.client, { input, cache }));
  expect(failure.code).toBe("input_changed");
});

test("the cache file is no file of results, and no input", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  const cache = await openCacheFile(folder.at("out.jsonl"));
  const failure = await failureOf(run(account, folder, requestLines(1), { cache }));
  expect(failure.code).toBe("same_file");
});

test.each([
  ["no batch is taken by the server", { method: "POST", path: "/batches" }],
  ["it cannot be seen what is there already", { method: "GET", path: "/batches" }],
])("what the cache has is written although the rest cannot be sent: %s", async (_, call) => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  await run(account, folder, requestLines(2));
  account.simulator.addFault({ ...call, fault: { kind: "status", status: 400 } });
  const ran = await run(account, folder, requestLines(5), {
    idempotencyKey: ({ hash }) => `nightly:${hash}`,
  });
  expect([ran.done, ran.cached, ran.unsent, ran.failures.length]).toEqual([false, 2, 3, 1]);
  expect(idsOf(ran.output)).toEqual(["r1", "r2"]);
  const errors = await readFile(folder.at("err.jsonl"), "utf8");
  expect(errors.match(/"code":"not_sent"/g)).toHaveLength(3);
});
