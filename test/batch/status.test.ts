import { expect, test } from "vitest";

import { type Batch, conclude, isTerminal } from "../../src/index.ts";
import { nextInterval } from "../../src/batch/follow/interval.ts";
import { isKnownStatus, overallStatus, reportedCounts } from "../../src/batch/status.ts";
import { batchJson } from "../support/raw-server.ts";

/** A batch of which only the status matters; it may be one that the reference does not know. */
function batchIn(status: string, fields: object = {}): Batch {
  return batchJson("b", { status, ...fields }) as unknown as Batch;
}

const order = [
  "failed",
  "expired",
  "cancelled",
  "cancelling",
  "validating",
  "in_progress",
  "finalizing",
  "completed",
];

test("of several batches the status is the one furthest from completed", () => {
  for (const [index, worse] of order.entries()) {
    for (const better of order.slice(index)) {
      expect(overallStatus([batchIn(better), batchIn(worse), batchIn("completed")])).toBe(worse);
    }
  }
  expect(overallStatus([])).toBeUndefined();
});

test("a status that is not known hides behind every known one but completed", () => {
  expect(overallStatus([batchIn("queued")])).toBe("queued");
  expect(overallStatus([batchIn("completed"), batchIn("queued")])).toBe("queued");
  expect(overallStatus([batchIn("queued"), batchIn("in_progress")])).toBe("in_progress");
  expect(overallStatus([batchIn("queued"), batchIn("failed")])).toBe("failed");
});

test("four statuses are final, and only eight are known", () => {
  expect(order.filter((status) => isTerminal(batchIn(status)))).toEqual([
    "failed",
    "expired",
    "cancelled",
    "completed",
  ]);
  expect(order.every(isKnownStatus)).toBe(true);
  expect(isKnownStatus("queued")).toBe(false);
  expect(isKnownStatus("constructor")).toBe(false);
});

test.each([
  [[], [0, 0], "pending"],
  [["in_progress"], [0, 0], "pending"],
  [["completed", "cancelling"], [5, 0], "pending"],
  [["failed", "in_progress"], [5, 5], "pending"],
  [["queued"], [0, 0], "pending"],
  [["completed"], [5, 0], "success"],
  [["completed", "completed"], [5, 0], "success"],
  [["completed"], [0, 0], "success"],
  [["completed"], [5, 1], "partial"],
  [["completed"], [5, 4], "partial"],
  [["completed"], [5, 5], "failure"],
  [["failed"], [0, 0], "failure"],
  [["failed", "completed"], [5, 0], "failure"],
  [["expired", "failed"], [5, 0], "failure"],
  [["expired"], [5, 0], "expired"],
  [["expired", "cancelled"], [5, 2], "expired"],
  [["cancelled"], [5, 2], "cancelled"],
  [["cancelled", "completed"], [5, 0], "cancelled"],
] as const)("batches %j with %j requests and failures conclude as %s", (statuses, counts, word) => {
  const [total, failed] = counts;
  const batches = statuses.map((status) => batchIn(status));
  expect(conclude(batches, { total, failed, completed: total - failed })).toBe(word);
});

test("reported counts add up, and what is not reported is zero", () => {
  const request_counts = { total: 3, completed: 2, failed: 1 };
  expect(
    reportedCounts([batchIn("completed", { request_counts }), batchIn("failed"), batchIn("x")]),
  ).toEqual(request_counts);
});

const bounds = { pollInterval: 5_000, maxPollInterval: 60_000 };

test.each([
  [0, 5_000],
  [250_000, 5_000],
  [300_000, 6_000],
  [1_500_000, 30_000],
  [3_000_000, 60_000],
  [86_400_000, 60_000],
  [-50_000, 5_000],
])("after %d ms the next look comes in %d ms, at most a twentieth sooner", (elapsed, interval) => {
  expect(nextInterval(elapsed, bounds, () => 0)).toBe(interval);
  const soonest = nextInterval(elapsed, bounds, () => 1);
  expect(soonest).toBe(Math.max(5_000, Math.round(interval * 0.95)));
});

test("bounds that cross give the upper one", () => {
  const crossed = { pollInterval: 60_000, maxPollInterval: 10_000 };
  expect(nextInterval(0, crossed, () => 0.5)).toBe(10_000);
});
