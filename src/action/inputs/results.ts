import type { InputScan } from "../../batch/input.ts";
import { targetProblems } from "../../batch/results/targets.ts";
import { terminalStatuses } from "../../batch/status.ts";
import type { FailureLimit, Fields } from "./fields.ts";
import type { InputFiles } from "./files.ts";
import { didYouMean } from "./nearest.ts";
import { exampleOf } from "./place.ts";
import type { Problem } from "./problem.ts";

export interface ResultInputs {
  /** `undefined`: the input's where the input is at hand, else the server's. */
  readonly order: "input" | "completion" | undefined;
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
  readonly failOn: readonly string[];
  readonly maxRequestFailures: FailureLimit;
  /** What the batches were made of, as far as it is given. */
  readonly input?: InputFiles | undefined;
  /** The same, read. */
  readonly local?: InputScan | undefined;
}

/** @param inputFiles what `input-file` was found to name, and the template */
export function readResults(
  fields: Fields,
  problem: Problem,
  inputFiles?: InputFiles,
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
  checkFiles({ "output-file": outputFile, "error-file": errorFile }, inputFiles, problem);
  const order = fields.oneOf("output-order", ["input", "completion", ""], "");
  return {
    order: order === "" ? undefined : order,
    outputFile,
    errorFile,
    failOn: never ? [] : failOn,
    maxRequestFailures: fields.failureLimit("max-request-failures", { percent: 100 }),
    input: inputFiles,
  };
}

/** Finds out before anything is paid that the results will have a place. */
function checkFiles(
  targets: Readonly<Record<string, string | undefined>>,
  read: InputFiles | undefined,
  problem: Problem,
): void {
  const places: Record<string, string | undefined> = {};
  for (const [name, path] of Object.entries(targets)) places[name] = path && exampleOf(path);
  const inputs = { name: "input-file", paths: read?.files ?? [] };
  const template = { name: "template", paths: read?.template === undefined ? [] : [read.template] };
  for (const found of targetProblems(places, inputs, template)) {
    const { name } = found;
    problem(
      found.code === "same_file"
        ? `\`${name}\` and \`${found.other}\` are the same file.`
        : `\`${name}\`: ${targets[name] ?? ""} ${found.why} Choose a path in a folder that this job may write to.`,
    );
  }
}
