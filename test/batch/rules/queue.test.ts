import { describe, expect, it } from "vitest";

import { decideSendPart, enqueuedLimitIn } from "../../../src/batch/rules.ts";

describe("the limit of enqueued tokens", () => {
  it.each([
    [
      "Enqueued token limit reached for gpt-4o-mini in organization org-1. Limit: 2,000,000 enqueued tokens. Please try again once some in_progress batches have been completed.",
      2_000_000,
    ],
    ["limit 90000 enqueued tokens", 90_000],
    ["Enqueued token limit reached.", undefined],
    ["Rate limit: 500 requests", undefined],
  ])("is read from the server's words: %s", (words, limit) => {
    expect(enqueuedLimitIn(words)).toBe(limit);
  });
});

describe("a part", () => {
  it.each([
    ["goes while no limit is known", { limit: undefined, enqueued: 90, tokens: 90 }, "send"],
    ["goes where it fits", { limit: 100, enqueued: 60, tokens: 40 }, "send"],
    ["waits where it does not", { limit: 100, enqueued: 61, tokens: 40 }, "hold"],
    ["goes alone, whatever its size", { limit: 100, enqueued: 0, tokens: 400 }, "send"],
  ] as const)("%s", (_, known, decision) => {
    expect(decideSendPart(known).decision).toBe(decision);
  });

  it("waits with the figures", () => {
    expect(decideSendPart({ limit: 90_000, enqueued: 50_000, tokens: 60_000 }).why).toBe(
      "it has about 60,000 tokens, and about 50,000 of the 90,000 that the server allows are enqueued",
    );
  });
});
