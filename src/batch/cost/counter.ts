/** Counts the tokens of a text. */
export type CountTokens = (text: string) => number;

/** Special tokens in a text are what their letters are: no request can say one. */
const plain = { disallowedSpecial: new Set<string>() };

/**
 * A run of one kind of characters that is longer than any word. The tokenizer takes a run for one word,
 * and needs the square of its length.
 */
const longRun = /[\p{L}\p{M}]{1000}|\s{1000}|[^\s\p{L}\p{M}\p{N}]{1000}/gu;
const longestWord = 1_000;

/**
 * Loads the tokenizer of OpenAI's models since GPT-4o (o200k), which is several megabytes and is loaded
 * here alone. Other models' counts differ from its by a few percent.
 */
export async function loadCounter(): Promise<CountTokens> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  return (text) => {
    if (text.length <= longestWord) return countTokens(text, plain);
    let tokens = 0;
    let from = 0;
    for (const { index, 0: run } of text.matchAll(longRun)) {
      tokens += countTokens(text.slice(from, index + run.length), plain);
      from = index + run.length;
    }
    return tokens + countTokens(text.slice(from), plain);
  };
}
