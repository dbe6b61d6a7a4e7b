import { type ModelUsage, reportedSpending } from "../cost/spending.ts";
import { noTokens } from "./usage.ts";
import type { SettledBatch } from "./settle.ts";

/**
 * The tokens of what a batch that has ended was paid for: as its lines tell them where all of them were
 * read, else as the batch itself does. Where neither is known, something was paid that nobody can add up.
 *
 * @param requested the model that the batch was asked for, where that is known
 */
export function spentBy(
  { batch, reading, files }: SettledBatch,
  requested: string | undefined = batch.model,
): readonly ModelUsage[] {
  const lines = [...reading.byModel].map(([model, sum]) => ({ ...sum, model, requested }));
  if (files.every(({ state }) => state === "complete" || state === "none")) return lines;
  if (batch.usage !== undefined) return reportedSpending(batch, requested);
  const lost = { usage: noTokens, long: [], uncounted: 1 };
  return [...lines, { ...lost, model: batch.model ?? requested ?? "", requested }];
}
