import type { ModelPrice } from "@pydantic/genai-prices";

import { flatPrice, type Rates, type TieredPrice } from "./rates.ts";

/** Where the list prices come from; a test holds it against the installed package. */
export const listedSource = "@pydantic/genai-prices 0.1.8";

/** What a batch costs of the list price at OpenAI. */
export const batchShare = 0.5;

/** List prices of OpenAI's models for synchronous calls, in dollars per million tokens. */
export type ListedRates = (model: string) => Rates | undefined;

/** Open weights are served by many, each at a price of its own, and not by OpenAI. */
const openWeights = "gpt-oss";

/**
 * Loads the price list, which is large and is not needed by most calls.
 *
 * @param now milliseconds since the epoch: prices change at known days
 */
export async function loadListed(now: number): Promise<ListedRates> {
  const { calcPrice } = await import("@pydantic/genai-prices");
  const timestamp = new Date(now);
  return (model) => {
    if (model.startsWith(openWeights)) return undefined;
    const found = calcPrice({ input_tokens: 0 }, model, { providerId: "openai", timestamp });
    return found === null ? undefined : ratesOf(found.model_price);
  };
}

function ratesOf(price: ModelPrice): Rates | undefined {
  // Moderation is free, and the list has no price for it.
  if (Object.keys(price).length === 0) return freeRates;
  const input = priceOf(price["input_mtok"]);
  if (input === undefined || Object.keys(price).some((name) => otherTokens.test(name))) {
    return undefined;
  }
  return {
    input,
    cachedInput: priceOf(price["cache_read_mtok"]) ?? input,
    output: priceOf(price["output_mtok"]) ?? flatPrice(0),
  };
}

/** Tokens of sound and images have prices of their own, and a usage does not say which of its tokens they are. */
const otherTokens = /audio|image|video/;

const freeRates: Rates = { input: flatPrice(0), cachedInput: flatPrice(0), output: flatPrice(0) };

function priceOf(price: ModelPrice[string]): TieredPrice | undefined {
  if (price === undefined) return undefined;
  if (typeof price === "number") return flatPrice(price);
  const tiers = price.tiers.map(({ start, price: higher }) => ({ over: start, price: higher }));
  return { base: price.base, tiers: tiers.sort((a, b) => a.over - b.over) };
}
