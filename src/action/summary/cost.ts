import type { CostEstimate } from "../../batch/cost/estimate.ts";
import type { Spending } from "../../batch/cost/spending.ts";
import { namesOf } from "../../batch/rules/cost.ts";
import { costWords, limitsOf, tokenWords } from "../estimate.ts";
import { formatDollars } from "../format.ts";
import type { SummaryContext } from "./context.ts";
import { code, escapeMarkdown, prose } from "./markdown.ts";

const longestLine = 600;
const longestName = 60;

/** `$1.20 paid`, `$1.20 saved against synchronous calls`: what is known, and nothing else. */
export function costFigures({
  cost: spending,
  saved: byCache = 0,
}: Pick<SummaryContext, "cost" | "saved">): readonly string[] {
  const fromCache = byCache > 0 ? [`${dollars(byCache)} saved by the cache`] : [];
  return [...paidFigures(spending), ...fromCache];
}

function paidFigures(spending: Spending | undefined): readonly string[] {
  if (spending === undefined) return [];
  const { cost, listCost } = spending;
  if (cost === undefined)
    return [escapeMarkdown(`cost not known (${whyUnknown(spending)})`, longestLine)];
  const saved = (listCost ?? 0) - cost;
  return [
    `**${dollars(cost)}** paid`,
    ...(saved > 0 ? [`${dollars(saved)} saved against synchronous calls`] : []),
  ];
}

function whyUnknown({ unpriced }: Spending): string {
  return unpriced.length === 0
    ? "not all tokens are known"
    : `no price for ${namesOf(unpriced, "answers that name no model")}`;
}

/** What was estimated before anything was sent, and where the prices come from. */
export function costNotes({
  facts,
  cost,
}: Pick<SummaryContext, "facts" | "cost">): readonly string[] {
  const { estimate } = facts;
  const source = estimate?.source ?? (cost?.cost === undefined ? undefined : cost.source);
  return [
    ...(estimate === undefined ? [] : estimateNotes(estimate)),
    ...(source === undefined ? [] : [sourceNote(source)]),
  ];
}

/** Where prices come from. */
export function sourceNote(source: string): string {
  return `Prices: half the list prices of ${code(source, longestName)}, but for those given with <code>prices</code>.`;
}

function estimateNotes(estimate: CostEstimate): readonly string[] {
  const figures = `Estimated before sending: ${tokenWords(estimate)}, ${costWords(estimate)}.`;
  return [figures, ...limitsOf(estimate)].map((words) => prose(words, longestLine));
}

/** GitHub would set what stands between two plain dollar signs as a formula. */
function dollars(amount: number): string {
  return escapeMarkdown(formatDollars(amount));
}
