import { rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { hurried } from "./hurry.ts";
import { errorsOf, type Job, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";

const ids = (job: Job, name: string) =>
  job
    .read(name)
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { readonly custom_id: string }).custom_id);

const prompt = 'model: m\nmessages:\n  - {role: user, content: "{{text}}"}\n';
const table = (count: number) =>
  `id,text\n${Array.from({ length: count }, (_, index) => `r${index},text\n`).join("")}`;
const inOrder = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);

/** Makes batches of rows, as a step before does; gives their ids. */
async function createIn(job: Job, inputs: Readonly<Record<string, string>> = {}): Promise<string> {
  job.write("rows.csv", table(8));
  job.write("p.prompt.yml", prompt);
  const step = { operation: "create", "input-file": "rows.csv", template: "p.prompt.yml" };
  const { outputs } = await job.run({ ...step, ...inputs });
  return outputs["batch-id"] ?? "";
}

const own = { "input-file": "rows.csv", template: "p.prompt.yml", "output-file": "out.jsonl" };
const downloads = (job: Job) => job.calls().filter((call) => call.endsWith("/content")).length;

describe("an operation that is given what the batches were made of", () => {
  it.each([
    ["wait", {}],
    ["run", {}],
    ["wait, of several batches", { "max-requests-per-batch": "3" }],
  ])("writes the answers in its order and downloads no input (%s)", async (operation, split) => {
    await using job = await openJob({ seed: 3 });
    const batchId = await createIn(job, split);
    const name = operation.split(",")[0] ?? "";
    const result = await job.run({ operation: name, "batch-id": batchId, ...own });
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(ids(job, "out.jsonl")).toEqual(inOrder(8));
    expect(downloads(job)).toBe(batchId.split(",").length);
    const again = await job.run({ operation: "retrieve", "batch-id": batchId, ...own });
    expect(again.outputs["request-completed"]).toBe("8");
    expect(ids(job, "out.jsonl")).toEqual(inOrder(8));
  });

  it("takes a request file too", async () => {
    await using job = await openJob();
    const lines = jsonl(chats(4));
    const id = await job.submit({ lines: chats(4) });
    job.write("requests.jsonl", lines);
    const inputs = { "input-file": "requests.jsonl", "output-file": "out.jsonl" };
    const result = await job.run({ operation: "wait", "batch-id": id, ...inputs });
    expect(result.exitCode).toBe(0);
    expect(ids(job, "out.jsonl")).toEqual(job.results("out.jsonl").map(({ custom_id: id }) => id));
    expect(downloads(job)).toBe(1);
  });

  it.each<[string, string, string]>([
    ["fewer rows", table(7), "makes 7 requests, and the batch has 8"],
    ["other rows", table(8).replaceAll("r", "q"), "8 result lines are of no request"],
  ])("says where it does not fit (%s), and does without it", async (_, rows, why) => {
    await using job = await openJob({ seed: 3 });
    const batchId = await createIn(job);
    job.write("rows.csv", rows);
    // Results that do not fit yet are asked for again, for half a minute.
    const settings = { env: hurried(50) };
    const result = await job.run({ operation: "wait", "batch-id": batchId, ...own }, settings);
    expect(result.exitCode).toBe(0);
    const told = result.annotations.filter(({ kind }) => kind === "warning");
    expect(told.map(({ message }) => message).join()).toContain(why);
    expect(ids(job, "out.jsonl").sort()).toEqual(inOrder(8));
    expect(result.outputs).toMatchObject({ "request-total": "8", "request-completed": "8" });
    const ordered = { ...own, "output-order": "input" };
    await job.run({ operation: "wait", "batch-id": batchId, ...ordered }, settings);
    expect(ids(job, "out.jsonl")).toEqual(inOrder(8));
  });

  it("puts its rows beside the answers of some of the batches that it was split into", async () => {
    await using job = await openJob({ seed: 3 });
    const [, second = "", third = ""] = (
      await createIn(job, { "max-requests-per-batch": "3" })
    ).split(",");
    const inputs = { ...own, "answers-file": "answers.csv", "batch-id": `${third},${second}` };
    const result = await job.run({ operation: "retrieve", ...inputs });
    expect(result.annotations).toEqual([]);
    const rows = job.read("answers.csv").trim().split("\r\n");
    expect(rows[0]).toMatch(/^id,text,custom_id,answer,/);
    expect(rows.slice(1).map((row) => row.split(",").slice(0, 3))).toEqual(
      ["r6", "r7", "r3", "r4", "r5"].map((id) => [id, "text", id]),
    );
    job.write("rows.csv", table(8).replace("r4,text", "r4,another"));
    const other = await job.run({ operation: "retrieve", ...inputs });
    expect(other.log.join("\n")).toContain("makes 8 requests, and the batches have 5");
    expect(job.read("answers.csv")).toMatch(/^custom_id,answer,/);
  });

  it("leaves it aside where several batches answer the same requests", async () => {
    await using job = await openJob({ seed: 3 });
    const batchId = await createIn(job);
    const second = await job.run({
      operation: "create",
      "input-file": "rows.csv",
      template: "p.prompt.yml",
      "idempotency-key": "another",
    });
    const both = `${batchId},${second.outputs["batch-id"] ?? ""}`;
    const result = await job.run({ operation: "wait", "batch-id": both, ...own });
    expect(result.outputs["request-completed"]).toBe("16");
    expect(result.log.join("\n")).toContain("makes 8 requests, and the batches have 16");
  });

  it("fails before any call where it is wrong", async () => {
    await using job = await openJob({ seed: 3 });
    const batchId = await createIn(job);
    const before = job.calls().length;
    job.write("rows.csv", "id,other\nr0,x\n");
    const result = await job.run({ operation: "wait", "batch-id": batchId, ...own });
    expect(result.exitCode).toBe(1);
    expect(result.annotations[0]).toMatchObject({ kind: "error", file: "rows.csv", line: 1 });
    expect(job.calls()).toHaveLength(before);
  });

  it.each<[string, (job: Job) => void]>([
    [
      "is not there",
      (job) => {
        rmSync(join(job.workspace, "rows.csv"));
      },
    ],
    [
      "is wrong",
      (job) => {
        job.write("rows.csv", "id,other\nr0,x\n");
      },
    ],
  ])(
    "and goes on with the batches of an earlier run does without where it %s",
    async (_, change) => {
      await using job = await openJob();
      const batchId = await createIn(job);
      change(job);
      const result = await job.run({ operation: "run", "batch-id": batchId, ...own });
      expect(errorsOf(result)).toEqual([]);
      expect(result.outputs).toMatchObject({ done: "true", "request-completed": "8" });
    },
  );
});
