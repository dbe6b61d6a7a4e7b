import { APIError } from "../api/errors.ts";
import { formatCount, plural } from "./format.ts";
import { box, code, prose } from "./summary/markdown.ts";
import { batchErrorTable, requestFailures } from "./summary/failures.ts";
import { batchTable } from "./summary/batch-table.ts";
import { conclusionIcons } from "./summary/icons.ts";
import type { SummaryContext } from "./summary/context.ts";
import { checkSummary } from "./summary/check.ts";
import { costFigures, costNotes } from "./summary/cost.ts";
import { nextSteps } from "./summary/next-steps.ts";
import { problemSummary } from "./summary/problems.ts";
import { timeline } from "./summary/timeline.ts";
import { unusableAnswers } from "./summary/unusable.ts";
import { unusableIn } from "./outputs.ts";
import { RequestFileError } from "./request-file.ts";

const longestLine = 600;
const maxLines = 12;
const maxNames = 3;
const longestName = 60;

/**
 * The job summary of a step, for people: why it failed, its batches, when they did what, what
 * failed and what to do next. Every foreign text is escaped and every part bounded, so that it
 * stays far below the 1 MiB above which GitHub shows nothing.
 */
export function summaryOf(context: SummaryContext): string {
  if (context.checked !== undefined) return checkSummary(context.checked, context.failure);
  const { report, operation, now, origins, failure } = context;
  const { batches, standing, results } = report;
  const failures = results?.failures ?? [];
  const unusable = results?.unusable ?? [];
  const found = standing.some(({ errors }) => (errors?.data ?? []).length > 0);
  const steps = nextSteps(context);
  const parts = [
    `### ${titleOf(context)}`,
    figuresOf(context),
    failure === undefined ? "" : box("CAUTION", linesOf(failure)),
    batches.length === 0 ? "" : batchTable(context),
    operation === "list" ? "" : (timeline(batches, now) ?? ""),
    found ? batchErrorTable(standing, origins) : "",
    failures.length === 0 ? "" : requestFailures(failures, report.standing),
    unusable.length === 0 ? "" : unusableAnswers(unusable),
    ...costNotes(context),
    steps.length === 0 ? "" : ["**What next**", "", ...steps.map((step) => `- ${step}`)].join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The summary of a step that ended on an error before it had anything to report. */
export function errorSummary(error: unknown, message: string): string {
  if (error instanceof RequestFileError && error.scan.problemCount > 0) {
    return problemSummary(error.scan);
  }
  const known = error instanceof APIError ? error : undefined;
  const facts = Object.entries({
    status: known?.status,
    code: known?.code,
    "request id": known?.requestID,
  }).flatMap(([name, value]) => (value === undefined ? [] : `${name} ${code(String(value), 100)}`));
  const parts = [
    "### ❌ OpenAI batch: the step failed",
    box("CAUTION", linesOf(message)),
    facts.join(" · "),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function titleOf({ report, operation }: SummaryContext): string {
  const { batches, conclusion } = report;
  if (operation === "list") return `OpenAI batches: ${formatCount(batches.length)} listed`;
  return `${conclusionIcons[conclusion]} OpenAI ${batches.length === 1 ? "batch" : "batches"}: ${conclusion}`;
}

/** `120 requests · 114 answered · 6 failed · 5,120 tokens (4,000 in, 1,120 out) · gpt-6-luna` */
function figuresOf(context: SummaryContext): string {
  const { report } = context;
  const { batches, counts, usage, unsent, cached, results } = report;
  const figures: string[] = [];
  if (counts.total > 0) {
    figures.push(plural(counts.total, "request"), `${formatCount(counts.completed)} answered`);
    if (counts.failed > 0) figures.push(`**${formatCount(counts.failed)} failed**`);
  }
  const unusable = unusableIn(results) ?? 0;
  if (unusable > 0) figures.push(`**${formatCount(unusable)} unusable**`);
  if (cached > 0) figures.push(`${formatCount(cached)} from the cache`);
  if (unsent > 0) figures.push(`**${formatCount(unsent)} not sent**`);
  if (usage !== undefined) {
    const split = `${formatCount(usage.input)} in, ${formatCount(usage.output)} out`;
    figures.push(`${plural(usage.total, "token")} (${split})`);
  }
  figures.push(...costFigures(context));
  return [
    ...figures,
    ...distinct(batches.map(({ model }) => model)),
    ...distinct(batches.map(({ endpoint }) => endpoint)),
  ].join(" · ");
}

/** A few names as code; more than that say nothing at a glance. */
function distinct(names: readonly (string | undefined)[]): readonly string[] {
  const known = [...new Set(names.filter((name) => name !== undefined && name !== ""))];
  const shown = known.slice(0, maxNames).map((name) => code(name ?? "", longestName));
  return known.length > shown.length ? [...shown, `… ${known.length - shown.length} more`] : shown;
}

function linesOf(message: string): readonly string[] {
  const lines = message.split(/\r?\n/).filter((line) => line.trim() !== "");
  const shown = lines.slice(0, maxLines).map((line) => prose(line, longestLine));
  if (lines.length > maxLines) shown.push(`… and ${lines.length - maxLines} more lines`);
  // Each line a paragraph of its own.
  return shown.flatMap((line, index) => (index === 0 ? [line] : ["", line]));
}
