import { statSync } from "node:fs";
import { resolve } from "node:path";

import { terminalStatuses } from "../../batch/status.ts";
import type { FailureLimit, Fields } from "./fields.ts";
import { didYouMean } from "./nearest.ts";
import type { Problem } from "./problem.ts";

export interface ResultInputs {
  /** `undefined`: the input's where the input is at hand, else the server's. */
  readonly order: "input" | "completion" | undefined;
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
  readonly failOn: readonly string[];
  readonly maxRequestFailures: FailureLimit;
}

export function readResults(fields: Fields, problem: Problem): ResultInputs {
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
  checkTargets({ "output-file": outputFile, "error-file": errorFile }, fields, problem);
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
  fields: Fields,
  problem: Problem,
): void {
  const taken = new Map<string, string>();
  const input = fields.text("input-file");
  if (input !== undefined) taken.set(resolve(input), "input-file");
  for (const [name, path] of Object.entries(targets)) {
    if (path === undefined) continue;
    const full = resolve(path);
    const other = taken.get(full);
    if (other !== undefined) problem(`\`${name}\` and \`${other}\` are the same file.`);
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory() === true) {
      problem(`\`${name}\`: ${path} is a folder.`);
    }
    taken.set(full, name);
  }
}
