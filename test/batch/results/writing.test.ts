import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";

import { describe, expect, it, test } from "vitest";

import { collectResults, type CollectOptions } from "../../../src/index.ts";
import { openAccount, rejectionOf } from "../../support/account.ts";
import { openFolder, textOf } from "../../support/folder.ts";
import type { Outcome } from "../../../src/simulator/index.ts";
import { idsIn } from "./result-server.ts";

/** Collects a batch of four requests. */
async function collect(outcome: Outcome, options: CollectOptions) {
  await using account = await openAccount({ outcome });
  const { id } = await account.submit(4);
  account.clock.advance(86_400_000);
  return await collectResults(account.client, [await account.client.batches.retrieve(id)], options);
}

describe("an error file", () => {
  test("is there only when a request failed", async () => {
    await using folder = await openFolder();
    const errorFile = folder.at("err.jsonl");
    const clean = await collect("completed", { errorFile });
    expect(clean).toMatchObject({ errorFile: undefined, lines: { output: 0, error: 0 } });
    expect(await folder.list()).toEqual([]);
    const failed = await collect("all_failed", { errorFile });
    expect(failed).toMatchObject({ errorFile, lines: { output: 0, error: 4 } });
    expect(idsIn(await textOf(errorFile))).toHaveLength(4);
  });

  test("of an earlier run is removed when nothing failed", async () => {
    await using folder = await openFolder();
    const errorFile = folder.at("err.jsonl");
    writeFileSync(errorFile, "old\n");
    await collect("completed", { errorFile });
    expect(await folder.list()).toEqual([]);
  });

  test("of an earlier run is replaced when something failed", async () => {
    await using folder = await openFolder();
    const errorFile = folder.at("err.jsonl");
    writeFileSync(errorFile, "old\n");
    await collect("all_failed", { errorFile });
    expect(await textOf(errorFile)).not.toContain("old");
  });

  test("that is a device is not removed", async () => {
    const { errorFile } = await collect("completed", { errorFile: "/dev/null" });
    expect(errorFile).toBeUndefined();
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

describe("a target that is not a regular file", () => {
  test("is followed when it is a link: its readers find the results", async () => {
    await using folder = await openFolder();
    mkdirSync(folder.at("site"));
    writeFileSync(folder.at("site", "answers.jsonl"), "old\n");
    symlinkSync("site/answers.jsonl", folder.at("latest.jsonl"));
    const outputFile = folder.at("latest.jsonl");
    const results = await collect("completed", { outputFile });
    expect(results).toMatchObject({ outputFile, lines: { output: 4, error: 0 } });
    expect(lstatSync(outputFile).isSymbolicLink()).toBe(true);
    expect(idsIn(readFileSync(folder.at("site", "answers.jsonl"), "utf8"))).toHaveLength(4);
    expect(await folder.list()).toEqual(["latest.jsonl", "site", "site/answers.jsonl"]);
  });

  test("is followed when it is a link to nothing yet", async () => {
    await using folder = await openFolder();
    symlinkSync("site/answers.jsonl", folder.at("latest.jsonl"));
    await collect("completed", { outputFile: folder.at("latest.jsonl") });
    expect(idsIn(readFileSync(folder.at("site", "answers.jsonl"), "utf8"))).toHaveLength(4);
  });

  test("is written to when it is a device", async () => {
    await collect("mixed", { outputFile: "/dev/null", errorFile: "/dev/null" });
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

it("a name as long as names may be can be written", async () => {
  await using folder = await openFolder();
  const name = `${"ä".repeat(124)}.jsonl`;
  await collect("completed", { outputFile: folder.at(name) });
  expect(await folder.list()).toEqual([name]);
});

describe("a disk that is full", () => {
  test("is told with the path, and that the results are not lost", async () => {
    const error = await rejectionOf(collect("completed", { outputFile: "/dev/full" }));
    expect(error).toMatchObject({ code: "ENOSPC" });
    expect(String(error)).toMatch(
      /The results could not be written to \/dev\/full: ENOSPC.* still on the server/,
    );
  });

  test("leaves neither file behind", async () => {
    await using folder = await openFolder();
    const outputFile = folder.at("out.jsonl");
    await rejectionOf(collect("mixed", { outputFile, errorFile: "/dev/full" }));
    expect(await folder.list()).toEqual([]);
  });

  test("is told with the folder when it does not take the download", async () => {
    await using folder = await openFolder();
    writeFileSync(folder.at("file"), "");
    const error = await rejectionOf(
      collect("completed", { temporaryFolder: folder.at("file", "below") }),
    );
    expect(error).toMatchObject({ code: "ENOTDIR" });
    expect(String(error)).toMatch(/The results of batch batch_\w+ could not be kept in .*below/);
  });
});
