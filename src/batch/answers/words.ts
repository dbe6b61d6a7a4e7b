import { isFields } from "../../api/json.ts";

/** A text, or `undefined` for anything else and for an empty one. */
export function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Ends at a limit of tokens, in the words of several servers. */
const limits: ReadonlySet<string> = new Set([
  "length",
  "max_tokens",
  "max_output_tokens",
  "model_length",
]);

/** What a server's word for the end of an answer means for it. */
export function cutBy(reason: string | undefined): "truncated" | "filtered" | undefined {
  const folded = reason?.toLowerCase();
  if (folded === undefined) return undefined;
  if (limits.has(folded)) return "truncated";
  return folded === "content_filter" ? "filtered" : undefined;
}

/** Whether a format, as requests name it and responses repeat it, asks for JSON. */
export function isJsonFormat(format: unknown): boolean {
  return isFields(format) && (format["type"] === "json_object" || format["type"] === "json_schema");
}

/** Texts of the parts of one message, or of several, put together; `undefined` where there are none. */
export function joined(texts: readonly (string | undefined)[]): string | undefined {
  const known = texts.filter((text) => text !== undefined);
  return known.length === 0 ? undefined : known.join("");
}
