const quote = 34;
/** Long enough not to be found elsewhere, short enough to be found fast. */
const longestHead = 32;
/** Shorter texts are copied as fast as they are looked for. */
const shortest = 256;

/** Bytes of a line. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a text stands in its line byte for byte, as most prose in one paragraph does: it can be copied from
 * there later and need not be kept. `undefined` for a text with escapes, or one that is short.
 */
export function standingText(line: Buffer, text: string | undefined): Span | undefined {
  if (text === undefined || text.length < shortest) return undefined;
  const found = line.indexOf(`"${text.slice(0, longestHead)}`);
  if (found === -1) return undefined;
  const start = found + 1;
  const end = line.indexOf(quote, start);
  if (end - start < text.length) return undefined;
  // As many bytes as units are ASCII, which is read faster under its own name.
  const encoding = end - start === text.length ? "latin1" : "utf8";
  const stands = line.toString(encoding, start, end) === text && !text.includes("\\");
  return stands ? { start, end } : undefined;
}
