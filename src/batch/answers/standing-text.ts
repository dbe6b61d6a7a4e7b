import type { Span } from "../input/ranges.ts";

/** Long enough not to be found elsewhere, short enough to be found fast. */
const longestHead = 32;
/** Shorter texts are copied as fast as they are looked for. */
const shortest = 256;

/** A line that a text is looked for in. */
interface Standing {
  /** As text. */
  readonly line: string;
  /** Of the line in bytes. */
  readonly length: number;
  /** Whether the text may stand there with escapes, since it is written with the same. */
  readonly escapes: boolean;
}

/**
 * Where a text stands in its line byte for byte, as most prose in one paragraph does: it can be copied from
 * there later and need not be kept. `undefined` for one that stands there otherwise, or is short.
 */
export function standingText(text: string | undefined, standing: Standing): Span | undefined {
  if (text === undefined || text.length < shortest) return undefined;
  const { line, length, escapes } = standing;
  const isPlain = !text.includes('"') && !text.includes("\\");
  const plain = isPlain ? spanOf(text, line, length) : undefined;
  return plain ?? (escapes ? spanOf(JSON.stringify(text).slice(1, -1), line, length) : undefined);
}

function spanOf(text: string, line: string, length: number): Span | undefined {
  const at = line.indexOf(`"${text.slice(0, longestHead)}`) + 1;
  // Five times as fast as `startsWith` with a text of some length.
  const stands = at > 0 && line.slice(at, at + text.length) === text;
  if (!stands || line[at + text.length] !== '"') return undefined;
  // As many bytes as units are ASCII, where both are counted alike.
  if (line.length === length) return { start: at, end: at + text.length };
  // Bytes that are no text are read as this mark, and cannot be copied as text.
  if (line.includes("\ufffd")) return undefined;
  const start = Buffer.byteLength(line.slice(0, at));
  return { start, end: start + Buffer.byteLength(text) };
}
