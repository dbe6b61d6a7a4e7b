import { readRates, type PriceTexts } from "../../batch/cost/prices.ts";
import type { InputFields } from "./fields.ts";
import type { Problem } from "./problem.ts";

/** What tokens cost, and what may be spent. */
export interface CostInputs {
  /** `undefined` where none is given. */
  readonly prices: PriceTexts | undefined;
  /** Dollars. */
  readonly maxCost: number | undefined;
}

export function readCost(fields: InputFields, problem: Problem): CostInputs {
  return { prices: readPrices(fields, problem), maxCost: readMaxCost(fields, problem) };
}

function readPrices(fields: InputFields, problem: Problem): PriceTexts | undefined {
  if (fields.text("prices") === undefined) return undefined;
  const prices = fields.pairs("prices", "last");
  for (const [model, text] of Object.entries(prices)) {
    if (readRates(text) === undefined) {
      problem(
        `\`prices\`: the price of \`${model}\` is \`${text}\` but must be dollars per million tokens, \`input/output\` or \`input/cached/output\`, for example \`0.075/0.3\`.`,
      );
    }
  }
  return prices;
}

function readMaxCost(fields: InputFields, problem: Problem): number | undefined {
  const text = fields.text("max-cost");
  if (text === undefined) return undefined;
  if (/^\$?\d+(?:\.\d+)?$/.test(text)) return Number(text.replace("$", ""));
  problem(
    `\`max-cost\` is \`${text}\` but must be an amount in dollars such as \`25\` or \`0.50\`.`,
  );
  return undefined;
}
