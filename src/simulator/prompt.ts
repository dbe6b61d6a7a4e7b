import { isJsonObject, type JsonObject } from "./json.ts";

/** What a request asks, as plain text: the last message, the input or the prompt, whichever its body has. */
export function promptOf(body: JsonObject): string {
  const { messages, input, prompt } = body;
  return textOf(lastOf(messages)) ?? textOf(lastOf(input)) ?? textOf(lastOf(prompt)) ?? "";
}

function lastOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const items: readonly unknown[] = value;
  return items.at(-1);
}

/** Text, a part with `text`, a message with `content`, or a list of these. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const texts = value.map(textOf).filter((text) => text !== undefined);
    return texts.length > 0 ? texts.join(" ") : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  return textOf(value["content"] ?? value["text"]);
}
