import type { Batch } from "../api/types.ts";
import type { CollectedResults } from "../batch/results.ts";
import { type ModelUsage, nothingFor, reportedSpending } from "../batch/cost/spending.ts";
import { sumUsage, type TokenUsage } from "../batch/results/usage.ts";
import { decideConclusion, decideDone, isAllDone, withoutResults } from "../batch/rules.ts";
import { type Conclusion, isTerminal, overallStatus, type RequestCounts } from "../batch/status.ts";
import type { InputPart } from "../batch/split.ts";
import { countsByServer, countsSoFar } from "./counts.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** What a step knows about its batches; the source of outputs, log, summary and verdict alike. */
export interface Report {
  readonly batches: readonly Batch[];
  /** Of all batches, also of those that were never seen, in the order of the job. */
  readonly ids: readonly string[];
  /** Those of them that the status and the verdict go by. */
  readonly standing: readonly Batch[];
  /** Whether every batch has ended and nothing is unsent. */
  readonly done: boolean;
  readonly conclusion: Conclusion;
  readonly counts: RequestCounts;
  readonly usage: TokenUsage | undefined;
  /** The tokens by model, of which the cost is made. */
  readonly spent: readonly ModelUsage[];
  /** Once the result lines have been read. */
  readonly results: CollectedResults | undefined;
  /** Requests of the input that no batch holds. */
  readonly unsent: number;
  /** Requests that were answered by the cache. */
  readonly cached: number;
}

/** What is known of batches beside what they say. */
export interface Reported {
  /** Ids of all batches where some were never seen: what is known of the others is not the whole. */
  readonly ids?: readonly string[] | undefined;
  readonly results?: CollectedResults | undefined;
  /**
   * Ids of batches whose unanswered requests another one has sent again; how they ended says nothing
   * about the work any more.
   */
  readonly superseded?: ReadonlySet<string> | undefined;
  /** Whether everything that is to be sent has been sent and is known; `true` by default. */
  readonly complete?: boolean | undefined;
  readonly unsent?: number | undefined;
  readonly cached?: number | undefined;
  /** What batches were made of, by their ids, where that is known. */
  readonly parts?: ReadonlyMap<string, Pick<InputPart, "model">> | undefined;
  /** Tokens by model where neither lines nor batches tell any. */
  readonly spent?: readonly ModelUsage[] | undefined;
}

export function reportOf(seen: readonly Batch[], reported: Reported = {}): Report {
  const { results, superseded = new Set(), unsent = 0, cached = 0 } = reported;
  const latest = new Map(results?.batches.map((batch) => [batch.id, batch]));
  const batches = seen.map((batch) => latest.get(batch.id) ?? batch);
  const ids = reported.ids ?? batches.map(({ id }) => id);
  const complete = (reported.complete ?? true) && ids.length <= batches.length;
  const counts = countsOf(batches, { results, complete, cached });
  const standing = batches.filter(({ id }) => !superseded.has(id));
  const known = { batches, standing, complete, counts, cached };
  return {
    batches,
    ids,
    standing,
    done: decideDone(known).decision === "done",
    conclusion: decideConclusion(known),
    counts,
    usage: results?.usage ?? reportedUsage(batches),
    spent: reported.spent ?? spentFor(batches, reported),
    results,
    unsent,
    cached,
  };
}

function countsOf(
  batches: readonly Batch[],
  {
    results,
    complete,
    cached,
  }: Pick<Report, "results" | "cached"> & { readonly complete: boolean },
): RequestCounts {
  if (results === undefined) return countsByServer(batches, cached);
  return complete && batches.every(isTerminal) ? results.counts : countsSoFar(batches, results);
}

/** As the lines tell it; of batches whose lines nobody has asked for, as they do themselves. */
function spentFor(batches: readonly Batch[], reported: Reported): readonly ModelUsage[] {
  const { results, parts } = reported;
  if (results !== undefined && results.usageByModel.length > 0) return results.usageByModel;
  const requested = (id: string) => parts?.get(id)?.model;
  const told = batches.flatMap((batch) => reportedSpending(batch, requested(batch.id)));
  if (told.length > 0 || !isUnanswered(batches, reported)) return told;
  const models = batches.map(({ id, model }) => model ?? requested(id) ?? "");
  return models.includes("") ? [] : nothingFor(models);
}

/** Whether it is known that none of the requests that were sent has an answer. */
function isUnanswered(batches: readonly Batch[], { results, cached = 0 }: Reported): boolean {
  if (results === undefined || batches.length === 0 || !batches.every(isTerminal)) return false;
  const { counts, unknown, problems } = results;
  return counts.completed === cached && unknown === 0 && problems.length === 0;
}

/**
 * The counts of a step's only batch, which are the step's own; `undefined` where there are several, where
 * the cache has answered some of the step's requests, and before anything has been told.
 */
export function countsOfOnly({ batches, counts, cached }: Report): RequestCounts | undefined {
  return batches.length === 1 && cached === 0 && counts.total > 0 ? counts : undefined;
}

/**
 * The report of a step that an error has ended before the results were read or written: whatever the
 * batches say, it did not succeed.
 */
export function failedReport(report: Report): Report {
  return { ...report, conclusion: withoutResults(report.conclusion) };
}

/** So many things have their outputs written with each new one; then only as their number grows by half. */
const few = 8;
const growth = 1.5;

/**
 * Whether outputs that name so many things are to be written again. The runner's file is only ever added
 * to, so that what is written with each new one would grow with the square of their number.
 */
export function isDue(count: number, written: number): boolean {
  return count > written && (written < few || count >= written * growth);
}

type SetOutput = Pick<Toolkit, "setOutput">;
type Values = Readonly<Record<string, string | number | boolean>>;

/** Writes every output that names something about batches, at the end of a step. */
export function writeOutputs(toolkit: SetOutput, report: Report): void {
  const { batches, usage, results } = report;
  writeIds(toolkit, report);
  writeStatus(toolkit, report);
  set(toolkit, {
    "input-tokens": usage?.input ?? "",
    "output-tokens": usage?.output ?? "",
    "total-tokens": usage?.total ?? "",
    "cached-input-tokens": usage?.cachedInput ?? "",
    "reasoning-tokens": usage?.reasoning ?? "",
    "output-file": results?.outputFile ?? "",
    "error-file": results?.errorFile ?? "",
    "answers-file": results?.answersFile ?? "",
    batches: JSON.stringify(batches),
  });
}

/** Ids of batches and files; one that was told once is never taken back: a later step may need it. */
export function writeIds(
  toolkit: SetOutput,
  { batches, ids: batchIds }: Pick<Report, "batches" | "ids">,
): void {
  if (batchIds.length === 0) return;
  toolkit.setOutput("batch-id", batchIds.join(","));
  if (batches.length === 0) return;
  const ids = (key: "input_file_id" | "output_file_id" | "error_file_id") =>
    batches
      .map((batch) => batch[key])
      .filter(Boolean)
      .join(",");
  set(toolkit, {
    "input-file-id": ids("input_file_id"),
    "output-file-id": ids("output_file_id"),
    "error-file-id": ids("error_file_id"),
  });
}

/** How the batches stand, in a few short values. */
export function writeStatus(toolkit: SetOutput, report: Report): void {
  const { ids, counts } = report;
  // Of no batch at all: the cache had every answer.
  const otherwise = report.done && report.cached > 0 ? "completed" : "";
  set(toolkit, {
    "batch-count": ids.length,
    status: overallStatus(report.standing) ?? otherwise,
    done: isAllDone(report.done, report.results?.unknown ?? 0),
    conclusion: report.conclusion,
    "request-total": counts.total,
    "request-completed": counts.completed,
    "request-failed": counts.failed,
    "request-unusable": unusableIn(report.results) ?? "",
    "request-cached": report.cached,
    "request-unsent": report.unsent,
  });
}

/** How many answers have a problem, rejected or not; `undefined` as long as the result lines were not read. */
export function unusableIn(results: CollectedResults | undefined): number | undefined {
  return results?.unusable.reduce((sum, { count }) => sum + count, 0);
}

function set(toolkit: SetOutput, values: Values): void {
  for (const [name, value] of Object.entries(values)) toolkit.setOutput(name, value);
}

function reportedUsage(batches: readonly Batch[]): TokenUsage | undefined {
  const known = batches.flatMap(({ usage }) => usage ?? []);
  return sumUsage(
    known.map((usage) => ({
      input: usage.input_tokens,
      output: usage.output_tokens,
      total: usage.total_tokens,
      cachedInput: usage.input_tokens_details.cached_tokens,
      reasoning: usage.output_tokens_details.reasoning_tokens,
    })),
  );
}
