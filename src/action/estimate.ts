import type { CostEstimate } from "../batch/cost/estimate.ts";
import { unpricedWords } from "../batch/rules/cost.ts";
import { formatCount, formatDollars, plainDollars, plural } from "./format.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** Sets the outputs of an estimate and says in the log what it is worth. */
export function tellEstimate(
  toolkit: Pick<Toolkit, "setOutput" | "info">,
  estimate: CostEstimate,
): void {
  toolkit.setOutput("estimated-input-tokens", estimate.inputTokens);
  toolkit.setOutput(
    "estimated-cost",
    estimate.cost === undefined ? "" : plainDollars(estimate.cost),
  );
  toolkit.info(`Estimated: ${[tokenWords(estimate), costWords(estimate)].join(", ")}.`);
  for (const words of limitsOf(estimate)) toolkit.info(words);
}

/** `1,234,567 input tokens (±0.4 %, from 400 of 50,000 requests)` */
export function tokenWords({ inputTokens, inputError, read, requests }: CostEstimate): string {
  const tokens = plural(inputTokens, "input token");
  if (read === requests) return tokens;
  const share = inputTokens === 0 ? 0 : (inputError / inputTokens) * 100;
  return `${tokens} (±${share.toFixed(1)} %, from ${formatCount(read)} of ${plural(requests, "request")})`;
}

/** `at least $1.23`, or why that is not known. */
export function costWords({ cost, atLeast, unpriced }: CostEstimate): string {
  if (cost === undefined) return unpricedWords(unpriced);
  return `${atLeast ? "at least " : ""}${formatDollars(cost)}`;
}

/** What the estimate does not hold. */
export function limitsOf({ models, read, requests }: CostEstimate): readonly string[] {
  const unlimited = models.reduce((sum, one) => sum + one.unlimited, 0);
  const uncounted = models.reduce((sum, one) => sum + one.uncounted, 0);
  const words: string[] = [];
  if (unlimited > 0) {
    words.push(
      `${plural(unlimited, "request")} ${unlimited === 1 ? "sets" : "set"} no limit to the answer (such as \`max_completion_tokens\`), so only ${unlimited === 1 ? "its" : "their"} input is in the estimate.`,
    );
  }
  if (uncounted > 0) {
    words.push(
      `Images, audio and files in a body are not text and are not counted: ${plural(uncounted, "part")} of the requests that were read.`,
    );
  } else if (read < requests) {
    words.push("Images, audio and files in a body are not text and are not counted.");
  }
  return words;
}
