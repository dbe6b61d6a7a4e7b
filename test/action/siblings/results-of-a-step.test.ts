import { describe, expect, it, test } from "vitest";

import { openAccount } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";
import { noReporter } from "../../../src/action/github/status-reporter.ts";
import { ended } from "../../../src/action/operations/wait.ts";
import { reportOf } from "../../../src/action/outputs.ts";
import type { CollectedResults } from "../../../src/index.ts";
import { act } from "../act.ts";
import { batchOf } from "../batch.ts";

const noTargets = {
  ...{ order: undefined, outputFile: undefined, errorFile: undefined, answersFile: undefined },
  rejectAnswers: [],
} as const;
const noResults: CollectedResults = {
  ...{
    counts: { total: 1, completed: 0, failed: 1 },
    failures: [],
    usage: undefined,
    usageByModel: [],
    cachedByModel: [],
  },
  ...{ unexpected: 0, duplicates: 0, unknown: 1, batches: [], files: new Map(), problems: [] },
  ...{ lines: { output: 0, error: 1, answers: 0 }, outputFile: undefined, errorFile: undefined },
  ...{ answersFile: undefined, unusable: [], keysLeftOut: 0 },
};
const content = { method: "GET", path: "/files/*/content" };
const refused = { ...content, times: Infinity, fault: { kind: "status", status: 500 } } as const;

describe("a step whose results could not be read", () => {
  it.each(["wait", "retrieve"])(
    "%s tells how the batch stands, and no success",
    async (operation) => {
      await using account = await openAccount({ faults: [refused] });
      await using folder = await openFolder();
      const { id } = await account.submit();
      account.clock.advance(86_400_000);
      const { failures, outputs } = await act(account, {
        operation,
        "batch-id": id,
        "output-file": folder.at("out.jsonl"),
        "max-retries": "0",
      });
      expect(failures).toHaveLength(1);
      expect(outputs).toMatchObject({
        "batch-id": id,
        status: "completed",
        done: "true",
        conclusion: "failure",
        "output-file": "",
      });
    },
  );

  it("says so once", () => {
    const batch = batchOf({ status: "completed" });
    const problem = "The results of batch_1 are not known to be whole.";
    const results = { ...noResults, problems: [problem] };
    const inputs = { ...noTargets, failOn: ["failed"], maxRequestFailures: { percent: 100 } };
    const report = reportOf([batch], { results });
    const { failure } = ended({ reporter: noReporter }, report, inputs, { failures: [problem] });
    expect(failure).toBe(`Not every result could be read; what could was written. ${problem}`);
  });
});

test("a file that is named a while after the end is in the outputs", async () => {
  await using account = await openAccount({
    dialect: {
      batch: (batch, { looks }) => ({
        ...batch,
        ...(batch.status === "completed" && looks < 1 && { output_file_id: null }),
      }),
    },
  });
  await using folder = await openFolder();
  const { id } = await account.submit();
  account.clock.advance(86_400_000);
  const { failures, outputs } = await act(account, {
    operation: "retrieve",
    "batch-id": id,
    "output-file": folder.at("out.jsonl"),
  });
  expect(failures).toEqual([]);
  expect(outputs["output-file-id"]).toMatch(/^file-/);
  expect(outputs["batches"]).toContain(`"output_file_id":"${outputs["output-file-id"] ?? ""}"`);
});
