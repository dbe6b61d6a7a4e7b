import { describe, expect, it } from "vitest";

import type { FaultRule } from "../../src/simulator/index.ts";
import { openAccount, paramsFor, requestLines, textSource } from "../support/account.ts";
import { openFolder, textOf } from "../support/folder.ts";
import { textLike } from "../support/matching.ts";
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

  it("are all written in time when the server puts the input off for minutes", async () => {
    const { ids, warnings, failures } = await retrieveAll(async (upload) => [await upload()], {
      times: Infinity,
      fault: { kind: "status", status: 429, headers: { "retry-after": "400" } },
    });
    expect(failures).toEqual([]);
    expect([...ids].sort()).toEqual(four);
    expect(warnings).toEqual([expect.stringContaining("the input could not be downloaded")]);
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

describe("answers that are to be JSON", () => {
  /** A batch of two requests, the second of which asks for JSON; both answers are prose. */
  async function retrieve(given: Readonly<Record<string, string>>, inputIsThere = true) {
    await using account = await openAccount({ outcome: { kind: "unusable", kinds: ["not-json"] } });
    await using folder = await openFolder();
    const [plain = "", other = ""] = requestLines(2).split("\n");
    const asking = other.replace('"model"', '"response_format":{"type":"json_object"},"model"');
    const file = await account.client.files.create({
      file: textSource(`${plain}\n${asking}\n`),
      purpose: "batch",
    });
    const { id } = await account.client.batches.create(paramsFor(file.id));
    account.clock.advance(86_400_000);
    if (!inputIsThere) await account.client.files.delete(file.id);
    return await act(account, {
      operation: "retrieve",
      "batch-id": id,
      "answers-file": folder.at("answers.csv"),
      "max-retries": "0",
      ...given,
    });
  }

  it("are known from the requests, which are fetched where such answers are rejected", async () => {
    const { outputs, said } = await retrieve({ "reject-answers": "not-json" });
    expect(outputs).toMatchObject({ "request-failed": "1", "request-unusable": "1" });
    expect(said.join("\n")).toContain(
      "1 answer may not be usable: 1 not-json; it counts as failed",
    );
  });

  it("are known in a file of answers as well", async () => {
    const { outputs, said } = await retrieve({});
    expect(outputs).toMatchObject({ "request-failed": "0", "request-unusable": "1" });
    expect(said.join("\n")).toContain("1 answer may not be usable: 1 not-json");
  });

  it("are told to be unknown where the requests are gone", async () => {
    const { outputs, said } = await retrieve({ "reject-answers": "not-json" }, false);
    expect(outputs).toMatchObject({ "request-failed": "0", "request-unusable": "0" });
    expect(said.filter((text) => text.startsWith("warning"))).toEqual([
      textLike("because the input could not be downloaded"),
    ]);
  });
});
