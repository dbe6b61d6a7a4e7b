import { getEventListeners } from "node:events";

import { expect, test } from "vitest";

import { type BatchRequest, renderRequests, runBatch, scanInput } from "../../../src/index.ts";
import { ENDPOINT, openAccount, rejectionOf } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const request = (custom_id: string): BatchRequest => ({
  custom_id,
  url: ENDPOINT,
  body: { model: "m", messages: [{ role: "user", content: "Hi" }] },
});
const template = { url: "/v1/embeddings", body: { model: "m", input: "{{word}}" } };

/** Gives one value, and then aborts while the next one is waited for, which never comes. */
async function* silentAfter<T>(value: T, abort: () => void): AsyncGenerator<T> {
  yield value;
  setImmediate(abort);
  await new Promise(() => undefined);
}

const inputs: [string, (abort: () => void) => AsyncIterable<BatchRequest>][] = [
  ["requests", (abort) => silentAfter(request("a"), abort)],
  ["rows", (abort) => renderRequests(silentAfter({ id: 1, word: "tree" }, abort), template)],
];

test.each(inputs)(
  "an abort ends the wait for %s that never come, and leaves nothing behind",
  async (_, input) => {
    await using account = await openAccount();
    await using folder = await openFolder();
    const controller = new AbortController();
    const reason = new Error("enough");
    const { signal } = controller;
    const abort = () => {
      controller.abort(reason);
    };
    const run = runBatch(account.client, {
      input: input(abort),
      temporaryFolder: folder.path,
      signal,
    });
    expect(await rejectionOf(run)).toBe(reason);
    expect(await folder.list()).toEqual([]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(account.simulator.calls).toEqual([]);
  },
);

test("what the requests come from is closed when the scan ends early, and not when it has ended by itself", async () => {
  await using folder = await openFolder();
  const closed: string[] = [];
  async function* source(name: string, atLast: () => void): AsyncGenerator<BatchRequest> {
    try {
      yield request("a");
      await Promise.resolve();
      atLast();
      yield request("b");
    } finally {
      closed.push(name);
    }
  }
  const controller = new AbortController();
  const options = { temporaryFolder: folder.path, signal: controller.signal };
  await using scan = await scanInput(
    source("whole", () => undefined),
    options,
  );
  expect([scan.requests, closed]).toEqual([2, ["whole"]]);
  const broken = new Error("the database is gone");
  const fail = () => {
    throw broken;
  };
  expect(await rejectionOf(scanInput(source("broken", fail), options))).toBe(broken);
  const abort = () => {
    controller.abort("enough");
  };
  expect(await rejectionOf(scanInput(source("aborted", abort), options))).toBe("enough");
  expect(closed).toEqual(["whole", "broken", "aborted"]);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
