import { isFields } from "../../api/json.ts";

/** Tokens of one answer or of many. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly total: number;
  /** Of the input, what was read from the server's cache. */
  readonly cachedInput: number;
  /** Of the output, what the model spent on reasoning. */
  readonly reasoning: number;
}

/** What is spent where nothing was sent. */
export const noTokens: TokenUsage = {
  input: 0,
  output: 0,
  total: 0,
  cachedInput: 0,
  reasoning: 0,
};

/** Tokens of several answers, or of several batches, added up; `undefined` where there are none. */
export function sumUsage(all: readonly TokenUsage[]): TokenUsage | undefined {
  if (all.length === 0) return undefined;
  return all.reduce((sum, usage) => ({
    input: sum.input + usage.input,
    output: sum.output + usage.output,
    total: sum.total + usage.total,
    cachedInput: sum.cachedInput + usage.cachedInput,
    reasoning: sum.reasoning + usage.reasoning,
  }));
}

/** The tokens that the body of an answer tells, in the words of any endpoint; `undefined` where it counts none. */
export function usageOf(body: unknown): TokenUsage | undefined {
  const usage = isFields(body) ? body["usage"] : undefined;
  if (!isFields(usage) || !counted.some((name) => isCount(usage[name]))) return undefined;
  const input = tokens(usage["input_tokens"] ?? usage["prompt_tokens"]);
  const output = tokens(usage["output_tokens"] ?? usage["completion_tokens"]);
  const inputs = usage["input_tokens_details"] ?? usage["prompt_tokens_details"];
  const outputs = usage["output_tokens_details"] ?? usage["completion_tokens_details"];
  return {
    input,
    output,
    total: tokens(usage["total_tokens"]) || input + output,
    cachedInput: isFields(inputs) ? tokens(inputs["cached_tokens"]) : 0,
    reasoning: isFields(outputs) ? tokens(outputs["reasoning_tokens"]) : 0,
  };
}

const counted = [
  "input_tokens",
  "prompt_tokens",
  "output_tokens",
  "completion_tokens",
  "total_tokens",
];

/** Some servers write numbers as texts. */
function isCount(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0;
  return typeof value === "string" && /^\d{1,15}$/.test(value.trim());
}

function tokens(value: unknown): number {
  return isCount(value) ? Number(value) : 0;
}
