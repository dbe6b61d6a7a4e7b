import { rmSync } from "node:fs";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { corners, onceFailed, scheduleOf } from "./once-failed.ts";
import { play } from "./play.ts";
import {
  besideSchedules,
  cachedSchedules,
  namelessSchedules,
  roomlessSchedules,
  schedules,
} from "./schedules.ts";
import { playground } from "./world.ts";

/**
 * Played with every test run: schedules of one seed, so that a run says whether something has changed,
 * and not whether luck has found a fault that was there before. New schedules:
 * `CAMPAIGN_RUNS=100000 CAMPAIGN_SEED=$RANDOM npm run campaign`.
 */
const runs = Number(process.env["CAMPAIGN_RUNS"] ?? 1_500);
const fewerRuns = Math.ceil(runs / 5);
const seed = Number(process.env["CAMPAIGN_SEED"] ?? 2);

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

  it.each([
    ["a cache that is kept, torn, strange or lost", cachedSchedules],
    ["two jobs on one cache file at the same time", besideSchedules],
    ["a server that has no room for all requests", roomlessSchedules],
    ["a server that hides metadata", namelessSchedules],
  ])(
    `in ${fewerRuns} with %s`,
    async (_, some) => {
      await fc.assert(
        fc.asyncProperty(some, async (schedule) => {
          expect(await play(schedule)).toEqual([]);
        }),
        { numRuns: fewerRuns, seed, endOnFailure: false },
      );
    },
    3_600_000,
  );

  it.each(corners)("where $where", async (oddities) => {
    expect(await play(scheduleOf(oddities))).toEqual([]);
  });

  it.each(onceFailed)("also where once $wrong", async (oddities) => {
    expect(await play(scheduleOf(oddities))).toEqual([]);
  });
});
