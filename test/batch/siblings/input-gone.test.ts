import { existsSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { runBatch, type RunBatchOptions } from "../../../src/index.ts";
import { openAccount, requestLines } from "../../support/account.ts";
import { openFolder, textOf } from "../../support/folder.ts";

/** Runs four requests, half of which fail for now, and removes the input while a batch runs. */
async function runAndRemove(options: Partial<RunBatchOptions>) {
  await using folder = await openFolder();
  await using account = await openAccount();
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  const path = folder.at("in.jsonl");
  await writeFile(path, requestLines(4));
  const ran = await runBatch(account.client, {
    input: path,
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("errors.jsonl"),
    temporaryFolder: folder.path,
    ...options,
    onEvent(event) {
      if (event.type === "polled" && existsSync(path)) rmSync(path);
    },
  });
  const answers = (await textOf(folder.at("out.jsonl"))).trim().split("\n").length;
  return { ran, answers, batches: account.simulator.batches.length };
}

describe("an input that is removed while its batch runs costs no answer that was paid for", () => {
  it("when a retry round wants to read it", async () => {
    const { ran, answers, batches } = await runAndRemove({ retryFailed: 1 });
    expect([answers, batches]).toEqual([2, 1]);
    expect(ran.failures).toMatchObject([{ code: "input_changed" }]);
    expect(ran.done).toBe(false);
  });

  it("when the next part wants to read it", async () => {
    const { ran, answers, batches } = await runAndRemove({
      limits: { maxRequests: 2 },
      maxActive: 1,
    });
    expect([answers, batches]).toEqual([1, 1]);
    expect(ran.failures).toMatchObject([{ code: "input_changed" }]);
    expect(ran.unsent).toBe(2);
  });
});
