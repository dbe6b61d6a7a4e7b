import { readdirSync } from "node:fs";
import { existsSync } from "node:fs";

import { describe, expect, it, test } from "vitest";

import { checkTargets, targetProblems } from "../../../src/batch/results/targets.ts";
import { openFolder } from "../../support/folder.ts";

const noInputs = { name: "input file", paths: [] };

describe("a target that could not be written once the results are there is found before", () => {
  it("one that leads through the other one", async () => {
    await using folder = await openFolder();
    for (const [outputFile, errorFile] of [
      ["results", "results/errors.jsonl"],
      ["results/out/answers.jsonl", "results"],
    ] as const) {
      const targets = { outputFile: folder.at(outputFile), errorFile: folder.at(errorFile) };
      expect(() => {
        checkTargets(targets);
      }).toThrow(/^The error file .* Choose another path\.$/);
    }
  });

  it("one that ends in a slash", async () => {
    await using folder = await openFolder();
    const targets = { "output file": `${folder.at("results")}/` };
    expect(targetProblems(targets, noInputs)).toMatchObject([
      { code: "invalid_target", why: "names a folder." },
    ]);
  });

  it.runIf(existsSync("/sys/kernel"))("one in a folder of the kernel", () => {
    expect(targetProblems({ "output file": "/sys/kernel/results.jsonl" }, noInputs)).toMatchObject([
      { code: "invalid_target", why: expect.stringContaining("cannot be written") as string },
    ]);
  });
});

test("looking leaves nothing behind, and names that only begin alike are two files", async () => {
  await using folder = await openFolder();
  checkTargets({ outputFile: folder.at("results"), errorFile: folder.at("results-failed") });
  expect(readdirSync(folder.at("."))).toEqual([]);
});
