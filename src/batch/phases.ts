import type { Batch, BatchStatus } from "../api/types.ts";
import { isTerminal } from "./status.ts";

/** A stretch of a batch's life; times in milliseconds since the epoch. */
export interface Phase {
  readonly status: BatchStatus;
  readonly from: number;
  readonly to: number;
}

/** When a batch came into each status, in the order in which it may go through them. */
const entered = [
  ["validating", "created_at"],
  ["in_progress", "in_progress_at"],
  ["finalizing", "finalizing_at"],
  ["cancelling", "cancelling_at"],
] as const;

/**
 * The phases that a batch went through, from its timestamps. Servers set times of states that were
 * not reached, leave some out or write 0, so only times count that go forward and have passed.
 *
 * @param now milliseconds since the epoch; where the phase of a batch ends that has not ended
 */
export function phasesOf(batch: Batch, now: number): readonly Phase[] {
  const end = endOrNow(batch, now);
  if (end === undefined) return [];
  const phases: Phase[] = [];
  let last = 0;
  for (const [status, field] of entered) {
    const from = (batch[field] ?? 0) * 1000;
    if (from === 0 || from < last || from > end) continue;
    last = from;
    const before = phases.pop();
    if (before !== undefined && before.from < from) phases.push({ ...before, to: from });
    phases.push({ status, from, to: end });
  }
  return phases.filter(({ from, to }) => to > from);
}

/**
 * Milliseconds from a batch's creation to its end, or to `now` where it has not ended; `undefined`
 * where the server names no times.
 *
 * @param now milliseconds since the epoch
 */
export function durationOf(batch: Batch, now: number): number | undefined {
  const end = endOrNow(batch, now);
  if (batch.created_at === 0 || end === undefined) return undefined;
  return Math.max(0, end - batch.created_at * 1000);
}

/** When a batch ended, or `now` where it has not; `undefined` where it has and nobody says when. */
export function endOrNow(batch: Batch, now: number): number | undefined {
  if (!isTerminal(batch)) return now;
  const { status, completed_at, failed_at, expired_at, cancelled_at } = batch;
  const ends: Partial<Record<BatchStatus, number | undefined>> = {
    completed: completed_at,
    failed: failed_at,
    expired: expired_at,
    cancelled: cancelled_at,
  };
  const end = ends[status];
  return end === undefined || end === 0 ? undefined : end * 1000;
}
