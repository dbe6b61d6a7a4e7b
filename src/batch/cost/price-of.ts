import type { TokenUsage } from "../results/usage.ts";

/**
 * Dollars that an answer cost; `undefined` where the price is not known.
 *
 * @param model as the answer names it; `""` where it does not
 * @param requested as the request named it, where that is known
 */
export type PriceOf = (model: string, usage: TokenUsage, requested?: string) => number | undefined;
