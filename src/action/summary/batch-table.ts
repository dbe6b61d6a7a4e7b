import { isOpenAI } from "../../api/base-url.ts";
import type { Batch } from "../../api/types.ts";
import { durationOf, endOrNow } from "../../batch/phases.ts";
import { isTerminal } from "../../batch/status.ts";
import { formatCount, formatDuration, plural } from "../format.ts";
import { code, escapeMarkdown, table } from "./markdown.ts";
import { countsOfOnly } from "../outputs.ts";
import { statusIcon } from "./icons.ts";
import type { SummaryContext } from "./context.ts";

/** GitHub shows nothing of a summary over 1 MiB, so every part of it is bounded. */
const maxRows = 200;
const longestId = 80;
const longestStatus = 40;

/** One table of all batches, with a row of sums where there are several. */
export function batchTable(context: SummaryContext): string {
  const { report, makes, now } = context;
  const { batches } = report;
  const roundOf = roundsShown(context);
  const head = [
    "Batch",
    ...(roundOf === undefined ? [] : ["Round:"]),
    ...["Status", "Requests:", "Failed:", "Tokens:", "Duration:"],
  ];
  const shown = maxWanted(batches);
  const rows = shown.map((batch) => [
    linked(batch, context.baseURL),
    ...(roundOf === undefined ? [] : [roundOf(batch)]),
    status(batch, report.standing),
    ...figures(batch, context),
    ...(makes ? [context.facts.adopted.has(batch.id) ? "yes" : "no"] : []),
  ]);
  if (batches.length > 1) {
    const adopted = batches.filter(({ id }) => context.facts.adopted.has(id)).length;
    rows.push([
      `**${plural(batches.length, "batch", "batches")}**`,
      ...(roundOf === undefined ? [] : [""]),
      "",
      ...[
        number(roundOf === undefined ? heldBy(context) : sentOf(report)),
        number(report.counts.failed),
        number(report.usage?.total),
        wholeDuration(batches, now),
        ...(makes ? [adopted === 0 ? "" : number(adopted)] : []),
      ].map(strong),
    ]);
  }
  const more = batches.length - shown.length;
  return (
    table(makes ? [...head, "Reused"] : head, rows) +
    (more > 0 ? `\n\n… and ${plural(more, "batch", "batches")} more` : "") +
    (roundOf !== undefined ? `\n\n${ofRounds}` : addsUp(context) ? "" : `\n\n${ofLines}`)
  );
}

/** Without it the rows would seem not to add up to the last one. */
const ofRounds =
  "The batches of a later round hold requests of an earlier one, sent again. The last row counts each request once, as it ended.";

/** Of answers that are rejected the server knows nothing, nor of every request that never ran. */
const ofLines = "The rows go by the server's counts, the last one by the result lines.";

/** Whether the rows of all batches, also those that are not shown, come to what the last one says. */
function addsUp(context: SummaryContext): boolean {
  const { batches, counts, results } = context.report;
  if (results === undefined || batches.length < 2) return true;
  const rows = batches.map((batch) => countsOf(batch, context));
  const sum = (key: "total" | "failed") => rows.reduce((all, row) => all + (row[key] ?? 0), 0);
  return sum("total") === heldBy(context) && sum("failed") === counts.failed;
}

/** What to show of a batch's round; `undefined` when all are of the first one. */
function roundsShown({ report, facts }: SummaryContext): ((batch: Batch) => string) | undefined {
  const several = report.batches.some(({ id }) => (facts.rounds.get(id) ?? 0) > 0);
  if (!several) return undefined;
  return ({ id }) => {
    const round = facts.rounds.get(id);
    return number(round === undefined ? undefined : round + 1);
  };
}

/** All of them, or where they are too many first those that did not just complete. */
function maxWanted(batches: readonly Batch[]): readonly Batch[] {
  if (batches.length <= maxRows) return batches;
  const wanted = batches.filter((batch) => batch.status !== "completed");
  const rest = batches.filter((batch) => batch.status === "completed");
  return [...wanted, ...rest].slice(0, maxRows);
}

function figures(batch: Batch, context: SummaryContext): readonly string[] {
  const { report, now } = context;
  const single = report.batches.length === 1;
  const { total, failed } = countsOfOnly(report) ?? countsBesideCache(batch, context);
  const tokens = single ? report.usage?.total : batch.usage?.total_tokens;
  const duration = durationOf(batch, now);
  return [
    number(total),
    number(failed),
    number(tokens),
    duration === undefined ? "" : formatDuration(duration) + (isTerminal(batch) ? "" : " so far"),
  ];
}

/** What a step's only batch holds, where it is all that the cache has not answered. */
function countsBesideCache(batch: Batch, context: SummaryContext) {
  const { batches, results, counts } = context.report;
  const own = countsOf(batch, context);
  const isRest = results !== undefined && batches.length === 1;
  return isRest && own.total === sentOf(context.report) ? { ...own, failed: counts.failed } : own;
}

function sentOf({ counts, cached }: SummaryContext["report"]): number {
  return counts.total - cached;
}

/** What the batches hold together: what the cache has answered is in none, or was sent before it had it. */
function heldBy(context: SummaryContext): number {
  const { report } = context;
  if (report.cached === 0) return report.counts.total;
  const held = report.batches.map((batch) => countsOf(batch, context).total);
  if (held.includes(undefined)) return sentOf(report);
  return held.reduce<number>((sum, total = 0) => sum + total, 0);
}

/** Servers count no request of a batch that they have not begun; what was sent may be known here. */
function countsOf({ id, status, request_counts: reported }: Batch, { facts }: SummaryContext) {
  if (reported !== undefined && reported.total > 0) return reported;
  const sent = facts.requests.get(id);
  return { total: sent, failed: status === "failed" ? sent : undefined };
}

function wholeDuration(batches: readonly Batch[], now: number): string {
  const starts = batches.map((batch) => batch.created_at * 1000).filter((time) => time > 0);
  const ends = batches.flatMap((batch) => endOrNow(batch, now) ?? []);
  if (starts.length === 0 || ends.length === 0) return "";
  const [first, last] = [smallest(starts), -smallest(ends.map((time) => -time))];
  return last < first ? "" : formatDuration(last - first);
}

function smallest(numbers: readonly number[]): number {
  return numbers.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
}

function status(batch: Batch, standing: readonly Batch[]): string {
  const again = standing.includes(batch) ? "" : " (sent again)";
  return `${statusIcon(batch.status)} ${escapeMarkdown(batch.status, longestStatus)}${again}`;
}

/** Only the official server has a dashboard whose address we know. */
function linked({ id }: Batch, baseURL: string): string {
  const shown = code(id, longestId);
  const official = isOpenAI(baseURL);
  const plain = /^batch_\w{1,70}$/.test(id);
  return official && plain ? `[${shown}](https://platform.openai.com/batches/${id})` : shown;
}

function number(value: number | undefined): string {
  return value === undefined ? "" : formatCount(value);
}

function strong(text: string): string {
  return text === "" ? "" : `**${text}**`;
}
