import { describe, expect, it } from "vitest";

import { operationNames } from "../../../src/action/inputs.ts";
import { didYouMean } from "../../../src/action/inputs/nearest.ts";
import { openJob } from "../../e2e/job.ts";
import { act } from "../act.ts";

describe("a value that is none of the known ones", () => {
  it.each([
    ["retreive", "retrieve"],
    ["Run", "run"],
    ["cancle", "cancel"],
  ])("%s suggests %s", (given, meant) => {
    expect(didYouMean(given, operationNames)).toBe(` Did you mean \`${meant}\`?`);
  });

  it("suggests nothing when it is like none of them", () => {
    expect(didYouMean("delete-everything", operationNames)).toBe("");
  });

  it.each([
    [{ operation: "retreive" }, "Did you mean `retrieve`?"],
    [{ operation: "wait", "batch-id": "b", "on-timeout": "cancell" }, "Did you mean `cancel`?"],
    [{ operation: "wait", "batch-id": "b", "fail-on": "expried" }, "Did you mean `expired`?"],
    [{ operation: "wait", "batch-id": "b", "cancel-on": "canceled" }, "Did you mean `cancelled`?"],
    [{ operation: "wait", "batch-id": "b", "output-order": "imput" }, "Did you mean `input`?"],
  ])("fails with the one that was meant: %j", async (inputs, told) => {
    await using job = await openJob();
    const { failures } = await act(job, inputs);
    expect(failures).toEqual([expect.stringContaining(told)]);
    expect(job.simulator.calls).toEqual([]);
  });
});
