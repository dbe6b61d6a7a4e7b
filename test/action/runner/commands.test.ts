import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { EOL, tmpdir } from "node:os";
import { join } from "node:path";

import * as core from "@actions/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { type Host, runnerCommands } from "../../../src/action/runner/commands.ts";
import type { Toolkit } from "../../../src/action/runner/toolkit.ts";

const files = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commands-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

type Act = (toolkit: Toolkit) => unknown;
type Environment = Readonly<Record<string, string>>;

interface Trace {
  readonly said: string;
  readonly written: readonly string[];
  readonly exitCode: Host["exitCode"];
  readonly answer: unknown;
}

/** Command files of one's own, so that what the two write can be compared. */
function emptyFiles(): Environment {
  const env: Record<string, string> = {};
  for (const name of files) {
    env[name] = join(folder, name);
    writeFileSync(env[name], "");
  }
  return env;
}

/** What the files hold; nobody can foretell a delimiter, so each reads as the same one. */
function written(env: Environment): readonly string[] {
  return files.map((name) => {
    const path = env[name] ?? "";
    const text = path === "" ? "" : readFileSync(path, "utf8");
    return text.replaceAll(/ghadelimiter_[0-9a-f-]{36}/g, "<delimiter>");
  });
}

async function traceOurs(act: Act, env: Environment): Promise<Trace> {
  let said = "";
  const stdout = { write: (text: string) => (said += text) };
  const host: Host = { env: { ...env }, stdout };
  const answer = await act(runnerCommands(host));
  return { said, written: written(env), exitCode: host.exitCode, answer };
}

async function traceTheirs(act: Act, env: Environment): Promise<Trace> {
  let said = "";
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  process.exitCode = undefined;
  try {
    const answer = await act(core);
    return { said, written: written(env), exitCode: process.exitCode, answer };
  } finally {
    write.mockRestore();
    vi.unstubAllEnvs();
  }
}

async function expectTheSame(act: Act, env: Environment = {}): Promise<void> {
  const clean: Environment = { GITHUB_OUTPUT: "", GITHUB_STATE: "", GITHUB_STEP_SUMMARY: "" };
  const theirs = await traceTheirs(act, { ...clean, ...env });
  for (const name of files) {
    const path = env[name] ?? "";
    if (path !== "") writeFileSync(path, "");
  }
  const ours = await traceOurs(act, { ...clean, ...env });
  expect(ours).toEqual(theirs);
}

/** Text with everything that the runner's commands treat in a way of their own. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("%", "%25", "\r", "\n", "\r\n", ":", ",", "::", "##[", "=", "<<", "é", " "),
    ),
  )
  .map((parts) => parts.join(""));
const value = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue());
/** As the system holds it: no byte of an environment variable is a zero or half a character. */
const variable = text.map((raw) => raw.replaceAll("\0", "").toWellFormed());
const properties = fc.record(
  {
    title: text,
    file: text,
    startLine: fc.nat(),
    endLine: fc.nat(),
    startColumn: fc.nat(),
    endColumn: fc.nat(),
  },
  { requiredKeys: [] },
);

describe("the runner's commands are those of @actions/core", () => {
  test("the log and its annotations", async () => {
    await fc.assert(
      fc.asyncProperty(text, properties, async (message, where) => {
        await expectTheSame((toolkit) => {
          toolkit.info(message);
          toolkit.debug(message);
          toolkit.startGroup(message);
          toolkit.endGroup();
          toolkit.setSecret(message);
          toolkit.notice(message);
          toolkit.warning(new Error(message));
          toolkit.error(message, where);
          toolkit.notice(message, where);
        });
      }),
    );
  });

  test("outputs and state, in the command files", async () => {
    await fc.assert(
      fc.asyncProperty(text, value, async (name, content) => {
        await expectTheSame((toolkit) => {
          toolkit.setOutput(name, content);
          toolkit.saveState(name, content);
        }, emptyFiles());
      }),
    );
  });

  test("outputs and state, on a runner that has no command files", async () => {
    await fc.assert(
      fc.asyncProperty(text, value, async (name, content) => {
        await expectTheSame((toolkit) => {
          toolkit.setOutput(name, content);
          toolkit.saveState(name, content);
        });
      }),
    );
  });

  test("inputs and state that are read", async () => {
    const env = { "INPUT_API-KEY": " secret\n", INPUT_TWO_WORDS: "x", STATE_ended: "true" };
    for (const name of ["api-key", "two words", "absent"]) {
      await expectTheSame((toolkit) => toolkit.getInput(name), env);
      await expectTheSame((toolkit) => toolkit.getInput(name, { trimWhitespace: false }), env);
    }
    await fc.assert(
      fc.asyncProperty(variable, async (content) => {
        await expectTheSame((toolkit) => toolkit.getInput("some input"), {
          INPUT_SOME_INPUT: content,
        });
      }),
    );
    await expectTheSame((toolkit) => [toolkit.getState("ended"), toolkit.getState("absent")], env);
  });

  test("a failure", async () => {
    await expectTheSame((toolkit) => {
      toolkit.setFailed("1 of 2\nfailed: 50%");
    });
    await expectTheSame((toolkit) => {
      toolkit.setFailed(new RangeError("too many"));
    });
  });

  test("the job summary", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (first, second) => {
        await expectTheSame(async ({ summary }) => {
          await summary.addRaw(first, true).addRaw(second).write();
          await summary.addRaw(second).write();
        }, emptyFiles());
      }),
      { numRuns: 30 },
    );
  });
});

describe("what the runner's files need", () => {
  const host = (env: Environment): Host => ({ env, stdout: { write: () => true } });

  test("each value has a delimiter of its own", () => {
    const env = emptyFiles();
    const toolkit = runnerCommands(host(env));
    toolkit.setOutput("a", "1");
    toolkit.setOutput("b", "2");
    const found = readFileSync(env["GITHUB_OUTPUT"] ?? "", "utf8").match(/ghadelimiter_\S+/g);
    expect(new Set(found).size).toBe(2);
  });

  test("a file that is not there is a failure that names it", async () => {
    const missing = join(folder, "missing");
    const toolkit = runnerCommands(
      host({ GITHUB_STATE: missing, GITHUB_STEP_SUMMARY: missing, GITHUB_OUTPUT: missing }),
    );
    expect(() => {
      toolkit.saveState("ended", "true");
    }).toThrow(missing);
    await expect(toolkit.summary.addRaw("text").write()).rejects.toThrow(missing);
    await expect(runnerCommands(host({})).summary.addRaw("text").write()).rejects.toThrow(
      "GITHUB_STEP_SUMMARY",
    );
  });

  test("an input that is required is asked for by its name", () => {
    expect(() => runnerCommands(host({})).getInput("operation", { required: true })).toThrow(
      "operation",
    );
  });

  test("lines end as the system ends them", () => {
    const env = emptyFiles();
    runnerCommands(host(env)).setOutput("status", "completed");
    expect(readFileSync(env["GITHUB_OUTPUT"] ?? "", "utf8").split(EOL)).toHaveLength(4);
  });
});
