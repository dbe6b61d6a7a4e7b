import { readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { runBatch, type RunBatchOptions, type RunBatchResult } from "../../src/index.ts";
import type { SimulatorOptions } from "../../src/simulator/index.ts";
import {
  type Account,
  failureOf,
  openAccount,
  rejectionOf,
  requestLines,
} from "../support/account.ts";
import { type EventLog, eventLog, on } from "../support/events.ts";
import { openFolder } from "../support/folder.ts";

const minute = 60_000;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: minute };

interface Ran extends RunBatchResult {
  readonly output: readonly string[];
  /** `custom_id` and code of each line. */
  readonly errors: readonly (readonly [string, string])[];
  /** How many requests each retry round has sent. */
  readonly rounds: readonly number[];
  readonly events: EventLog;
}

type Respond = NonNullable<SimulatorOptions["respond"]>;

const answer = { object: "chat.completion" };

/** Answers by the id and how often it was asked before. */
function answers(plan: Readonly<Record<string, readonly (number | "expired")[]>>): Respond {
  const tries = new Map<string, number>();
  return ({ custom_id }) => {
    const attempt = tries.get(custom_id) ?? 0;
    tries.set(custom_id, attempt + 1);
    const status = plan[custom_id]?.[attempt] ?? 200;
    if (status === "expired") return { error: { code: "batch_expired", message: "Too late." } };
    return { status_code: status, body: status < 300 ? answer : { error: { code: `c${status}` } } };
  };
}

async function lines(path: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>); // Lines are objects.
}

function codeOf({ error, response }: Record<string, unknown>): string {
  // Only what result lines may hold is looked for; anything else has no code.
  const inner = (response as { body?: { error?: unknown } } | null)?.body?.error;
  const { code } = (error ?? inner ?? {}) as { code?: string };
  return code ?? "none";
}

async function run(
  account: Account,
  requests: number,
  options: Partial<RunBatchOptions> = {},
): Promise<Ran> {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(requests));
  const events = eventLog();
  const { onEvent = () => undefined, ...rest } = options;
  const ran = await runBatch(account.client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("err.jsonl"),
    temporaryFolder: folder.path,
    pollInterval: minute,
    ...rest,
    onEvent(event) {
      events.onEvent(event);
      onEvent(event);
    },
  });
  return {
    ...ran,
    output: (await lines(folder.at("out.jsonl"))).map((line) => String(line["custom_id"])),
    errors: (await lines(folder.at("err.jsonl"))).map((line) => [
      String(line["custom_id"]),
      codeOf(line),
    ]),
    rounds: events.of("retry-round").map(({ requests }) => requests),
    events,
  };
}

const inputOf = ({ simulator }: Account, index: number) =>
  simulator.batches[index]?.request_counts.total;

test("what failed for a transient reason is sent again, what failed for good is not, and all is merged", async () => {
  const respond = answers({
    r1: [429],
    r2: [400],
    r3: [500],
    r4: [0],
    r5: ["expired"],
    r7: [503, 503],
    r8: [404],
  });
  await using account = await openAccount({ phases, respond });
  const ran = await run(account, 8, { retryFailed: 1 });
  expect(ran.rounds).toEqual([5]);
  expect(ran.output).toEqual(["r1", "r3", "r4", "r5", "r6"]);
  expect(ran.errors).toEqual([
    ["r2", "c400"],
    ["r7", "c503"],
    ["r8", "c404"],
  ]);
  expect(ran.results?.counts).toEqual({ total: 8, completed: 5, failed: 3 });
  expect(inputOf(account, 1)).toBe(5);
});

test("rounds end when nothing is left that may pass", async () => {
  await using account = await openAccount({ phases, respond: answers({ r2: [500, 500] }) });
  const ran = await run(account, 3, { retryFailed: 9 });
  expect(ran.rounds).toEqual([1, 1]);
  expect(ran.output).toEqual(["r1", "r2", "r3"]);
  expect(ran.errors).toEqual([]);
});

const keyed: Partial<RunBatchOptions> = {
  idempotencyKey: ({ round, hash }) => `job:${round}:${hash}`,
};

test("a re-run pays nothing again for what a round has answered after the first batch expired", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  const first = await run(account, 6, { ...keyed, retryFailed: 1 });
  expect(first.rounds).toEqual([3]);
  const again = await run(account, 6, { ...keyed, retryFailed: 1 });
  expect(account.simulator.batches).toHaveLength(2);
  expect(again.batches.map(({ id }) => id)).toEqual(first.batches.map(({ id }) => id));
  expect([again.reused, again.output, again.errors]).toEqual([true, first.output, []]);
});

const paidFor = ({ simulator }: Account) =>
  simulator.batches.reduce((sum, { request_counts: { completed } }) => sum + completed, 0);

test.each([
  ["expired without any answer", { kind: "expired", completedShare: 0 }],
  ["was turned away", { kind: "failed" }],
] as const)(
  "a re-run pays nothing again where the first batch %s and a round has answered all",
  async (_, outcome) => {
    await using account = await openAccount({ phases });
    account.simulator.plan(outcome);
    const first = await run(account, 6, { ...keyed, retryFailed: 1 });
    expect([first.output.length, paidFor(account)]).toEqual([6, 6]);
    const again = await run(account, 6, { ...keyed, retryFailed: 1 });
    expect([again.output.length, paidFor(account)]).toEqual([6, 6]);
    expect(again.superseded).toEqual(new Set([again.batches[0]?.id]));
  },
);

test("a re-run pays nothing again for what the last round answered before it expired, and sends the rest", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  const first = await run(account, 8, { ...keyed, retryFailed: 1 });
  expect([first.output.length, paidFor(account)]).toEqual([6, 6]);
  const again = await run(account, 8, { ...keyed, retryFailed: 1 });
  expect([again.output.length, paidFor(account)]).toEqual([8, 8]);
});

test("a re-run sends only what an expired batch has left unanswered", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  await run(account, 6, keyed);
  const again = await run(account, 6, { ...keyed, retryFailed: 1 });
  expect([inputOf(account, 1), again.output.length]).toEqual([3, 6]);
});

test("a re-run without rounds makes a new batch in place of one that expired", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  await run(account, 6, keyed);
  const again = await run(account, 6, keyed);
  expect([inputOf(account, 1), again.output.length]).toEqual([6, 6]);
});

test("a completed batch is adopted before one that expired", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  await run(account, 6, keyed);
  await run(account, 6, keyed);
  const again = await run(account, 6, { ...keyed, retryFailed: 1 });
  expect(account.simulator.batches).toHaveLength(2);
  expect([again.batches[0]?.status, again.rounds]).toEqual(["completed", []]);
});

test("without retries nothing is sent again", async () => {
  await using account = await openAccount({ phases, respond: answers({ r2: [500] }) });
  const ran = await run(account, 3);
  expect(account.simulator.batches).toHaveLength(1);
  expect(ran.errors).toEqual([["r2", "c500"]]);
});

test("an expired batch whose rest was sent again with success does not count any more (warmbly#333)", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  const ran = await run(account, 10, { retryFailed: 1 });
  expect(ran.rounds).toEqual([5]);
  expect(ran.output).toHaveLength(10);
  expect(ran.batches.map(({ status }) => status)).toEqual(["expired", "completed"]);
  expect([...ran.superseded]).toEqual([ran.batches[0]?.id]);
});

test("what somebody cancelled while it ran stays cancelled, and nothing of it is sent again", async () => {
  await using account = await openAccount({ phases });
  let cancelled = false;
  const ran = await run(account, 10, {
    retryFailed: 1,
    onEvent: on("polled", ({ batches: [batch] }) => {
      if (cancelled || batch?.status !== "in_progress") return;
      cancelled = true;
      account.clock.at(account.clock.now() + minute, () => {
        account.simulator.cancel(batch.id);
      });
    }),
  });
  const [batch] = ran.batches;
  expect(ran.batches.map(({ status }) => status)).toEqual(["cancelled"]);
  expect(ran.events.of("no-retry-round")).toMatchObject([
    { why: `${batch?.id ?? "none"} was cancelled, so it stays cancelled` },
  ]);
  expect(ran.output.length + ran.errors.length).toBe(10);
  expect(account.simulator.batches).toHaveLength(1);
});

test("what was cancelled in an earlier run is sent again by one that is asked to", async () => {
  await using account = await openAccount({ phases });
  const cancelling = run(account, 4, {
    ...keyed,
    onEvent: on("polled", ({ batches: [batch] }) => {
      if (batch?.status === "in_progress") account.simulator.cancel(batch.id);
    }),
  });
  expect((await cancelling).batches.map(({ status }) => status)).toEqual(["cancelled"]);
  const again = await run(account, 4, { ...keyed, retryFailed: 1 });
  expect(again.batches.map(({ status }) => status)).toEqual(["cancelled", "completed"]);
  expect(again.output).toHaveLength(4);
});

const notFound = {
  kind: "failed",
  errors: [{ code: "model_not_found", message: "No such model.", param: null, line: null }],
} as const;

test("a failed batch that is not sent again still counts after a retry of others", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan(notFound);
  account.simulator.plan({ kind: "expired", completedShare: 0 });
  const ran = await run(account, 4, { retryFailed: 1, limits: { maxRequests: 2 } });
  expect(ran.batches.map(({ status }) => status)).toEqual(["failed", "expired", "completed"]);
  expect(ran.errors.map(([, code]) => code)).toEqual(["model_not_found", "model_not_found"]);
  expect([...ran.superseded]).toEqual([ran.batches[1]?.id]);
});

test("a batch whose requests could not be sent again in time still counts", async () => {
  const times = { validating: 0, inProgress: 10 * minute, finalizing: 0 };
  await using account = await openAccount({ phases: times });
  account.simulator.plan({ kind: "expired", completedShare: 0 });
  let end = Infinity;
  const ran = await run(account, 2, {
    retryFailed: 1,
    timeout: 20 * minute,
    onEvent: on("retry-round", () => {
      end = account.clock.now();
      account.clock.advance(10 * minute);
    }),
  });
  expect(end).toBeLessThan(Infinity);
  expect(ran.done).toBe(false);
  expect(ran.batches.map(({ status }) => status)).toEqual(["expired"]);
  expect([...ran.superseded]).toEqual([]);
});

test("a retry that is refused takes nothing away from the answers of the round before", async () => {
  await using account = await openAccount({ phases, respond: answers({ r2: [500] }) });
  account.simulator.addFault({
    method: "POST",
    path: "/batches",
    skip: 1,
    times: Infinity,
    fault: { kind: "status", status: 403 },
  });
  const ran = await run(account, 3, { retryFailed: 1 });
  expect(ran.failures).toMatchObject([{ status: 403 }]);
  expect(ran.output).toEqual(["r1", "r3"]);
  expect(ran.errors.map(([id]) => id)).toEqual(["r2"]);
});

test.each([0, 1])(
  "a create refused for good leaves the answers of those before, and names what was not sent (%i in flight)",
  async (maxActive) => {
    await using account = await openAccount({ phases });
    account.simulator.addFault({
      method: "POST",
      path: "/batches",
      skip: 1,
      fault: { kind: "status", status: 403 },
    });
    const ran = await run(account, 6, { limits: { maxRequests: 2 }, maxActive });
    expect(ran.failures).toMatchObject([{ status: 403 }]);
    expect(ran).toMatchObject({ done: false, timedOut: false, unsent: 4, unknown: 0 });
    expect(ran.output).toEqual(["r1", "r2"]);
    expect(ran.errors).toEqual(["r3", "r4", "r5", "r6"].map((id) => [id, "not_sent"]));
    expect(ran.results?.counts).toEqual({ total: 6, completed: 2, failed: 4 });
  },
);

test("at the deadline the answers that there are are written, and the unsent named", async () => {
  await using account = await openAccount({ phases });
  const ran = await run(account, 3, {
    limits: { maxRequests: 1 },
    maxActive: 1,
    timeout: 13 * minute,
  });
  expect(ran).toMatchObject({ done: false, timedOut: true, unsent: 1, unknown: 0, failures: [] });
  expect(ran.events.of("timed-out")).toEqual([
    { type: "timed-out", unfinished: [ran.batches[1]?.id], unsent: 1, cancels: false },
  ]);
  expect(ran.output).toEqual(["r1"]);
  expect(ran.errors.at(-1)).toEqual(["r3", "not_sent"]);
});

test("a request whose batch still runs at the deadline is not said to have got no result", async () => {
  await using account = await openAccount({ phases });
  const ran = await run(account, 2, {
    limits: { maxRequests: 1 },
    maxActive: 1,
    timeout: 15 * minute,
  });
  expect(ran.batches.map(({ status }) => status)).toEqual(["completed", "in_progress"]);
  expect(ran.errors.map(([, code]) => code)).not.toContain("result_missing");
});

test("keys differ over parts and rounds, and a second run adopts the batches of all rounds", async () => {
  const respond = answers({ r2: [500, 500] });
  await using account = await openAccount({ phases, respond });
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(4));
  const keys: string[] = [];
  const go = async () =>
    runBatch(account.client, {
      input: folder.at("in.jsonl"),
      limits: { maxRequests: 2 },
      retryFailed: 2,
      idempotencyKey({ index, hash, count, round }) {
        const key = `job/${round}/${index + 1}of${count}/${hash}`;
        keys.push(key);
        return key;
      },
    });
  const first = await go();
  expect(new Set(keys).size).toBe(4);
  expect(first.results?.counts).toEqual({ total: 4, completed: 4, failed: 0 });
  const second = await go();
  expect(new Set(keys).size).toBe(4);
  expect(account.simulator.batches).toHaveLength(4);
  expect(second.reused).toBe(true);
  expect(second.batches.map(({ id }) => id)).toEqual(first.batches.map(({ id }) => id));
  expect(second.results?.counts).toEqual({ total: 4, completed: 4, failed: 0 });
});

test("the first create refused for good is an error, and no other is made", async () => {
  await using account = await openAccount({ phases });
  const fault = { kind: "status", status: 403 } as const;
  account.simulator.addFault({ method: "POST", path: "/batches", fault });
  const running = run(account, 3, { limits: { maxRequests: 1 } });
  expect(await failureOf(running)).toMatchObject({ status: 403 });
  const creates = account.simulator.calls.filter(
    ({ method, path }) => method === "POST" && path === "/v1/batches",
  );
  expect(creates).toHaveLength(1);
});

test("requests whose create has no known outcome are unknown, and are not said to be unsent", async () => {
  await using account = await openAccount({ phases, listLag: Infinity });
  const fault = { kind: "status-after", status: 500 } as const;
  account.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
  const ran = await run(account, 6, {
    limits: { maxRequests: 2 },
    maxRetries: 0,
    retryFailed: 3,
  });
  expect(ran).toMatchObject({ done: false, timedOut: false, unsent: 2, unknown: 2 });
  expect(ran.failures).toMatchObject([{ name: "UnknownOutcomeError" }]);
  expect(ran.output).toEqual(["r1", "r2"]);
  const codes = new Map(ran.errors);
  expect([codes.get("r5"), codes.get("r6")]).toEqual(["not_sent", "not_sent"]);
  expect(codes.get("r3")).not.toBe("not_sent");
  // What may have been paid for is not sent again.
  expect([ran.rounds, account.simulator.batches.length]).toEqual([[], 2]);
});

test("a run whose server refuses every look says why it could not be followed", async () => {
  await using account = await openAccount({ phases });
  account.clock.at(account.clock.now() + 2 * minute, () => {
    const fault = { kind: "status", status: 401 } as const;
    account.simulator.addFault({ method: "GET", times: Infinity, fault });
  });
  const ran = await run(account, 2, { retryFailed: 1 });
  expect(ran).toMatchObject({ done: false, timedOut: false, unsent: 0, unknown: 0 });
  expect(ran.failures).toMatchObject([{ status: 401 }]);
  expect(ran.rounds).toEqual([]);
});

test("a batch that is gone from the server is a failure, and nothing of it is sent again", async () => {
  await using account = await openAccount({ phases });
  account.clock.at(account.clock.now() + 2 * minute, () => {
    account.simulator.remove(account.simulator.batches[0]?.id ?? "none");
  });
  const ran = await run(account, 4, { retryFailed: 1, limits: { maxRequests: 2 } });
  expect(ran.done).toBe(false);
  expect(ran.failures).toMatchObject([{ status: 404 }]);
  expect(ran.output).toEqual(["r3", "r4"]);
  expect(ran.rounds).toEqual([]);
});

test("a key of one's own is refused for other requests, in rounds and parts as well", async () => {
  await using account = await openAccount({ phases, respond: answers({ r2: [500] }) });
  const options = { idempotencyKey: "nightly", limits: { maxRequests: 2 }, retryFailed: 1 };
  const first = await run(account, 4, options);
  expect(account.simulator.batches.map(({ metadata }) => metadata?.["idempotency_key"])).toEqual([
    expect.stringMatching(/^nightly\/1of2\/[0-9a-f]{16}$/),
    expect.stringMatching(/^nightly\/2of2\/[0-9a-f]{16}$/),
    expect.stringMatching(/^nightly\/retry1\/[0-9a-f]{16}$/),
  ]);
  const again = await run(account, 4, options);
  expect([again.reused, again.output]).toEqual([true, first.output]);
  expect(await failureOf(run(account, 3, options))).toMatchObject({ code: "other_requests" });
  const owner = { ...options, keyOwner: "octo/other" };
  expect(await failureOf(run(account, 4, owner))).toMatchObject({ code: "other_requests" });
  expect(account.simulator.batches).toHaveLength(3);
});

test("a signal ends a run with its reason, and nothing is cancelled", async () => {
  await using account = await openAccount({ phases });
  const controller = new AbortController();
  const reason = new Error("stop");
  account.clock.at(account.clock.now() + 5 * minute, () => {
    controller.abort(reason);
  });
  const { signal } = controller;
  const running = run(account, 2, { signal, onTimeout: "cancel", timeout: 30 * minute });
  expect(await rejectionOf(running)).toBe(reason);
  expect(account.simulator.batches.map(({ status }) => status)).toEqual(["in_progress"]);
});

test("one file for answers and failures is refused before anything is sent", async () => {
  await using account = await openAccount({ phases, outcome: "mixed" });
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(4));
  const both = folder.at("both.jsonl");
  const options = { input: folder.at("in.jsonl"), outputFile: both, errorFile: both };
  const error = await failureOf(runBatch(account.client, options));
  expect(error.code).toBe("same_file");
  expect(account.simulator.calls).toEqual([]);
});

test("an input with problems is not sent", async () => {
  await using account = await openAccount({ phases });
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), requestLines(1) + requestLines(1));
  const error = await failureOf(runBatch(account.client, { input: folder.at("in.jsonl") }));
  expect(error.code).toBe("invalid_input");
  expect(error.message).toContain("duplicate_custom_id");
  expect(account.simulator.calls).toEqual([]);
});

test("result files of which one is gone do not take the answers of other batches along", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault({
    path: "/files/*/content",
    skip: 1,
    times: Infinity,
    fault: { kind: "status", status: 404 },
  });
  const done = await run(account, 2, { limits: { maxRequests: 1 } }).then(
    ({ output }) => output,
    () => "nothing was written",
  );
  expect(done).toEqual(["r1"]);
});

test.each(["/files", "/batches"])(
  "a pause beyond the timeout, asked for by POST %s, leaves requests unsent and is no failure",
  async (path) => {
    await using account = await openAccount({ phases });
    account.simulator.addFault({
      method: "POST",
      path,
      skip: 1,
      times: Infinity,
      fault: { kind: "status", status: 429, headers: { "retry-after": "7200" } },
    });
    const ran = await run(account, 4, { limits: { maxRequests: 2 }, timeout: 20 * minute });
    expect(ran).toMatchObject({ timedOut: true, done: false, unsent: 2, unknown: 0, failures: [] });
    expect(ran.batches).toMatchObject([{ status: "completed" }]);
    expect(ran.errors.map(([, code]) => code)).toEqual(["not_sent", "not_sent"]);
    const [putOff] = ran.events.of("put-off");
    expect(putOff?.part).toBe(1);
    expect(putOff?.error.message).toContain("The server asks to wait 2 hours");
  },
);
