import { type Fields, isFields } from "../../api/json.ts";
import type { Content } from "./content.ts";
import { cutBy, isJsonFormat, joined, textIn } from "./words.ts";

/**
 * Calls that the caller is to answer. Tools that the server runs itself (a search of the web, an
 * interpreter) are followed by a text of the model's.
 */
const calls: ReadonlySet<unknown> = new Set([
  "function_call",
  "custom_tool_call",
  "computer_call",
  "local_shell_call",
  "shell_call",
  "apply_patch_call",
  "mcp_approval_request",
]);

/** The answer of responses: the texts of all its messages; what the model thought stands beside them. */
export function responseContent(body: Fields): Content {
  const output = Array.isArray(body["output"]) ? body["output"].filter(isFields) : [];
  const details = body["incomplete_details"];
  const reason = isFields(details) ? textIn(details["reason"]) : undefined;
  const format = isFields(body["text"]) ? body["text"]["format"] : undefined;
  const parts = output.flatMap(partsOf);
  return {
    text: joined(parts.map(textOf)) ?? textIn(body["output_text"]),
    value: undefined,
    refusal: joined(parts.map(({ refusal }) => textIn(refusal))),
    finishReason: reason ?? textIn(body["status"]),
    cut: cutBy(reason),
    callsTools: output.some(({ type }) => calls.has(type)),
    // A picture is an answer without text.
    due: !output.some(({ type, result }) => type === "image_generation_call" && result !== null),
    saysJson: isJsonFormat(format),
  };
}

/** The parts of a message; none of anything else. */
function partsOf({ type, content }: Fields): readonly Fields[] {
  if (type !== "message") return [];
  if (typeof content === "string") return [{ type: "output_text", text: content }];
  return Array.isArray(content) ? content.filter(isFields) : [];
}

function textOf({ type, text }: Fields): string | undefined {
  return (type === "output_text" || type === "text") && typeof text === "string" ? text : undefined;
}
