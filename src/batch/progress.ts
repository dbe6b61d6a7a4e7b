import type { Batch } from "../api/types.ts";
import { formatCount, formatDuration } from "./format.ts";
import { isTerminal, reportedCounts, type RequestCounts, statusesByDistance } from "./status.ts";

/** One line about a batch: its id, status and counts. */
export function describeBatch(batch: Batch): string {
  const requests = describeCounts(batch.request_counts);
  return `${batch.id}: ${batch.status}${requests === "" ? "" : `, ${requests}`}`;
}

/**
 * Where one or several batches are, in one line: status, bar, counts, what failed, the time since
 * `started` and, where counts and times allow one, an estimate of what is left.
 *
 * @param now milliseconds since the epoch
 * @param started milliseconds since the epoch; what the elapsed time counts from
 * @param width characters that there is room for; where they are few, id and bar are left out
 */
export function progressLine(
  batches: readonly Batch[],
  now: number,
  started: number,
  width = Number.POSITIVE_INFINITY,
): string {
  const counts = reportedCounts(batches);
  const requests = describeCounts(counts);
  const left = timeLeft(batches, now);
  const elapsed = `after ${formatDuration(Math.max(0, now - started))}`;
  const times =
    left === undefined ? elapsed : `${elapsed}, about ${formatDuration(rough(left))} left`;
  const lineOf = (head: string, share: string) =>
    `${head}${requests === "" ? "" : ` ${share}, ${requests}`} (${times})`;
  const full = lineOf(headOf(batches), `${bar(counts)} ${percent(counts)}`);
  if (full.length <= width) return full;
  return cut(lineOf(statusesOf(batches), percent(counts)), width);
}

/**
 * Milliseconds until every request is done, if the running batches go on as they did so far;
 * `undefined` where counts or times say nothing: nothing done yet, a batch not begun, or all done.
 *
 * @param now milliseconds since the epoch
 */
export function timeLeft(batches: readonly Batch[], now: number): number | undefined {
  let longest: number | undefined;
  for (const batch of batches) {
    if (isTerminal(batch)) continue;
    const left = timeLeftOf(batch, now);
    // What is not known of one batch is not known of all.
    if (left === undefined) return undefined;
    longest = Math.max(longest ?? 0, left);
  }
  return longest;
}

function timeLeftOf(batch: Batch, now: number): number | undefined {
  const { status, in_progress_at: since, request_counts: counts } = batch;
  if (status !== "in_progress" || since === undefined || counts === undefined) return undefined;
  const done = doneOf(counts);
  const elapsed = now - since * 1000;
  if (done === 0 || done >= counts.total || elapsed < shortestBasis) return undefined;
  return (elapsed / done) * (counts.total - done);
}

/** Milliseconds; a rate of the first seconds says nothing of hours. */
const shortestBasis = 10_000;
const barLength = 20;

/** Requests that have ended, one way or the other. */
function doneOf({ completed, failed }: RequestCounts): number {
  return completed + failed;
}

/** From 0 to 1; some servers count more than there are. */
export function shareDone(counts: RequestCounts): number {
  return counts.total === 0 ? 0 : Math.min(1, doneOf(counts) / counts.total);
}

function bar(counts: RequestCounts): string {
  const filled = Math.floor(shareDone(counts) * barLength);
  return "█".repeat(filled) + "░".repeat(barLength - filled);
}

function percent(counts: RequestCounts): string {
  return `${Math.floor(shareDone(counts) * 100)}%`;
}

/** An estimate that names seconds of an hour would claim to know more than it does. */
function rough(milliseconds: number): number {
  const step = milliseconds < 60_000 ? 5_000 : milliseconds < 3_600_000 ? 60_000 : 300_000;
  return Math.max(1, Math.round(milliseconds / step)) * step;
}

function cut(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

function describeCounts(counts: RequestCounts | undefined): string {
  if (counts === undefined || counts.total === 0) return "";
  const failed = counts.failed === 0 ? "" : `, ${formatCount(counts.failed)} failed`;
  const done = formatCount(doneOf(counts));
  return `${done} of ${formatCount(counts.total)} requests done${failed}`;
}

function headOf(batches: readonly Batch[]): string {
  const [only] = batches;
  return batches.length === 1 && only !== undefined
    ? `${only.id}: ${only.status}`
    : `${formatCount(batches.length)} batches: ${statusesOf(batches)}`;
}

/** `3 in_progress, 1 completed`: those furthest from completed first; of a single batch only the status. */
function statusesOf(batches: readonly Batch[]): string {
  const counts = new Map<string, number>();
  for (const { status } of batches) counts.set(status, (counts.get(status) ?? 0) + 1);
  const known: readonly string[] = statusesByDistance.filter((status) => counts.has(status));
  const others = [...counts.keys()].filter((status) => !known.includes(status));
  return [...known, ...others]
    .map((status) =>
      batches.length === 1 ? status : `${formatCount(counts.get(status) ?? 0)} ${status}`,
    )
    .join(", ");
}
