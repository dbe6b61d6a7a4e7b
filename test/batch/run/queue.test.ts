import { expect, test } from "vitest";

import type { PartToCreate } from "../../../src/batch/create/creator.ts";
import { type RoundOptions, type RoundResult, runRound } from "../../../src/batch/run/round.ts";
import type { Fault, FaultRule } from "../../../src/simulator/index.ts";
import {
  type Account,
  ENDPOINT,
  openAccount,
  rejectionOf,
  requestLine,
  textSource,
} from "../../support/account.ts";
import { eventLog, on } from "../../support/events.ts";

const minute = 60_000;
const hour = 60 * minute;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: minute };
const tokenLimit = {
  error: { message: "Enqueued token limit reached.", code: "token_limit_exceeded" },
};

function partsOf(count: number): PartToCreate[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `job/${index + 1}`,
    input: textSource(`${requestLine(`r${index + 1}`)}\n`, `requests-${index + 1}.jsonl`),
    requests: 1,
  }));
}

type Options = Partial<RoundOptions> & { readonly timeout?: number };

async function runParts(
  { client, clock }: Account,
  parts: number | readonly PartToCreate[],
  { timeout, ...options }: Options = {},
): Promise<RoundResult> {
  return runRound(client, typeof parts === "number" ? partsOf(parts) : parts, {
    endpoint: ENDPOINT,
    maxActive: 0,
    before: [],
    // No look is made for its own sake.
    pollInterval: minute,
    deadline: timeout === undefined ? undefined : clock.now() + timeout,
    ...options,
  });
}

const statusesOf = ({ known }: RoundResult) => known.map((one) => one?.batch.status);
const whole = { end: "ended", failure: undefined };
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
  const round = await runParts(account, 7, { maxActive: bound, onEvent: look });
  expect(Math.max(...most)).toBe(bound);
  expect(round).toMatchObject(whole);
  expect(
    round.known.map((one) => [one?.provenance, one?.batch.metadata?.["idempotency_key"]]),
  ).toEqual(partsOf(7).map(({ key }) => ["created", key]));
});

test.each([0, -1, NaN])("without a bound (%s) all are in flight at once", async (maxActive) => {
  await using account = await openAccount({ phases });
  let most = 0;
  await runParts(account, 6, {
    maxActive,
    onEvent: on("created", () => (most = Math.max(most, live(account)))),
  });
  expect(most).toBe(6);
});

test("a batch that fails for its tokens is sent again when another one has ended (openai-python#2084)", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan("completed");
  account.simulator.plan("failed");
  const held: number[] = [];
  const round = await runParts(account, 2, {
    onEvent: on("held-back", ({ part }) => held.push(part)),
  });
  expect(held).toEqual([1]);
  expect(round).toMatchObject(whole);
  expect(statusesOf(round)).toEqual(["completed", "completed"]);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/2"]);
});

test("what is held back goes again in the order of the input", async () => {
  await using account = await openAccount({ phases });
  for (const outcome of ["completed", "failed", "failed"] as const) account.simulator.plan(outcome);
  await runParts(account, 4);
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
    const round = await runParts(account, 3);
    expect(round).toMatchObject(whole);
    expect(statusesOf(round)).toEqual(Array(3).fill("completed"));
    expect(account.simulator.batches).toHaveLength(3);
  },
);

test("what is held back is not uploaded a second time", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan("completed");
  account.simulator.plan("failed");
  // As the action asks for it in a first attempt, where no earlier upload can be.
  await runParts(account, 2, { mayExist: false });
  expect(count(account, "POST", "/files")).toBe(2);
});

test("pauses between tries of a part that finds no room grow, and end", async () => {
  await using account = await openAccount({ phases, outcome: "failed" });
  const pauses: number[][] = [[], []];
  const round = await runParts(account, 2, {
    maxActive: 1,
    onEvent: on("held-back", ({ part, pause }) => pauses[part]?.push(pause)),
  });
  const grown = [1, 2, 4, 8, 15].map((minutes) => minutes * minute);
  expect(pauses).toEqual([grown, grown]);
  expect(statusesOf(round)).toEqual(["failed", "failed"]);
});

test("an adopted batch that fails for its tokens is replaced by a new one", async () => {
  await using account = await openAccount({ phases });
  account.simulator.plan("completed");
  account.simulator.plan("failed");
  // A first process is killed after it has created both; the second one adopts them.
  const killed = new Error("killed");
  await rejectionOf(
    runParts(account, 2, {
      onEvent: on("polled", () => {
        throw killed;
      }),
    }),
  );
  expect(account.simulator.batches).toHaveLength(2);
  const round = await runParts(account, 2, { timeout: 12 * hour });
  expect(statusesOf(round)).toEqual(["completed", "completed"]);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/2"]);
});

test("a batch that fails for another reason is not sent again", async () => {
  await using account = await openAccount({ phases });
  const error = { code: "model_not_found", message: "No such model.", param: null, line: null };
  account.simulator.plan({ kind: "failed", errors: [error] });
  const round = await runParts(account, 2);
  expect(round).toMatchObject(whole);
  expect(statusesOf(round)).toEqual(["failed", "completed"]);
  expect(account.simulator.batches).toHaveLength(2);
});

test("a create refused for good ends the creating, and what is in flight is followed to its end", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault(onCreate({ kind: "status", status: 403 }, { skip: 2 }));
  const round = await runParts(account, 5);
  expect(round.failure).toMatchObject({ status: 403 });
  expect(statusesOf(round)).toEqual(["completed", "completed", undefined, undefined, undefined]);
  expect(count(account, "POST", "/batches")).toBe(3);
});

test("a create refused for good after others have ended takes nothing away from those", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault(onCreate({ kind: "status", status: 403 }, { skip: 1 }));
  const round = await runParts(account, 3, { maxActive: 1 });
  expect(round.failure).toMatchObject({ status: 403 });
  expect(statusesOf(round)).toEqual(["completed", undefined, undefined]);
});

test("a part that never finds room takes nothing away from those that have ended", async () => {
  await using account = await openAccount({ phases });
  const refusal: Fault = { kind: "status", status: 400, body: tokenLimit };
  account.simulator.addFault(onCreate(refusal, { skip: 1, times: Infinity }));
  const round = await runParts(account, 2, { maxActive: 1 });
  expect(round.failure).toMatchObject({ code: "token_limit_exceeded" });
  expect(statusesOf(round)).toEqual(["completed", undefined]);
});

test("at the deadline what is not sent stays unsent, and what runs keeps running", async () => {
  await using account = await openAccount({ phases });
  const started = account.clock.now();
  const round = await runParts(account, 4, { maxActive: 1, timeout: 20 * minute });
  expect(round).toMatchObject({ end: "timed out", failure: undefined });
  expect(account.clock.now() - started).toBe(20 * minute);
  expect(statusesOf(round)).toEqual(["completed", "in_progress", undefined, undefined]);
  expect(count(account, "POST", "/batches")).toBe(2);
});

test("a deadline in the middle of an upload takes nothing away from what has ended", async () => {
  await using account = await openAccount({ phases });
  const [first, second] = partsOf(2);
  if (first === undefined || second === undefined) throw new Error("There are two parts.");
  const slow = {
    // Named by its content, as the parts of an input are, so that it is read for its upload alone.
    name: "slow-0123456789abcdef.jsonl",
    size: 10,
    async *stream() {
      account.clock.advance(hour);
      yield await Promise.resolve(Buffer.from("0123456789"));
    },
  };
  const round = await runParts(account, [first, { ...second, input: slow }], {
    maxActive: 1,
    timeout: hour,
    content: "0123456789abcdef",
  });
  expect(round).toMatchObject({ end: "timed out", failure: undefined });
  expect(statusesOf(round)).toEqual(["completed", undefined]);
});

test("what ends in the last seconds before the deadline is seen, as in a wait", async () => {
  const times = { validating: 0, inProgress: 2 * hour - 10_000, finalizing: 0 };
  await using account = await openAccount({ phases: times });
  const round = await runParts(account, 1, { timeout: 2 * hour, random: () => 0 });
  expect(round).toMatchObject(whole);
});

test("the end of a batch that was created late is seen within two percent of its own time", async () => {
  const times = { validating: 0, inProgress: 20 * minute, finalizing: 0 };
  await using account = await openAccount({ phases: times });
  const late: number[] = [];
  await runParts(account, 6, {
    maxActive: 1,
    pollInterval: 5_000,
    random: () => 0,
    onEvent: on("polled", ({ batches }) => {
      const last = batches.at(-1);
      if (last?.status !== "completed") return;
      late.push(account.clock.now() - (last.created_at * 1000 + times.inProgress));
    }),
  });
  // Timestamps of the API are whole seconds.
  expect(Math.max(...late)).toBeLessThanOrEqual(times.inProgress * 0.02 + 1_000);
});

test("after a crash between parts only the missing ones are made, and nothing goes up twice", async () => {
  await using account = await openAccount({ phases });
  let created = 0;
  await rejectionOf(
    runParts(account, 5, {
      onEvent: on("created", () => {
        created += 1;
        if (created === 3) throw new Error("killed");
      }),
    }),
  );
  expect(account.simulator.batches).toHaveLength(3);
  const round = await runParts(account, 5);
  expect(round).toMatchObject(whole);
  expect(round.known.map((one) => one?.provenance)).toEqual([
    "adopted",
    "adopted",
    "adopted",
    "created",
    "created",
  ]);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/3", "job/4", "job/5"]);
  expect(count(account, "POST", "/files")).toBe(5);
});

test("after a crash between an upload and its create the upload is used", async () => {
  await using account = await openAccount({ phases });
  await rejectionOf(
    runParts(account, 2, {
      onEvent: on("creating", () => {
        throw new Error("killed");
      }),
    }),
  );
  expect(account.simulator.batches).toHaveLength(0);
  await runParts(account, 2);
  expect(count(account, "POST", "/files")).toBe(2);
  expect(account.simulator.batches).toHaveLength(2);
});

test("without keys, each round is work of its own", async () => {
  await using account = await openAccount({ phases });
  const parts = partsOf(2).map((part) => ({ ...part, key: undefined }));
  await runParts(account, parts);
  const second = await runParts(account, parts);
  expect(second.known.map((one) => one?.provenance)).toEqual(["created", "created"]);
  expect(account.simulator.batches).toHaveLength(4);
});

test("a create whose answer is lost is found again and paid once (qwen-code#11874)", async () => {
  await using account = await openAccount({ phases });
  account.simulator.addFault(onCreate({ kind: "drop-after" }, { times: 2, skip: 1 }));
  const round = await runParts(account, 4);
  expect(round).toMatchObject(whole);
  expect(keysOf(account)).toEqual(["job/1", "job/2", "job/3", "job/4"]);
});

test("a round ends with its signal, also in the pause of a part that is held back", async () => {
  await using account = await openAccount({ phases, outcome: "failed" });
  const controller = new AbortController();
  const reason = new Error("stopped");
  const running = runParts(account, 2, {
    maxActive: 1,
    signal: controller.signal,
    onEvent: on("held-back", () => {
      account.clock.at(account.clock.now() + 10_000, () => {
        controller.abort(reason);
      });
    }),
  });
  expect(await rejectionOf(running)).toBe(reason);
});

test("a create without a known outcome keeps the parts behind it waiting until it is found", async () => {
  await using account = await openAccount({ phases, listLag: 5 * minute });
  account.simulator.addFault(onCreate({ kind: "status-after", status: 500 }, { skip: 1 }));
  const { onEvent, of } = eventLog();
  const round = await runParts(account, 3, { onEvent, maxRetries: 0 });
  expect(round).toMatchObject(whole);
  expect(of("created").map(({ part, found }) => [part, found])).toEqual([
    [0, false],
    [1, true],
    [2, false],
  ]);
  expect(account.simulator.batches).toHaveLength(3);
});

test("a create without a known outcome that no list ever shows stays unknown", async () => {
  await using account = await openAccount({ phases, listLag: Infinity });
  account.simulator.addFault(onCreate({ kind: "status-after", status: 500 }, { skip: 1 }));
  const round = await runParts(account, 2, { maxRetries: 0 });
  expect(round.unknown).toEqual(new Set([1]));
  expect(statusesOf(round)).toEqual(["completed", undefined]);
});

test("what is reported names the batches of earlier rounds first, then each part's own", async () => {
  await using account = await openAccount({ phases });
  const earlier = await account.submit();
  const { onEvent, of } = eventLog();
  const round = await runParts(account, 2, { onEvent, before: [earlier], maxActive: 1 });
  const ids = round.known.map((one) => one?.batch.id);
  expect(
    of("polled")
      .at(-1)
      ?.batches.map(({ id }) => id),
  ).toEqual([earlier.id, ...ids]);
  for (const { batches } of of("polled")) expect(batches[0]?.id).toBe(earlier.id);
});

const full = {
  kind: "failed",
  errors: [
    {
      code: "token_limit_exceeded",
      message: "Enqueued token limit reached for m. Limit: 100 enqueued tokens. Try again later.",
      param: null,
      line: null,
    },
  ],
} as const;

test("once the server has named its limit, only what fits beside those in flight is sent", async () => {
  await using account = await openAccount({ phases });
  for (const outcome of ["completed", "completed", full] as const) account.simulator.plan(outcome);
  const told: string[] = [];
  const lives: number[] = [];
  const round = await runParts(account, 7, {
    maxActive: 3,
    sizes: { modelOf: () => "m", tokensOf: () => Promise.resolve(40) },
    onEvent(event) {
      if (event.type === "no-room") told.push(`${event.part}: ${event.why}`);
      if (event.type === "created" && told.length > 0) lives.push(live(account));
    },
  });
  expect(round).toMatchObject(whole);
  expect(statusesOf(round)).toEqual(Array(7).fill("completed"));
  // Three tries of which one is turned away; from then on two at once, and nothing is turned away.
  expect(account.simulator.batches).toHaveLength(8);
  expect(Math.max(...lives)).toBe(2);
  expect(told[0]).toBe(
    "2: it has about 40 tokens, about 80 are enqueued, and the server allows 100",
  );
});

test("a limit that leaves room for no two parts lets them go one by one", async () => {
  await using account = await openAccount({ phases });
  for (const outcome of ["completed", full] as const) account.simulator.plan(outcome);
  const round = await runParts(account, 4, {
    sizes: { modelOf: () => "m", tokensOf: () => Promise.resolve(400) },
  });
  expect(round).toMatchObject(whole);
  expect(statusesOf(round)).toEqual(Array(4).fill("completed"));
});
