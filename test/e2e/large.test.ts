import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ended, errorsOf, eventually, type Job, openJob } from "./job.ts";
import { chat, chats, jsonl, resultLines } from "./requests.ts";

const files = { "output-file": "results.jsonl", "error-file": "errors.jsonl" };
const idsOf = ({ outputs }: { readonly outputs: Readonly<Record<string, string>> }) =>
  (outputs["batch-id"] ?? "").split(",").filter(Boolean);
const count = (job: Job, call: string) => job.calls().filter((made) => made === call).length;
const inFile = (job: Job, name: string) =>
  resultLines(job.read(name)).map(({ custom_id: id }) => id);
const ids = (number: number, prefix = "r") =>
  Array.from({ length: number }, (_, index) => `${prefix}${index + 1}`);

describe.concurrent("an input of any size", () => {
  it("may be several files by a glob, which make one job in the order of their names", async () => {
    await using job = await openJob();
    job.write("in/b.jsonl", jsonl(chats(2, "b")));
    job.write("in/a.jsonl", `\ufeff${jsonl(chats(3, "a"))}`);
    const result = await job.run({ operation: "run", "input-file": "in/*.jsonl", ...files });
    expect(errorsOf(result)).toEqual([]);
    expect(job.simulator.batches).toHaveLength(1);
    expect(inFile(job, "results.jsonl")).toEqual([...ids(3, "a"), ...ids(2, "b")]);
    expect(result.outputs).toMatchObject({ "request-total": "5", conclusion: "success" });
  });

  it("may be several files of more than half a megabyte each", async () => {
    await using job = await openJob();
    const filler = "x".repeat(3_000);
    for (const name of ["a", "b", "c"]) {
      const lines = ids(200, name).map((id) => chat(id, filler));
      job.write(`in/${name}.jsonl`, jsonl(lines));
    }
    const result = await job.run({ operation: "run", "input-file": "in/*.jsonl", ...files });
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ "request-completed": "600", conclusion: "success" });
  });

  it("is split by requests, and the ids go on to wait in the input's order", async () => {
    await using job = await openJob();
    const input = job.write("requests.jsonl", jsonl(chats(7)));
    const created = await job.run({
      operation: "create",
      "input-file": input,
      "max-requests-per-batch": "3",
    });
    const batches = job.simulator.batches.map(({ id }) => id);
    expect(batches).toHaveLength(3);
    expect(idsOf(created)).toEqual(batches);
    expect(created.outputs["input-file-id"]?.split(",")).toEqual(
      job.simulator.batches.map(({ input_file_id: id }) => id),
    );
    const waited = await job.run({
      operation: "wait",
      "batch-id": created.outputs["batch-id"],
      "output-order": "input",
      ...files,
    });
    expect(errorsOf(waited)).toEqual([]);
    expect(waited.outputs).toMatchObject({
      "batch-id": batches.join(","),
      status: "completed",
      "request-total": "7",
    });
    expect(inFile(job, "results.jsonl")).toEqual(ids(7));
  });

  it("is cancelled as a whole by the ids of its parts", async () => {
    await using job = await openJob({ phases: { inProgress: Infinity } });
    const input = job.write("requests.jsonl", jsonl(chats(6)));
    const created = await job.run({
      operation: "create",
      "input-file": input,
      "max-requests-per-batch": "2",
    });
    const result = await job.run({
      operation: "cancel",
      "batch-id": created.outputs["batch-id"],
    });
    expect(errorsOf(result)).toEqual([]);
    await ended(job);
    expect(job.simulator.batches.map(({ status }) => status)).toEqual(Array(3).fill("cancelled"));
  });

  it("is split by bytes", async () => {
    await using job = await openJob();
    const text = jsonl(chats(8));
    const input = job.write("requests.jsonl", text);
    const result = await job.run({
      operation: "run",
      "input-file": input,
      "max-bytes-per-batch": String(Math.ceil(text.length / 3)),
      ...files,
    });
    expect(errorsOf(result)).toEqual([]);
    expect(idsOf(result).length).toBeGreaterThanOrEqual(3);
    expect(inFile(job, "results.jsonl")).toEqual(ids(8));
  });

  it("is in flight with no more batches than max-active-batches", async () => {
    await using job = await openJob({ phases: { inProgress: 60 } });
    const input = job.write("requests.jsonl", jsonl(chats(6)));
    const result = await job.run({
      operation: "run",
      "input-file": input,
      "max-requests-per-batch": "2",
      "max-active-batches": "1",
      ...files,
    });
    expect(errorsOf(result)).toEqual([]);
    const calls = job.calls();
    const creates = calls.flatMap((call, index) => (call === "POST /batches" ? [index] : []));
    expect(creates).toHaveLength(3);
    // Between two creates the first one's batch is looked at until it has ended.
    for (const [number, { id }] of job.simulator.batches.slice(0, 2).entries()) {
      expect(calls.slice(creates[number], creates[number + 1])).toContain(`GET /batches/${id}`);
    }
    expect(inFile(job, "results.jsonl")).toEqual(ids(6));
  });

  it("keeps the server's order when asked to", async () => {
    await using job = await openJob({ seed: 3 });
    const input = job.write("requests.jsonl", jsonl(chats(30)));
    const options = { operation: "run", "input-file": input, ...files };
    await job.run({ ...options, "output-order": "completion" });
    const [batch] = job.simulator.batches;
    const found = inFile(job, "results.jsonl");
    expect(found).not.toEqual(ids(30));
    expect(found.toSorted()).toEqual(ids(30).toSorted());
    expect(batch?.status).toBe("completed");
  });

  it("is retried where it failed for a transient reason, and judged as one", async () => {
    await using job = await openJob();
    job.simulator.plan({ kind: "expired", completedShare: 0.5 });
    const input = job.write("requests.jsonl", jsonl(chats(8)));
    const result = await job.run({
      operation: "run",
      "input-file": input,
      "retry-failed": "2",
      ...files,
    });
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({
      status: "completed",
      conclusion: "success",
      done: "true",
      "request-total": "8",
      "request-completed": "8",
      "request-failed": "0",
    });
    expect(inFile(job, "results.jsonl")).toEqual(ids(8));
    expect(result.outputs["error-file"]).toBe("");
    expect(() => job.read("errors.jsonl")).toThrow("ENOENT");
  });

  it("fails the step for a part that failed for good, although another was retried with success", async () => {
    await using job = await openJob();
    job.simulator.plan({
      kind: "failed",
      errors: [{ code: "model_not_found", message: "No such model.", param: null, line: 1 }],
    });
    job.simulator.plan({ kind: "expired", completedShare: 0 });
    const input = job.write("requests.jsonl", jsonl(chats(4)));
    const result = await job.run({
      operation: "run",
      "input-file": input,
      "max-requests-per-batch": "2",
      "retry-failed": "1",
      ...files,
    });
    expect(inFile(job, "results.jsonl")).toEqual(["r3", "r4"]);
    expect(result.exitCode).toBe(1);
    expect(result.outputs["status"]).toBe("failed");
  });

  it("with a key of the user's own, retries what failed now and not what failed in an earlier run", async () => {
    await using job = await openJob();
    const input = job.write("requests.jsonl", jsonl(chats(4)));
    const options = {
      operation: "run",
      "input-file": input,
      "idempotency-key": "mine",
      "retry-failed": "1",
      ...files,
    };
    // The first run's batch expires with two requests left, which are answered in a second one.
    job.simulator.plan({ kind: "expired", completedShare: 0.5 });
    await job.run(options);
    const [first] = job.simulator.batches;
    expect(job.simulator.batches).toHaveLength(2);
    // An expired batch is not adopted, so the next run makes a new one, of which all else fails.
    job.simulator.plan({ kind: "expired", completedShare: 0 });
    const result = await job.run(options, { context: { runAttempt: "2" } });
    expect(first?.status).toBe("expired");
    expect(result.outputs).toMatchObject({ "request-completed": "4", "request-failed": "0" });
  });

  it("tells an id that two files share by file and line, and counts such problems", async () => {
    await using job = await openJob();
    job.write("in/a.jsonl", jsonl(chats(3)));
    job.write("in/b.jsonl", jsonl([chat("x"), chat("r2"), chat("r3")]));
    const result = await job.run({ operation: "create", "input-file": "in/*.jsonl" });
    expect(result.exitCode).toBe(1);
    expect(job.calls()).toEqual([]);
    const placed = result.annotations.filter(({ file }) => file !== undefined);
    expect(placed).toMatchObject([
      { kind: "error", file: join("in", "b.jsonl"), line: 2 },
      { kind: "error", file: join("in", "b.jsonl"), line: 3 },
    ]);
    expect(placed[0]?.message).toContain("duplicate_custom_id");
    expect(result.summary).toMatch(/duplicate_custom_id.*\| 2 \|/);
  });

  it("is resumed after a crash between parts with the missing ones alone", async () => {
    await using job = await openJob({ phases: { inProgress: 200 } });
    const input = job.write("requests.jsonl", jsonl(chats(9)));
    const options = {
      operation: "run",
      "input-file": input,
      "max-requests-per-batch": "2",
      ...files,
    };
    job.simulator.addFault({
      method: "POST",
      path: "/files",
      skip: 2,
      fault: { kind: "hang" },
    });
    const step = job.start(options);
    await eventually(() => count(job, "POST /files") === 3);
    await step.kill();
    expect(job.simulator.batches).toHaveLength(2);
    const result = await job.run(options, { context: { runAttempt: "2" } });
    expect(errorsOf(result)).toEqual([]);
    expect(job.simulator.batches).toHaveLength(5);
    // Two of the first process, one on which it was killed, and the three that were missing.
    expect(count(job, "POST /files")).toBe(2 + 1 + 3);
    expect(idsOf(result)).toEqual(job.simulator.batches.map(({ id }) => id));
    expect(result.outputs["reused"]).toBe("true");
    expect(inFile(job, "results.jsonl")).toEqual(ids(9));
  });

  it("tells of each request of a failed batch why it failed, also in a later step", async () => {
    await using job = await openJob();
    job.simulator.plan({
      kind: "failed",
      errors: [{ code: "model_not_found", message: "No such model.", param: null, line: 1 }],
    });
    const input = job.write("requests.jsonl", jsonl(chats(2)));
    const created = await job.run({ operation: "create", "input-file": input });
    await job.run({
      operation: "wait",
      "batch-id": created.outputs["batch-id"],
      "output-order": "input",
      ...files,
    });
    expect(resultLines(job.read("errors.jsonl")).map(({ error }) => error?.code)).toEqual([
      "model_not_found",
      "model_not_found",
    ]);
  });

  it("does not call requests failed whose batch still runs", async () => {
    await using job = await openJob({ phases: { inProgress: Infinity } });
    const running = await job.submit({ lines: chats(3, "running") });
    const [batch] = job.simulator.batches;
    expect(batch?.id).toBe(running);
    job.simulator.plan({
      kind: "failed",
      errors: [{ code: "model_not_found", message: "No such model.", param: null, line: 1 }],
    });
    const failed = await job.submit({ lines: chats(2, "failed") });
    const result = await job.run({
      operation: "wait",
      "batch-id": `${running},${failed}`,
      timeout: "4s",
      "on-timeout": "continue",
      "fail-on": "never",
      "output-order": "input",
      ...files,
    });
    const missing = resultLines(job.read("errors.jsonl")).filter(
      ({ custom_id: id, error }) => id.startsWith("running") && error?.code === "result_missing",
    );
    expect(missing).toEqual([]);
    expect(result.outputs["done"]).toBe("false");
  });

  it("may be 30 MB, in parts of 10 MB", async () => {
    await using job = await openJob();
    const filler = "x".repeat(2_800);
    const lines = ids(10_000).map((id) => chat(id, filler));
    const input = job.write("requests.jsonl", jsonl(lines));
    const result = await job.run({
      operation: "run",
      "input-file": input,
      "max-bytes-per-batch": "10MB",
      ...files,
    });
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs["request-completed"]).toBe("10000");
    expect(job.simulator.batches.length).toBeGreaterThanOrEqual(3);
    expect(job.simulator.ledger().paidTwice).toEqual([]);
  });
});
