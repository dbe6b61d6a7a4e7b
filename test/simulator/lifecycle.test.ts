import { expect, test } from "vitest";
import { chats, ENDPOINT, failureOf, openAccount } from "./account.ts";

const PHASES = { validating: 10_000, inProgress: 100_000, finalizing: 10_000, cancelling: 60_000 };
const T0 = Date.UTC(2026, 0, 1) / 1000;

test("a batch goes through every status on the clock alone, with the time of each", async () => {
  await using account = await openAccount({ phases: PHASES });
  const { client, clock } = account;
  const created = await account.submit(chats(10), { owner: "docs" });
  expect(created).toMatchObject({
    object: "batch",
    status: "validating",
    endpoint: ENDPOINT,
    completion_window: "24h",
    created_at: T0,
    expires_at: T0 + 86_400,
    in_progress_at: null,
    output_file_id: null,
    error_file_id: null,
    model: null,
    usage: null,
    request_counts: { total: 0, completed: 0, failed: 0 },
    metadata: { owner: "docs" },
  });
  expect(created.id).toMatch(/^batch_[0-9a-f]{32}$/);

  clock.advance(10_000);
  expect(await client.batches.retrieve(created.id)).toMatchObject({
    status: "in_progress",
    in_progress_at: T0 + 10,
    model: "gpt-5-nano",
    request_counts: { total: 10, completed: 0, failed: 0 },
  });
  clock.advance(45_000);
  expect(await client.batches.retrieve(created.id)).toMatchObject({
    status: "in_progress",
    output_file_id: null,
    request_counts: { total: 10, completed: 4, failed: 0 },
  });
  clock.advance(55_000);
  expect(await client.batches.retrieve(created.id)).toMatchObject({
    status: "finalizing",
    finalizing_at: T0 + 110,
    usage: null,
    request_counts: { total: 10, completed: 10, failed: 0 },
  });
  clock.advance(10_000);
  const completed = await client.batches.retrieve(created.id);
  expect(completed).toMatchObject({
    status: "completed",
    completed_at: T0 + 120,
    error_file_id: null,
    errors: null,
    cancelled_at: null,
  });
  expect(completed.usage?.total_tokens).toBeGreaterThan(0);
  expect(await client.files.retrieve(completed.output_file_id ?? "")).toMatchObject({
    purpose: "batch_output",
    filename: `${created.id}_output.jsonl`,
    created_at: T0 + 120,
    expires_at: T0 + 120 + 2_592_000,
  });
});

test("every request has one answer line, in another order than the input's (tidyllm#37)", async () => {
  await using account = await openAccount();
  const batch = await account.submit(chats(20));
  account.clock.advance(1000);
  const { output_file_id } = await account.client.batches.retrieve(batch.id);
  const lines = await account.lines(output_file_id);
  const ids = lines.map((line) => line.custom_id);
  const inOrder = chats(20).map((_, index) => `r${index + 1}`);
  expect(ids).not.toEqual(inOrder);
  expect(new Set(ids)).toEqual(new Set(inOrder));
  const [first] = lines;
  expect(Object.keys(first ?? {})).toEqual(["id", "custom_id", "response", "error"]);
  expect(first?.id).toMatch(/^batch_req_/);
  expect(first?.response?.status_code).toBe(200);
  expect(first?.response?.request_id).not.toBe("");
  expect(first?.error).toBeNull();
});

test("the order is the input's when shuffling is off", async () => {
  await using account = await openAccount({ shuffle: false });
  const batch = await account.submit(chats(20));
  account.clock.advance(1000);
  const { output_file_id } = await account.client.batches.retrieve(batch.id);
  const ids = (await account.lines(output_file_id)).map((line) => line.custom_id);
  expect(ids).toEqual(chats(20).map((_, index) => `r${index + 1}`));
});

test("the same seed gives the same ids and results, another seed others", async () => {
  const run = async (seed: number): Promise<unknown> => {
    await using account = await openAccount({ seed });
    const batch = await account.submit(chats(5));
    account.clock.advance(1000);
    const { output_file_id } = await account.client.batches.retrieve(batch.id);
    return [batch.id, await account.lines(output_file_id)];
  };
  expect(await run(7)).toEqual(await run(7));
  expect(await run(7)).not.toEqual(await run(8));
});

test("results do not depend on how often the batch was looked at", async () => {
  const run = async (polls: number): Promise<unknown> => {
    await using account = await openAccount({ outcome: "mixed" });
    const batch = await account.submit(chats(40));
    for (let poll = 0; poll < polls; poll += 1) {
      account.clock.advance(800 / polls);
      await account.client.batches.retrieve(batch.id);
    }
    return account.simulator.batches;
  };
  expect(await run(1)).toEqual(await run(13));
});

test("a cancelled batch is cancelling for a while and keeps the answers it has", async () => {
  await using account = await openAccount({ phases: PHASES });
  const { client, clock } = account;
  const { id } = await account.submit(chats(10));
  clock.advance(60_000);
  expect(await client.batches.cancel(id)).toMatchObject({
    status: "cancelling",
    cancelling_at: T0 + 60,
    cancelled_at: null,
  });
  clock.advance(59_000);
  expect((await client.batches.cancel(id)).status).toBe("cancelling");
  clock.advance(1000);
  const cancelled = await client.batches.retrieve(id);
  expect(cancelled).toMatchObject({
    status: "cancelled",
    cancelling_at: T0 + 60,
    cancelled_at: T0 + 120,
    completed_at: null,
    finalizing_at: null,
    request_counts: { total: 10, completed: 5, failed: 0 },
  });
  expect(await account.lines(cancelled.output_file_id)).toHaveLength(5);
  const rest = await account.lines(cancelled.error_file_id);
  expect(rest).toHaveLength(5);
  expect(rest[0]).toMatchObject({ response: null, error: { code: "batch_cancelled" } });
});

test("a batch cancelled before it ran leaves no files", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(2));
  await account.client.batches.cancel(id);
  account.clock.advance(100);
  expect(await account.client.batches.retrieve(id)).toMatchObject({
    status: "cancelled",
    in_progress_at: null,
    output_file_id: null,
    error_file_id: null,
    request_counts: { total: 0, completed: 0, failed: 0 },
  });
});

test("a batch cancelled while finalizing keeps all its answers", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(3));
  account.clock.advance(600);
  expect((await account.client.batches.cancel(id)).status).toBe("cancelling");
  account.clock.advance(100);
  const cancelled = await account.client.batches.retrieve(id);
  expect(cancelled.status).toBe("cancelled");
  expect(cancelled.finalizing_at).toBe(T0);
  expect(await account.lines(cancelled.output_file_id)).toHaveLength(3);
});

test("cancelling a finished batch is a conflict, an unknown one is not found", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(1));
  account.clock.advance(1000);
  const conflict = await failureOf(account.client.batches.cancel(id));
  expect(conflict.status).toBe(409);
  expect(conflict.error).toMatchObject({
    message: "Cannot cancel a batch with status 'completed'.",
    type: "invalid_request_error",
  });
  const unknown = await failureOf(account.client.batches.cancel("batch_nope"));
  expect(unknown.status).toBe(404);
  expect(unknown.error).toMatchObject({ message: "No batch found with id 'batch_nope'." });
});

test("a batch that takes longer than its window expires with what it has", async () => {
  const day = 86_400_000;
  await using account = await openAccount({
    phases: { validating: 0, inProgress: 2 * day, finalizing: 1000 },
  });
  const { id } = await account.submit(chats(4));
  account.clock.advance(day + 1000);
  const expired = await account.client.batches.retrieve(id);
  expect(expired).toMatchObject({
    status: "expired",
    finalizing_at: T0 + 86_400,
    expired_at: T0 + 86_401,
    request_counts: { total: 4, completed: 2, failed: 0 },
  });
  expect(await account.lines(expired.error_file_id)).toHaveLength(2);
});

test("a phase may last for ever, and the input may be deleted meanwhile", async () => {
  await using account = await openAccount({ phases: { inProgress: Infinity } });
  const { id, input_file_id } = await account.submit(chats(4));
  await account.client.files.delete(input_file_id);
  account.clock.advance(3_600_000);
  expect(await account.client.batches.retrieve(id)).toMatchObject({
    status: "in_progress",
    request_counts: { total: 4, completed: 0, failed: 0 },
  });
});

test("results live as long as output_expires_after says", async () => {
  await using account = await openAccount();
  const batch = await account.client.batches.create({
    input_file_id: await account.upload(chats(1)),
    endpoint: ENDPOINT,
    completion_window: "24h",
    output_expires_after: { anchor: "created_at", seconds: 3600 },
  });
  account.clock.advance(700);
  const id = (await account.client.batches.retrieve(batch.id)).output_file_id ?? "";
  expect((await account.client.files.retrieve(id)).expires_at).toBe(T0 + 3600);
  account.clock.advance(3_599_300);
  expect((await failureOf(account.client.files.content(id))).status).toBe(404);
});

test("the ids of the result files may be missing for a while after the end", async () => {
  await using account = await openAccount({ resultLag: 5000, outcome: "mixed" });
  const { id } = await account.submit(chats(4));
  account.clock.advance(700);
  const ended = await account.client.batches.retrieve(id);
  expect(ended).toMatchObject({
    status: "completed",
    output_file_id: null,
    error_file_id: null,
    request_counts: { total: 4, completed: 3, failed: 1 },
  });
  account.clock.advance(5000);
  const later = await account.client.batches.retrieve(id);
  expect(await account.lines(later.output_file_id)).toHaveLength(3);
  expect(await account.lines(later.error_file_id)).toHaveLength(1);
});

test("a cancel may leave a batch that has ended unchanged", async () => {
  await using account = await openAccount({ cancelEnded: "unchanged" });
  const { id } = await account.submit(chats(1));
  account.clock.advance(1000);
  const before = await account.client.batches.retrieve(id);
  expect(await account.client.batches.cancel(id)).toEqual(before);
});

test("a cancel may turn a completed batch into a cancelled one, its results kept (doubleword)", async () => {
  await using account = await openAccount({ cancelEnded: "cancelled" });
  const { id } = await account.submit(chats(1));
  account.clock.advance(1000);
  const cancelled = await account.client.batches.cancel(id);
  expect(cancelled).toMatchObject({ status: "cancelled", completed_at: T0, cancelled_at: T0 + 1 });
  account.clock.advance(1000);
  const later = await account.client.batches.cancel(id);
  expect(later.cancelled_at).toBe(T0 + 1);
  expect(await account.lines(later.output_file_id)).toHaveLength(1);
});

test("somebody else may cancel a batch, and is refused as anybody is", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(1));
  expect(account.simulator.cancel(id).status).toBe("cancelling");
  account.clock.advance(1000);
  expect((await account.client.batches.retrieve(id)).status).toBe("cancelled");
  expect(() => account.simulator.cancel(id)).toThrow(
    "Cannot cancel a batch with status 'cancelled'.",
  );
});

test("a batch that somebody takes off the account is not found any more", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(1));
  account.simulator.remove(id);
  const { batches } = account.client;
  expect((await failureOf(batches.retrieve(id))).status).toBe(404);
  expect((await failureOf(batches.cancel(id))).status).toBe(404);
  expect((await batches.list()).data).toEqual([]);
  expect(account.simulator.batches).toEqual([]);
  expect(() => {
    account.simulator.remove(id);
  }).toThrow("No such");
});

test("other windows can be accepted, and a batch expires at the end of its own", async () => {
  await using account = await openAccount({
    windows: { "1h": 3_600_000, "7d": 7 * 86_400_000 },
    phases: { inProgress: 2 * 3_600_000 },
  });
  const input_file_id = await account.upload(chats(2));
  const create = (completion_window: string) =>
    // The package knows one window only.
    account.client.batches.create({
      input_file_id,
      endpoint: ENDPOINT,
      completion_window: completion_window as "24h",
    });
  const hour = await create("1h");
  const week = await create("7d");
  expect([hour.expires_at, week.expires_at]).toEqual([T0 + 3600, T0 + 7 * 86_400]);
  expect((await failureOf(create("24h"))).param).toBe("completion_window");
  account.clock.advance(3 * 3_600_000);
  expect((await account.client.batches.retrieve(hour.id)).status).toBe("expired");
  expect((await account.client.batches.retrieve(week.id)).status).toBe("completed");
});
