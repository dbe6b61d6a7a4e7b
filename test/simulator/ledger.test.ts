import { expect, test } from "vitest";
import type { Answer, Ledger } from "../../src/simulator/index.ts";
import { chat, chats, openAccount } from "./account.ts";

/** `custom_id: outcome of each run`, with a `+` where its line was made available. */
function summary({ requests }: Ledger): readonly string[] {
  return requests.map(
    ({ custom_id, runs }) =>
      `${custom_id}: ${runs.map((run) => run.outcome + (run.available ? "+" : "")).join(", ")}`,
  );
}

test("a request is pending, then answered, and its line available when the batch has ended", async () => {
  await using account = await openAccount({ shuffle: false });
  const { id } = await account.submit(chats(2));
  expect(summary(account.simulator.ledger())).toEqual(["r1: pending", "r2: pending"]);
  expect(account.simulator.ledger().running).toEqual([id]);
  account.clock.advance(100 + 250);
  expect(summary(account.simulator.ledger())).toEqual(["r1: answered", "r2: pending"]);
  account.clock.advance(1000);
  const ledger = account.simulator.ledger();
  expect(summary(ledger)).toEqual(["r1: answered+", "r2: answered+"]);
  expect([ledger.running, ledger.paidTwice]).toEqual([[], []]);
  expect(ledger.requests[0]?.runs[0]?.batch_id).toBe(id);
});

test("a request is paid twice when it is sent again before or after its answer", async () => {
  await using account = await openAccount();
  await account.submit(chats(1));
  await account.submit(chats(2));
  expect(account.simulator.ledger().paidTwice.map(({ custom_id }) => custom_id)).toEqual(["r1"]);
  account.clock.advance(1000);
  expect(account.simulator.ledger().paidTwice.map(({ custom_id }) => custom_id)).toEqual(["r1"]);
});

test("the same custom_id with another question is another request", async () => {
  await using account = await openAccount();
  await account.submit([chat("a", "yesterday's")]);
  await account.submit([chat("a", "today's")]);
  const { requests, paidTwice } = account.simulator.ledger();
  expect(new Set(requests.map(({ digest }) => digest)).size).toBe(2);
  expect(paidTwice).toEqual([]);
});

test("what failed, never ran or was in a batch that failed may be sent again", async () => {
  const answers: readonly (readonly Answer[])[] = [
    [
      { status_code: 500, body: {} },
      { status_code: 0, body: {} },
      { error: { code: "batch_expired", message: "Not run." } },
    ],
    [
      { status_code: 200, body: {} },
      { status_code: 200, body: {} },
      { status_code: 200, body: {} },
    ],
  ];
  let round = 0;
  await using account = await openAccount({
    respond: ({ custom_id }) => answers[round]?.[Number(custom_id.slice(1)) - 1],
  });
  account.simulator.plan("failed");
  for (const next of [-1, 0, 1]) {
    round = next;
    await account.submit(chats(3));
    account.clock.advance(1000);
    expect(account.simulator.ledger().running).toEqual([]);
  }
  const ledger = account.simulator.ledger();
  expect(summary(ledger)).toEqual([
    "r1: never_ran, failed+, answered+",
    "r2: never_ran, failed+, answered+",
    "r3: never_ran, never_ran+, answered+",
  ]);
  expect(ledger.paidTwice).toEqual([]);
});

test("an answer that is left out was paid for and never available, one whose file is gone was", async () => {
  await using account = await openAccount({
    respond: ({ custom_id }) => (custom_id === "r1" ? { line: null } : undefined),
  });
  const { id } = await account.submit(chats(2));
  account.clock.advance(1000);
  expect(summary(account.simulator.ledger())).toEqual(["r1: answered", "r2: answered+"]);
  const { output_file_id } = await account.client.batches.retrieve(id);
  account.simulator.remove(output_file_id ?? "");
  expect(summary(account.simulator.ledger())).toEqual(["r1: answered", "r2: answered+"]);
});

test("an answer is not available while the batch does not name its file", async () => {
  await using account = await openAccount({ resultLag: 5000 });
  await account.submit(chats(1));
  account.clock.advance(1000);
  expect(summary(account.simulator.ledger())).toEqual(["r1: answered"]);
  account.clock.advance(5000);
  expect(summary(account.simulator.ledger())).toEqual(["r1: answered+"]);
});

test("a cancelled batch has run what was answered before its cancel", async () => {
  await using account = await openAccount({ shuffle: false });
  const { id } = await account.submit(chats(2));
  account.clock.advance(100 + 250);
  account.simulator.cancel(id);
  expect(summary(account.simulator.ledger())).toEqual(["r1: answered", "r2: pending"]);
  account.clock.advance(1000);
  expect(summary(account.simulator.ledger())).toEqual(["r1: answered+", "r2: never_ran+"]);
});

test("a batch that was taken off the account counts, stopped and without answers", async () => {
  await using account = await openAccount({ shuffle: false });
  const { id } = await account.submit(chats(2));
  account.clock.advance(100 + 250);
  account.simulator.remove(id);
  account.clock.advance(1000);
  const ledger = account.simulator.ledger();
  expect(summary(ledger)).toEqual(["r1: answered", "r2: never_ran"]);
  expect(ledger.running).toEqual([]);
  expect(account.simulator.files).toHaveLength(1);
});

test("a batch whose input does not pass validation runs nothing", async () => {
  await using account = await openAccount();
  await account.submit([chat("a"), chat("a")]);
  account.clock.advance(1000);
  expect(account.simulator.ledger()).toEqual({
    requests: [],
    charges: [],
    paidTwice: [],
    running: [],
  });
});
