import type { InputScan } from "../input.ts";
import { loadPrices, type Prices, type PriceTexts } from "./prices.ts";
import type { Rates } from "./rates.ts";
import { noTokens } from "../results/usage.ts";
import { costOfSum } from "./token-sum.ts";
import { type EstimateOptions, estimateTokens, type ModelTokens } from "./tokens.ts";

/** What the requests of one model would cost. */
interface ModelEstimate extends ModelTokens {
  /** Dollars; `undefined` where the price is not known. */
  readonly cost: number | undefined;
}

/** What requests would cost if all of them were sent and answered. */
export interface CostEstimate {
  /** The estimate of each model by itself. */
  readonly models: readonly ModelEstimate[];
  /** How many requests the estimate is of. */
  readonly requests: number;
  /** How many requests were read for it: all, or a sample. */
  readonly read: number;
  /** Tokens of the requests' texts. */
  readonly inputTokens: number;
  /** How many tokens that may be off in 95 of 100 cases; 0 where every request was read. */
  readonly inputError: number;
  /** Dollars, with answers as long as the requests' own limits allow; `undefined` where a price is not known. */
  readonly cost: number | undefined;
  /** Whether it can cost more: requests set no limit to their answers, or hold what is no text. */
  readonly atLeast: boolean;
  /** Models whose price is not known; `""` for requests that name none. */
  readonly unpriced: readonly string[];
  /** Name and version of the price list. */
  readonly source: string;
}

interface EstimateCostOptions extends EstimateOptions {
  /** Before the list prices of OpenAI's models, of which a batch costs half. */
  readonly prices?: PriceTexts | undefined;
  /** Milliseconds since the epoch, for prices that change at a known day; defaults to now. */
  readonly now?: number | undefined;
}

/**
 * Says what requests would cost before anything is sent: input tokens plus output up to each request's
 * own limit. Nothing is called. Images, sounds and files are no text and are not counted.
 *
 * @throws {APIError} `invalid_prices`; `input_changed` when a file was written since it was scanned
 * @throws the signal's reason when it aborts
 * @returns dollars and tokens; a large input is estimated from a random sample, the same for the same input
 * @example
 * ```ts
 * import { estimateCost, scanInput } from "openai-batch-action";
 *
 * const scan = await scanInput("requests.jsonl");
 * const { cost, unpriced } = await estimateCost(scan, {
 *   prices: { "gpt-6-luna": "1/2" }, // dollars per million tokens: input/output
 * });
 * console.log(cost !== undefined && cost < 0.01, unpriced); // true []
 * ```
 */
export async function estimateCost(
  scan: InputScan,
  { prices, now = Date.now(), ...options }: EstimateCostOptions = {},
): Promise<CostEstimate> {
  return estimateWith(scan, await loadPrices(prices, now), options);
}

/** As `estimateCost`, with prices that were loaded before. */
export async function estimateWith(
  scan: InputScan,
  prices: Prices,
  options: EstimateOptions,
): Promise<CostEstimate> {
  const tokens = await estimateTokens(scan, options);
  const models = tokens.models.map((one): ModelEstimate => {
    const rates = prices.ratesOf(one.model);
    return { ...one, cost: rates && costOf(rates, one) };
  });
  return {
    models,
    requests: tokens.requests,
    read: tokens.read,
    inputTokens: tokens.input,
    inputError: tokens.error,
    cost: models.reduce<number | undefined>(
      (sum, { cost }) => (sum === undefined || cost === undefined ? undefined : sum + cost),
      0,
    ),
    atLeast: models.some((one) => mayCostMore(one, prices.ratesOf(one.model))),
    unpriced: models.filter(({ cost }) => cost === undefined).map(({ model }) => model),
    source: prices.source,
  };
}

function costOf(rates: Rates, { input, output, long }: ModelTokens): number | undefined {
  const usage = { ...noTokens, input, output, total: input + output };
  return costOfSum(rates, { usage, long, uncounted: 0 });
}

function mayCostMore({ unlimited, uncounted }: ModelTokens, rates: Rates | undefined): boolean {
  return uncounted > 0 || (unlimited > 0 && (rates === undefined || rates.output.base > 0));
}
