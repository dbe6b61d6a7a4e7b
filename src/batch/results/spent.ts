import { type ModelUsage, reportedSpending } from "../cost/spending.ts";
import { noTokens } from "./usage.ts";
import type { SettledBatch } from "./settle.ts";

/**
 * The tokens of what a batch that has ended was paid for: as its lines tell them where all of them were
 * read, else as the batch itself does. Where neither is known, something was paid that nobody can add up.
 *
 * @param partModel the model that the batch was asked for; `""` or `undefined` where that is not known
 */
export function spentBy(
  { batch, reading, files }: SettledBatch,
  partModel: string | undefined,
): readonly ModelUsage[] {
  const read = [...reading.spent()];
  const names = [partModel, ...read.map((one) => one.requested), batch.model];
  const requested = names.find((name) => name !== undefined && name !== "");
  const lines = read.map((one) => ({ ...one, requested: one.requested ?? requested }));
  if (files.every(({ state }) => state === "complete" || state === "none")) return lines;
  if (batch.usage !== undefined) return reportedSpending(batch, requested);
  const lost = { usage: noTokens, long: [], uncounted: 1 };
  return [...lines, { ...lost, model: batch.model ?? requested ?? "", requested }];
}
