import type { Batch } from "../api/types.ts";
import { adviceForBatch } from "./advice.ts";
import { describeError, type Origins } from "./batch-errors.ts";
import { formatCount, formatDuration, plural, shorten } from "./format.ts";
import type { ResultInputs, WaitInputs } from "./inputs.ts";
import type { Report } from "./outputs.ts";

/**
 * Why the step fails, or `undefined` when it does not.
 *
 * @param timedOut the wait's inputs when its timeout came
 * @param origins where errors of batches come from, as far as that is known
 */
export function verdict(
  report: Report,
  results: Pick<ResultInputs, "failOn" | "maxRequestFailures">,
  timedOut?: Pick<WaitInputs, "timeout" | "onTimeout">,
  origins: Origins = new Map(),
): string | undefined {
  const bad = report.standing.filter(({ status }) => results.failOn.includes(status));
  if (bad.length > 0) {
    return [
      `${nameBad(bad, origins)}.`,
      ...adviceOn(bad),
      "What the batch has was collected; see `fail-on` to accept this status.",
    ].join(" ");
  }
  if (timedOut !== undefined && timedOut.onTimeout !== "continue") {
    const after = `The wait ended after ${formatDuration(timedOut.timeout)} (\`timeout\`) before the batch did.`;
    return timedOut.onTimeout === "cancel"
      ? `${after} The batch was cancelled, as \`on-timeout\` asks; \`operation: retrieve\` brings what it has once it is \`cancelled\`.`
      : `${after} The batch keeps running: wait for its \`batch-id\` in a later job, or cancel it.`;
  }
  const problems = report.results?.problems ?? [];
  if (problems.length > 0) {
    return `Some results could not be had; the others were written. ${problems.join(" ")}`;
  }
  const { failed, total } = report.counts;
  const limit = results.maxRequestFailures;
  // Hundredths, and a tolerance far below one request: fractions of a percent are not exact in binary.
  const over =
    "count" in limit ? failed > limit.count : failed * 100 > limit.percent * total + 1e-6;
  if (report.done && over) {
    const named = "count" in limit ? formatCount(limit.count) : `${limit.percent}%`;
    return `${formatCount(failed)} of ${formatCount(total)} requests failed, more than \`max-request-failures\` (${named}) allows.`;
  }
  return undefined;
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
