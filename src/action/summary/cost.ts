import type { Spending } from "../../batch/cost/spending.ts";
import { formatDollars } from "../format.ts";

/** `$1.20 paid`, `$1.20 saved against synchronous calls`: what is known, and nothing else. */
export function costFigures(spending: Spending | undefined): readonly string[] {
  const { cost, listCost } = spending ?? {};
  if (cost === undefined) return [];
  const saved = (listCost ?? 0) - cost;
  return [
    `**${formatDollars(cost)}** paid`,
    ...(saved > 0 ? [`${formatDollars(saved)} saved against synchronous calls`] : []),
  ];
}
