import type { Fields } from "../../api/json.ts";

/** Where a body says how many tokens its answer may have; the first that is there holds. */
const limits = ["max_completion_tokens", "max_output_tokens", "max_tokens"] as const;
/** Every field of a body that the most output tokens depend on. */
export const limitingFields: readonly string[] = [...limits, "n", "best_of", "prompt"];
/** What is answered with no output that is paid for. */
const withoutOutput = /\/(?:embeddings|moderations)$/;

/**
 * The most output tokens that a request can be charged for by its own words: its limit, for each of the
 * answers that it asks for. `undefined` where it sets none.
 */
export function outputLimitOf(url: string, body: Fields): number | undefined {
  if (withoutOutput.test(url)) return 0;
  const limit = limits.map((name) => body[name]).find(isCount);
  return limit === undefined ? undefined : limit * answersOf(body);
}

function answersOf({ n, best_of: bestOf, prompt }: Fields): number {
  const several = Array.isArray(prompt) && typeof prompt[0] !== "number" ? prompt.length : 1;
  const asked = [n, bestOf].filter(isCount);
  return Math.max(1, ...asked) * Math.max(1, several);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** What the limits of many requests allow together. */
export interface OutputLimits {
  readonly sum: number;
  /** The largest of one request. */
  readonly largest: number;
  /** Requests that set no limit. */
  readonly unlimited: number;
}

const none: OutputLimits = { sum: 0, largest: 0, unlimited: 0 };

/** Adds the limit of one more request to those of its model. */
export function noteOutputLimit(
  limits: Map<number, OutputLimits>,
  model: number,
  limit: number | undefined,
): void {
  const { sum, largest, unlimited } = limits.get(model) ?? none;
  limits.set(
    model,
    limit === undefined
      ? { sum, largest, unlimited: unlimited + 1 }
      : { sum: sum + limit, largest: Math.max(largest, limit), unlimited },
  );
}
