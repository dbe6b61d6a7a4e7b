import { describe, expect, it } from "vitest";
import { reportOf, writeOutputs } from "../../src/action/outputs.ts";
import type { Batch, BatchStatus } from "../../src/api/types.ts";
import type { CollectedResults } from "../../src/batch/results.ts";
import { batchOf } from "./batch.ts";
import { recordingToolkit } from "./toolkit.ts";

function outputsOf(batches: readonly Batch[], results?: CollectedResults) {
  const recorded = recordingToolkit();
  writeOutputs(recorded.toolkit, reportOf(batches, { results }));
  return recorded.outputs;
}

const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 15,
};

const noResults: CollectedResults = {
  counts: { total: 0, completed: 0, failed: 0 },
  failures: [],
  usage: undefined,
  usageByModel: [],
  cachedByModel: [],
  batches: [],
  unexpected: 0,
  unknown: 0,
  files: new Map(),
  lines: { output: 0, error: 0, answers: 0 },
  duplicates: 0,
  problems: [],
  outputFile: undefined,
  errorFile: undefined,
  answersFile: undefined,
  unusable: [],
  keysLeftOut: 0,
};

it("an answer that could not be read keeps `done` from being true, although its batch has ended", () => {
  const ended = [batchOf({ status: "completed" })];
  expect(outputsOf(ended, noResults)["done"]).toBe("true");
  expect(outputsOf(ended, { ...noResults, unknown: 1 })["done"]).toBe("false");
});

describe("the status of several batches", () => {
  const worstFirst: readonly BatchStatus[] = [
    "failed",
    "expired",
    "cancelled",
    "cancelling",
    "validating",
    "in_progress",
    "finalizing",
    "completed",
  ];

  it.each(worstFirst.slice(0, -1).map((status, index) => [status, worstFirst[index + 1]] as const))(
    "is %s rather than %s",
    (worse, better) => {
      const batches = [batchOf({ status: better ?? "completed" }), batchOf({ status: worse })];
      expect(outputsOf(batches)["status"]).toBe(worse);
    },
  );
});

describe("the conclusion", () => {
  const counts = (failed: number) => ({ total: 4, completed: 4 - failed, failed });

  it.each<[BatchStatus, number, string]>([
    ["completed", 0, "success"],
    ["completed", 1, "partial"],
    ["completed", 4, "failure"],
    ["failed", 0, "failure"],
    ["expired", 2, "expired"],
    ["cancelled", 2, "cancelled"],
    ["in_progress", 0, "pending"],
    ["cancelling", 0, "pending"],
  ])("of %s with %i of 4 failed is %s", (status, failed, conclusion) => {
    const outputs = outputsOf([batchOf({ status, request_counts: counts(failed) })]);
    expect(outputs).toMatchObject({
      conclusion,
      done: String(conclusion !== "pending"),
      "request-failed": String(failed),
    });
  });
});

describe("the outputs", () => {
  it("add up what the server counts", () => {
    const request_counts = { total: 3, completed: 2, failed: 1 };
    const outputs = outputsOf([
      batchOf({ id: "a", usage, request_counts, output_file_id: "out-a" }),
      batchOf({ id: "b", usage, request_counts, output_file_id: "out-b", error_file_id: "err-b" }),
    ]);
    expect(outputs).toMatchObject({
      "batch-id": "a,b",
      "input-file-id": "file-1,file-1",
      "output-file-id": "out-a,out-b",
      "error-file-id": "err-b",
      "request-total": "6",
      "request-completed": "4",
      "request-failed": "2",
      "input-tokens": "20",
      "output-tokens": "10",
      "total-tokens": "30",
    });
  });

  it("prefer what the result lines say", () => {
    const outputs = outputsOf(
      [batchOf({ usage, request_counts: { total: 9, completed: 9, failed: 0 } })],
      {
        ...noResults,
        counts: { total: 9, completed: 8, failed: 1 },
        failures: [{ code: "status_0", count: 1, resendable: 1, examples: ["r1"] }],
        usage: { input: 1, output: 2, total: 3, cachedInput: 0, reasoning: 0 },
        lines: { output: 8, error: 0, answers: 0 },
        outputFile: "/somewhere/out.jsonl",
        answersFile: "/somewhere/answers.csv",
        unusable: [
          { problem: "truncated", count: 2, rejected: false, examples: ["r2"] },
          { problem: "empty", count: 1, rejected: true, examples: ["r3"] },
        ],
      },
    );
    expect(outputs).toMatchObject({
      "answers-file": "/somewhere/answers.csv",
      "request-unusable": "3",
      conclusion: "partial",
      "request-failed": "1",
      "total-tokens": "3",
      "output-file": "/somewhere/out.jsonl",
      "error-file": "",
    });
  });

  it("prefer it of the batches that have ended, too, while others run or are not sent", () => {
    const running = { total: 5, completed: 3, failed: 1 };
    const batches = [
      batchOf({ id: "a", request_counts: { total: 4, completed: 4, failed: 0 } }),
      batchOf({ id: "b", status: "in_progress", request_counts: running }),
    ];
    const failures = [
      { code: "not_finished", count: 5, resendable: 0, examples: [] },
      { code: "not_sent", count: 2, resendable: 0, examples: [] },
      { code: "truncated", count: 1, resendable: 0, examples: [] },
    ];
    const results = {
      ...noResults,
      counts: { total: 11, completed: 3, failed: 8 },
      failures,
    };
    const counted = { total: 9, completed: 6, failed: 2 };
    expect(reportOf(batches, { results, complete: false, unsent: 2 }).counts).toEqual(counted);
    // A single look finds batches that still run, and does not say that something is left to do.
    expect(reportOf(batches, { results }).counts).toEqual(counted);
  });

  it("leave tokens empty where the server names none", () => {
    expect(outputsOf([batchOf()])).toMatchObject({
      "input-tokens": "",
      "output-tokens": "",
      "total-tokens": "",
    });
  });

  it("hold the whole Batch objects as JSON", () => {
    const batch = batchOf({ metadata: { team: "ads" } });
    expect(JSON.parse(outputsOf([batch])["batches"] ?? "")).toEqual([batch]);
  });

  it("never take back an id that was told", () => {
    const recorded = recordingToolkit();
    recorded.toolkit.setOutput("batch-id", "batch_1");
    writeOutputs(recorded.toolkit, reportOf([]));
    expect(recorded.outputs).toMatchObject({ "batch-id": "batch_1", done: "false" });
  });
});
