import { expect, it } from "vitest";

import { type ClaimedBatch, decideSettlement } from "../../../src/batch/rules.ts";

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
