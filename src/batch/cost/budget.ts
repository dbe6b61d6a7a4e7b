import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Reports } from "../events.ts";
import type { InputScan } from "../input.ts";
import type { Decision } from "../knowledge.ts";
import { decideRoundCost, decideSend } from "../rules.ts";
import { estimateWith, type CostEstimate } from "./estimate.ts";
import { loadPrices, type PriceTexts } from "./prices.ts";
import { type ModelUsage, spendingOf } from "./spending.ts";

/** What requests may cost. */
export interface CostOptions {
  /**
   * Dollars: an estimate above it, or a price that is not known, is an error before anything is sent, and
   * a retry round that would pass it is not sent.
   */
  readonly maxCost?: number | undefined;
  /**
   * Dollars per million tokens at batch rates by the name of a model, as `input/output` or
   * `input/cached/output`; a price also holds for the model's dated snapshots. Defaults to half the list
   * price of OpenAI's models.
   */
  readonly prices?: PriceTexts | undefined;
}

interface BudgetOptions extends CostOptions, Reports {
  readonly endpoint?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What may still be spent. */
interface Budget {
  /** Whether these requests may be sent again after what was answered so far. */
  allows(
    requests: readonly number[],
    spent: readonly ModelUsage[],
  ): Promise<Decision<"send" | "end">>;
}

/**
 * Estimates what an input costs where somebody asks for it, and holds that against what may be spent.
 *
 * @param only the numbers of the requests that are to be sent; defaults to all
 * @throws {APIError} `max_cost_exceeded` or `price_unknown`; nothing has been sent then
 */
export async function openBudget(
  { clock }: Pick<BatchClient, "clock">,
  scan: InputScan,
  { maxCost, prices: given, endpoint, signal, onEvent }: BudgetOptions,
  only?: readonly number[],
): Promise<Budget | undefined> {
  if (maxCost === undefined && given === undefined) return undefined;
  const prices = await loadPrices(given, clock.now());
  const estimate = await estimateWith(scan, prices, { endpoint, only, signal });
  onEvent?.({ type: "estimated", estimate });
  if (maxCost !== undefined) checkCost(estimate, maxCost);
  return {
    async allows(requests, spent) {
      if (maxCost === undefined) return { decision: "send", why: "no bound is set" };
      const round = await estimateWith(scan, prices, { endpoint, only: requests, signal });
      const { cost: paid } = spendingOf(spent, prices);
      return decideRoundCost({ maxCost, paid, estimate: round.cost });
    },
  };
}

/** @throws {APIError} `max_cost_exceeded` or `price_unknown` */
export function checkCost(estimate: CostEstimate, maxCost: number): void {
  const { decision, why } = decideSend({ ...estimate, maxCost });
  if (decision === "send") return;
  const unknown = decision === "refuse: price unknown";
  throw new APIError(
    `Nothing was sent: ${why} (\`max-cost\`). ${unknown ? givePrice : adviceFor(maxCost)}`,
    { code: unknown ? "price_unknown" : "max_cost_exceeded" },
  );
}

const givePrice = "Give it with `prices`, in dollars per million tokens: `model=input/output`.";

function adviceFor(maxCost: number): string {
  return Number.isNaN(maxCost)
    ? "Pass dollars, for example 2.5."
    : "Send fewer requests, set a limit for their answers, take a cheaper model, or raise `max-cost`.";
}
