import { join } from "node:path";

import { measure, nodeCommand } from "./processes.ts";
import type { Row } from "./table.ts";
import { costOfWait, type WaitCost } from "./waits.ts";

const maxCalls = 1_700;
const longest = 60;

/** Waits of a day on virtual time. */
export async function waits(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const count of [1, 100]) {
    const cost = await costOfWait(count);
    rows.push({
      what: `24-hour wait of ${count === 1 ? "one batch" : `${count} batches`}`,
      note: `${cost.calls} calls`,
      target: `≤ ${maxCalls} calls`,
      held: cost.calls <= maxCalls,
    });
  }
  const minute = 60_000;
  const costs: WaitCost[] = [];
  // From a minute to a day, so that every part of the growing interval is met.
  for (let total = minute; total <= 1_440 * minute; total *= 1.03) {
    costs.push(await costOfWait(1, total, Math.round(total)));
  }
  for (let seed = 1; seed <= 5; seed += 1) costs.push(await costOfWait(100, 1_440 * minute, seed));
  const share = Math.max(...costs.map((cost) => cost.share));
  const latest = Math.max(...costs.map((cost) => cost.latest)) / 1_000;
  rows.push({
    what: `the end is seen (${costs.length} waits of a minute to a day)`,
    note: `at most ${latest.toFixed(1)} s late, ${share.toFixed(2)} of what is allowed`,
    target: "≤ the longer of 5 s and 2 %, never over 60 s",
    held: share <= 1 && latest <= longest,
  });
  return rows;
}

const longestRun = 60;

/** Ten million requests in 200 batches to their end, in processes of their own. */
export async function tenMillion(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const maxActive of [0, 20]) {
    const script = join(import.meta.dirname, "ten-million.ts");
    const usage = await measure(nodeCommand(script, [String(maxActive)]));
    // The script above prints these.
    const { calls, hours, seconds, heap } = JSON.parse(usage.stdout) as Record<
      "calls" | "hours" | "seconds" | "heap",
      number
    >;
    rows.push({
      what: `10,000,000 requests in 200 batches${maxActive === 0 ? "" : `, ${maxActive} at once`}`,
      figures: usage,
      note: `${calls} calls in ${hours.toFixed(1)} virtual hours, ${seconds.toFixed(1)} s, heap ${heap.toFixed(0)} MiB`,
      target: `≤ ${longestRun} s`,
      held: usage.wall <= longestRun * 1_000,
    });
  }
  return rows;
}
