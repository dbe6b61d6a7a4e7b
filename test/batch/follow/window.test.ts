import { expect, it } from "vitest";

import { windowEnd } from "../../../src/batch/follow/window.ts";

const hour = 3_600_000;

it.each<[string, Parameters<typeof windowEnd>[0], number | undefined]>([
  [
    "what the server says",
    { created_at: 100, expires_at: 7_200, completion_window: "24h" },
    2 * hour,
  ],
  ["the window from the creation", { created_at: 3_600, completion_window: "48h" }, 49 * hour],
  ["a window of days", { created_at: 3_600, completion_window: "7d" }, 169 * hour],
  ["a window of minutes", { created_at: 3_600, completion_window: "30M" }, 1.5 * hour],
  [
    "a day where the window is no time",
    { created_at: 3_600, completion_window: "immediate" },
    25 * hour,
  ],
  [
    "the window where the server says 0",
    { created_at: 3_600, expires_at: 0, completion_window: "48h" },
    49 * hour,
  ],
  [
    "a day where only a part of the window is a time",
    { created_at: 3_600, completion_window: "2h or so" },
    25 * hour,
  ],
  [
    "a day where other words stand before a time",
    { created_at: 3_600, completion_window: "within 2h" },
    25 * hour,
  ],
  ["a day where there is no window", { created_at: 3_600, completion_window: "" }, 25 * hour],
  [
    "not known where nothing tells the time",
    { created_at: 0, completion_window: "24h" },
    undefined,
  ],
])("a batch's window ends by %s", (_, batch, end) => {
  expect(windowEnd(batch)).toBe(end);
});
