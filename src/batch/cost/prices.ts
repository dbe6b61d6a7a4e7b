import { APIError } from "../../api/errors.ts";
import { batchShare, type ListedRates, listedSource, loadListed } from "./listed.ts";
import type { PriceOf } from "./price-of.ts";
import { costAt, flatPrice, isFree, type Rates, scaleRates } from "./rates.ts";

/**
 * Dollars per million tokens at batch rates by the name of a model, as `input/output` or
 * `input/cached/output`. A price also holds for the model's dated snapshots.
 */
export type PriceTexts = Readonly<Record<string, string>>;

/** What the tokens of models cost in a batch, and what they would cost in synchronous calls. */
export interface Prices {
  /** Batch rates, those that were given before those of the list; `undefined` where none is known. */
  readonly ratesOf: (model: string) => Rates | undefined;
  /** Batch rates that were given for a model by its name or that of its snapshot. */
  readonly givenFor: (model: string) => Rates | undefined;
  /** Synchronous rates; only the list knows them. */
  readonly listRatesOf: (model: string) => Rates | undefined;
  /** Dollars of one answer. */
  readonly priceOf: PriceOf;
  /** Name and version of the price list. */
  readonly source: string;
}

/**
 * Reads the prices that were given, and loads the list of OpenAI's.
 *
 * @param now milliseconds since the epoch: prices change at known days
 * @throws {APIError} `invalid_prices` when a price is none
 */
export async function loadPrices(given: PriceTexts | undefined, now: number): Promise<Prices> {
  const own = new Map<string, Rates>();
  for (const [model, text] of Object.entries(given ?? {})) {
    const rates = readRates(text);
    if (rates === undefined) {
      throw new APIError(
        `The price of ${model} is '${text}' but must be dollars per million tokens, \`input/output\` or \`input/cached/output\`, for example 0.075/0.3.`,
        { code: "invalid_prices" },
      );
    }
    own.set(model, rates);
  }
  const listed = remembering(await loadListed(now));
  const givenFor = remembering((model) => own.get(model) ?? own.get(undated(model)));
  const listRatesOf = (model: string) => listed(model) ?? listed(undated(model));
  const ratesOf = remembering((model) => {
    const list = listRatesOf(model);
    return givenFor(model) ?? (list && scaleRates(list, batchShare));
  });
  const priceOf: PriceOf = (model, usage, requested = "") => {
    const rates = givenFor(requested) ?? ratesOf(model) ?? ratesOf(requested);
    if (rates === undefined) return undefined;
    if (usage === undefined) return isFree(rates) ? 0 : undefined;
    // Without the noise of binary fractions: 0.000005, not 0.0000049999999999999996.
    return Number(costAt(rates, usage).toPrecision(12));
  };
  return { ratesOf, givenFor, listRatesOf, priceOf, source: listedSource };
}

const price = /^(?:\d+\.?\d*|\.\d+)$/;

/** Rates of `input/output` or `input/cached/output`; `undefined` for any other text. */
export function readRates(text: string): Rates | undefined {
  const parts = text.split("/").map((part) => part.trim());
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => price.test(part))) {
    return undefined;
  }
  const [input = 0, ...rest] = parts.map(Number);
  const output = rest.at(-1) ?? 0;
  const cached = rest.length === 2 ? (rest[0] ?? input) : input;
  return {
    input: flatPrice(input),
    cachedInput: flatPrice(cached),
    output: flatPrice(output),
  };
}

/** The name of the model that a dated snapshot is of: `gpt-4o-mini-2024-07-18`, `gpt-4-0613`. */
function undated(model: string): string {
  return model.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$/, "");
}

/** What is found for a model is found once. */
function remembering(find: ListedRates): ListedRates {
  const known = new Map<string, Rates | undefined>();
  return (model) => {
    if (!known.has(model)) known.set(model, find(model));
    return known.get(model);
  };
}
