import type { Spending } from "../../batch/cost/spending.ts";
import { formatDollars } from "../format.ts";
import { escapeMarkdown } from "./markdown.ts";

/** `$1.20 paid`, `$1.20 saved against synchronous calls`: what is known, and nothing else. */
export function costFigures(spending: Spending | undefined): readonly string[] {
  const { cost, listCost } = spending ?? {};
  if (cost === undefined) return [];
  const saved = (listCost ?? 0) - cost;
  return [
    `**${dollars(cost)}** paid`,
    ...(saved > 0 ? [`${dollars(saved)} saved against synchronous calls`] : []),
  ];
}

/** GitHub would set what stands between two plain dollar signs as a formula. */
function dollars(amount: number): string {
  return escapeMarkdown(formatDollars(amount));
}
