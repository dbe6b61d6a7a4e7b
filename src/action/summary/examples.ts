import { code } from "./markdown.ts";

export const maxExamples = 3;
export const longestExample = 60;

/** A few of so many things, as code; dots say that there are more. */
export function examples(texts: readonly string[], count: number): string {
  const shown = texts.slice(0, maxExamples).map((text) => code(text, longestExample));
  return shown.length > 0 && count > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}
