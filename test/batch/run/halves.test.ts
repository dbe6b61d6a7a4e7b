import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { describe, expect, it } from "vitest";

import type { PartOfRun } from "../../../src/batch/create/key.ts";
import type { BatchEvent } from "../../../src/batch/events.ts";
import {
  createBatches,
  openCacheFile,
  runBatch,
  type RunBatchOptions,
} from "../../../src/index.ts";
import type { SimulatorOptions } from "../../../src/simulator/index.ts";
import { type Account, openAccount, rejectionOf, requestLine } from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { openFolder, textOf } from "../../support/folder.ts";

const minute = 60_000;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: 0 };
/** What a request of these tests has, by estimate and as the server counts. */
const tokensEach = 10;

const full = (options: SimulatorOptions & { readonly requests: number }) => {
  const { requests, ...rest } = options;
  const enqueued = { tokens: requests * tokensEach, ...rest.enqueued };
  return openAccount({ phases, inputTokens: () => tokensEach, ...rest, enqueued });
};

type Options = Partial<RunBatchOptions> & {
  readonly lines?: string;
  readonly at?: (event: BatchEvent) => unknown;
};

const linesOf = (count: number, first = 1) =>
  Array.from({ length: count }, (_, at) => `${requestLine(`r${first + at}`)}\n`).join("");

async function run(account: Account, requests: number, { at, lines, ...options }: Options = {}) {
  await using folder = await openFolder();
  const input = folder.at("in.jsonl");
  await writeFile(input, lines ?? linesOf(requests));
  const log = eventLog();
  const ran = await runBatch(account.client, {
    input,
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("err.jsonl"),
    temporaryFolder: dirname(input),
    pollInterval: minute,
    maxPollInterval: 5 * minute,
    idempotencyKey: "nightly",
    ...options,
    onEvent(event) {
      log.onEvent(event);
      at?.(event);
    },
  });
  const idsIn = async (name: string) =>
    (await textOf(folder.at(name)))
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { readonly custom_id: string }).custom_id);
  return { ...ran, log, answers: await idsIn("out.jsonl"), errors: await idsIn("err.jsonl") };
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `r${at + 1}`);
const keysOf = ({ simulator }: Account) =>
  simulator.batches.map(
    ({ status, metadata }) => `${metadata?.["idempotency_key"] ?? ""} ${status}`,
  );
const paidTwice = ({ simulator }: Account) => simulator.ledger().paidTwice;

/** Ends a run as a kill does: nothing of it happens any more. */
class Killed extends Error {}
const killAt = (matches: (event: BatchEvent) => boolean) => (event: BatchEvent) => {
  if (matches(event)) throw new Killed();
};

describe("a part that is larger than the limit that the server names", () => {
  it("is divided until its pieces fit, and every request is answered once, in the input's order", async () => {
    await using account = await full({ requests: 3 });
    const { answers, done, batches, log, parts } = await run(account, 7);
    expect([answers, done]).toEqual([names(7), true]);
    expect(log.of("halved").map(({ part, halves, requests }) => [part, halves, requests])).toEqual([
      [0, [1, 2], [4, 3]],
      [1, [3, 4], [2, 2]],
    ]);
    expect(log.of("halved")[0]?.why).toBe(
      "it has about 70 tokens, and the server allows 30 enqueued tokens of its model",
    );
    // Batches stand in the input's order, with what each is made of, and none that was turned away is among them.
    expect(batches.map(({ id, status }) => [parts.get(id)?.requests, status])).toEqual([
      [2, "completed"],
      [2, "completed"],
      [3, "completed"],
    ]);
    expect(
      log
        .of("polled")
        .at(-1)
        ?.batches.map(({ id }) => id),
    ).toEqual(batches.map(({ id }) => id));
    expect(paidTwice(account)).toEqual([]);
  });

  it("is divided where its create is refused as well", async () => {
    await using account = await full({
      requests: 2,
      enqueued: { tokens: 20, refusedAt: "create" },
    });
    const { answers, done, failures } = await run(account, 5);
    expect([answers, done, failures]).toEqual([names(5), true, []]);
    expect(keysOf(account).sort()).toEqual([
      "nightly/half11 completed",
      "nightly/half12 completed",
      "nightly/half2 completed",
    ]);
  });

  it("is one of several, and the others go as they are", async () => {
    await using account = await full({ requests: 3 });
    const { answers, log } = await run(account, 7, { limits: { maxRequests: 5 } });
    expect(answers).toEqual(names(7));
    expect(log.of("halved").map(({ part }) => part)).toEqual([0]);
    expect(paidTwice(account)).toEqual([]);
  });

  it("is divided in a retry round too", async () => {
    await using account = await full({ requests: 4 });
    account.simulator.plan({ kind: "expired", completedShare: 0 });
    account.simulator.plan({ kind: "expired", completedShare: 0 });
    const { answers, done } = await run(account, 7, { retryFailed: 2 });
    expect([answers, done]).toEqual([names(7), true]);
    expect(keysOf(account).filter((key) => /retry1\/\w+\/half\d completed/.test(key))).toHaveLength(
      2,
    );
    expect(paidTwice(account)).toEqual([]);
  });
});

describe("a single request that is larger than the limit", () => {
  const large = linesOf(1).replace("Hello", "Hello ".repeat(200));
  const inputTokens: SimulatorOptions["inputTokens"] = ({ body }) =>
    JSON.stringify(body).length > 1_000 ? 200 : tokensEach;

  it.each([["validation"], ["create"]] as const)(
    "is an error that says so, and the others are sent (turned away at its %s)",
    async (refusedAt) => {
      await using account = await full({
        requests: 2,
        inputTokens,
        enqueued: { tokens: 20, refusedAt },
      });
      const { answers, errors, failures, unsent } = await run(account, 0, {
        lines: large + linesOf(3, 2),
        limits: { maxRequests: 1 },
      });
      expect([answers, errors]).toEqual([["r2", "r3", "r4"], ["r1"]]);
      expect(failures.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^Batch 1 is a single request and cannot be sent: it has about 182 tokens, and the server allows 20 enqueued tokens of its model\. Make the request smaller, or ask for a higher limit\. .*Enqueued token limit reached/s,
        ),
      ]);
      expect(unsent).toBe(refusedAt === "create" ? 1 : 0);
    },
  );

  it("is all that is left of a part that was divided for it", async () => {
    await using account = await full({ requests: 2, inputTokens });
    const { answers, errors, failures } = await run(account, 0, { lines: large + linesOf(3, 2) });
    expect([answers, errors]).toEqual([["r2", "r3", "r4"], ["r1"]]);
    expect(failures).toHaveLength(1);
  });
});

describe("a part that would fit", () => {
  it("waits for other jobs of the account, and is not divided", async () => {
    await using account = await full({ requests: 10 });
    // Somebody else's, for eleven minutes.
    await account.submit(9);
    const { answers, log } = await run(account, 8, { limits: { maxRequests: 4 } });
    expect(answers).toEqual(names(8));
    expect(log.of("halved")).toEqual([]);
    expect(log.of("held-back").length).toBeGreaterThan(1);
  });

  it("is divided after half an hour where nothing names a limit, which the pieces find room beneath", async () => {
    await using account = await full({ requests: 3, enqueued: { tokens: 30, named: false } });
    const { answers, log } = await run(account, 8, { limits: { maxRequests: 4 } });
    expect(answers).toEqual(names(8));
    expect(log.of("halved")[0]?.why).toBe(
      "it was turned away 6 times with nothing of this job in flight",
    );
    expect(paidTwice(account)).toEqual([]);
  });
});

describe("another attempt at work that was divided", () => {
  const keys = {
    "a key of one's own": "nightly",
    "keys as the action makes them": ({ hash, round }: PartOfRun) =>
      `octo/repo:1${round === 0 ? "" : `/retry${round}`}:${hash.slice(0, 32)}`,
  };

  const ends: Readonly<Record<string, (event: BatchEvent) => boolean>> = {
    "before the first half": ({ type }) => type === "halved",
    "between the halves": (event) => event.type === "created" && event.part === 1,
    "behind both": (event) => event.type === "created" && event.part === 2,
  };
  const all = Object.entries(ends).flatMap(([when, ends]) =>
    Object.entries(keys).flatMap(([kind, idempotencyKey]) =>
      [0, 1].map((retryFailed) => ({ when, ends, kind, idempotencyKey, retryFailed })),
    ),
  );

  it.each(all)(
    "that was killed $when takes what is there and pays for nothing twice ($kind, $retryFailed rounds)",
    async ({ ends, idempotencyKey, retryFailed }) => {
      await using account = await full({ requests: 4 });
      const settings = { idempotencyKey, retryFailed };
      const killed = run(account, 6, { ...settings, at: killAt(ends) });
      expect(await rejectionOf(killed)).toBeInstanceOf(Killed);
      const { answers, done, batches } = await run(account, 6, settings);
      expect([answers, done]).toEqual([names(6), true]);
      expect(batches.length).toBeGreaterThan(1);
      expect(paidTwice(account)).toEqual([]);
      const again = await run(account, 6, settings);
      expect([again.answers, again.reused]).toEqual([names(6), true]);
      expect(paidTwice(account)).toEqual([]);
    },
  );

  it("goes on with the halves, and does not try the whole again", async () => {
    await using account = await full({ requests: 4 });
    const at = killAt((event) => event.type === "created" && event.part === 1);
    expect(await rejectionOf(run(account, 6, { at }))).toBeInstanceOf(Killed);
    account.clock.advance(60 * minute);
    const { log, answers } = await run(account, 6);
    expect(answers).toEqual(names(6));
    const [halved] = log.of("halved");
    expect(halved?.why).toMatch(/^batch_\w+ is completed and holds a half of them$/);
    // The whole was sent by the first attempt alone.
    expect(keysOf(account).filter((key) => key.startsWith("nightly failed"))).toHaveLength(1);
  });

  it("takes the half whose create was lost", async () => {
    await using account = await full({ requests: 4 });
    account.simulator.addFault({
      method: "POST",
      path: "/batches",
      skip: 1,
      fault: { kind: "status-after", status: 500 },
    });
    const { answers, log } = await run(account, 6);
    expect(answers).toEqual(names(6));
    expect(log.of("created").map(({ part, found }) => [part, found])).toContainEqual([1, true]);
    expect(paidTwice(account)).toEqual([]);
  });

  it.each([[0], [1]])(
    "takes the half whose create was lost and that no look had shown (%i rounds)",
    async (retryFailed) => {
      await using account = await full({ requests: 4, listLag: 3 * minute });
      account.simulator.addFault({
        method: "POST",
        path: "/batches",
        skip: 1,
        fault: { kind: "status-after", status: 500 },
      });
      const at = killAt(({ type }) => type === "outcome-unknown");
      expect(await rejectionOf(run(account, 6, { retryFailed, at }))).toBeInstanceOf(Killed);
      account.clock.advance(5 * minute);
      const { answers } = await run(account, 6, { retryFailed });
      expect(answers).toEqual(names(6));
      expect(paidTwice(account)).toEqual([]);
    },
  );

  it("with a cache takes the halves that are there, whatever else was answered since", async () => {
    await using folder = await openFolder();
    const cachePath = folder.at("cache.jsonl");
    await using account = await full({ requests: 4 });
    // Another input has answered one of the requests by then.
    const settings = { retryFailed: 1 };
    const at = killAt((event) => event.type === "created" && event.part === 1);
    const first = run(account, 6, { ...settings, cache: await openCacheFile(cachePath), at });
    expect(await rejectionOf(first)).toBeInstanceOf(Killed);
    await run(account, 0, {
      lines: linesOf(1, 5),
      idempotencyKey: "other",
      cache: await openCacheFile(cachePath),
    });
    const second = await run(account, 6, { ...settings, cache: await openCacheFile(cachePath) });
    expect([second.answers, second.cached]).toEqual([names(6), 1]);
    expect(paidTwice(account)).toEqual([]);
    const third = await run(account, 6, { ...settings, cache: await openCacheFile(cachePath) });
    expect([third.answers, third.cached, third.batches]).toEqual([names(6), 6, []]);
  });

  it("by `createBatches`, which divides nothing, is refused", async () => {
    await using account = await full({ requests: 4 });
    const at = killAt((event) => event.type === "created" && event.part === 1);
    expect(await rejectionOf(run(account, 6, { at }))).toBeInstanceOf(Killed);
    await using folder = await openFolder();
    await writeFile(folder.at("in.jsonl"), linesOf(6));
    const created = createBatches(account.client, {
      input: folder.at("in.jsonl"),
      idempotencyKey: "nightly",
    });
    expect(await rejectionOf(created)).toMatchObject({ code: "other_split" });
    expect(account.simulator.batches).toHaveLength(2);
  });
});
