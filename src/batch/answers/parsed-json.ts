/** A number, or one of the words that JSON has. */
const scalar = /^\s*(?:-?\d[\d.eE+-]*|true|false|null)\s*$/;
const longestScalar = 400;

/** A JSON text read; in an object of its own, since `null` is JSON too. */
export interface ParsedJson {
  readonly value: unknown;
}

/** Reads a text that is JSON as a whole; `undefined` for any other. */
export function parsedJson(text: string): ParsedJson | undefined {
  if (!mayBeJson(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

/** Most answers are prose, and to find that out by an error costs more than a look at how they begin. */
function mayBeJson(text: string): boolean {
  const [first] = text.trimStart();
  if (first === "{" || first === "[" || first === '"') return true;
  return text.length <= longestScalar && scalar.test(text);
}
