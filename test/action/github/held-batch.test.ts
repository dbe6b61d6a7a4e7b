import { describe, expect, it } from "vitest";

import {
  heldBatchesOf,
  settlementOf,
  type WrittenResults,
} from "../../../src/action/github/held-batch.ts";
import type { StepState } from "../../../src/action/state.ts";

const counts = { total: 2, completed: 2, failed: 0 };
const results: WrittenResults = { failed: false, counts, empty: false };
const nothing: WrittenResults = { failed: true, counts: undefined, empty: true };

describe("a claimed batch is recorded as collected", () => {
  const whole = { ended: true, interrupted: false };
  it.each<
    [string, WrittenResults | undefined, Pick<StepState, "ended" | "interrupted">, string, boolean]
  >([
    ["once the job has succeeded", results, whole, "success", true],
    ["also when it failed its step", { ...results, failed: true }, whole, "success", true],
    ["not when the job failed", results, whole, "failure", false],
    ["not when the job was cancelled", results, whole, "cancelled", false],
    ["not when the job's end is not known", results, whole, "", false],
    ["not when the step was signalled", results, { ...whole, interrupted: true }, "success", false],
    ["not when the step was killed", results, { ...whole, ended: false }, "success", false],
    ["not when nothing was written", undefined, whole, "success", false],
    ["however the job ended if nothing can be lost", nothing, whole, "failure", true],
    ["even by a killed step if nothing can be lost", nothing, { ...whole, ended: false }, "", true],
  ])("%s", (_, written, state, jobStatus, record) => {
    const { decision } = settlementOf({ written }, state, jobStatus);
    expect(decision).toBe(record ? "record" : "release");
  });
});

describe("the saved state", () => {
  const held = { batchId: "batch_1", commit: "c", claim: "1", written: results };
  it.each<[string, unknown, unknown]>([
    ["gives back what was held", [held], [held]],
    [
      "gives back what was only claimed",
      [{ ...held, written: undefined }],
      [{ ...held, written: undefined }],
    ],
    ["skips what is no held batch", [7, {}, { ...held, claim: 1 }], []],
    ["is empty without any", undefined, []],
  ])("%s", (_, value, read) => {
    const text = JSON.stringify(value ?? null);
    expect(heldBatchesOf(JSON.parse(text))).toEqual(read);
  });
});
