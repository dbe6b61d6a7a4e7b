import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";

import { openJob } from "./job.ts";
import { chat, chats, jsonl } from "./requests.ts";

const rowsIn = (text: string): readonly Readonly<Record<string, string>>[] =>
  parse(text, { columns: true });

function asksJson(customId: string): object {
  const request = chat(customId) as { readonly body: object };
  return { ...request, body: { ...request.body, response_format: { type: "json_object" } } };
}

describe("run with answers-file", () => {
  it("writes a row for each request, with the keys of answers in JSON as columns", async () => {
    await using job = await openJob();
    const input = job.write("requests.jsonl", jsonl([chat("r1"), asksJson("r2"), chat("r3")]));
    const { exitCode, outputs, log } = await job.run({
      operation: "run",
      "input-file": input,
      "answers-file": "out/answers.csv",
    });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ "request-unusable": "0", conclusion: "success" });
    expect(outputs["answers-file"]).toMatch(/^\/.*out\/answers\.csv$/);
    expect(log.join("\n")).toContain("Wrote 3 rows of answers to ");
    expect(rowsIn(job.read("out/answers.csv"))).toMatchObject([
      { custom_id: "r1", answer: "Echo: Tell me about r1", "answer.echo": "", problem: "" },
      { custom_id: "r2", "answer.echo": "Tell me about r2", finish_reason: "stop" },
      { custom_id: "r3", answer: "Echo: Tell me about r3", model: "gpt-5-nano" },
    ]);
  });

  it("names answers that cannot be used, counts the rejected ones as failed, and pays for none again", async () => {
    await using job = await openJob({ outcome: "unusable" });
    const ids = ["a", "b", "c", "d", "e"];
    const input = job.write("requests.jsonl", jsonl(ids.map(asksJson)));
    const { exitCode, outputs, log, summary } = await job.run({
      operation: "run",
      "input-file": input,
      "output-file": "out.jsonl",
      "error-file": "err.jsonl",
      "answers-file": "answers.jsonl",
      "reject-answers": "truncated\nnot-json",
      "retry-failed": "2",
      "max-request-failures": "1",
    });
    expect(exitCode).toBe(1);
    expect(job.simulator.batches).toHaveLength(1);
    expect(outputs).toMatchObject({
      conclusion: "partial",
      "request-completed": "3",
      "request-failed": "2",
      "request-unusable": "5",
    });
    expect(Number(outputs["output-tokens"])).toBeGreaterThan(0);
    expect(job.results("out.jsonl")).toHaveLength(3);
    expect(job.results("err.jsonl")).toHaveLength(2);
    const problems = job
      .read("answers.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { problem: unknown }).problem);
    expect(problems.sort()).toEqual(["empty", "filtered", "not-json", "refused", "truncated"]);
    expect(log.join("\n")).toMatch(
      /5 answers may not be usable: .*1 truncated.*; 2 of them count as failed/,
    );
    expect(summary).toContain("Unusable answers");
    expect(summary).toContain("max_completion_tokens");
  });
});

describe.each(["wait", "retrieve"])("%s with answers-file", (operation) => {
  it("writes the answers of a batch that another step made, in the order of its input", async () => {
    await using job = await openJob();
    const id = await job.submit({ lines: chats(5) });
    await job.run({ operation: "wait", "batch-id": id });
    const { exitCode, outputs } = await job.run({
      operation,
      "batch-id": id,
      "answers-file": "answers.csv",
      "output-order": "input",
    });
    expect(exitCode).toBe(0);
    expect(outputs["output-file"]).toBe("");
    const rows = rowsIn(job.read("answers.csv"));
    expect(rows.map((row) => row["custom_id"])).toEqual(["r1", "r2", "r3", "r4", "r5"]);
  });
});

describe("results of a batch that expired", () => {
  it("are in the table too, with the code of those that never ran", async () => {
    await using job = await openJob({ outcome: "expired" });
    const id = await job.submit({ lines: chats(4) });
    const { outputs } = await job.run({
      operation: "wait",
      "batch-id": id,
      "answers-file": "answers.csv",
      "fail-on": "never",
    });
    expect(outputs["request-failed"]).toBe("2");
    const problems = rowsIn(job.read("answers.csv")).map((row) => row["problem"]);
    expect(problems.sort()).toEqual(["", "", "batch_expired", "batch_expired"]);
  });
});

describe("answers of other endpoints", () => {
  it.each([
    ["/v1/embeddings", { input: "x", dimensions: 3 }, /^\[[-\d.e]+,[-\d.e]+,[-\d.e]+\]$/],
    [
      "/v1/embeddings",
      { input: ["x", "y"], dimensions: 1, encoding_format: "base64" },
      /^\[\[[-\d.]+\],\[[-\d.]+\]\]$/,
    ],
    ["/v1/moderations", { input: "x" }, /^\{"flagged":false,/],
    ["/v1/completions", { prompt: "x" }, /^Echo: x$/],
    ["/v1/responses", { input: "x" }, /^Echo: x$/],
  ])("are in the table: %s with %j", async (url, fields, answer) => {
    await using job = await openJob();
    const body = { model: "m", ...fields };
    const line = { custom_id: "r1", method: "POST", url, body };
    const { exitCode } = await job.run({
      operation: "run",
      "input-file": job.write("requests.jsonl", jsonl([line])),
      "answers-file": "answers.csv",
    });
    expect(exitCode).toBe(0);
    const [row] = rowsIn(job.read("answers.csv"));
    expect(row?.["answer"]).toMatch(answer);
    expect(row?.["problem"]).toBe("");
  });
});
