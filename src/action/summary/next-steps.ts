import { isTerminal } from "../../batch/status.ts";
import { errorLines } from "../counts.ts";
import { formatCount, plural } from "../format.ts";
import { unsentWords } from "../verdict.ts";
import { code } from "./markdown.ts";
import type { SummaryContext } from "./context.ts";

const longestPath = 300;
const maxIds = 10;
const maxPaths = 5;

/** What to do next, one line each of Markdown; the most needed first. */
export function nextSteps(context: SummaryContext): readonly string[] {
  const { report, operation } = context;
  if (report.batches.length === 0) return written(context);
  if (operation === "list") return [];
  return [
    ...unfinished(context),
    ...afterFailure(context),
    ...written(context),
    ...notWritten(context),
  ];
}

function unfinished({ report, operation, handedOver = false }: SummaryContext): readonly string[] {
  const running = report.batches.filter((batch) => !isTerminal(batch));
  if (running.length === 0) return [];
  const ids = idsOf(running.map(({ id }) => id));
  const them = running.length === 1 ? "it" : "them";
  if (running.every(({ status }) => status === "cancelling")) {
    return [
      `The server ends ${them} within about ten minutes; <code>operation: retrieve</code> then brings what was answered (<code>batch-id:</code> ${ids}).`,
    ];
  }
  const wait = operation === "create" ? `Wait for ${them}` : "Go on waiting";
  return [
    handedOver
      ? `The workflow was started again, and its new run goes on waiting for ${ids}.`
      : `${wait}, in this or a later job: <code>operation: wait</code>, <code>batch-id:</code> ${ids}.`,
    `No longer wanted? <code>operation: cancel</code> with the same <code>batch-id</code> ends ${them}; what is answered by then stays.`,
  ];
}

function afterFailure({ report }: SummaryContext): readonly string[] {
  const { standing, results, counts, unsent } = report;
  const steps: string[] = [...unsentWords(unsent)];
  if (standing.some(({ status, errors }) => status === "failed" && errors !== undefined)) {
    steps.push(
      "Fix what the server found and run again; a batch that failed is not adopted, so nothing stands in the way.",
    );
  }
  // What was cancelled stays so within the step.
  const again = (results?.failures ?? [])
    .filter(({ code: failed }) => failed !== "batch_cancelled")
    .reduce((sum, { resendable }) => sum + resendable, 0);
  if (again > 0) {
    steps.push(
      `${formatCount(again)} of ${plural(counts.failed, "failure")} ${again === 1 ? "is" : "are"} transient: <code>operation: run</code> sends such requests again within the step, in as many rounds as <code>retry-failed</code> allows.`,
    );
  }
  return steps;
}

function written({ report: { results } }: SummaryContext): readonly string[] {
  const files: string[] = [];
  if (results?.outputFile !== undefined) {
    files.push(`${plural(results.lines.output, "answer")}: ${pathsOf(results.outputFile)}`);
  }
  if (results?.errorFile !== undefined) {
    files.push(`${errorLines(results)}: ${pathsOf(results.errorFile)}`);
  }
  if (results?.answersFile !== undefined) {
    files.push(
      `${plural(results.lines.answers, "row")} of answers: ${pathsOf(results.answersFile)}`,
    );
  }
  if (files.length === 0) return [];
  return [
    ...files,
    "The runner is gone after the job: keep the files with <code>actions/upload-artifact</code>, or commit them.",
  ];
}

/** Of `collect` each batch has files of its own, one a line. */
function pathsOf(paths: string): string {
  const shown = paths
    .split("\n")
    .slice(0, maxPaths)
    .map((path) => code(path, longestPath));
  const more = paths.split("\n").length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}

/** Results that are there and that nobody has asked for. */
function notWritten({ report, operation }: SummaryContext): readonly string[] {
  if (report.results !== undefined) return [];
  const ended = report.batches.filter(
    (batch) => batch.output_file_id !== undefined || batch.error_file_id !== undefined,
  );
  if (ended.length === 0) return [];
  const how = operation === "cancel" ? "retrieve" : operation === "create" ? "wait" : operation;
  return [
    `The server names result files that were not fetched: <code>operation: ${how === "run" ? "wait" : how}</code> with <code>output-file</code> and <code>error-file</code> fetches them (<code>batch-id:</code> ${idsOf(ended.map(({ id }) => id))}).`,
  ];
}

function idsOf(ids: readonly string[]): string {
  if (ids.length > maxIds) return "the <code>batch-id</code> output of this step";
  return code(ids.join(","), maxIds * 80);
}
