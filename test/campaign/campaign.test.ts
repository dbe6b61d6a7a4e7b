import { rmSync } from "node:fs";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { corners, onceFailed, scheduleOf } from "./once-failed.ts";
import { play } from "./play.ts";
import { schedules } from "./schedules.ts";
import { playground } from "./world.ts";

/** `CAMPAIGN_RUNS=100000 npm run campaign` plays more; `CAMPAIGN_SEED` plays the same again. */
const runs = Number(process.env["CAMPAIGN_RUNS"] ?? 5_000);
const seed = Number(process.env["CAMPAIGN_SEED"] ?? Date.now() % 2 ** 31);

beforeAll(() => {
  vi.stubEnv("RUNNER_TEMP", playground);
  // Jitter is drawn here and there: a schedule has to go the same way each time.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterAll(() => {
  rmSync(playground, { recursive: true, force: true });
});

describe("every answer is paid for once, written where it exists, and told as it is", () => {
  it(`in ${runs} random schedules of faults, signals and kills (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        expect(await play(schedule)).toEqual([]);
      }),
      { numRuns: runs, seed, endOnFailure: false },
    );
  }, 3_600_000);

  it.each(corners)("where $where", async (oddities) => {
    expect(await play(scheduleOf(oddities))).toEqual([]);
  });

  it.each(onceFailed)("also where once $wrong", async (oddities) => {
    expect(await play(scheduleOf(oddities))).toEqual([]);
  });
});
