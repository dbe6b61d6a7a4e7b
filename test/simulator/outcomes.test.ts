import { expect, test } from "vitest";
import { problemIn } from "../../src/batch/answers/answer.ts";
import { answerProblems } from "../../src/batch/answers/problem.ts";
import { readResultLine } from "../../src/batch/results/line.ts";
import type { Answer, BatchRequest } from "../../src/simulator/index.ts";
import { chats, failureOf, openAccount } from "./account.ts";

test("mixed: a share of the requests fails, with 400, 429 and 500 in the error file", async () => {
  await using account = await openAccount({ outcome: { kind: "mixed", failedShare: 0.3 } });
  const { id } = await account.submit(chats(10));
  account.clock.advance(1000);
  const batch = await account.client.batches.retrieve(id);
  expect(batch.status).toBe("completed");
  expect(batch.request_counts).toEqual({ total: 10, completed: 7, failed: 3 });
  expect(await account.lines(batch.output_file_id)).toHaveLength(7);
  const failed = await account.lines(batch.error_file_id);
  expect(failed.map((line) => line.response?.status_code).sort()).toEqual([400, 429, 500]);
  expect(failed.map((line) => line.response?.body.error?.code)).toContain("invalid_value");
  expect(failed.every((line) => line.error === null)).toBe(true);
});

test("all_failed: the batch completes with an error file and no output file (litellm#33987)", async () => {
  await using account = await openAccount({ outcome: "all_failed" });
  const { id } = await account.submit(chats(4));
  account.clock.advance(1000);
  const batch = await account.client.batches.retrieve(id);
  expect(batch).toMatchObject({
    status: "completed",
    output_file_id: null,
    request_counts: { total: 4, completed: 0, failed: 4 },
  });
  expect(await account.lines(batch.error_file_id)).toHaveLength(4);
});

test("failed: the batch fails at validation, for the token limit by default (openai-python#2084)", async () => {
  await using account = await openAccount({ outcome: "failed" });
  const { id } = await account.submit(chats(1));
  account.clock.advance(99);
  expect((await account.client.batches.retrieve(id)).status).toBe("validating");
  account.clock.advance(1);
  const batch = await account.client.batches.retrieve(id);
  expect(batch).toMatchObject({
    status: "failed",
    failed_at: batch.created_at,
    in_progress_at: null,
    errors: {
      object: "list",
      data: [{ code: "token_limit_exceeded", param: null, line: null }],
    },
  });
});

test("failed: the errors can be chosen", async () => {
  const error = { code: "model_not_found", message: "No such model.", param: "model", line: 3 };
  await using account = await openAccount({ outcome: { kind: "failed", errors: [error] } });
  const { id } = await account.submit(chats(1));
  account.clock.advance(100);
  expect((await account.client.batches.retrieve(id)).errors?.data).toEqual([error]);
});

test("expired: a part is answered, the rest has the code batch_expired", async () => {
  await using account = await openAccount({ outcome: { kind: "expired", completedShare: 0.75 } });
  const { id } = await account.submit(chats(8));
  account.clock.advance(1000);
  const batch = await account.client.batches.retrieve(id);
  expect(batch).toMatchObject({
    status: "expired",
    completed_at: null,
    request_counts: { total: 8, completed: 6, failed: 0 },
  });
  expect(batch.expired_at).not.toBeNull();
  expect(await account.lines(batch.output_file_id)).toHaveLength(6);
  const rest = await account.lines(batch.error_file_id);
  expect(rest.map((line) => line.error?.code)).toEqual(["batch_expired", "batch_expired"]);
  expect(rest.every((line) => line.response === null)).toBe(true);
});

test("plans hold for the next batches in their order, or for all", async () => {
  await using account = await openAccount();
  account.simulator.plan("failed");
  account.simulator.plan({ kind: "all_failed" });
  for (let count = 0; count < 3; count += 1) await account.submit(chats(2));
  account.simulator.plan("expired", "all");
  for (let count = 0; count < 2; count += 1) await account.submit(chats(2));
  account.clock.advance(1000);
  expect(
    account.simulator.batches.map((batch) => [batch.status, batch.request_counts.failed]),
  ).toEqual([
    ["failed", 0],
    ["completed", 2],
    ["completed", 0],
    ["expired", 0],
    ["expired", 0],
  ]);
});

test.each([
  ["completed", "completed", 4],
  ["mixed", "completed", 3],
  ["mixed:0.5", "completed", 2],
  ["all_failed", "completed", 0],
  ["failed", "failed", 0],
  ["expired", "expired", 2],
  ["expired:0.25", "expired", 1],
  ["unusable", "completed", 4],
  ["unusable:0.5", "completed", 4],
  ["unusable:empty", "completed", 4],
])("metadata chooses the outcome %s", async (wish, status, completed) => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(4), { simulator_outcome: wish });
  account.clock.advance(1000);
  const batch = await account.client.batches.retrieve(id);
  expect([batch.status, batch.request_counts?.completed]).toEqual([status, completed]);
});

test.each(["chat/completions", "responses"])(
  "answers of %s that cannot be used are completed, in each of the ways in turn",
  async (endpoint) => {
    await using account = await openAccount({ outcome: { kind: "unusable", share: 0.5 } });
    const requests = Array.from({ length: 10 }, (_, index) => ({
      custom_id: `r${index}`,
      method: "POST",
      url: `/v1/${endpoint}`,
      body: {
        model: "gpt-5-nano",
        messages: [{ role: "user", content: "One two three four." }],
        input: "One two three four.",
        response_format: { type: "json_object" },
        text: { format: { type: "json_object" } },
      },
    }));
    const batch = await account.client.batches.create({
      input_file_id: await account.upload(requests),
      endpoint: endpoint === "responses" ? "/v1/responses" : "/v1/chat/completions",
      completion_window: "24h",
    });
    account.clock.advance(1000);
    const { output_file_id: id, request_counts: counts } = await account.client.batches.retrieve(
      batch.id,
    );
    expect(counts).toEqual({ total: 10, completed: 10, failed: 0 });
    const lines = (await (await account.client.files.content(id ?? "")).text()).trim().split("\n");
    const problems = lines.map((line) => problemIn(readResultLine(Buffer.from(line)), true));
    expect(problems.filter((problem) => problem === undefined)).toHaveLength(5);
    expect(problems.filter((problem) => problem !== undefined)).toEqual(answerProblems);
  },
);

test("metadata can name the code a batch fails with", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(1), { simulator_outcome: "failed:model_not_found" });
  account.clock.advance(1000);
  const { errors } = await account.client.batches.retrieve(id);
  expect(errors?.data?.[0]?.code).toBe("model_not_found");
});

test.each(["complete", "mixed:2", "completed:1", "expired:x", "mixed:", "unusable:bad"])(
  "a misspelt outcome %s is refused instead of looking like success",
  async (wish) => {
    await using account = await openAccount();
    const error = await failureOf(account.submit(chats(1), { simulator_outcome: wish }));
    expect(error.status).toBe(400);
    expect(error.param).toBe("metadata.simulator_outcome");
    expect(account.simulator.batches).toEqual([]);
  },
);

test("respond answers requests itself, each once, and leaves the others to the outcome", async () => {
  const asked: (BatchRequest & { batch_id: string })[] = [];
  await using account = await openAccount({
    respond(request) {
      asked.push(request);
      switch (request.custom_id) {
        case "r1":
          return { status_code: 200, body: { mine: true } };
        case "r2":
          return { error: { code: "internal", message: "It broke." } };
        case "r3":
          return { status_code: 404, body: { error: { code: "model_not_found" } } };
        default:
          return undefined;
      }
    },
  });
  const { id } = await account.submit(chats(5));
  account.clock.advance(300);
  await account.client.batches.retrieve(id);
  account.clock.advance(700);
  const batch = await account.client.batches.retrieve(id);
  expect(batch.request_counts).toEqual({ total: 5, completed: 3, failed: 2 });
  expect(asked.map((request) => request.custom_id).sort()).toEqual(["r1", "r2", "r3", "r4", "r5"]);
  expect(asked[0]).toMatchObject({ batch_id: id, method: "POST", body: { model: "gpt-5-nano" } });
  const good = await account.lines(batch.output_file_id);
  expect(good.find((line) => line.custom_id === "r1")?.response?.body).toEqual({ mine: true });
  const bad = await account.lines(batch.error_file_id);
  expect(bad.find((line) => line.custom_id === "r2")).toMatchObject({
    response: null,
    error: { code: "internal" },
  });
  expect(bad.find((line) => line.custom_id === "r3")?.response?.status_code).toBe(404);
});

test("a status of 0 stands in the output file while the counts call it completed (ellmer#830)", async () => {
  await using account = await openAccount({ respond: () => ({ status_code: 0, body: {} }) });
  const { id } = await account.submit(chats(1));
  account.clock.advance(1000);
  const batch = await account.client.batches.retrieve(id);
  expect(batch.request_counts).toEqual({ total: 1, completed: 1, failed: 0 });
  const [line] = await account.lines(batch.output_file_id);
  expect(line?.response).toEqual({ status_code: 0, request_id: "", body: {} });
});

test("what respond throws is seen by the client and does not stop the simulator", async () => {
  await using account = await openAccount({
    respond() {
      throw new Error("respond is wrong");
    },
  });
  const { id, input_file_id } = await account.submit(chats(1));
  account.clock.advance(1000);
  const error = await failureOf(account.client.batches.retrieve(id));
  expect(error.status).toBe(500);
  expect(error.message).toContain("respond is wrong");
  expect((await account.client.files.retrieve(input_file_id)).id).toBe(input_file_id);
});

test("a result line can be given as it is, in either file, or left out", async () => {
  const lines: Readonly<Record<string, Answer>> = {
    r1: { line: '{"custom_id":"r1","response":{"status_code":"200","body":{"score":NaN}}}\0\0' },
    r2: { line: { custom_id: 2, response: { status_code: 200, body: {} } } },
    r3: { line: "Error code: 500", file: "error" },
    r4: { line: null },
  };
  await using account = await openAccount({
    shuffle: false,
    respond: ({ custom_id }) => lines[custom_id],
  });
  const { id } = await account.submit(chats(4));
  account.clock.advance(1000);
  const batch = await account.client.batches.retrieve(id);
  expect(batch.request_counts).toEqual({ total: 4, completed: 3, failed: 1 });
  const { files } = account.client;
  const output = await files.content(batch.output_file_id ?? "");
  expect((await output.text()).split("\n")).toEqual([
    '{"custom_id":"r1","response":{"status_code":"200","body":{"score":NaN}}}\0\0',
    '{"custom_id":2,"response":{"status_code":200,"body":{}}}',
    "",
  ]);
  const errors = await files.content(batch.error_file_id ?? "");
  expect(await errors.text()).toBe("Error code: 500\n");
});

test("a line can say in its own way that its request never ran", async () => {
  const line = { custom_id: "r1", error: { type: "cancelled" } };
  await using account = await openAccount({ respond: () => ({ line, file: "error", ran: false }) });
  await account.submit(chats(1));
  account.clock.advance(1000);
  const [request] = account.simulator.ledger().requests;
  expect(request?.runs).toMatchObject([{ outcome: "never_ran", available: true }]);
});
