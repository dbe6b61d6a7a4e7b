import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { messageOf } from "../../api/errors.ts";
import { terminalStatuses } from "../../batch/status.ts";
import type { FailureLimit, Fields } from "./fields.ts";
import { didYouMean } from "./nearest.ts";
import { pathPlace } from "./place.ts";
import type { Problem } from "./problem.ts";

export interface ResultInputs {
  /** `undefined`: the input's where the input is at hand, else the server's. */
  readonly order: "input" | "completion" | undefined;
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
  readonly failOn: readonly string[];
  readonly maxRequestFailures: FailureLimit;
}

/** @param inputFiles what `input-file` was found to name */
export function readResults(
  fields: Fields,
  problem: Problem,
  inputFiles: readonly string[] = [],
): ResultInputs {
  const listed = fields.list("fail-on").map((status) => status.toLowerCase());
  const failOn = listed.length === 0 ? ["failed", "expired", "cancelled"] : listed;
  const never = failOn.includes("never");
  if (never && failOn.length > 1) problem("`fail-on`: `never` stands alone.");
  for (const status of failOn) {
    if (status !== "never" && !terminalStatuses.includes(status)) {
      problem(
        `\`fail-on\`: \`${status}\` is no final status; those are ${terminalStatuses.join(", ")}, or give \`never\`.${didYouMean(status, [...terminalStatuses, "never"])}`,
      );
    }
  }
  const outputFile = fields.text("output-file");
  const errorFile = fields.text("error-file");
  checkTargets({ "output-file": outputFile, "error-file": errorFile }, inputFiles, problem);
  const order = fields.oneOf("output-order", ["input", "completion", ""], "");
  return {
    order: order === "" ? undefined : order,
    outputFile,
    errorFile,
    failOn: never ? [] : failOn,
    maxRequestFailures: fields.failureLimit("max-request-failures", { percent: 100 }),
  };
}

/** What is written must not be written over, and must not stand in the way of a folder. */
function checkTargets(
  targets: Readonly<Record<string, string | undefined>>,
  inputFiles: readonly string[],
  problem: Problem,
): void {
  const taken = new Map(inputFiles.map((path) => [resolve(path), "input-file"]));
  for (const [name, path] of Object.entries(targets)) {
    if (path === undefined) continue;
    const full = resolve(path);
    const other = taken.get(full);
    if (other !== undefined) problem(`\`${name}\` and \`${other}\` are the same file.`);
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory() === true) {
      problem(`\`${name}\`: ${path} is a folder.`);
    } else {
      checkFolder(name, path, problem);
    }
    taken.set(full, name);
  }
}

/** Finds out before anything is paid that the results will have a place. */
function checkFolder(name: string, path: string, problem: Problem): void {
  const [fixed = ""] = path.split(pathPlace);
  // Something stands behind the fixed part, so that its last folder is kept.
  let folder = dirname(resolve(fixed === path ? path : `${fixed}x`));
  try {
    while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
    if (!statSync(folder).isDirectory()) {
      problem(
        `\`${name}\`: ${path} cannot be written, because ${folder} is a file and no folder. Choose another path.`,
      );
      return;
    }
    accessSync(folder, constants.W_OK);
  } catch (error) {
    problem(
      `\`${name}\`: ${path} cannot be written: ${messageOf(error)}. Choose a path in a folder that this job may write to.`,
    );
  }
}
