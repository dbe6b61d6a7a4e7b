import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

import { expect, test } from "vitest";

import { findInputFiles, readInputFiles } from "../../../src/action/inputs/files.ts";
import { openFolder } from "../../support/folder.ts";

test("a file that several lines or links lead to is taken once, so that its rows are paid for once", async () => {
  await using folder = await openFolder();
  mkdirSync(folder.at("d"));
  for (const name of ["d/b.csv", "d/c.csv"]) writeFileSync(folder.at(name), "a\n1\n");
  symlinkSync(folder.at("d/c.csv"), folder.at("d/a.csv"));
  const near = `./${relative(process.cwd(), folder.at("d/b.csv"))}`;
  const problems: string[] = [];
  const files = await findInputFiles(
    [near, folder.at("d/*.csv"), folder.at("d/b.csv")].join("\n"),
    (text) => problems.push(text),
  );
  expect(files).toEqual([near, folder.at("d/a.csv")]);
  expect(problems).toEqual([]);
});

test.runIf(process.platform !== "win32")(
  "a pipe, and links in a circle, are told and not waited for",
  async () => {
    await using folder = await openFolder();
    execFileSync("mkfifo", [folder.at("pipe")]);
    symlinkSync(folder.at("circle"), folder.at("circle"));
    for (const [name, why] of [
      ["pipe", "is a pipe or a device"],
      ["circle", "cannot be read: ELOOP"],
    ] as const) {
      const problems: string[] = [];
      const text = (field: string) => (field === "input-file" ? folder.at(name) : undefined);
      await readInputFiles({ text }, (problem) => problems.push(problem));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`\`input-file\`: ${folder.at(name)} ${why}`);
    }
  },
);

test("a file of a glob that cannot be looked at is a problem, and not left out of the input", async () => {
  await using folder = await openFolder();
  writeFileSync(folder.at("a.jsonl"), "{}\n");
  symlinkSync(folder.at("b.jsonl"), folder.at("b.jsonl"));
  const problems: string[] = [];
  const found = await findInputFiles(folder.at("*.jsonl"), (problem) => problems.push(problem));
  expect(found).toEqual([folder.at("a.jsonl")]);
  expect(problems).toEqual([expect.stringContaining("b.jsonl cannot be read: ELOOP")]);
});
