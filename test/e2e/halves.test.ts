import { describe, expect, it } from "vitest";

import { type Job, errorsOf, eventually, openJob } from "./job.ts";
import { chat, chats, jsonl } from "./requests.ts";

/** Room for three of the six requests, by estimate and as the server counts. */
const room = { enqueued: { tokens: 40 }, inputTokens: () => 12 };

const inputs = {
  operation: "run",
  "input-file": "requests.jsonl",
  "output-file": "out/answers.jsonl",
  "error-file": "out/errors.jsonl",
  "idempotency-key": "nightly",
};

const keysOf = ({ simulator }: Job) =>
  simulator.batches.map(({ metadata }) => metadata?.["idempotency_key"]);

function expectAllAnswered(job: Job): void {
  expect(job.results("out/answers.jsonl").map(({ custom_id }) => custom_id)).toEqual(
    chats(6).map((_, at) => `r${at + 1}`),
  );
  expect(job.simulator.ledger().paidTwice).toEqual([]);
}

describe.concurrent("a batch that is larger than the server has room for", () => {
  it("is sent in halves, which the log says, and outputs name these alone", async () => {
    await using job = await openJob(room);
    job.write("requests.jsonl", jsonl(chats(6)));
    const { exitCode, log, outputs, annotations } = await job.run(inputs);
    expect([exitCode, annotations]).toEqual([0, []]);
    expect(log.filter((line) => line.includes("divided"))).toEqual([
      expect.stringMatching(
        /^Batch 1 is divided in two, batches 2 and 3: it has about \d+ tokens, and the server allows 40 enqueued tokens of its model\.$/,
      ),
    ]);
    const [, ...halves] = job.simulator.batches;
    expect(outputs).toMatchObject({
      "batch-id": halves.map(({ id }) => id).join(","),
      "batch-count": "2",
      "request-completed": "6",
      status: "completed",
      done: "true",
    });
    expectAllAnswered(job);
  });

  it("is gone on with by its halves when the step was killed between them", async () => {
    await using job = await openJob({ ...room, phases: { inProgress: 2_000 } });
    job.write("requests.jsonl", jsonl(chats(6)));
    const step = job.start(inputs);
    // The second half has no room beside the first.
    await step.waitForLine(/Batch 3 waits until another has ended/);
    await step.kill();
    expect(keysOf(job)).toEqual(["nightly", "nightly/half1"]);
    const again = await job.run(inputs, { context: { runAttempt: "2" } });
    expect(again).toMatchObject({ exitCode: 0, outputs: { reused: "true", "batch-count": "2" } });
    // The whole is not tried again; the second half may be, until the first has ended.
    expect(new Set(keysOf(job).slice(2))).toEqual(new Set(["nightly/half2"]));
    expectAllAnswered(job);
  });

  it("has the half whose create lost its answer, and is paid for once", async () => {
    await using job = await openJob(room);
    job.write("requests.jsonl", jsonl(chats(6)));
    const fault = { kind: "drop-after" } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
    const { exitCode, outputs } = await job.run(inputs);
    expect([exitCode, outputs["reused"]]).toEqual([0, "false"]);
    expect(keysOf(job)).toEqual(["nightly", "nightly/half1", "nightly/half2"]);
    expectAllAnswered(job);
  });

  it("is found by a re-run with the half whose lost create nobody had looked for", async () => {
    await using job = await openJob({ ...room, phases: { inProgress: 300 } });
    job.write("requests.jsonl", jsonl(chats(6)));
    const fault = { kind: "hang", processed: true } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault });
    const step = job.start(inputs);
    await eventually(() => job.simulator.batches.length === 2);
    await step.kill();
    const again = await job.run(inputs, { context: { runAttempt: "2" } });
    expect(again).toMatchObject({ exitCode: 0, outputs: { reused: "true", "batch-count": "2" } });
    expectAllAnswered(job);
  });

  it("fails the step for a single request that is too large, which it names, and brings the others' answers", async () => {
    const large = "word ".repeat(500);
    await using job = await openJob({
      ...room,
      inputTokens: ({ body }) => (JSON.stringify(body).length > 1_000 ? 500 : 12),
    });
    job.write("requests.jsonl", jsonl([...chats(3), chat("large", large)]));
    const result = await job.run(inputs);
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join("\n")).toMatch(
      /is a single request and cannot be sent: it has about \d+ tokens, and the server allows 40 enqueued tokens of its model/,
    );
    expect(job.results("out/answers.jsonl").map(({ custom_id }) => custom_id)).toEqual([
      "r1",
      "r2",
      "r3",
    ]);
    expect(job.results("out/errors.jsonl").map(({ custom_id }) => custom_id)).toEqual(["large"]);
  });
});
