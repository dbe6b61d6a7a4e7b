import { isFields } from "../../api/json.ts";
import { choiceContent } from "./choices.ts";
import { responseContent } from "./responses.ts";
import { embeddingsOf, moderationsOf } from "./values.ts";

/** What the body of an answer holds, whichever endpoint it is of. */
export interface Content {
  /** The text of the answer; `undefined` where it has none. */
  readonly text: string | undefined;
  /** The answer of an endpoint that does not answer with text: vectors, results of a moderation. */
  readonly value: unknown;
  /** The words of a refusal. */
  readonly refusal: string | undefined;
  /** Why it ended, in the server's word. */
  readonly finishReason: string | undefined;
  /** Whether it ended at a limit of tokens, or at a content filter. */
  readonly cut: "truncated" | "filtered" | undefined;
  /** Whether the model has called tools that the caller is to run. */
  readonly callsTools: boolean;
  /** Whether an answer of its kind has to hold something. */
  readonly due: boolean;
  /** Whether it says itself that JSON was asked for; `false` also where it does not say. */
  readonly saysJson: boolean;
}

const nothing: Content = {
  text: undefined,
  value: undefined,
  refusal: undefined,
  finishReason: undefined,
  cut: undefined,
  callsTools: false,
  due: false,
  saysJson: false,
};

/**
 * Takes the body of an answer apart, by its shape: chat completions, completions, responses, embeddings
 * and moderations. What no endpoint that is known here answers with is passed on as it came.
 */
export function contentOf(body: unknown): Content {
  if (typeof body === "string") return { ...nothing, text: body };
  if (!isFields(body)) return nothing;
  const { choices, output, results, data, text } = body;
  if (Array.isArray(choices)) return choiceContent(choices);
  if (Array.isArray(output) || body["object"] === "response") return responseContent(body);
  if (Array.isArray(results)) return { ...nothing, value: moderationsOf(results), due: true };
  if (Array.isArray(data) && data.every(isVector)) {
    return { ...nothing, value: embeddingsOf(data), due: true };
  }
  // A transcription, or what a server of its own has to say.
  if (typeof text === "string") return { ...nothing, text };
  return { ...nothing, value: body };
}

/** Also true of none: a list without vectors is an embedding that did not come. */
function isVector(item: unknown): boolean {
  return isFields(item) && "embedding" in item;
}
