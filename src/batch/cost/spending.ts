import type { Batch } from "../../api/types.ts";
import type { Prices } from "./prices.ts";
import type { Rates } from "./rates.ts";
import { noTokens } from "../results/usage.ts";
import { costOfSum, type TokenSum } from "./token-sum.ts";

/** Tokens of the answers of one model. */
export interface ModelUsage extends TokenSum {
  /** As the answers name it; `""` where they do not. */
  readonly model: string;
  /** As the requests named it, where that is known: another name, where a deployment or an alias was asked. */
  readonly requested: string | undefined;
}

/** What answers cost. */
export interface Spending {
  /** Dollars; `undefined` where the price or the tokens of some are not known. */
  readonly cost: number | undefined;
  /** What the same tokens cost in synchronous calls; `undefined` where that is not known of all of them. */
  readonly listCost: number | undefined;
  /** Models whose price is not known. */
  readonly unpriced: readonly string[];
  /** Name and version of the price list. */
  readonly source: string;
}

/** Adds up what answers cost, each at the price of its model. */
export function spendingOf(all: readonly ModelUsage[], prices: Prices): Spending {
  const unpriced = new Set<string>();
  let cost: number | undefined = 0;
  let listCost: number | undefined = 0;
  for (const one of all) {
    const rates = ratesFor(one, prices);
    if (rates === undefined) unpriced.add(one.model || (one.requested ?? ""));
    cost = plus(cost, rates && costOfSum(rates, one));
    const list = prices.listRatesOf(one.model) ?? prices.listRatesOf(one.requested ?? "");
    listCost = plus(listCost, list && costOfSum(list, one));
  }
  return { cost, listCost, unpriced: [...unpriced], source: prices.source };
}

/** A price that was given for what was asked holds whatever name answers; else the answer's own name counts. */
function ratesFor({ model, requested = "" }: ModelUsage, prices: Prices): Rates | undefined {
  return prices.givenFor(requested) ?? prices.ratesOf(model) ?? prices.ratesOf(requested);
}

/** Whether neither the tokens nor the model of answers are known, so that no price makes a cost of them. */
export function isUnknown({ uncounted, model, requested = "" }: ModelUsage): boolean {
  return uncounted > 0 && model === "" && requested === "";
}

/** What is paid where these models have answered nothing: nothing, at whatever price they have. */
export function nothingFor(models: readonly string[]): readonly ModelUsage[] {
  return models.map((model) => ({
    model,
    requested: model,
    usage: noTokens,
    long: [],
    uncounted: 0,
  }));
}

function plus(sum: number | undefined, more: number | undefined): number | undefined {
  return sum === undefined || more === undefined ? undefined : sum + more;
}

/** What a batch itself says of its tokens; nothing where it has answered nothing yet. */
export function reportedSpending(
  { model, usage, request_counts: counts }: Batch,
  requested?: string,
): readonly ModelUsage[] {
  const named = { model: model ?? requested ?? "", requested, long: undefined };
  if (usage === undefined) {
    const answered = counts?.completed ?? 0;
    return answered === 0 ? [] : [{ ...named, usage: noTokens, uncounted: answered }];
  }
  const tokens = {
    input: usage.input_tokens,
    output: usage.output_tokens,
    total: usage.total_tokens,
    cachedInput: usage.input_tokens_details.cached_tokens,
    reasoning: usage.output_tokens_details.reasoning_tokens,
  };
  return [{ ...named, usage: tokens, uncounted: 0 }];
}
