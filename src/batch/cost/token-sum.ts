import { noTokens, sumUsage, type TokenUsage } from "../results/usage.ts";
import { baseCost, costAt, firstTier, isFree, type Rates, shortestLongInput } from "./rates.ts";

/** One request, or several like it, whose input may be long enough for another price. */
export interface LongRequest {
  readonly usage: TokenUsage;
  /** How many requests it stands for. */
  readonly weight: number;
}

/** The tokens of many requests to one model, with what their price depends on. */
export interface TokenSum {
  readonly usage: TokenUsage;
  /** Those of them that have long inputs; `undefined` where only their sum is known. */
  readonly long: readonly LongRequest[] | undefined;
  /** Answers whose tokens nobody has told. */
  readonly uncounted: number;
}

/** Answers on their way, added one by one. */
export interface OpenSum extends TokenSum {
  usage: TokenUsage;
  readonly long: LongRequest[];
  uncounted: number;
}

export function openSum(): OpenSum {
  return { usage: noTokens, long: [], uncounted: 0 };
}

/** Whether an answer has to be kept apart, because its price may be another one. */
export function isLong({ input }: TokenUsage): boolean {
  return input > shortestLongInput;
}

/** Adds one answer; `undefined` for one that does not tell its tokens. */
export function addAnswer(sum: OpenSum, usage: TokenUsage | undefined): void {
  if (usage === undefined) {
    sum.uncounted += 1;
    return;
  }
  sum.usage = sumUsage([sum.usage, usage]) ?? usage;
  if (isLong(usage)) sum.long.push({ usage, weight: 1 });
}

/** Dollars of all of them; `undefined` where it cannot be known. */
export function costOfSum(rates: Rates, { usage, long, uncounted }: TokenSum): number | undefined {
  if (isFree(rates)) return 0;
  if (uncounted > 0) return undefined;
  const tier = firstTier(rates);
  if (long === undefined && tier !== undefined && usage.input > tier) return undefined;
  const more = (long ?? []).reduce(
    (sum, { usage: one, weight }) => sum + weight * (costAt(rates, one) - baseCost(rates, one)),
    0,
  );
  return baseCost(rates, usage) + more;
}
