import type { Batch } from "../api/types.ts";
import type { CollectedResults } from "../batch/results.ts";
import { decideStepEnd } from "../batch/rules.ts";
import { isTerminal } from "../batch/status.ts";
import { adviceForBatch } from "./advice.ts";
import { describeError, type Origins } from "./batch-errors.ts";
import { formatCount, formatDuration, plural, shorten } from "./format.ts";
import type { ResultInputs, WaitInputs } from "./inputs.ts";
import type { Report } from "./outputs.ts";

/** The inputs of a wait whose timeout came, and what the step has done about it. */
export interface TimedOut extends Pick<WaitInputs, "timeout" | "onTimeout"> {
  /** Ids of the batches that the step has cancelled for it; those that somebody else cancelled are not among them. */
  readonly cancelled: ReadonlySet<string>;
}

export interface VerdictOptions {
  /** Given when the timeout came. */
  readonly timedOut?: TimedOut | undefined;
  /** Where errors of batches come from, as far as that is known. */
  readonly origins?: Origins | undefined;
}

/** Why the step fails, or `undefined` when it does not. */
export function verdict(
  report: Report,
  results: Pick<ResultInputs, "failOn" | "maxRequestFailures">,
  { timedOut, origins = new Map() }: VerdictOptions = {},
): string | undefined {
  const bad = report.standing.filter(({ status }) => results.failOn.includes(status));
  const late =
    timedOut === undefined || timedOut.onTimeout === "continue" || isWhole(report, timedOut)
      ? undefined
      : lateness(report, timedOut);
  // What the timeout has cancelled did not end badly by itself.
  const byItself = bad.filter((batch) => late === undefined || !isCancelledBy(timedOut, batch));
  const problems = report.results?.problems ?? [];
  const end = decideStepEnd({
    bad: byItself.length,
    late: late !== undefined,
    unreadable: problems.length,
    done: report.done,
    counts: report.counts,
    limit: results.maxRequestFailures,
  });
  switch (end) {
    case "success":
      return undefined;
    case "ended badly":
      return [endedBadly(report, byItself, origins), late ?? ""].filter(Boolean).join(" ");
    case "late":
      return late;
    case "unreadable":
      return `Not every result could be read; what could was written. ${problems.join(" ")}`;
    case "too many failures":
      return tooManyFailures(report, results);
  }
}

function endedBadly(report: Report, bad: readonly Batch[], origins: Origins): string {
  return [`${nameBad(bad, origins)}.`, ...adviceOn(bad), whatIsThere(report, bad)].join(" ");
}

/** What became of the results of batches that ended badly. */
function whatIsThere({ results }: Report, bad: readonly Batch[]): string {
  const written = results?.outputFile ?? results?.errorFile ?? results?.answersFile;
  // Those of other batches are none of theirs.
  const hasSome = bad.some(({ output_file_id: output, error_file_id: errors }) => output ?? errors);
  return written === undefined || isNothing(results?.lines) || !hasSome
    ? "See `fail-on` to accept this status."
    : `What could be read of ${bad.length === 1 ? "its" : "their"} results was written; see \`fail-on\` to accept this status.`;
}

function isNothing(lines: CollectedResults["lines"] | undefined): boolean {
  return lines === undefined || lines.output + lines.error + lines.answers === 0;
}

/** Whether all has come to its own end after all, if only just: nothing is late then. */
function isWhole({ done, standing }: Report, timedOut: TimedOut): boolean {
  return done && !standing.some((batch) => isCancelledBy(timedOut, batch));
}

/** Whether it is cancelled, or about to be, and the timeout was why. */
function isCancelledBy(timedOut: TimedOut | undefined, { id, status }: Batch): boolean {
  return status.startsWith("cancel") && timedOut?.cancelled.has(id) === true;
}

/** Ids that a message names; the outputs have them all. */
const maxIds = 5;

function lateness({ standing, unsent }: Report, timedOut: TimedOut): string {
  const { timeout } = timedOut;
  const running = standing.filter((batch) => !isTerminal(batch) && batch.status !== "cancelling");
  const cancelled = standing.filter((batch) => isCancelledBy(timedOut, batch));
  const cancelling = standing.filter(
    (batch) => batch.status === "cancelling" && !isCancelledBy(timedOut, batch),
  );
  const after = `The time was up after ${formatDuration(timeout)} (\`timeout\`).`;
  const parts = [after];
  if (cancelled.length > 0) {
    parts.push(
      `${idsOf(cancelled)} ${cancelled.length === 1 ? "was" : "were"} cancelled, as \`on-timeout\` asks${cancelled.every(isTerminal) ? "." : "; `operation: retrieve` brings what was answered once the status is `cancelled`."}`,
    );
  }
  if (cancelling.length > 0) {
    parts.push(
      `${idsOf(cancelling)} ${cancelling.length === 1 ? "is" : "are"} being cancelled, which was not asked for by this step.`,
    );
  }
  if (running.length > 0) {
    parts.push(
      `${idsOf(running)} ${running.length === 1 ? "was" : "were"} still running when last seen: wait for \`batch-id\` in a later job, or cancel it.`,
    );
  }
  return [...parts, ...unsentWords(unsent)].join(" ");
}

/** What to say of requests that no batch holds; nothing where there are none. */
export function unsentWords(unsent: number): readonly string[] {
  if (unsent === 0) return [];
  const [was, them] = unsent === 1 ? ["was", "it"] : ["were", "them"];
  return [
    `${plural(unsent, "request")} of the input ${was} not sent; run the step again with the same input to send ${them}.`,
  ];
}

function idsOf(batches: readonly Batch[]): string {
  return batches.length > maxIds
    ? plural(batches.length, "batch", "batches")
    : batches.map(({ id }) => shorten(id, 100)).join(", ");
}

function tooManyFailures(
  { counts: { failed, total } }: Report,
  { maxRequestFailures: limit }: Pick<ResultInputs, "maxRequestFailures">,
): string {
  const named = "count" in limit ? formatCount(limit.count) : `${limit.percent}%`;
  return `${formatCount(failed)} of ${formatCount(total)} requests failed, more than \`max-request-failures\` (${named}) allows.`;
}

/** The message is an annotation, of which GitHub shows 4,096 characters. */
const maxNamed = 5;
const maxAdvice = 3;

function nameBad(bad: readonly Batch[], origins: Origins): string {
  const named = bad
    .slice(0, maxNamed)
    .map((batch) => `${shorten(batch.id, 100)} is ${batch.status}${reasonOf(batch, origins)}`);
  const more = bad.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [`${plural(more, "more batch", "more batches")} likewise`] : []),
  ].join("; ");
}

function reasonOf({ errors }: Batch, origins: Origins): string {
  const [first] = errors?.data ?? [];
  if (first === undefined) return "";
  const origin = origins.get(first);
  const line = first.line === undefined || first.line === null ? "" : `line ${first.line}: `;
  const where = origin === undefined ? line : `${origin.file}:${origin.line}: `;
  return ` (${where}${describeError(first)})`;
}

/** What to do about the first error of each batch, each advice once. */
function adviceOn(bad: readonly Batch[]): readonly string[] {
  const firsts = bad.flatMap(({ errors }) => errors?.data?.[0] ?? []);
  return [...new Set(firsts.map(({ code }) => adviceForBatch(code)))].slice(0, maxAdvice);
}
