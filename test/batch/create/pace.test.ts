import { expect, test } from "vitest";

import { createPace } from "../../../src/batch/create/pace.ts";
import { rejectionOf } from "../../support/account.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const hour = 3_600_000;

test("no hour has more than 2,000 creates, and none waits longer than it must", async () => {
  const clock = virtualClock();
  const pace = createPace(clock);
  const times: number[] = [];
  for (let create = 0; create < 5_000; create += 1) {
    await pace.turn();
    times.push(clock.now());
    clock.advance(create % 3 === 0 ? 700 : 0);
  }
  for (const [index, time] of times.entries()) {
    const before = times[index - 2_000];
    if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(hour);
  }
  expect(clock.pauses.filter((pause) => pause > 0).length).toBeGreaterThan(0);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(3 * hour);
});

test("2,000 creates go out without a pause", async () => {
  const clock = virtualClock();
  const pace = createPace(clock);
  for (let create = 0; create < 2_000; create += 1) await pace.turn();
  expect(clock.pauses.every((pause) => pause === 0)).toBe(true);
});

test("a turn that waits ends with the signal", async () => {
  const clock = virtualClock();
  const pace = createPace(clock);
  for (let create = 0; create < 2_000; create += 1) await pace.turn();
  const controller = new AbortController();
  const reason = new Error("stopped");
  const start = clock.now();
  clock.at(start + 5_000, () => {
    controller.abort(reason);
  });
  expect(await rejectionOf(pace.turn(controller.signal))).toBe(reason);
  expect(clock.now() - start).toBe(5_000);
});
