import { describe, expect, it } from "vitest";

import type { FaultRule } from "../../src/simulator/index.ts";
import { openAccount, paramsFor } from "../support/account.ts";
import { openFolder, textOf } from "../support/folder.ts";
import { idsIn } from "../batch/results/result-server.ts";
import { act } from "./act.ts";

/** Writes the results of batches of these input files, in the order of the input. */
async function retrieveAll(
  filesOf: (upload: () => Promise<string>) => Promise<readonly string[]>,
  spoil?: Omit<FaultRule, "method" | "path">,
) {
  await using account = await openAccount();
  await using folder = await openFolder();
  const ids: string[] = [];
  for (const file of await filesOf(() => account.upload(4))) {
    if (spoil !== undefined) {
      account.simulator.addFault({ method: "GET", path: `/files/${file}/content`, ...spoil });
    }
    ids.push((await account.client.batches.create(paramsFor(file))).id);
  }
  account.clock.advance(86_400_000);
  const { failures, outputs, said } = await act(account, {
    operation: "retrieve",
    "batch-id": ids.join(),
    "output-file": folder.at("out.jsonl"),
    "output-order": "input",
  });
  const warnings = said.filter((text) => text.startsWith("warning:"));
  return { failures, outputs, warnings, ids: idsIn(await textOf(folder.at("out.jsonl"))) };
}

const four = ["r1", "r2", "r3", "r4"];

describe("results in the order of the input", () => {
  it("are all written when several batches are samples of one input file", async () => {
    const { failures, outputs, warnings, ids } = await retrieveAll(async (upload) => {
      const file = await upload();
      return [file, file, file];
    });
    expect(failures).toEqual([]);
    expect(ids).toHaveLength(12);
    expect([...new Set(ids)].sort()).toEqual(four);
    expect(outputs["request-completed"]).toBe("12");
    expect(warnings).toEqual([
      "warning: The results are in the server's order, because several batches were made of the same input file.",
    ]);
  });

  it("are all written when the input files use the same custom_ids", async () => {
    const { ids, warnings } = await retrieveAll(async (upload) => [await upload(), await upload()]);
    expect(ids).toHaveLength(8);
    expect(warnings).toEqual([expect.stringContaining("the batches use the same custom_ids")]);
  });

  it.each([
    ["empty", { kind: "status", status: 200, body: "" }],
    ["as a page", { kind: "html", status: 200 }],
  ] as const)("are all written when the input comes %s", async (_, fault) => {
    const { ids, warnings, failures } = await retrieveAll(async (upload) => [await upload()], {
      times: Infinity,
      fault,
    });
    expect(failures).toEqual([]);
    expect([...ids].sort()).toEqual(four);
    expect(warnings).toEqual([
      expect.stringMatching(/in the server's order, because the input of batch_\w+ is not known/),
    ]);
  });

  it("are in that order when the input came short at first", async () => {
    const { ids, warnings } = await retrieveAll(async (upload) => [await upload()], {
      fault: { kind: "cut-body", lines: 2, silent: true },
    });
    expect(ids).toEqual(four);
    expect(warnings).toEqual([]);
  });

  it("are in that order when there is one", async () => {
    const { ids, warnings } = await retrieveAll(async (upload) => [await upload()]);
    expect(ids).toEqual(four);
    expect(warnings).toEqual([]);
  });
});
