import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { OutcomePlan } from "../../src/simulator/index.ts";
import { manualClock } from "../../src/simulator/index.ts";
import { ended, errorsOf, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";

const files = { "output-file": "results.jsonl", "error-file": "errors.jsonl" };

async function runWith(
  outcome: OutcomePlan | OutcomePlan["kind"],
  inputs: Readonly<Record<string, string>> = {},
) {
  const job = await openJob({ outcome });
  const file = job.write("requests.jsonl", jsonl(chats(8)));
  const result = await job.run({ operation: "run", "input-file": file, ...files, ...inputs });
  return { ...job, result };
}

describe("a final status", () => {
  it.each<[OutcomePlan["kind"], string, string]>([
    ["completed", "completed", "success"],
    ["mixed", "completed", "partial"],
    ["all_failed", "completed", "failure"],
    ["failed", "failed", "failure"],
    ["expired", "expired", "expired"],
  ])("of a batch that is %s has a status and a conclusion", async (kind, status, conclusion) => {
    await using job = await runWith(kind, { "fail-on": "never" });
    const { result } = job;
    expect(result).toMatchObject({ exitCode: 0, outputs: { status, conclusion, done: "true" } });
    expect(errorsOf(result)).toEqual([]);
  });

  it.each<[OutcomePlan["kind"], string | undefined, number]>([
    ["completed", undefined, 0],
    ["all_failed", undefined, 0],
    ["failed", undefined, 1],
    ["expired", undefined, 1],
    ["failed", "expired", 0],
    ["expired", "expired", 1],
    ["expired", "failed, cancelled", 0],
    ["failed", "Expired\nFailed", 1],
    ["completed", "completed", 1],
  ])("of a batch that is %s with fail-on %s ends with code %i", async (kind, failOn, code) => {
    await using job = await runWith(kind, failOn === undefined ? {} : { "fail-on": failOn });
    const { result } = job;
    expect(result.exitCode).toBe(code);
    expect(errorsOf(result)).toHaveLength(code);
  });

  it("says at the line of the request file, and in one line, why the batch failed", async () => {
    await using job = await runWith({
      kind: "failed",
      errors: [
        { code: "model_not_found", message: "The model does not exist.", param: "model", line: 3 },
      ],
    });
    const { result } = job;
    const [atLine, failure, ...more] = result.annotations;
    const id = result.outputs["batch-id"] ?? "none";
    expect(more).toEqual([]);
    expect(atLine).toMatchObject({ kind: "error", title: `Batch ${id} failed`, line: 3 });
    expect(atLine?.file).toMatch(/\.jsonl$/);
    for (const text of [atLine?.message, failure?.message]) {
      expect(text).toContain("model_not_found: The model does not exist.");
      expect(text).toContain("Check the model's name");
    }
    expect(failure?.message).toContain(`${id} is failed`);
    expect(failure?.message).toMatch(/\.jsonl:3: /);
    expect(result.summary).toMatch(/The model does not exist/);
  });
});

describe("results that exist", () => {
  it("of an expired batch are written before the step fails (warmbly#333)", async () => {
    await using job = await runWith({ kind: "expired", completedShare: 0.5 });
    const { result } = job;
    expect(result.exitCode).toBe(1);
    expect(job.results("results.jsonl")).toHaveLength(4);
    const codes = job.results("errors.jsonl").map(({ error }) => error?.code);
    expect(codes).toEqual(Array(4).fill("batch_expired"));
    expect(result.outputs).toMatchObject({
      "request-total": "8",
      "request-completed": "4",
      "request-failed": "4",
      "output-file": join(job.workspace, "results.jsonl"),
      "error-file": join(job.workspace, "errors.jsonl"),
    });
  });

  it("of a cancelled batch are written before the step fails (warmbly#333)", async () => {
    const clock = manualClock(Date.now());
    await using job = await openJob({ clock, phases: { inProgress: 5_000, cancelling: 0 } });
    const id = await job.submit({ lines: chats(100) });
    clock.advance(2_500);
    await job.run({ operation: "cancel", "batch-id": id });
    const result = await job.run({ operation: "wait", "batch-id": id, ...files });
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: { status: "cancelled", conclusion: "cancelled", done: "true" },
    });
    expect(job.results("results.jsonl").length).toBeGreaterThan(0);
    expect(job.results("errors.jsonl").at(-1)?.error?.code).toBe("batch_cancelled");
    expect(job.results("results.jsonl").length + job.results("errors.jsonl").length).toBe(100);
  });

  it("of a batch that failed at validation are none, and the step says why", async () => {
    await using job = await runWith("failed");
    const { result } = job;
    expect(errorsOf(result).join()).toContain("token_limit_exceeded");
    expect(result.outputs).toMatchObject({
      "request-total": "8",
      "request-failed": "8",
      "output-file-id": "",
    });
    expect(job.results("errors.jsonl")).toHaveLength(8);
  });

  it("are read when every request failed and there is no output file (litellm#33987)", async () => {
    await using job = await runWith("all_failed");
    const { result } = job;
    expect(result.outputs).toMatchObject({
      "output-file-id": "",
      "request-completed": "0",
      "request-failed": "8",
      conclusion: "failure",
    });
    expect(job.results("results.jsonl")).toEqual([]);
    expect(job.results("errors.jsonl")).toHaveLength(8);
    expect(result.summary).toMatch(/rate_limit_exceeded.*\| 3 \|/);
  });

  it("are counted by line, not by what the server says (ellmer#830)", async () => {
    await using job = await openJob({
      respond: ({ custom_id }) =>
        custom_id === "r1"
          ? { status_code: 0, body: {} }
          : { status_code: 200, body: { object: "chat.completion" } },
    });
    const file = job.write("requests.jsonl", jsonl(chats(3)));
    const result = await job.run({ operation: "run", "input-file": file, ...files });
    expect(job.simulator.batches[0]?.request_counts.failed).toBe(0);
    expect(result.outputs).toMatchObject({
      "request-completed": "2",
      "request-failed": "1",
      conclusion: "partial",
    });
    expect(job.results("errors.jsonl").map((line) => line.custom_id)).toEqual(["r1"]);
  });

  it("are not looked for under an empty error_file_id (kaibo#93)", async () => {
    await using job = await openJob();
    const id = await job.submit();
    await ended(job);
    const [batch] = job.simulator.batches;
    job.simulator.addFault({
      path: `/batches/${id}`,
      fault: { kind: "status", status: 200, body: { ...batch, error_file_id: "" } },
    });
    const result = await job.run({ operation: "wait", "batch-id": id, ...files });
    expect(result).toMatchObject({ exitCode: 0, outputs: { "error-file-id": "" } });
    expect(() => job.read("errors.jsonl")).toThrow("ENOENT");
    expect(job.calls().filter((call) => call.endsWith("/content"))).toHaveLength(1);
  });

  it("are whole although a download is cut short (openai-python#2959)", async () => {
    await using job = await openJob({
      faults: [{ path: "/files/*/content", fault: { kind: "cut-body" } }],
    });
    const file = job.write("requests.jsonl", jsonl(chats(50)));
    const result = await job.run({ operation: "run", "input-file": file, ...files });
    expect(result).toMatchObject({ exitCode: 0, outputs: { "request-completed": "50" } });
    expect(job.results("results.jsonl")).toHaveLength(50);
  });

  it("leave no half file when they cannot be downloaded", async () => {
    await using job = await openJob();
    job.simulator.addFault({
      path: "/files/*/content",
      times: Infinity,
      fault: { kind: "cut-body" },
    });
    const file = job.write("requests.jsonl", jsonl(chats(50)));
    const result = await job.run({
      operation: "run",
      "input-file": file,
      "max-retries": "0",
      ...files,
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ status: "completed" });
    expect(existsSync(join(job.workspace, "results.jsonl"))).toBe(false);
    expect(existsSync(join(job.workspace, "errors.jsonl"))).toBe(false);
  });

  it("of several batches go into one file", async () => {
    await using job = await openJob();
    const ids = [
      await job.submit({ lines: chats(3, "a") }),
      await job.submit({
        lines: chats(3, "b"),
        metadata: { simulator_outcome: "mixed:0.34" },
      }),
    ];
    const result = await job.run({ operation: "wait", "batch-id": ids.join("\n"), ...files });
    expect(result.outputs).toMatchObject({
      "request-total": "6",
      "request-failed": "2",
      conclusion: "partial",
      "output-file-id": job.simulator.batches.map((batch) => batch.output_file_id).join(","),
    });
    expect(job.results("results.jsonl")).toHaveLength(4);
  });
});

describe("max-request-failures", () => {
  it.each([
    ["0", 1],
    ["1", 1],
    ["2", 0],
    ["24%", 1],
    ["25%", 0],
    ["100%", 0],
    ["", 0],
  ])("of %s among 2 failures of 8 ends with code %i", async (limit, code) => {
    await using job = await runWith("mixed", { "max-request-failures": limit });
    const { result } = job;
    expect(result.exitCode).toBe(code);
    expect(result.outputs).toMatchObject({ conclusion: "partial", "request-failed": "2" });
    if (code === 1) expect(errorsOf(result).join()).toContain("2 of 8 requests failed");
    expect(job.results("errors.jsonl")).toHaveLength(2);
  });
});
