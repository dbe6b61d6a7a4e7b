import { isJsonObject } from "./json.ts";
import type { BatchUsage } from "./types.ts";

/** What an account was charged for the answers of one model, in tokens. */
export interface Charge {
  /** As the answers name it. */
  readonly model: string;
  /** How many were charged for. */
  readonly answers: number;
  readonly input_tokens: number;
  /** Part of the input. */
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  /** Part of the output. */
  readonly reasoning_tokens: number;
}

/** Adds up answers by the model that they name. */
export class Charges {
  readonly #byModel = new Map<string, Charge>();

  /** Charges for an answer by the usage in its body; one without any costs nothing. */
  add(body: unknown): void {
    const usage = isJsonObject(body) ? body["usage"] : undefined;
    if (!isJsonObject(body) || !isJsonObject(usage)) return;
    const { model } = body;
    const inputs = usage["input_tokens_details"] ?? usage["prompt_tokens_details"];
    const outputs = usage["output_tokens_details"] ?? usage["completion_tokens_details"];
    this.take({
      model: typeof model === "string" ? model : "",
      answers: 1,
      input_tokens: countOf(usage["input_tokens"] ?? usage["prompt_tokens"]),
      cached_input_tokens: isJsonObject(inputs) ? countOf(inputs["cached_tokens"]) : 0,
      output_tokens: countOf(usage["output_tokens"] ?? usage["completion_tokens"]),
      reasoning_tokens: isJsonObject(outputs) ? countOf(outputs["reasoning_tokens"]) : 0,
    });
  }

  /** Adds what was charged elsewhere. */
  take(charge: Charge): void {
    const before = this.#byModel.get(charge.model);
    this.#byModel.set(charge.model, before === undefined ? charge : plus(before, charge));
  }

  /** In the order in which the models first answered. */
  list(): readonly Charge[] {
    return [...this.#byModel.values()];
  }

  /** All of them as the usage of a batch. */
  usage(): BatchUsage {
    const sum = this.list().reduce(plus, none);
    return {
      input_tokens: sum.input_tokens,
      input_tokens_details: { cached_tokens: sum.cached_input_tokens },
      output_tokens: sum.output_tokens,
      output_tokens_details: { reasoning_tokens: sum.reasoning_tokens },
      total_tokens: sum.input_tokens + sum.output_tokens,
    };
  }
}

const none: Charge = {
  model: "",
  answers: 0,
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};

function plus(a: Charge, b: Charge): Charge {
  return {
    model: a.model,
    answers: a.answers + b.answers,
    input_tokens: a.input_tokens + b.input_tokens,
    cached_input_tokens: a.cached_input_tokens + b.cached_input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    reasoning_tokens: a.reasoning_tokens + b.reasoning_tokens,
  };
}

function countOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
