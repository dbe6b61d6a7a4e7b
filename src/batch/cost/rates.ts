import type { TokenUsage } from "../results/usage.ts";

/** A price that depends on how long the whole input is; dollars per million tokens. */
export interface TieredPrice {
  readonly base: number;
  /** For every token of a request whose input has more tokens than `over`; ascending. */
  readonly tiers: readonly { readonly over: number; readonly price: number }[];
}

/** What a model's tokens cost; cached ones are part of the input. */
export interface Rates {
  readonly input: TieredPrice;
  readonly cachedInput: TieredPrice;
  readonly output: TieredPrice;
}

/** The shortest input, in tokens, that any tier begins at: no model's price changes below. */
export const shortestLongInput = 128_000;

const perMillion = 1e-6;

/** Dollars of one request. */
export function costAt({ input, cachedInput, output }: Rates, usage: TokenUsage): number {
  const cached = Math.min(usage.cachedInput, usage.input);
  const price = (of: TieredPrice) => priceFor(of, usage.input);
  return (
    perMillion *
    ((usage.input - cached) * price(input) +
      cached * price(cachedInput) +
      usage.output * price(output))
  );
}

/** Dollars of many requests together, as if none of them had a long input. */
export function baseCost({ input, cachedInput, output }: Rates, usage: TokenUsage): number {
  return costAt(
    { input: flat(input), cachedInput: flat(cachedInput), output: flat(output) },
    usage,
  );
}

/** The tokens of an input beyond which a request costs more; `undefined` where the length makes no difference. */
export function firstTier({ input, cachedInput, output }: Rates): number | undefined {
  const starts = [input, cachedInput, output].flatMap(({ tiers }) => tiers.map(({ over }) => over));
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** Whether nothing of a model costs anything. */
export function isFree(rates: Rates): boolean {
  return [rates.input, rates.cachedInput, rates.output].every(
    ({ base, tiers }) => base === 0 && tiers.every(({ price }) => price === 0),
  );
}

/** A price that is the same for inputs of any length. */
export function flatPrice(base: number): TieredPrice {
  return { base, tiers: [] };
}

/** The same rates times a factor. */
export function scaleRates({ input, cachedInput, output }: Rates, factor: number): Rates {
  const scale = ({ base, tiers }: TieredPrice): TieredPrice => ({
    base: base * factor,
    tiers: tiers.map(({ over, price }) => ({ over, price: price * factor })),
  });
  return { input: scale(input), cachedInput: scale(cachedInput), output: scale(output) };
}

function flat({ base }: TieredPrice): TieredPrice {
  return flatPrice(base);
}

function priceFor({ base, tiers }: TieredPrice, input: number): number {
  return tiers.findLast(({ over }) => input > over)?.price ?? base;
}
