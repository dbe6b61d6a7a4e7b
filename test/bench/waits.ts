import { BatchClient } from "../../src/api/client.ts";
import type { BatchEvent } from "../../src/batch/events.ts";
import { waitForBatches } from "../../src/batch/wait.ts";
import { fractions } from "./fractions.ts";
import { virtualAccount } from "./virtual.ts";

export interface WaitCost {
  readonly calls: number;
  /** The longest time from the end of a batch to the look that saw it, in milliseconds. */
  readonly latest: number;
  /** The same as a share of what is allowed; at most 1 is held. */
  readonly share: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const pollInterval = 5_000;

/** Follows so many batches with the default settings; the last of them runs for the whole time. */
export async function costOfWait(count: number, total = day, seed = 1): Promise<WaitCost> {
  const random = fractions(seed);
  const runTimes = Array.from({ length: count }, (_, index) =>
    index === 0 ? total : minute + random() * (total - minute),
  );
  const account = virtualAccount((index) => runTimes[index] ?? total, 50_000);
  const client = new BatchClient(account.options);
  const ids = runTimes.map(() => account.add());
  const started = account.clock.now();
  let latest = 0;
  let share = 0;
  const seen = new Set<string>();
  const onEvent = (event: BatchEvent) => {
    if (event.type !== "polled") return;
    for (const { id, status } of event.batches) {
      if (status !== "completed" || seen.has(id)) continue;
      seen.add(id);
      const end = account.endOf(id);
      const delay = account.clock.now() - end;
      latest = Math.max(latest, delay);
      const allowed = Math.min(minute, Math.max(pollInterval, 0.02 * (end - started)));
      share = Math.max(share, delay / allowed);
    }
  };
  const { done } = await waitForBatches(client, ids, {
    random,
    onEvent,
  });
  if (!done || seen.size !== count) throw new Error("The wait ended before its batches did.");
  return { calls: account.calls(), latest, share };
}
