import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, it, test } from "vitest";

import { runBatch } from "../../../src/index.ts";
import { checkTargets } from "../../../src/batch/results.ts";
import { failureOf, openAccount, requestLines } from "../../support/account.ts";
import { type Folder, openFolder } from "../../support/folder.ts";

interface Files {
  readonly outputFile?: string;
  readonly errorFile?: string;
  readonly input?: string;
}

/** Makes what the case needs, and says what the check throws. */
async function checked(prepare: (folder: Folder) => Files): Promise<string | undefined> {
  await using folder = await openFolder();
  const files = prepare(folder);
  try {
    checkTargets(files);
    return undefined;
  } catch (error) {
    return (error as Error & { code: string }).code;
  }
}

function write(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "x\n");
  return path;
}

function link(to: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(to, path);
  return path;
}

describe("a place for results is good", () => {
  it.each<[string, (folder: Folder) => Files]>([
    ["where nothing is given", () => ({})],
    ["in a folder that is not there", ({ at }) => ({ outputFile: at("a", "b", "out.jsonl") })],
    ["where a file is", ({ at }) => ({ outputFile: write(at("out.jsonl")) })],
    ["behind a link", ({ at }) => ({ outputFile: link(write(at("real")), at("out")) })],
    ["behind a link to nothing yet", ({ at }) => ({ outputFile: link(at("none"), at("out")) })],
    ["on a device", () => ({ outputFile: "/dev/null" })],
    ["on one device for both", () => ({ outputFile: "/dev/null", errorFile: "/dev/null" })],
    ["under a name as long as names may be", ({ at }) => ({ outputFile: at("x".repeat(255)) })],
    [
      "beside an input that is not there",
      ({ at }) => ({ outputFile: at("out"), input: at("x".repeat(300)) }),
    ],
  ])("%s", async (_name, prepare) => {
    expect(await checked(prepare)).toBeUndefined();
  });
});

describe("a place for results is refused", () => {
  const invalid = "invalid_target";

  it.each<[string, (folder: Folder) => Files, string]>([
    [
      "that is the other file",
      ({ at }) => ({ outputFile: at("out"), errorFile: at("x", "..", "out") }),
      "same_file",
    ],
    [
      "that is the other file behind a link",
      ({ at }) => ({ outputFile: link(write(at("real")), at("out")), errorFile: at("real") }),
      "same_file",
    ],
    [
      "that is the other file, not there yet, behind a link to its folder",
      ({ at }) => {
        mkdirSync(at("real"));
        link(at("real"), at("linked"));
        return { outputFile: at("linked", "new"), errorFile: at("real", "new") };
      },
      "same_file",
    ],
    [
      "that is the input",
      ({ at }) => ({ outputFile: write(at("in")), input: at("in") }),
      "same_file",
    ],
    [
      "that is the input behind a link",
      ({ at }) => ({ errorFile: link(write(at("in")), at("err")), input: at("in") }),
      "same_file",
    ],
    [
      "that the input is a link to",
      ({ at }) => ({ errorFile: write(at("err")), input: link(at("err"), at("in")) }),
      "same_file",
    ],
    [
      "that is a folder",
      ({ at }) => {
        mkdirSync(at("out"));
        return { outputFile: at("out") };
      },
      invalid,
    ],
    ["below a file", ({ at }) => ({ outputFile: join(write(at("a")), "out") }), invalid],
    ["far below a file", ({ at }) => ({ outputFile: join(write(at("a")), "b", "out") }), invalid],
    ["with too long a name", ({ at }) => ({ outputFile: at("ä".repeat(128)) }), invalid],
    [
      "in a folder with too long a name",
      ({ at }) => ({ outputFile: at("a", "x".repeat(256), "out") }),
      invalid,
    ],
    [
      "that is a pipe",
      ({ at }) => {
        execFileSync("mkfifo", [at("pipe")]);
        return { outputFile: at("pipe") };
      },
      invalid,
    ],
    [
      "that is a link to itself",
      ({ at }) => ({ outputFile: link(at("ring"), at("ring")) }),
      invalid,
    ],
  ])("%s", async (_name, prepare, code) => {
    expect(await checked(prepare)).toBe(code);
  });

  test("with a message that names both files, or the path and the reason", async () => {
    await using folder = await openFolder();
    const path = write(folder.at("a"));
    expect(() => {
      checkTargets({ outputFile: path, input: [path] });
    }).toThrow(`The output file and the input file are the same file: ${path}.`);
    expect(() => {
      checkTargets({ errorFile: folder.at("a", "b") });
    }).toThrow(
      `The error file ${folder.at("a", "b")} cannot be written, because ${path} is a file`,
    );
  });

  test("before anything is paid", async () => {
    await using account = await openAccount();
    await using folder = await openFolder();
    const input = folder.at("in.jsonl");
    writeFileSync(input, requestLines(2));
    for (const outputFile of [input, folder.path, folder.at("x".repeat(256))]) {
      const { code } = await failureOf(runBatch(account.client, { input, outputFile }));
      expect(["same_file", invalid]).toContain(code);
    }
    expect(account.simulator.calls).toEqual([]);
    expect(readFileSync(input, "utf8")).toBe(requestLines(2));
  });
});
