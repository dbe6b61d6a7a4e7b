/** What JavaScript has for a number as it is written, which the types do not know yet. */
interface ExactJson {
  readonly rawJSON?: (text: string) => object;
  readonly isRawJSON?: (value: unknown) => boolean;
}

const json: typeof JSON & ExactJson = JSON;

/**
 * The value of a text that is whole JSON; `undefined` for any other. A whole number that a double cannot
 * hold, such as an id of twenty digits, stays as it is written, where the runtime can keep it so.
 */
export function parseExactly(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, /\d{16}/.test(text) ? exactly : undefined) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value)) {
    return value;
  }
  const source = context?.source;
  return source === undefined ? value : (json.rawJSON?.(source) ?? value);
}

/** Whether a value is a number, also one that is kept as it is written. */
export function isNumber(value: unknown): boolean {
  return typeof value === "number" || json.isRawJSON?.(value) === true;
}
