import { countInput } from "./answers.ts";
import type { Bytes } from "./bytes.ts";
import type { CountInput } from "./execution.ts";
import { checkInput, readRequest } from "./input.ts";
import type { BatchError } from "./types.ts";

/** How many input tokens the batches of a model may have enqueued, those of one model together. */
export interface EnqueuedLimit {
  /** Input tokens of all batches of one model that have not ended. */
  readonly tokens: number;
  /**
   * When a batch without room is turned away: it fails at its `validation` by default, as OpenAI's do, or its `create` is
   * refused.
   */
  readonly refusedAt?: "validation" | "create" | undefined;
  /** Whether the error names the limit, as OpenAI's does; true by default. */
  readonly named?: boolean | undefined;
}

/** What a batch takes of its model's limit until it has ended. */
export interface Load {
  readonly model: string;
  readonly tokens: number;
}

/** What an input takes; nothing where it does not pass validation. */
export function loadOf(
  input: Bytes,
  rules: { readonly endpoint: string; readonly maxRequests: number },
  count: CountInput = countInput,
): Load {
  const { requests, model, errors } = checkInput(input, rules);
  if (errors.length > 0) return { model: "", tokens: 0 };
  const tokens = requests.reduce((sum, span) => sum + count(readRequest(input, span)), 0);
  return { model: model ?? "", tokens };
}

/** Why a batch is turned away beside those of its model that have not ended; `undefined` where there is room. */
export function refusalFor(
  load: Load,
  enqueued: number,
  { tokens, named = true }: EnqueuedLimit,
): BatchError | undefined {
  if (load.tokens === 0 || enqueued + load.tokens <= tokens) return undefined;
  const limit = named ? ` Limit: ${tokens.toLocaleString("en")} enqueued tokens.` : "";
  return {
    code: "token_limit_exceeded",
    message: `Enqueued token limit reached for ${load.model} in organization org-simulated.${limit} Please try again once some in_progress batches have been completed.`,
    param: null,
    line: null,
  };
}
