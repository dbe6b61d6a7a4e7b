import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Variables } from "./types.ts";

const SUMMARY_LIMIT_BYTES = 1_024 * 1_024;

export interface CommandFiles {
  readonly outputs: Variables;
  readonly state: Variables;
  readonly env: Variables;
  readonly path: readonly string[];
  readonly summary: string;
  readonly malformed: boolean;
}

const COMMAND_FILES = ["OUTPUT", "STATE", "STEP_SUMMARY", "ENV", "PATH"] as const;

export function createCommandFiles(folder: string): Variables {
  mkdirSync(folder, { recursive: true });
  return Object.fromEntries(
    COMMAND_FILES.map((name) => {
      const path = join(folder, name);
      writeFileSync(path, "");
      return [`GITHUB_${name}`, path];
    }),
  );
}

export function readCommandFiles(folder: string): {
  files: CommandFiles;
  problems: readonly string[];
} {
  const content = (name: (typeof COMMAND_FILES)[number]) =>
    readFileSync(join(folder, name), "utf8");
  const problems: string[] = [];
  const pairs = (name: (typeof COMMAND_FILES)[number]): Variables => {
    const { values, problem } = parsePairs(content(name));
    if (problem !== undefined) {
      const command = name.toLowerCase();
      problems.push(`Unable to process file command '${command}' successfully.`, problem);
    }
    return values;
  };
  const [outputs, state, env] = [pairs("OUTPUT"), pairs("STATE"), pairs("ENV")];
  const malformed = problems.length > 0;
  let summary = content("STEP_SUMMARY");
  const summaryBytes = Buffer.byteLength(summary);
  if (summaryBytes > SUMMARY_LIMIT_BYTES) {
    const size = `${Math.ceil(summaryBytes / 1_024)}k`;
    problems.push(
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${size}.`,
    );
    summary = "";
  }
  const path = content("PATH").split(/\r?\n/).filter(Boolean).reverse();
  return { files: { outputs, state, env, path, summary, malformed }, problems };
}

/** `name=value` lines and `name<<delimiter` blocks; what precedes a fault is kept, as on GitHub. */
function parsePairs(text: string): { values: Variables; problem?: string } {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const [, name, operator, rest] = /^(.+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      return { values, problem: `Invalid format '${line}'` };
    }
    if (operator === "=") {
      values[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, index + 1);
    if (rest === "" || end === -1) {
      return { values, problem: `Invalid value. Matching delimiter not found '${rest}'` };
    }
    values[name] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return { values };
}
