/** What JavaScript has for a number as it is written, which the types do not know yet. */
interface ExactJson {
  readonly rawJSON?: (text: string) => object;
  readonly isRawJSON?: (value: unknown) => boolean;
}

const json: typeof JSON & ExactJson = JSON;

/**
 * The value of a text that is whole JSON; `undefined` for any other. A whole number that a double cannot
 * hold, such as an id of twenty digits, stays as it is written, where the runtime can keep it so; so does
 * one that is larger than any double, of which `null` would be written.
 */
export function parseExactly(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, mayBeInexact.test(text) ? exactly : undefined) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Digits of a long whole number, or an exponent that may be out of reach; most texts have neither. */
const mayBeInexact = /\d{16}|\de\+?\d{3}/i;

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number") return value;
  if (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)) return value;
  const source = context?.source;
  return source === undefined ? value : (json.rawJSON?.(source) ?? value);
}

/** Whether a value is a number, also one that is kept as it is written. */
export function isNumber(value: unknown): boolean {
  return typeof value === "number" || json.isRawJSON?.(value) === true;
}
