import { describe, expect, it } from "vitest";

import { decideRoundCost, decideSend, type KnownCost } from "../../../src/batch/rules.ts";

describe("before anything is sent", () => {
  const usual: KnownCost = { maxCost: 10, cost: 9.99, atLeast: false, unpriced: [] };

  it.each<[string, Partial<KnownCost>, string, string]>([
    ["less than the bound goes", {}, "send", "the requests cost $9.99 by estimate"],
    ["just the bound goes", { cost: 10 }, "send", "the requests cost $10.00 by estimate"],
    [
      "more does not",
      { cost: 10.01 },
      "refuse: too expensive",
      "the requests cost $10.01 by estimate, more than $10.00",
    ],
    [
      "more does not, and may be more still",
      { cost: 12, atLeast: true },
      "refuse: too expensive",
      "the requests cost at least $12.00 by estimate, more than $10.00",
    ],
    [
      "what nobody knows does not go",
      { cost: undefined, unpriced: ["tiny", ""] },
      "refuse: price unknown",
      "the prices of tiny and requests without a model are not known, so neither is what the requests cost",
    ],
    [
      "what one model costs nobody knows",
      { cost: undefined, unpriced: ["tiny"] },
      "refuse: price unknown",
      "the price of tiny is not known, so neither is what the requests cost",
    ],
    [
      "a bound that is no number bounds nothing, and nothing goes",
      { maxCost: Number(undefined), cost: 0 },
      "refuse: too expensive",
      "what may be spent is not a number",
    ],
    [
      "nothing may be spent on what is free",
      { maxCost: 0, cost: 0 },
      "send",
      "the requests cost $0 by estimate",
    ],
  ])("%s", (_, known, decision, why) => {
    expect(decideSend({ ...usual, ...known })).toEqual({ decision, why });
  });
});

describe("before a retry round", () => {
  it.each<[string, Parameters<typeof decideRoundCost>[0], string, string]>([
    [
      "what fits goes",
      { maxCost: 10, paid: 6, estimate: 4 },
      "send",
      "it stays below what may be spent",
    ],
    [
      "what was paid counts",
      { maxCost: 10, paid: 6, estimate: 4.5 },
      "end",
      "$6.00 has been paid, and another $4.50 by estimate would be more than $10.00",
    ],
    [
      "what was paid and is not known counts too",
      { maxCost: 10, paid: undefined, estimate: 0 },
      "end",
      "it is not known what the answers so far have cost",
    ],
    [
      "a price that is not known is no price of nothing",
      { maxCost: 10, paid: 0, estimate: undefined },
      "end",
      "it is not known what they would cost",
    ],
  ])("%s", (_, known, decision, why) => {
    expect(decideRoundCost(known)).toEqual({ decision, why });
  });
});
