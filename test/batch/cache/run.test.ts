import { readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { openCacheFile, runBatch, type RunBatchOptions } from "../../../src/index.ts";
import { type Account, openAccount, requestLines } from "../../support/account.ts";
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
