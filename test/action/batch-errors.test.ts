import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { annotateErrors, describeError, traceErrors } from "../../src/action/batch-errors.ts";
import type { BatchError } from "../../src/api/types.ts";
import { type Job, openJob } from "../e2e/job.ts";
import { chats, jsonl } from "../e2e/requests.ts";
import { act } from "./act.ts";
import { batchOf } from "./batch.ts";
import { recordingToolkit } from "./toolkit.ts";

const notFound = (line: number | null) => ({
  code: "model_not_found",
  message: "The model `gpt-0` does not exist.",
  param: "body.model",
  line,
});

async function failingJob(errors: readonly ReturnType<typeof notFound>[]): Promise<Job> {
  return openJob({ outcome: { kind: "failed", errors } });
}

const run = { operation: "run", "retry-failed": "0" };

describe("errors of a batch that failed", () => {
  it("are annotations on the lines of the local request file, with what to do", async () => {
    await using job = await failingJob([notFound(1), notFound(3)]);
    const file = join(
      job.workspace,
      job.write("r.jsonl", `\uFEFF\n${jsonl(chats(2))}\n${jsonl(chats(1, "x"))}`),
    );
    const { atLines, failures } = await act(job, { ...run, "input-file": file });
    expect(atLines).toEqual(
      [2, 5].map((line) => ({
        level: "error",
        message: expect.stringMatching(
          /^model_not_found: The model `gpt-0` does not exist\. Check the model's name/,
        ) as string,
        title: expect.stringMatching(/^Batch batch_\w+ failed$/) as string,
        file,
        line,
      })),
    );
    expect(failures).toEqual([
      expect.stringMatching(/is failed \(.*r\.jsonl:2: model_not_found: .*Check the model's name/),
    ]);
  });

  it("are traced through the parts of a split input", async () => {
    await using job = await failingJob([notFound(2)]);
    const file = join(job.workspace, job.write("r.jsonl", jsonl(chats(6))));
    const { atLines } = await act(job, {
      ...run,
      "input-file": file,
      "max-requests-per-batch": "2",
    });
    expect(atLines.map(({ line }) => line)).toEqual([2, 4, 6]);
  });

  it("are with the step's failure no more annotations than GitHub shows", async () => {
    await using job = await failingJob(
      Array.from({ length: 40 }, (_, index) => notFound(index + 1)),
    );
    const file = join(job.workspace, job.write("r.jsonl", jsonl(chats(40))));
    const { atLines, failures, summary } = await act(job, { ...run, "input-file": file });
    expect(atLines.length + failures.length).toBe(10);
    expect(summary()).toMatch(/model_not_found.*\| 40 \|/);
  });

  it("only warn where a failed batch does not fail the step", async () => {
    await using job = await failingJob([notFound(1)]);
    const file = join(job.workspace, job.write("r.jsonl", jsonl(chats(1))));
    const { atLines, failures } = await act(job, {
      ...run,
      "input-file": file,
      "fail-on": "never",
    });
    expect(failures).toEqual([]);
    expect(atLines).toMatchObject([{ level: "warning", line: 1 }]);
  });

  it("that name no line, or one that is not there, have no annotation, and still a word", async () => {
    await using job = await failingJob([notFound(null), notFound(0), notFound(99)]);
    const file = join(job.workspace, job.write("r.jsonl", jsonl(chats(2))));
    const { atLines, failures, summary } = await act(job, { ...run, "input-file": file });
    expect(atLines).toEqual([]);
    expect(failures).toEqual([expect.stringContaining("is failed (model_not_found: ")]);
    expect(summary()).toContain("model_not_found");
  });

  it("of a batch whose file is not here have none either", async () => {
    await using job = await failingJob([notFound(1)]);
    const id = await job.submit();
    const { atLines, failures } = await act(job, { operation: "wait", "batch-id": id });
    expect(atLines).toEqual([]);
    expect(failures).toEqual([expect.stringContaining("(line 1: model_not_found: ")]);
  });
});

describe("an error of a batch in one line", () => {
  it.each<[BatchError, string]>([
    [{ code: "empty_file", message: "No\n lines." }, "empty_file: No lines."],
    [{ message: "No lines" }, "No lines"],
    [{ code: "empty_file" }, "empty_file"],
    [{}, "error"],
  ])("%j", (error, text) => {
    expect(describeError(error)).toBe(text);
  });

  it("is cut where it has no end", () => {
    expect(describeError({ message: "x".repeat(100_000) }).length).toBeLessThanOrEqual(500);
  });
});

describe("an annotation", () => {
  it("is made of a foreign text that is one line and bounded", () => {
    const { toolkit, atLines } = recordingToolkit();
    const error = { code: "::error::x", message: `a\n##[error]b ${"y".repeat(9_000)}`, line: 1 };
    const batch = batchOf({ id: "b\n1", errors: { data: [error] } });
    annotateErrors(toolkit.error, [batch], new Map([[error, { file: "r.jsonl", line: 7 }]]));
    expect(atLines).toHaveLength(1);
    expect(atLines[0]?.message).not.toMatch(/[\r\n]/);
    expect(atLines[0]?.title).toBe("Batch b 1 failed");
    expect(atLines[0]?.message.length).toBeLessThan(1_000);
  });

  it("is not made for batches that are made of nothing we know", () => {
    const scan = { files: [], lines: { size: 0 } };
    // Without a part nothing of the scan is looked at.
    const traced = traceErrors(
      [batchOf({ errors: { data: [{ line: 1 }] } })],
      scan as never,
      new Map(),
    );
    expect(traced).toEqual(new Map());
  });
});
