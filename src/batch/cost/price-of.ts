import type { TokenUsage } from "../results/usage.ts";

/** Dollars that an answer of this model cost; `undefined` where the price is not known. */
export type PriceOf = (model: string, usage: TokenUsage) => number | undefined;
