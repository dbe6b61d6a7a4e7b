import { isFields } from "../../api/json.ts";

const longest = 2_000;

/** The words of an error of any shape: a text, an object, one inside another; `undefined` where it has none. */
export function wordsOfError(error: unknown): string | undefined {
  if (typeof error === "string") return error.trim() === "" ? undefined : error.slice(0, longest);
  if (Array.isArray(error)) return firstOf(error);
  if (!isFields(error)) return undefined;
  const { message, error: inner, detail, errors } = error;
  return firstOf([message, inner, detail, errors]);
}

function firstOf(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const words = wordsOfError(value);
    if (words !== undefined) return words;
  }
  return undefined;
}
