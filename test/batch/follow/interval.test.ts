import { expect, it } from "vitest";

import { nextInterval } from "../../../src/batch/follow/interval.ts";

const minute = 60_000;
const hour = 60 * minute;
const bounds = { pollInterval: 5_000, maxPollInterval: minute };

it.each([
  ["at first the shortest there is", 0, 0, 5_000],
  ["and never sooner, whatever chance says", 0, 1, 5_000],
  ["two percent of the time that it has run", 10 * minute, 0, 12_000],
  ["up to a twentieth less", 10 * minute, 1, 11_400],
  ["by chance", 10 * minute, 0.5, 11_700],
  ["at the last the longest there is", 24 * hour, 0, minute],
  ["and a twentieth less of that", 24 * hour, 1, 57_000],
  ["not below the shortest by the twentieth", 255_000, 1, 5_000],
])("the next look comes %s", (_, elapsed, random, pause) => {
  expect(nextInterval(elapsed, bounds, () => random)).toBe(pause);
});

it("the longest bound holds where it is below the shortest", () => {
  const crossed = { pollInterval: 10_000, maxPollInterval: 2_000 };
  expect(nextInterval(hour, crossed, () => 1)).toBe(2_000);
  expect(nextInterval(0, crossed, () => 0)).toBe(2_000);
});

it("it is a whole number of milliseconds", () => {
  expect(nextInterval(10 * minute + 1, bounds, () => 0.333)).toBe(11_800);
});
