import { expect, test } from "vitest";

import { fly, type FlightOptions, type Load } from "../../src/index.ts";
import type { Fault, FaultRule } from "../../src/simulator/index.ts";
import {
  type Account,
  ENDPOINT,
  failureOf,
  openAccount,
  rejectionOf,
  requestLine,
  textSource,
} from "../support/account.ts";

const minute = 60_000;
const hour = 60 * minute;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: minute };
const tokenLimit = {
  error: { message: "Enqueued token limit reached.", code: "token_limit_exceeded" },
};

function loadsOf(count: number): Load[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `job/${index + 1}`,
    input: textSource(`${requestLine(`r${index + 1}`)}\n`, `requests-${index + 1}.jsonl`),
  }));
}

async function flyOn(account: Account, count: number, options: Partial<FlightOptions> = {}) {
  return fly(account.client, loadsOf(count), { endpoint: ENDPOINT, ...options });
}

const keysOf = ({ simulator }: Account) =>
  simulator.batches.map(({ metadata }) => metadata?.["idempotency_key"]);
const count = ({ simulator }: Account, method: string, path: string) =>
  simulator.calls.filter((call) => call.method === method && call.path === `/v1${path}`).length;
const live = ({ simulator }: Account) =>
  simulator.batches.filter(({ status }) =>
    ["validating", "in_progress", "finalizing"].includes(status),
  ).length;
const onCreate = (fault: Fault, more: Partial<FaultRule> = {}): FaultRule => ({
  method: "POST",
  path: "/batches",
  fault,
  ...more,
});

test.each([1, 2, 3, 7])("with maxActive %i no more batches are ever in flight", async (bound) => {
  await using account = await openAccount({ phases });
  const most: number[] = [];
  const look = () => most.push(live(account));
  const flown = await flyOn(account, 7, { maxActive: bound, onBatch: look, onProgress: look });
  expect(Math.max(...most)).toBe(bound);
  expect(flown).toMatchObject({ done: true, reused: false, failure: undefined });
  expect(flown.batches.map((batch) => batch?.metadata?.["idempotency_key"])).toEqual(
    loadsOf(7).map(({ key }) => key),
  );
});

test("without a bound all are in flight at once", async () => {
  await using account = await openAccount({ phases });
  let most = 0;
  await flyOn(account, 6, { onBatch: () => (most = Math.max(most, live(account))) });
  expect(most).toBe(6);
});

test("a batch that fails for its tokens is sent again when another one has ended (openai-python#2084)", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan("completed");
  account.simulator.plan("failed");
  const held: number[] = [];
  const flown = await flyOn(account, 2, { onHeldBack: (load) => held.push(load) });
  expect(held).toEqual([1]);
  expect(flown.done).toBe(true);
  expect(flown.batches.map((batch) => batch?.status)).toEqual(["completed", "completed"]);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/2"]);
});

test("what is held back goes again in the order of the input", async () => {
  await using account = await openAccount({ phases });
  for (const outcome of ["completed", "failed", "failed"] as const) account.simulator.plan(outcome);
  await flyOn(account, 4);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/3", "job/4", "job/2", "job/3"]);
});

test.each([
  [
    "429",
    { kind: "status", status: 429, body: tokenLimit, headers: { "x-should-retry": "false" } },
  ],
  ["400", { kind: "status", status: 400, body: tokenLimit }],
] satisfies [string, Fault][])(
  "a create refused with %s for its tokens is made again (openai-python#1643)",
  async (_status, fault) => {
    await using account = await openAccount({ phases });
    account.simulator.addFault(onCreate(fault, { skip: 1, times: 2 }));
    const flown = await flyOn(account, 3);
    expect(flown.done).toBe(true);
    expect(flown.batches.map((batch) => batch?.status)).toEqual(Array(3).fill("completed"));
    expect(account.simulator.batches).toHaveLength(3);
  },
);

test("what is held back is not uploaded a second time", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan("completed");
  account.simulator.plan("failed");
  // As the action asks for it in a first attempt, where no earlier upload can be.
  await flyOn(account, 2, { reuseUpload: false });
  expect(count(account, "POST", "/files")).toBe(2);
});

test("pauses between tries of a load that finds no room grow, and end", async () => {
  await using account = await openAccount({ phases, outcome: "failed" });
  const pauses: number[][] = [[], []];
  const flown = await flyOn(account, 2, {
    maxActive: 1,
    onHeldBack: (load, pause) => pauses[load]?.push(pause),
  });
  const grown = [1, 2, 4, 8, 15].map((minutes) => minutes * minute);
  expect(pauses).toEqual([grown, grown]);
  expect(flown.batches.map((batch) => batch?.status)).toEqual(["failed", "failed"]);
});

test("an adopted batch that fails for its tokens is replaced by a new one", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan("completed");
  account.simulator.plan("failed");
  // A first process is killed after it has created both; the second one adopts them.
  const killed = new Error("killed");
  await rejectionOf(
    flyOn(account, 2, {
      onProgress: () => {
        throw killed;
      },
    }),
  );
  expect(account.simulator.batches).toHaveLength(2);
  const flown = await flyOn(account, 2, { timeout: 12 * hour });
  expect(flown.batches.map((batch) => batch?.status)).toEqual(["completed", "completed"]);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/2"]);
});

test("a batch that fails for another reason is not sent again", async () => {
  await using account = await openAccount({ phases });
  const error = { code: "model_not_found", message: "No such model.", param: null, line: null };
  account.simulator.plan({ kind: "failed", errors: [error] });
  const flown = await flyOn(account, 2);
  expect(flown).toMatchObject({ done: true, failure: undefined });
  expect(flown.batches.map((batch) => batch?.status)).toEqual(["failed", "completed"]);
  expect(account.simulator.batches).toHaveLength(2);
});

test("a create refused for good ends the creating, and what is in flight is followed to its end", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault(onCreate({ kind: "status", status: 403 }, { skip: 2 }));
  const flown = await flyOn(account, 5);
  expect(flown.done).toBe(false);
  expect(flown.failure).toMatchObject({ status: 403 });
  expect(flown.batches.map((batch) => batch?.status)).toEqual([
    "completed",
    "completed",
    undefined,
    undefined,
    undefined,
  ]);
  expect(count(account, "POST", "/batches")).toBe(3);
});

test("a create refused for good after others have ended takes nothing away from those", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault(onCreate({ kind: "status", status: 403 }, { skip: 1 }));
  const flown = await flyOn(account, 3, { maxActive: 1 });
  expect(flown.failure).toMatchObject({ status: 403 });
  expect(flown.batches.map((batch) => batch?.status)).toEqual(["completed", undefined, undefined]);
});

test("a load that never finds room takes nothing away from those that have ended", async () => {
  await using account = await openAccount({ phases });
  const refusal: Fault = { kind: "status", status: 400, body: tokenLimit };
  account.simulator.addFault(onCreate(refusal, { skip: 1, times: Infinity }));
  const flown = await flyOn(account, 2, { maxActive: 1 });
  expect(flown.failure).toMatchObject({ code: "token_limit_exceeded" });
  expect(flown.batches.map((batch) => batch?.status)).toEqual(["completed", undefined]);
});

test("the first create refused for good is an error", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault(onCreate({ kind: "status", status: 403 }));
  expect(await failureOf(flyOn(account, 3))).toMatchObject({ status: 403 });
  expect(count(account, "POST", "/batches")).toBe(1);
});

test("at the deadline what is not sent stays unsent, and what runs keeps running", async () => {
  await using account = await openAccount({ phases });
  const started = account.clock.now();
  const flown = await flyOn(account, 4, { maxActive: 1, timeout: 20 * minute });
  expect(flown).toMatchObject({ done: false, failure: undefined });
  expect(account.clock.now() - started).toBe(20 * minute);
  expect(flown.batches.map((batch) => batch?.status)).toEqual([
    "completed",
    "in_progress",
    undefined,
    undefined,
  ]);
  expect(count(account, "POST", "/batches")).toBe(2);
});

test("a deadline in the middle of an upload takes nothing away from what has ended", async () => {
  await using account = await openAccount({ phases });
  const [first, second] = loadsOf(2);
  if (first === undefined || second === undefined) throw new Error("There are two loads.");
  const slow = {
    name: "slow.jsonl",
    size: 10,
    async *stream() {
      account.clock.advance(hour);
      yield await Promise.resolve(Buffer.from("0123456789"));
    },
  };
  const flown = await fly(account.client, [first, { ...second, input: slow }], {
    endpoint: ENDPOINT,
    maxActive: 1,
    timeout: hour,
  });
  expect(flown.done).toBe(false);
  expect(flown.batches.map((batch) => batch?.status)).toEqual(["completed", undefined]);
});

test("what ends in the last seconds before the deadline is seen, as in a wait", async () => {
  const times = { validating: 0, inProgress: 2 * hour - 10_000, finalizing: 0 };
  await using account = await openAccount({ phases: times });
  const flown = await flyOn(account, 1, { timeout: 2 * hour, random: () => 0 });
  expect(flown.done).toBe(true);
});

test("the end of a batch that was created late is seen within two percent of its own time", async () => {
  const times = { validating: 0, inProgress: 20 * minute, finalizing: 0 };
  await using account = await openAccount({ phases: times });
  const late: number[] = [];
  await flyOn(account, 6, {
    maxActive: 1,
    random: () => 0,
    onProgress(batches) {
      const last = batches.at(-1);
      if (last?.status !== "completed") return;
      late.push(account.clock.now() - (last.created_at * 1000 + times.inProgress));
    },
  });
  // Timestamps of the API are whole seconds.
  expect(Math.max(...late)).toBeLessThanOrEqual(times.inProgress * 0.02 + 1_000);
});

test("after a crash between parts only the missing ones are made, and nothing goes up twice", async () => {
  await using account = await openAccount({ phases });
  let created = 0;
  await rejectionOf(
    flyOn(account, 5, {
      onBatch() {
        created += 1;
        if (created === 3) throw new Error("killed");
      },
    }),
  );
  expect(account.simulator.batches).toHaveLength(3);
  const flown = await flyOn(account, 5);
  expect(flown).toMatchObject({ done: true, reused: true });
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/3", "job/4", "job/5"]);
  expect(count(account, "POST", "/files")).toBe(5);
});

test("after a crash between an upload and its create the upload is used", async () => {
  await using account = await openAccount({ phases });
  await rejectionOf(
    flyOn(account, 2, {
      onCreating() {
        throw new Error("killed");
      },
    }),
  );
  expect(account.simulator.batches).toHaveLength(0);
  await flyOn(account, 2);
  expect(count(account, "POST", "/files")).toBe(2);
  expect(account.simulator.batches).toHaveLength(2);
});

test("without keys, each flight is work of its own", async () => {
  await using account = await openAccount({ phases });
  const loads = loadsOf(2).map(({ input }) => ({ key: undefined, input }));
  await fly(account.client, loads, { endpoint: ENDPOINT });
  const second = await fly(account.client, loads, { endpoint: ENDPOINT });
  expect(second.reused).toBe(false);
  expect(account.simulator.batches).toHaveLength(4);
});

test("a create whose answer is lost is found again and paid once (qwen-code#11874)", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault(onCreate({ kind: "drop-after" }, { times: 2, skip: 1 }));
  const flown = await flyOn(account, 4);
  expect(flown.done).toBe(true);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/3", "job/4"]);
});

test("a flight ends with its signal, also in the pause of a load that is held back", async () => {
  await using account = await openAccount({ phases, outcome: "failed" });
  const controller = new AbortController();
  const reason = new Error("stopped");
  const flying = flyOn(account, 2, {
    maxActive: 1,
    signal: controller.signal,
    onHeldBack() {
      account.clock.at(account.clock.now() + 10_000, () => {
        controller.abort(reason);
      });
    },
  });
  expect(await rejectionOf(flying)).toBe(reason);
});

test("2,005 loads take more than an hour to create, because of the hourly limit", async () => {
  const times = { validating: 0, inProgress: 1, finalizing: 0 };
  await using account = await openAccount({ phases: times });
  const fileId = await account.upload(1);
  const started = account.clock.now();
  const moments: number[] = [];
  const loads = Array.from({ length: 2_005 }, () => ({ key: undefined, input: { fileId } }));
  const flown = await fly(account.client, loads, {
    endpoint: ENDPOINT,
    onBatch: () => moments.push(account.clock.now() - started),
  });
  expect(flown.done).toBe(true);
  expect(moments.filter((time) => time < hour)).toHaveLength(2_000);
}, 60_000);
