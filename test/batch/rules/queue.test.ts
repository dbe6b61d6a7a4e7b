import { describe, expect, it } from "vitest";

import {
  decideSendFurther,
  decideSendPart,
  decideTurnedAway,
  enqueuedLimitIn,
} from "../../../src/batch/rules.ts";

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
      "it has about 60,000 tokens, about 50,000 are enqueued, and the server allows 90,000",
    );
  });
});

describe("a part that was turned away", () => {
  const alone = { enqueued: 0, inFlight: 0, alone: 1, parts: 3, requests: 8 };
  const named = { ...alone, limit: 100, tokens: 101 };
  const fits = { ...named, tokens: 100 };
  const unnamed = { ...alone, limit: undefined, tokens: 0 };
  const [beside, model] = [{ enqueued: 50, inFlight: 1 }, { inFlight: 1 }];

  it.each([
    ["is divided where it is larger than the limit", named, "halve"],
    ["is divided also where it is the only one", { ...named, parts: 1 }, "halve"],
    ["is divided beside batches of other models", { ...named, ...model }, "halve"],
    ["waits beside batches of its own model, whatever its size", { ...named, ...beside }, "wait"],
    ["is too large where it is a single request", { ...named, requests: 1 }, "too large"],
    ["waits where it fits, for others of the account", fits, "wait"],
    ["waits where it fits, for others of this job", { ...fits, ...beside, alone: 0 }, "wait"],
    ["waits where no limit is named", unnamed, "wait"],
    [
      "waits as long as others of this job are in flight",
      { ...unnamed, ...model, alone: 9 },
      "wait",
    ],
    ["waits a fifth time", { ...unnamed, alone: 5 }, "wait"],
    ["is divided when it has waited five times for nothing", { ...unnamed, alone: 6 }, "halve"],
    ["is divided then also where it should fit", { ...fits, alone: 6 }, "halve"],
    [
      "is given up then where it is a single request",
      { ...unnamed, alone: 6, requests: 1 },
      "give up",
    ],
    ["is given up at once where it is the only one", { ...unnamed, parts: 1 }, "give up"],
    ["is given up at once where the only one should fit", { ...fits, parts: 1 }, "give up"],
  ] as const)("%s", (_, known, decision) => {
    expect(decideTurnedAway(known).decision).toBe(decision);
  });

  it("is divided with the figures", () => {
    expect(decideTurnedAway({ ...named, limit: 90_000, tokens: 120_000 }).why).toBe(
      "it has about 120,000 tokens, and the server allows 90,000 enqueued tokens of its model",
    );
    expect(decideTurnedAway({ ...unnamed, alone: 6 }).why).toBe(
      "it was turned away 6 times with nothing of this job in flight",
    );
  });
});

describe("the parts behind a create that failed", () => {
  it.each([
    ["are kept where it was refused", { refused: true, unknown: 0 }, "hold", "was refused"],
    ["wait where its outcome is not known", { refused: false, unknown: 1 }, "hold", "not known"],
    ["are kept where one of each failed", { refused: true, unknown: 2 }, "hold", "was refused"],
    ["go once its batch is found", { refused: false, unknown: 0 }, "send", "every create is known"],
  ] as const)("%s", (_, known, decision, why) => {
    const decided = decideSendFurther(known);
    expect(decided.decision).toBe(decision);
    expect(decided.why).toContain(why);
  });
});
