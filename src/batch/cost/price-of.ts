import type { TokenUsage } from "../results/usage.ts";

/**
 * Dollars that an answer cost; `undefined` where the price is not known.
 *
 * @param model as the answer names it; `""` where it does not
 * @param usage `undefined` of an answer that does not tell its tokens: what it cost is known only where
 *   all tokens are free
 * @param requested as the request named it, where that is known
 */
export type PriceOf = (
  model: string,
  usage: TokenUsage | undefined,
  requested?: string,
) => number | undefined;
