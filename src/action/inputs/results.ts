import {
  type AnswerProblem,
  answerProblems,
  isAnswerProblem,
} from "../../batch/answers/problem.ts";
import type { PriceTexts } from "../../batch/cost/prices.ts";
import type { InputScan } from "../../batch/input.ts";
import { extensionProblems, isDevice, targetProblems } from "../../batch/results/targets.ts";
import { terminalStatuses } from "../../batch/status.ts";
import type { FailureLimit } from "../../batch/rules.ts";
import type { InputFields } from "./fields.ts";
import type { InputFiles } from "./files.ts";
import { didYouMean } from "./nearest.ts";
import { exampleOf } from "./place.ts";
import type { Problem } from "./problem.ts";

export interface ResultInputs {
  /** `undefined`: the input's where the input is at hand, else the server's. */
  readonly order: "input" | "completion" | undefined;
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
  readonly answersFile: string | undefined;
  /** Problems with which an answer counts as a failed request. */
  readonly rejectAnswers: readonly AnswerProblem[];
  readonly failOn: readonly string[];
  readonly maxRequestFailures: FailureLimit;
  /** What tokens cost, where it was given. */
  readonly prices?: PriceTexts | undefined;
  /** What the batches were made of, as far as it is given. */
  readonly input?: InputFiles | undefined;
  /** The same, read. */
  readonly local?: InputScan | undefined;
}

/**
 * @param inputFiles what `input-file` was found to name, and the template
 * @param cacheFile a file of the step that is none of its results
 */
export function readResults(
  fields: InputFields,
  problem: Problem,
  inputFiles?: InputFiles,
  cacheFile?: string,
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
  const answersFile = fields.text("answers-file");
  const targets = {
    "output-file": outputFile,
    "error-file": errorFile,
    "answers-file": answersFile,
    "cache-file": cacheFile,
  };
  checkFiles(targets, inputFiles, problem);
  checkCache(cacheFile, problem);
  const order = fields.oneOf("output-order", ["input", "completion", ""], "");
  return {
    order: order === "" ? undefined : order,
    outputFile,
    errorFile,
    answersFile,
    rejectAnswers: readRejected(fields, problem),
    failOn: never ? [] : failOn,
    maxRequestFailures: fields.failureLimit("max-request-failures", { percent: 100 }),
    input: inputFiles,
  };
}

/** Results may go to a device; what is read again may not. */
function checkCache(path: string | undefined, problem: Problem): void {
  if (path === undefined || !isDevice(path)) return;
  problem(`\`cache-file\`: ${path} is a device and no file. Choose another path.`);
}

function readRejected(fields: InputFields, problem: Problem): readonly AnswerProblem[] {
  const listed = fields.list("reject-answers").map((word) => word.toLowerCase());
  const never = listed.includes("never");
  if (never && listed.some((word) => word !== "never")) {
    problem("`reject-answers`: `never` stands alone.");
  }
  for (const word of listed) {
    if (word !== "never" && !isAnswerProblem(word)) {
      problem(
        `\`reject-answers\`: \`${word}\` is none of: ${answerProblems.join(", ")}; or give \`never\`.${didYouMean(word, [...answerProblems, "never"])}`,
      );
    }
  }
  return never ? [] : answerProblems.filter((known) => listed.includes(known));
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
  for (const { name, why } of extensionProblems("answers-file", places["answers-file"])) {
    problem(`\`${name}\`: ${targets[name] ?? ""} ${why}`);
  }
  for (const one of targetProblems(places, inputs, template)) {
    const { name } = one;
    problem(
      one.code === "same_file"
        ? `\`${name}\` and \`${one.other}\` are the same file.`
        : `\`${name}\`: ${targets[name] ?? ""} ${one.why} Choose a path in a folder that this job may write to.`,
    );
  }
}
