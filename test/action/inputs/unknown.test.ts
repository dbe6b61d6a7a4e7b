import { describe, expect, it } from "vitest";
import { inputNames } from "../../../src/action/inputs/names.ts";
import { operationNames } from "../../../src/action/inputs.ts";
import { didYouMean, nearest } from "../../../src/action/inputs/nearest.ts";
import { warnOfUnknownInputs } from "../../../src/action/inputs/unknown.ts";
import { openJob } from "../../e2e/job.ts";
import { act } from "../act.ts";
import { action, recordingToolkit } from "../toolkit.ts";

function warned(env: Readonly<Record<string, string>>): readonly string[] {
  const { toolkit, said } = recordingToolkit();
  warnOfUnknownInputs(toolkit, env);
  return said;
}

describe("the names of inputs that the action knows", () => {
  it("are those of action.yml (npm run readme writes them)", () => {
    expect(inputNames).toEqual([...action.inputs.keys()]);
  });
});

describe("an input that action.yml does not have", () => {
  it.each([
    ["INPUT_BATCHID", "batch-id"],
    ["INPUT_BATCH_ID", "batch-id"],
    ["INPUT_API_KEY", "api-key"],
    ["INPUT_OUTPUT-FIEL", "output-file"],
    ["INPUT_TIME-OUT", "timeout"],
    ["INPUT_MAX-REQUESTS-FAILURE", "max-request-failures"],
  ])("%s is told with the one that was meant", (variable, meant) => {
    const name = variable.slice("INPUT_".length).toLowerCase();
    expect(warned({ [variable]: "x" })).toEqual([
      expect.stringContaining(`\`${name}\` (did you mean \`${meant}\`?)`),
    ]);
  });

  it("that is like no other is told without a guess", () => {
    const [warning, ...more] = warned({ INPUT_FAVOURITE_COLOUR: "x" });
    expect(warning).toContain("`favourite_colour`.");
    expect(warning).not.toContain("did you mean");
    expect(more).toEqual([]);
  });

  it("takes one annotation with all others like it, and none of their values", () => {
    const said = warned({ INPUT_APIKEY: "sk-secret", INPUT_MODEL: "m-1", "INPUT_API-KEY": "k" });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/`apikey`.*`model`/);
    expect(said[0]).not.toMatch(/sk-secret|m-1/);
  });

  it("is not seen where there is none", () => {
    const given = Object.fromEntries(
      [...action.inputs.keys()].map((name) => [`INPUT_${name.toUpperCase()}`, ""]),
    );
    expect(warned({ ...given, INPUT_: "", RUNNER_TEMP: "/tmp" })).toEqual([]);
  });

  it("is told by a step, which goes on", async () => {
    await using job = await openJob();
    const { said, failures } = await act(job, { operation: "list" }, { INPUT_LIMITS: "3" });
    expect(failures).toEqual([]);
    expect(said).toContainEqual(expect.stringContaining("did you mean `limit`?"));
  });
});

describe("a value that is none of the known ones", () => {
  it.each([
    ["retreive", "retrieve"],
    ["Run", "run"],
    ["cancle", "cancel"],
  ])("%s brings %s to mind", (given, meant) => {
    expect(nearest(given, operationNames)).toBe(meant);
  });

  it("that is like none brings nothing to mind", () => {
    expect(didYouMean("delete-everything", operationNames)).toBe("");
  });

  it.each([
    [{ operation: "retreive" }, "Did you mean `retrieve`?"],
    [{ operation: "wait", "batch-id": "b", "on-timeout": "cancell" }, "Did you mean `cancel`?"],
    [{ operation: "wait", "batch-id": "b", "fail-on": "expried" }, "Did you mean `expired`?"],
    [{ operation: "wait", "batch-id": "b", "cancel-on": "canceled" }, "Did you mean `cancelled`?"],
    [{ operation: "wait", "batch-id": "b", "output-order": "imput" }, "Did you mean `input`?"],
  ])("is told with the one that was meant: %j", async (inputs, told) => {
    await using job = await openJob();
    const { failures } = await act(job, inputs);
    expect(failures).toEqual([expect.stringContaining(told)]);
    expect(job.simulator.calls).toEqual([]);
  });
});
