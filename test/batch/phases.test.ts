import { describe, expect, it } from "vitest";
import { durationOf, phasesOf } from "../../src/batch/phases.ts";
import type { Batch } from "../../src/index.ts";
import { batchOf } from "../action/batch.ts";

const now = 5_000_000;

function phases(fields: Partial<Batch>): readonly (readonly [string, number, number])[] {
  const of = phasesOf(batchOf({ created_at: 1_000, ...fields }), now);
  return of.map(({ status, from, to }) => [status, from / 1000, to / 1000]);
}

describe("the phases of a batch", () => {
  it("of one that completed follow its timestamps", () => {
    const times = { in_progress_at: 1_100, finalizing_at: 1_900, completed_at: 2_000 };
    expect(phases(times)).toEqual([
      ["validating", 1_000, 1_100],
      ["in_progress", 1_100, 1_900],
      ["finalizing", 1_900, 2_000],
    ]);
  });

  it("of one that runs go on until now", () => {
    expect(phases({ status: "in_progress", in_progress_at: 1_100 }).at(-1)).toEqual([
      "in_progress",
      1_100,
      5_000,
    ]);
  });

  it("of one that was cancelled end with the cancelling", () => {
    const times = { in_progress_at: 1_100, cancelling_at: 1_200, cancelled_at: 1_300 };
    expect(phases({ status: "cancelled", ...times })).toEqual([
      ["validating", 1_000, 1_100],
      ["in_progress", 1_100, 1_200],
      ["cancelling", 1_200, 1_300],
    ]);
  });

  it.each<[string, Partial<Batch>]>([
    ["times of states that were not reached", { finalizing_at: 4_000, in_progress_at: 1_500 }],
    ["times that go back", { in_progress_at: 1_500, finalizing_at: 1_200 }],
    ["times of 0", { in_progress_at: 1_500, finalizing_at: 0 }],
    ["times that were left out", { in_progress_at: 1_500 }],
    ["phases of no length", { in_progress_at: 1_500, finalizing_at: 1_500, cancelling_at: 2_500 }],
  ])("do not follow %s", (_, times) => {
    expect(phases({ completed_at: 2_000, ...times })).toMatchObject([
      ["validating", 1_000, 1_500],
      [expect.any(String), 1_500, 2_000],
    ]);
  });

  it("are none where the server names no times", () => {
    expect(phases({})).toEqual([]);
    expect(phases({ created_at: 0, completed_at: 2_000 })).toEqual([]);
    expect(durationOf(batchOf({ created_at: 1_000 }), now)).toBeUndefined();
    expect(durationOf(batchOf({ created_at: 0, completed_at: 2_000 }), now)).toBeUndefined();
  });
});

describe("how long a batch took", () => {
  it("goes from its creation to its end, or to now", () => {
    expect(durationOf(batchOf({ created_at: 1_000, completed_at: 2_000 }), now)).toBe(1_000_000);
    expect(durationOf(batchOf({ created_at: 1_000, status: "in_progress" }), now)).toBe(4_000_000);
    expect(durationOf(batchOf({ created_at: 9_000, status: "validating" }), now)).toBe(0);
  });
});
