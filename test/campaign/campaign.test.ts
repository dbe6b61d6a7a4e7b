import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { play } from "./play.ts";
import { schedules } from "./schedule.ts";
import { onceFailed } from "./once-failed.ts";

/** `CAMPAIGN_RUNS=100000 npm run campaign` plays more; `CAMPAIGN_SEED` plays the same again. */
const runs = Number(process.env["CAMPAIGN_RUNS"] ?? 2_000);
const seed = Number(process.env["CAMPAIGN_SEED"] ?? Date.now() % 2 ** 31);

describe("a batch is paid for once and never left running unseen", () => {
  it(`in ${runs} random schedules of faults, signals and kills (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        expect(await play(schedule)).toEqual([]);
      }),
      { numRuns: runs, seed, endOnFailure: false },
    );
  }, 3_600_000);

  it(`in as many of a job of two batches (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        expect(await play(schedule, 2)).toEqual([]);
      }),
      { numRuns: runs, seed, endOnFailure: false },
    );
  }, 3_600_000);

  it.each(onceFailed.map((schedule, index) => ({ index, schedule })))(
    "in schedule $index that once failed",
    async ({ schedule }) => {
      expect(await play(schedule)).toEqual([]);
    },
  );
});
