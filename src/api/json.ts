/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a text that is whole JSON; `undefined` for any other. Whole numbers that a double cannot hold stay texts. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  // Servers that pad their buffers leave NULs behind; JSON itself holds none.
  if (text.includes("\0")) return parseJson(text.replaceAll("\0", ""));
  try {
    return { value: JSON.parse(text, /\d{16}/.test(text) ? exactly : undefined) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** An id of twenty digits must not be rounded. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const rounded =
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return rounded ? (context?.source ?? value) : value;
}

/** The same value with each text and name in it put through `change`; ids stay as they are, since calls are made with them. */
export function withTexts(value: unknown, change: (text: string) => string, key = ""): unknown {
  if (typeof value === "string") return /(^|_)id$|[a-z]I[dD]$/.test(key) ? value : change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => withTexts(item, change, key));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [change(name), withTexts(item, change, name)]),
  );
}
