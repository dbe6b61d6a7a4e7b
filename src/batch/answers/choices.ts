import { type Fields, isFields } from "../../api/json.ts";
import type { Content } from "./content.ts";
import { cutBy, joined, textIn } from "./words.ts";

const toolEnds: ReadonlySet<string> = new Set(["tool_calls", "function_call"]);

/**
 * The answer of chat completions and of completions: the first of several choices, as everybody reads
 * them, that did not fail by itself.
 */
export function choiceContent(choices: readonly unknown[]): Content {
  const whole = choices.filter(isFields);
  const choice = whole.find(({ finish_reason: end }) => end !== "error") ?? whole[0] ?? {};
  const message = isFields(choice["message"]) ? choice["message"] : {};
  const finishReason = textIn(choice["finish_reason"]);
  return {
    text: textOf(choice, message),
    value: undefined,
    refusal: refusalOf(message),
    finishReason,
    cut: cutBy(finishReason),
    callsTools: toolEnds.has(finishReason ?? "") || hasCalls(message),
    due: true,
    saysJson: false,
  };
}

function textOf(choice: Fields, message: Fields): string | undefined {
  const { content, audio } = message;
  if (typeof content === "string") return content;
  const parts = Array.isArray(content) ? joined(content.map(partText)) : undefined;
  if (parts !== undefined) return parts;
  if (isFields(audio)) return textIn(audio["transcript"]);
  return typeof choice["text"] === "string" ? choice["text"] : undefined;
}

/** Some servers give the content in parts, those of the model's thinking among them. */
function partText(part: unknown): string | undefined {
  if (typeof part === "string") return part;
  if (!isFields(part)) return undefined;
  const { type, text } = part;
  return (type === "text" || type === "output_text") && typeof text === "string" ? text : undefined;
}

function refusalOf({ refusal, content }: Fields): string | undefined {
  const told = textIn(refusal);
  if (told !== undefined || !Array.isArray(content)) return told;
  return joined(content.map((part) => (isFields(part) ? textIn(part["refusal"]) : undefined)));
}

function hasCalls({ tool_calls: calls, function_call: call }: Fields): boolean {
  return (Array.isArray(calls) && calls.length > 0) || isFields(call);
}
