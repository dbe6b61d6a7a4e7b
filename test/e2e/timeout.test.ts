import { describe, expect, it } from "vitest";
import { manualClock } from "../../src/simulator/index.ts";
import { errorsOf, eventually, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";

const endless = { inProgress: Infinity };
/** Long enough for one look at the batch. */
const timeout = { operation: "wait", timeout: "1s" };

describe("a timeout", () => {
  it("fails the step by default, and the batch keeps running", async () => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    const result = await job.run({ ...timeout, "batch-id": id });
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: { "batch-id": id, done: "false", conclusion: "pending", status: "in_progress" },
    });
    expect(errorsOf(result).join()).toContain("`timeout`");
    expect(job.simulator.batches[0]?.status).toBe("in_progress");
  });

  it("ends the step well when it is to continue", async () => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    const result = await job.run({ ...timeout, "batch-id": id, "on-timeout": "continue" });
    expect(result).toMatchObject({ exitCode: 0, outputs: { "batch-id": id, done: "false" } });
    expect(job.calls()).not.toContain(`POST /batches/${id}/cancel`);
  });

  it("cancels the batch and fails when it is to cancel", async () => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    const result = await job.run({ ...timeout, "batch-id": id, "on-timeout": "cancel" });
    expect(result).toMatchObject({ exitCode: 1, outputs: { "batch-id": id } });
    expect(job.calls()).toContain(`POST /batches/${id}/cancel`);
  });

  it("under on-timeout: cancel fails the step whatever fail-on says", async () => {
    await using job = await openJob({ phases: { ...endless, cancelling: 0 } });
    const id = await job.submit();
    const result = await job.run({
      ...timeout,
      "batch-id": id,
      "on-timeout": "cancel",
      "fail-on": "never",
    });
    expect(job.simulator.batches[0]?.status).toBe("cancelled");
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join()).toContain("`timeout`");
  });

  it("writes what a batch has that is cancelled by it", async () => {
    const clock = manualClock(Date.now());
    await using job = await openJob({ clock, phases: { inProgress: 6_000, cancelling: 0 } });
    const id = await job.submit({ lines: chats(200) });
    clock.advance(3_000);
    const result = await job.run({
      ...timeout,
      "batch-id": id,
      "on-timeout": "cancel",
      "output-file": "results.jsonl",
    });
    expect(result).toMatchObject({ exitCode: 1, outputs: { status: "cancelled", done: "true" } });
    expect(job.results("results.jsonl").length).toBeGreaterThan(0);
  });

  it.each(["wait", "run"])(
    "of %s writes what a batch has whose cancel takes a while",
    async (operation) => {
      const clock = manualClock(Date.now());
      await using job = await openJob({ clock, phases: { inProgress: 6_000, cancelling: 800 } });
      const file = job.write("requests.jsonl", jsonl(chats(200)));
      const source =
        operation === "run"
          ? { "input-file": file }
          : { "batch-id": await job.submit({ lines: chats(200) }) };
      const step = job.start({
        ...timeout,
        ...source,
        operation,
        timeout: "5s",
        "on-timeout": "cancel",
        "output-file": "results.jsonl",
      });
      const { calls } = job.simulator;
      await eventually(() => calls.some(({ path }) => /\/batches\/batch_\w+$/.test(path)));
      clock.advance(3_000);
      await eventually(() => calls.some(({ path }) => path.endsWith("/cancel")));
      clock.advance(800);
      const result = await step.done;
      expect(result).toMatchObject({ exitCode: 1, outputs: { status: "cancelled", done: "true" } });
      const written = job.results("results.jsonl").length;
      expect(written).toBeGreaterThan(0);
      expect(result.outputs["request-completed"]).toBe(String(written));
      expect(result.outputs["request-total"]).toBe("200");
    },
  );

  it("leaves alone the batches that have ended, and writes their results", async () => {
    await using job = await openJob();
    const done = await job.submit();
    const id = await job.submit({ lines: chats(3) });
    job.simulator.addFault({
      path: `/batches/${id}`,
      times: Infinity,
      fault: {
        kind: "status",
        status: 200,
        body: { id, object: "batch", status: "in_progress", created_at: 1 },
      },
    });
    const result = await job.run({
      ...timeout,
      "batch-id": `${done},${id}`,
      "on-timeout": "continue",
      "output-file": "results.jsonl",
    });
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { "batch-id": `${done},${id}`, done: "false", status: "in_progress" },
    });
    expect(job.results("results.jsonl")).toHaveLength(4);
  });

  it("counts from the start of run, upload included", async () => {
    await using job = await openJob({ phases: endless });
    const file = job.write("requests.jsonl", jsonl(chats(1)));
    job.simulator.addFault({
      method: "POST",
      path: "/files",
      fault: { kind: "hang" },
    });
    const result = await job.run({ operation: "run", "input-file": file, timeout: "1s" });
    expect(result.exitCode).toBe(1);
    expect(job.calls()).not.toContain("POST /batches");
  });

  it("ends a look that hangs", async () => {
    await using job = await openJob();
    const id = await job.submit();
    job.simulator.addFault({ path: "/batches/*", times: Infinity, fault: { kind: "hang" } });
    const result = await job.run({ ...timeout, "batch-id": id, "on-timeout": "continue" });
    expect(result).toMatchObject({ exitCode: 0, outputs: { "batch-id": id, done: "false" } });
  });
});

describe("a wait", () => {
  it("outlives transient errors (ralph-starter#140, mistral client-python#625)", async () => {
    await using job = await openJob();
    const id = await job.submit();
    for (const fault of [
      { kind: "status", status: 503 },
      { kind: "status", status: 429 },
      { kind: "html" },
      { kind: "empty" },
      { kind: "cut-body" },
      { kind: "drop-before" },
    ] as const) {
      job.simulator.addFault({ path: "/batches/*", fault });
    }
    const result = await job.run({ operation: "wait", "batch-id": id, "max-retries": "0" });
    expect(result).toMatchObject({ exitCode: 0, outputs: { status: "completed" } });
    expect(errorsOf(result)).toEqual([]);
    // The first three are warnings, the others stand in the log: GitHub shows ten annotations of a step.
    expect(result.annotations.filter(({ kind }) => kind === "warning")).toHaveLength(3);
    expect(result.log.filter((line) => line.includes("failed; still waiting"))).toHaveLength(6);
  });

  it("goes on for a status that nobody knows, and names it (ZenRows/cli#15)", async () => {
    await using job = await openJob();
    const id = await job.submit();
    const body = { id, object: "batch", status: "warming_up" };
    job.simulator.addFault({ path: "/batches/*", fault: { kind: "status", status: 200, body } });
    const result = await job.run({ operation: "wait", "batch-id": id });
    expect(result).toMatchObject({ exitCode: 0, outputs: { status: "completed" } });
    const warnings = result.annotations.filter(({ kind }) => kind === "warning");
    expect(warnings.map(({ message }) => message).join()).toContain("warming_up");
  });
});
