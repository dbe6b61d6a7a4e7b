import { expect, it } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import {
  type ClaimedBatch,
  decideFailedCollect,
  decideSettlement,
  hasNothingToLose,
} from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

const written: ClaimedBatch = {
  written: true,
  empty: false,
  cutShort: false,
  jobStatus: "success",
};
const record = "record";
const release = "release";
const unwritten = "its results were not written";
const cut = "the step was cut short";

it.each<[string, Partial<ClaimedBatch>, string, string]>([
  ["written in a job that has succeeded", {}, record, "the job has succeeded"],
  [
    "written in a job that failed",
    { jobStatus: "failure" },
    release,
    "the job's status is failure",
  ],
  [
    "in one that was cancelled",
    { jobStatus: "cancelled" },
    release,
    "the job's status is cancelled",
  ],
  ["in one that nobody tells of", { jobStatus: "" }, release, "the job's status is not known"],
  ["written by a step that was cut short", { cutShort: true }, release, cut],
  ["not written", { written: false }, release, unwritten],
  ["not written, of a batch without results", { written: false, empty: true }, release, unwritten],
  [
    "without results in a job that failed",
    { empty: true, jobStatus: "failure" },
    record,
    "it has no results that could be lost",
  ],
  [
    "without results in a step that was cut short",
    { empty: true, cutShort: true },
    record,
    "it has no results that could be lost",
  ],
])("a claimed batch %s", (_, fields, decision, why) => {
  expect(decideSettlement({ ...written, ...fields })).toEqual({ decision, why });
});

it.each<[Batch["status"], Partial<Batch>, boolean]>([
  ["failed", {}, true],
  ["failed", { error_file_id: "file-1" }, false],
  // Some servers call a batch failed that broke off, and name the file of what was answered by then.
  ["failed", { output_file_id: "file-1" }, false],
  // Its files may only be named later.
  ["completed", {}, false],
  ["expired", {}, false],
  ["cancelled", {}, false],
])("a batch that is %s with %j has nothing to lose: %s", (status, files, empty) => {
  expect(hasNothingToLose(batchOf({ status, ...files }))).toBe(empty);
});

it.each([
  ["results_gone", "record"],
  ["result_unknown", "leave"],
  [null, "leave"],
  [undefined, "leave"],
] as const)("a batch whose results could not be collected (%s): %s", (code, decision) => {
  expect(decideFailedCollect(code).decision).toBe(decision);
});
