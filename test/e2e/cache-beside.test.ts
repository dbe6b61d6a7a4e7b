import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { openCacheFile } from "../../src/index.ts";
import { eventually, type Job, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";

const cacheFile = "kept/answers.jsonl";

/** The inputs of a job that has its own files and key, and the cache in common with others. */
function inputsOf(job: Job, name: string, count: number) {
  job.write(`${name}.jsonl`, jsonl(chats(count, name)));
  return {
    operation: "run",
    "input-file": `${name}.jsonl`,
    "output-file": `${name}/answers.jsonl`,
    "max-requests-per-batch": "50",
    "cache-file": cacheFile,
  };
}

const idsIn = (job: Job, name: string) =>
  job.results(`${name}/answers.jsonl`).map(({ custom_id }) => custom_id);

/** What the cache has, by what was asked for. */
function namesIn(job: Job): readonly string[] {
  return readFileSync(join(job.workspace, cacheFile), "utf8")
    .split("\n")
    .flatMap(
      (line) =>
        /^\{"key":"[0-9a-f]{32}","line":\{.*"custom_id":\s*"(\w+)".*\}\}$/.exec(line)?.[1] ?? [],
    );
}

describe.concurrent("two jobs with one cache file at the same time", () => {
  it("each end well, leave each other's answers in it, and pay once for their own", async () => {
    await using job = await openJob({});
    const [a, b] = [inputsOf(job, "a", 300), inputsOf(job, "b", 300)];
    const results = await Promise.all([
      job.run(a, { context: { runId: "1" } }),
      job.run(b, { context: { runId: "2" } }),
    ]);
    for (const { exitCode, outputs, annotations } of results) {
      expect([exitCode, annotations]).toEqual([0, []]);
      expect(outputs).toMatchObject({ "request-completed": "300", done: "true" });
    }
    expect(new Set(namesIn(job)).size).toBe(600);
    const { answers, unreadable } = await openCacheFile(join(job.workspace, cacheFile));
    expect([answers, unreadable.lines]).toEqual([600, 0]);
    expect(job.simulator.ledger().paidTwice).toEqual([]);

    const made = job.simulator.batches.length;
    for (const [name, inputs] of [
      ["a", a],
      ["b", b],
    ] as const) {
      const before = job.read(`${name}/answers.jsonl`);
      const again = await job.run(inputs, { context: { runId: `again-${name}` } });
      expect(again.outputs).toMatchObject({ "request-cached": "300", "batch-count": "0" });
      expect(job.read(`${name}/answers.jsonl`)).toBe(before);
    }
    expect(job.simulator.batches).toHaveLength(made);
  });

  it("lose nothing of what the other has when one is killed behind the first answers that it adds", async () => {
    await using job = await openJob({});
    const [a, b] = [inputsOf(job, "a", 400), inputsOf(job, "b", 400)];
    const killed = job.start({ ...a, "max-active-batches": "2" }, { context: { runId: "1" } });
    const other = job.start(b, { context: { runId: "2" } });
    await killed.waitForLine(/^Added \d+ answers of \S+ to the cache\.$/);
    const { signal } = await killed.kill();
    const { exitCode, outputs } = await other.done;
    expect([signal, exitCode]).toEqual(["SIGKILL", 0]);
    expect(outputs).toMatchObject({ "request-completed": "400", done: "true" });
    await eventually(() => job.simulator.ledger().running.length === 0);
    const there = new Set(namesIn(job));
    expect([...there].filter((name) => name.startsWith("b"))).toHaveLength(400);

    // The killed job's next attempt pays for what its first one had not, and for nothing else.
    const again = await job.run(a, { context: { runId: "1", runAttempt: "2" } });
    expect(again.exitCode).toBe(0);
    expect(idsIn(job, "a")).toHaveLength(400);
    expect(new Set(namesIn(job)).size).toBe(800);
    expect(job.simulator.ledger().paidTwice).toEqual([]);
  });
});
