import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";

const run = {
  operation: "run",
  "input-file": "requests.jsonl",
  "output-file": "out/answers.jsonl",
  "error-file": "out/errors.jsonl",
  "cache-file": "kept/answers.jsonl",
};

test("a run pays for what the cache does not have, and the next one for nothing", async () => {
  await using job = await openJob({});
  job.write("requests.jsonl", jsonl(chats(5)));
  const first = await job.run(run, { context: { runId: "1" } });
  expect(first.exitCode).toBe(0);
  expect(first.outputs).toMatchObject({ "request-cached": "0", "request-completed": "5" });

  // What a runner that was lost in the middle of a line leaves behind.
  const cache = join(job.workspace, "kept/answers.jsonl");
  const kept = job.read("kept/answers.jsonl");
  appendFileSync(cache, kept.slice(0, 100));
  job.write("requests.jsonl", jsonl(chats(6)));
  const second = await job.run(run, { context: { runId: "2" } });
  expect(second.exitCode).toBe(0);
  expect(second.outputs).toMatchObject({ "request-cached": "5", "request-completed": "6" });
  expect(second.annotations.map(({ message }) => message)).toEqual([
    expect.stringContaining("1 line of kept/answers.jsonl could not be read (the first is line 6)"),
  ]);

  const answers = job.read("out/answers.jsonl");
  const third = await job.run(run, { context: { runId: "3" } });
  expect(third.exitCode).toBe(0);
  expect(third.outputs).toMatchObject({
    done: "true",
    status: "completed",
    conclusion: "success",
    "batch-count": "0",
    "request-cached": "6",
    "request-completed": "6",
    "total-tokens": "0",
  });
  expect(third.outputs["batch-id"] ?? "").toBe("");
  expect(job.read("out/answers.jsonl")).toBe(answers);
  expect(existsSync(join(job.workspace, "out/errors.jsonl"))).toBe(false);
  expect(job.simulator.ledger().paidTwice).toEqual([]);
  expect(job.simulator.batches.map(({ request_counts: { total } }) => total)).toEqual([5, 1]);
  expect(third.summary).toContain("6 from the cache");
});
