import { isJsonObject, type JsonObject } from "./json.ts";

/** What can be wrong with an answer that is counted as completed. */
export const UNUSABLE_KINDS = ["truncated", "refused", "filtered", "empty", "not-json"] as const;

/** One of them. */
export type UnusableKind = (typeof UNUSABLE_KINDS)[number];

const WORDS = 3;
const REFUSAL = "I'm sorry, but I can't help with that.";

/** A good answer made one that cannot be used: cut off, refused, stopped by a filter, empty, or no JSON. */
export function spoiled(body: unknown, kind: UnusableKind): unknown {
  if (!isJsonObject(body)) return body;
  if (Array.isArray(body["choices"])) return { ...body, choices: body["choices"].map(of(kind)) };
  if (Array.isArray(body["output"])) return { ...body, ...spoiledResponse(body, kind) };
  return body;
}

const ENDS: Readonly<Record<UnusableKind, string>> = {
  truncated: "length",
  refused: "stop",
  filtered: "content_filter",
  empty: "stop",
  "not-json": "stop",
};

/** Choices of chat completions, and of completions, which cannot refuse. */
function of(kind: UnusableKind): (choice: unknown) => unknown {
  return (choice) => {
    if (!isJsonObject(choice)) return choice;
    const finish_reason = ENDS[kind];
    const { message } = choice;
    if (!isJsonObject(message))
      return { ...choice, finish_reason, text: text(choice["text"], kind) };
    const content = kind === "refused" ? null : text(message["content"], kind);
    const refusal = kind === "refused" ? REFUSAL : null;
    return { ...choice, finish_reason, message: { ...message, content, refusal } };
  };
}

function spoiledResponse(body: JsonObject, kind: UnusableKind): JsonObject {
  const cut = kind === "truncated" ? "max_output_tokens" : "content_filter";
  const isCut = kind === "truncated" || kind === "filtered";
  const output: readonly unknown[] = Array.isArray(body["output"]) ? body["output"] : [];
  return {
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: cut } : null,
    output: kind === "empty" ? [] : output.map((item) => spoiledItem(item, kind)),
  };
}

function spoiledItem(item: unknown, kind: UnusableKind): unknown {
  if (!isJsonObject(item) || !Array.isArray(item["content"])) return item;
  const parts: readonly unknown[] = item["content"];
  const content = parts.map((part) => {
    if (kind === "refused") return { type: "refusal", refusal: REFUSAL };
    return isJsonObject(part) ? { ...part, text: text(part["text"], kind) } : part;
  });
  return { ...item, content };
}

function text(given: unknown, kind: UnusableKind): string {
  const whole = typeof given === "string" ? given : "";
  if (kind === "refused" || kind === "empty" || kind === "filtered") return "";
  // The start of a JSON text is no JSON either.
  return kind === "truncated"
    ? whole.split(" ", WORDS).join(" ").slice(0, -1)
    : `Here you are: ${whole}`;
}
