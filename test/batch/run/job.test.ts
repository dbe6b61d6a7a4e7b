import { rm, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import type { BatchEvent } from "../../../src/batch/events.ts";
import { runBatch, type RunBatchOptions } from "../../../src/index.ts";
import { type Account, openAccount, rejectionOf, requestLines } from "../../support/account.ts";
import { eventLog, on } from "../../support/events.ts";
import { openFolder, textOf } from "../../support/folder.ts";

const minute = 60_000;
const hour = 60 * minute;
const phases = { validating: 0, inProgress: 10 * minute, finalizing: 0 };
const half = { kind: "expired", completedShare: 0.5 } as const;

type Options = Partial<RunBatchOptions> & {
  /** Called with the path of the input at each event. */
  readonly at?: (event: BatchEvent, input: string) => unknown;
};

async function run(account: Account, requests: number, { at, ...options }: Options = {}) {
  await using folder = await openFolder();
  const input = folder.at("in.jsonl");
  await writeFile(input, requestLines(requests));
  const log = eventLog();
  const ran = await runBatch(account.client, {
    input,
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("err.jsonl"),
    temporaryFolder: folder.at("tmp"),
    // No look is made for its own sake.
    pollInterval: minute,
    maxPollInterval: 5 * minute,
    ...options,
    onEvent(event) {
      log.onEvent(event);
      at?.(event, input);
    },
  });
  const output = (await textOf(folder.at("out.jsonl"))).split("\n").filter(Boolean);
  const errors = (await textOf(folder.at("err.jsonl"))).split("\n").filter(Boolean);
  return { ...ran, log, answers: output.length, errors };
}

const statusesOf = ({ simulator }: Account) => simulator.batches.map(({ status }) => status);

describe("what a run collects", () => {
  it.each<[string, Options, boolean]>([
    ["nothing where neither files nor rounds are wanted", {}, false],
    ["what a file of answers is wanted for", { outputFile: "out.jsonl" }, true],
    ["what a file of failures is wanted for", { errorFile: "err.jsonl" }, true],
    ["what rounds are wanted for", { retryFailed: 1 }, true],
  ])("is %s", async (_, { outputFile, errorFile, ...options }, wanted) => {
    await using folder = await openFolder();
    await using account = await openAccount({ phases });
    const pathOf = (name?: string) => (name === undefined ? undefined : folder.at(name));
    const files = { outputFile: pathOf(outputFile), errorFile: pathOf(errorFile) };
    const { results, log } = await run(account, 2, { ...options, ...files });
    expect(results?.counts.completed).toBe(wanted ? 2 : undefined);
    expect(log.of("downloaded")).toHaveLength(wanted ? 1 : 0);
  });

  it("comes also when its files are readable only after the timeout: it was paid for", async () => {
    await using account = await openAccount({ phases });
    const fault = { kind: "status", status: 425 } as const;
    account.simulator.addFault({ path: "/files/*/content", times: 4, fault });
    const { answers, done, log } = await run(account, 2, {
      timeout: 10 * minute + 100,
      maxRetries: 0,
    });
    expect(log.of("results-late")).toHaveLength(4);
    expect([answers, done]).toEqual([2, true]);
  });

  it("is nothing where nothing could be read, and the run says why", async () => {
    await using account = await openAccount({ phases });
    const fault = { kind: "status", status: 401 } as const;
    account.simulator.addFault({ path: "/files/*/content", times: Infinity, fault });
    const { results, failures, batches } = await run(account, 2);
    expect(results).toBeUndefined();
    expect(failures).toMatchObject([{ status: 401 }]);
    expect(batches.map(({ status }) => status)).toEqual(["completed"]);
  });

  it("is nothing as long as no batch has ended", async () => {
    await using account = await openAccount({ phases });
    const { results, done, timedOut, reused } = await run(account, 2, { timeout: minute });
    expect({ results, done, timedOut, reused }).toEqual({
      results: undefined,
      done: false,
      timedOut: true,
      reused: false,
    });
  });
});

describe("a retry round", () => {
  it("that cannot begin for a refusal leaves the answers that there are, and is not done", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const { failures, answers, done } = await run(account, 4, {
      idempotencyKey: ({ round }) => `job/${round}`,
      retryFailed: 1,
      at: on("retry-round", () => {
        const fault = { kind: "status", status: 403 } as const;
        account.simulator.addFault({ method: "GET", path: "/batches", times: Infinity, fault });
      }),
    });
    expect(failures).toMatchObject([{ status: 403 }]);
    expect([answers, done]).toEqual([2, false]);
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("whose input is gone leaves the answers that there are", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const removals: Promise<void>[] = [];
    const { failures, answers, done } = await run(account, 4, {
      retryFailed: 1,
      at: (event, input) => {
        if (event.type === "polled") removals.push(rm(input, { force: true }));
      },
    });
    await Promise.all(removals);
    expect(failures).toHaveLength(1);
    expect([answers, done]).toEqual([2, false]);
  });

  it("in which a listener breaks breaks the run", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const broken = new TypeError("A bug.");
    let round = 0;
    const running = run(account, 4, {
      retryFailed: 1,
      at: (event) => {
        if (event.type === "retry-round") round = event.round;
        if (event.type === "planned" && round === 1) throw broken;
      },
    });
    expect(await rejectionOf(running)).toBe(broken);
  });

  it("that is not made is told with its reason, and one that is not needed is not", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const { log } = await run(account, 4);
    expect(log.of("no-retry-round")).toEqual([]);
    account.simulator.plan(half);
    account.simulator.plan(half);
    const used = await run(account, 8, { retryFailed: 1 });
    expect(used.log.of("retry-round")).toMatchObject([{ round: 1, requests: 4 }]);
    expect(used.log.of("no-retry-round")).toMatchObject([
      { requests: 2, why: "every retry round was used" },
    ]);
    const whole = await run(account, 4, { retryFailed: 1 });
    expect(whole.log.of("no-retry-round")).toEqual([]);
    expect(whole.done).toBe(true);
  });

  it("that the timeout cuts says so, and does not call its requests unsent", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const { log, unsent, timedOut, answers, superseded, errors } = await run(account, 4, {
      retryFailed: 1,
      timeout: hour,
      at: on("retry-round", () => {
        account.clock.advance(hour);
      }),
    });
    expect([timedOut, unsent, answers, superseded.size]).toEqual([true, 0, 2, 0]);
    expect(log.of("timed-out")).toMatchObject([{ unfinished: [], unsent: 0 }]);
    expect(log.of("no-retry-round")).toMatchObject([{ requests: 2, why: "the time was up" }]);
    expect(errors).toHaveLength(2);
    expect(errors.join("")).not.toContain("before it was sent");
  });

  it("that still runs at the timeout is left or cancelled, and keeps the earlier answers", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const { log, cancelled, batches, superseded, failures } = await run(account, 4, {
      retryFailed: 1,
      timeout: 15 * minute,
      onTimeout: "cancel",
    });
    expect(log.of("timed-out")).toMatchObject([{ unsent: 0, cancels: true }]);
    expect(log.of("no-retry-round")).toEqual([]);
    expect([...cancelled]).toEqual([batches[1]?.id]);
    expect([...superseded]).toEqual([batches[0]?.id]);
    expect(failures).toEqual([]);
    expect(statusesOf(account)).toEqual(["expired", "cancelled"]);
  });
});

describe("requests that were not sent", () => {
  it("say that the time was up", async () => {
    await using account = await openAccount({ phases });
    const { errors, unsent, log } = await run(account, 3, {
      limits: { maxRequests: 1 },
      maxActive: 1,
      timeout: 11 * minute,
    });
    expect(unsent).toBe(1);
    expect(log.of("timed-out")).toMatchObject([{ unsent: 1, cancels: false }]);
    expect(log.of("no-retry-round")).toEqual([]);
    expect(errors.at(-1)).toContain("The time was up before it was sent.");
  });

  it("are those of a batch as well that was turned away and had not gone again in time", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan("completed");
    for (let tries = 0; tries < 9; tries += 1) account.simulator.plan("failed");
    const { done, errors, unsent, log } = await run(account, 2, {
      limits: { maxRequests: 1 },
      timeout: 10.5 * minute,
    });
    expect(new Set(statusesOf(account).slice(1))).toEqual(new Set(["failed"]));
    expect([done, unsent]).toEqual([false, 1]);
    expect(log.of("timed-out")).toMatchObject([{ unsent: 1, cancels: false }]);
    expect(errors).toEqual([expect.stringContaining("The time was up before it was sent.")]);
  });

  it("say why the create before them failed", async () => {
    await using account = await openAccount({ phases });
    const body = { error: { message: "Out of walnuts." } };
    const fault = { kind: "status", status: 403, body } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
    const { errors, unsent } = await run(account, 2, { limits: { maxRequests: 1 } });
    expect(unsent).toBe(1);
    expect(errors).toEqual([expect.stringContaining("Out of walnuts.")]);
  });

  it("are not those whose create has no known outcome, which say that they may run", async () => {
    await using account = await openAccount({ phases, listLag: Infinity });
    const fault = { kind: "status-after", status: 500 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
    const { errors, unsent, unknown, done } = await run(account, 2, {
      limits: { maxRequests: 1 },
      maxRetries: 0,
    });
    expect([unsent, unknown, done]).toEqual([0, 1, false]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("It may be running and billed.");
  });
});

describe("a create whose outcome is not known when the time is up", () => {
  it("counts as a timeout, since its batch may run", async () => {
    await using account = await openAccount({ phases, listLag: Infinity });
    const fault = { kind: "status-after", status: 500 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
    const { timedOut, unknown, log } = await run(account, 2, {
      limits: { maxRequests: 1 },
      maxActive: 1,
      maxRetries: 0,
      timeout: 10 * minute + 30_000,
    });
    expect([timedOut, unknown]).toEqual([true, 1]);
    expect(log.of("timed-out")).toMatchObject([{ unfinished: [], unsent: 0 }]);
  });
});

describe("a run is done", () => {
  it("when what its timeout has cancelled has ended", async () => {
    await using account = await openAccount({ phases });
    const { done, timedOut } = await run(account, 2, { timeout: minute, onTimeout: "cancel" });
    expect([done, timedOut]).toEqual([true, true]);
  });

  it("not as long as requests are unsent, though every batch has ended", async () => {
    await using account = await openAccount({ phases });
    const { done, unsent, batches } = await run(account, 2, {
      limits: { maxRequests: 1 },
      maxActive: 1,
      timeout: minute,
      onTimeout: "cancel",
    });
    expect(batches.map(({ status }) => status)).toEqual(["cancelled"]);
    expect([done, unsent]).toEqual([false, 1]);
  });

  it("not where as many requests are unsent as are unknown", async () => {
    await using account = await openAccount({ phases, listLag: Infinity });
    const fault = { kind: "status-after", status: 500 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
    const { done, unsent, unknown } = await run(account, 3, {
      limits: { maxRequests: 1 },
      maxActive: 1,
      maxRetries: 0,
      timeout: 10 * minute + 30_000,
    });
    expect([done, unsent, unknown]).toEqual([false, 1, 1]);
  });

  it("and in time, where the last look shows the end as the time is up", async () => {
    await using account = await openAccount({ phases });
    const { done, timedOut, log } = await run(account, 2, {
      timeout: hour,
      at: on("polled", ({ batches }) => {
        if (batches[0]?.status === "completed") account.clock.advance(hour);
      }),
    });
    expect([done, timedOut, log.of("timed-out")]).toEqual([true, false, []]);
  });
});

describe("the rounds of a run", () => {
  it("are reported with the batches of those before, whose requests are known", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const { log, batches, parts } = await run(account, 4, { retryFailed: 1 });
    const [first, second] = batches.map(({ id }) => id);
    const last = log
      .of("polled")
      .at(-1)
      ?.batches.map(({ id }) => id);
    expect(last).toEqual([first, second]);
    expect([...parts].map(([id, { requests }]) => [id, requests])).toEqual([
      [first, 4],
      [second, 2],
    ]);
  });

  it("are one more where one of several batches was taken for the answers that it has", async () => {
    await using account = await openAccount({ phases });
    const options: Options = {
      idempotencyKey: ({ round, hash, index }) => `job/${round}/${index}/${hash}`,
      limits: { maxRequests: 2 },
    };
    account.simulator.plan(half);
    await run(account, 4, options);
    account.simulator.plan({ kind: "expired", completedShare: 0 });
    const { log, answers, reused } = await run(account, 4, { ...options, retryFailed: 1 });
    expect(log.of("retry-round").map(({ requests }) => requests)).toEqual([1, 1]);
    expect([answers, reused]).toEqual([4, true]);
  });

  it("do not stand in for batches whose requests were sent in part, as far as is known", async () => {
    await using account = await openAccount({ phases, listLag: Infinity });
    for (let part = 0; part < 2; part += 1) {
      account.simulator.plan({ kind: "expired", completedShare: 0 });
    }
    const fault = { kind: "status-after", status: 500 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", skip: 2, fault });
    const { superseded, done, unknown } = await run(account, 2, {
      limits: { maxRequests: 1 },
      retryFailed: 1,
      maxRetries: 0,
    });
    expect(account.simulator.batches).toHaveLength(3);
    expect([superseded.size, done, unknown]).toEqual([0, false, 1]);
  });

  it("need nobody who listens, also where the timeout cuts them", async () => {
    await using folder = await openFolder();
    await writeFile(folder.at("in.jsonl"), requestLines(4));
    await using account = await openAccount({ phases });
    const options = {
      input: folder.at("in.jsonl"),
      outputFile: folder.at("out.jsonl"),
      temporaryFolder: folder.at("tmp"),
      pollInterval: minute,
      limits: { maxRequests: 1 },
      maxActive: 2,
      retryFailed: 1,
    };
    for (let part = 0; part < 4; part += 1) {
      account.simulator.plan({ kind: "expired", completedShare: 0 });
    }
    const cut = await runBatch(account.client, { ...options, timeout: 26 * minute });
    expect([cut.timedOut, cut.batches.length]).toEqual([true, 6]);
    for (let part = 0; part < 8; part += 1) {
      account.simulator.plan({ kind: "expired", completedShare: 0 });
    }
    const used = await runBatch(account.client, options);
    expect(used.batches).toHaveLength(8);
  });
});

it("a run leaves nothing of its downloads", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(2));
  await using account = await openAccount({ phases });
  await runBatch(account.client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    temporaryFolder: folder.path,
    pollInterval: minute,
  });
  expect(await folder.list()).toEqual(["in.jsonl", "out.jsonl"]);
});

it("results that a server keeps promising are not waited for longer than ten minutes beyond the timeout", async () => {
  await using account = await openAccount({ phases });
  const fault = { kind: "status", status: 503, headers: { "retry-after": "60" } } as const;
  account.simulator.addFault({ path: "/files/*/content", times: Infinity, fault });
  const started = account.clock.now();
  await run(account, 8, { limits: { maxRequests: 1 }, timeout: 11 * minute });
  expect(account.clock.now() - started).toBeLessThanOrEqual(21 * minute);
});

describe("no retry round follows", () => {
  it("a create that was refused for good", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
    const { log, unsent } = await run(account, 4, { limits: { maxRequests: 2 }, retryFailed: 1 });
    expect([log.of("retry-round"), unsent]).toEqual([[], 2]);
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("a batch that is gone from the server", async () => {
    await using account = await openAccount({ phases });
    account.simulator.plan(half);
    account.clock.at(account.clock.now() + 2 * minute, () => {
      account.simulator.remove(account.simulator.batches[1]?.id ?? "none");
    });
    const { log, done } = await run(account, 4, { limits: { maxRequests: 2 }, retryFailed: 1 });
    expect([log.of("retry-round"), done]).toEqual([[], false]);
    expect(account.simulator.batches).toHaveLength(1);
  });
});

it("a create whose outcome is not known is no timeout as long as there is time", async () => {
  await using account = await openAccount({ phases, listLag: Infinity });
  const fault = { kind: "status-after", status: 500 } as const;
  account.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
  const { timedOut, unknown } = await run(account, 2, {
    limits: { maxRequests: 1 },
    maxRetries: 0,
    timeout: hour,
  });
  expect([timedOut, unknown]).toEqual([false, 1]);
});
