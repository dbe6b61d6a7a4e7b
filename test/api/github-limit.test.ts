import { describe, expect, it } from "vitest";

import { limitPause } from "../../src/api/github-limit.ts";

const now = Date.UTC(2026, 0, 1);
const spent = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 + 900) };

describe("a limit of GitHub", () => {
  it.each<[string, number, string, Record<string, string>, number | undefined]>([
    ["names its time", 403, "secondary rate limit", { "retry-after": "90" }, 90_000],
    ["names its time with 429", 429, "", { "retry-after": "7" }, 7_000],
    ["is used up until its reset", 403, "API rate limit exceeded", spent, 900_000],
    ["names itself only", 403, "You have exceeded a secondary rate limit", {}, 60_000],
    ["has its older name", 403, "You have triggered an abuse detection mechanism", {}, 60_000],
    ["names nothing at all", 429, "", {}, 60_000],
    [
      "is none without the permission",
      403,
      "Resource not accessible by integration",
      {},
      undefined,
    ],
    ["is none for the last call that was left", 403, "Resource not accessible", spent, undefined],
    ["is none for another status", 422, "secondary rate limit", {}, undefined],
    ["is none for a word that holds one", 403, "Disabused", {}, undefined],
  ])("%s", (_, status, said, headers, pause) => {
    expect(limitPause({ status, said, headers }, now)).toBe(pause);
  });

  it("that holds on is waited for longer each time", () => {
    const answer = { status: 403, said: "secondary rate limit", headers: {} };
    expect([0, 1, 2].map((earlier) => limitPause(answer, now, earlier))).toEqual([
      60_000, 120_000, 240_000,
    ]);
  });
});
