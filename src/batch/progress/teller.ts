import type { Batch } from "../../api/types.ts";
import { plural } from "../format.ts";
import { describeBatch, progressLine, shareDone } from "../progress.ts";

/** What there is to say after a look at batches; nothing most of the time. */
interface ProgressNews {
  /** Lines to say now. */
  readonly lines: readonly string[];
  /** More about each batch, for whoever can fold it away. */
  readonly details: readonly string[];
}

const minute = 60_000;
/** Milliseconds without a line after which one is said all the same; the last one goes on. */
const heartbeats = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute);
/** So many batches get a line each; more are summed up. */
const fewBatches = 3;
const maxChanged = 5;
const maxDetails = 200;
const tenths = 10;

const nothing: ProgressNews = { lines: [], details: [] };

/**
 * Decides when progress is worth a line: when a status changed, a first request failed or another
 * tenth was done, and else at growing distance. Many batches are one summed line and a few lines
 * of those that changed, however many there are.
 *
 * @param now milliseconds since the epoch; the elapsed time counts from this call
 */
export function createProgressTeller(
  now: () => number,
): (batches: readonly Batch[]) => ProgressNews {
  const started = now();
  const said = new Map<string, string>();
  let lastLine = started;
  let lastTotal = "";
  let beats = 0;

  return (batches) => {
    if (batches.length === 0) return nothing;
    const first = said.size === 0;
    const few = batches.length <= fewBatches;
    const changed = batches.filter((batch) => {
      const state = few ? stateOf(batch) : batch.status;
      if (said.get(batch.id) === state) return false;
      said.set(batch.id, state);
      return true;
    });
    const total = few ? "" : tenthOf(batches);
    const moved = total !== lastTotal;
    lastTotal = total;
    const time = now();
    const due = time - lastLine >= (heartbeats[Math.min(beats, heartbeats.length - 1)] ?? minute);
    if (changed.length === 0 && !moved && !due) return nothing;
    if (changed.length === 0 && !moved) beats += 1;
    lastLine = time;

    const line = (of: readonly Batch[]) => progressLine(of, time, started);
    if (few) {
      const shown = changed.length > 0 ? changed : batches;
      return { lines: shown.map((batch) => line([batch])), details: [] };
    }
    if (first) {
      return { lines: [line(batches)], details: batches.slice(0, maxDetails).map(describeBatch) };
    }
    const more = changed.length - maxChanged;
    return {
      lines: [
        ...changed.slice(0, maxChanged).map(describeBatch),
        ...(more > 0 ? [`${plural(more, "more batch", "more batches")} changed.`] : []),
        line(batches),
      ],
      details: [],
    };
  };
}

function stateOf(batch: Batch): string {
  return `${batch.status} ${(batch.request_counts?.failed ?? 0) > 0} ${tenthOf([batch])}`;
}

function tenthOf(batches: readonly Batch[]): string {
  const total = batches.reduce((sum, { request_counts: counts }) => sum + (counts?.total ?? 0), 0);
  const done = batches.reduce(
    (sum, { request_counts: counts }) =>
      sum + (counts === undefined ? 0 : shareDone(counts) * counts.total),
    0,
  );
  return String(total === 0 ? 0 : Math.floor((done / total) * tenths));
}
