import { jsonOf } from "../results/json.ts";
import { isFields } from "../../api/json.ts";
import { keyBytes } from "./content-key.ts";
import { memberOf } from "./member.ts";

/** One line of a cache file, taken apart. */
interface CacheEntry {
  readonly key: Buffer;
  /** The bytes of the result line. */
  readonly line: Buffer;
}

const before = Buffer.from('{"key":"');
const between = Buffer.from('","line":');
const after = Buffer.from("}");
const keyEnd = before.length + 2 * keyBytes;
const lineStart = keyEnd + between.length;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A line of a cache file, with a line feed behind it. */
export function writeEntry(key: string, line: Uint8Array): Buffer {
  return Buffer.concat([before, Buffer.from(key), between, line, after, Buffer.from("\n")]);
}

/**
 * Takes a line of a cache file apart. One that begins and ends as we write it is not read further: an
 * answer is read when it is asked for.
 *
 * @param whole whether a line feed shows that it was written to its end
 * @returns `undefined` for what is none
 */
export function readEntry(bytes: Buffer, whole: boolean): CacheEntry | undefined {
  const text = trimmed(bytes);
  return (whole ? readOurs(text) : undefined) ?? readAny(text);
}

function readOurs(bytes: Buffer): CacheEntry | undefined {
  const isOurs =
    bytes[lineStart] === openBrace &&
    bytes.at(-1) === closeBrace &&
    bytes.at(-2) === closeBrace &&
    bytes.compare(before, 0, before.length, 0, before.length) === 0 &&
    bytes.compare(between, 0, between.length, keyEnd, lineStart) === 0;
  if (!isOurs) return undefined;
  const key = keyOf(bytes.toString("latin1", before.length, keyEnd));
  return key && { key, line: bytes.subarray(lineStart, -1) };
}

/** A line as another program may have written it again. */
function readAny(bytes: Buffer): CacheEntry | undefined {
  const entry = jsonOf(bytes.toString("utf8"));
  if (!isFields(entry) || typeof entry["key"] !== "string" || !isFields(entry["line"])) {
    return undefined;
  }
  const key = keyOf(entry["key"]);
  const span = memberOf(bytes, "line");
  return key && span && { key, line: bytes.subarray(span.start, span.end) };
}

/** The bytes of a key; `undefined` for a text that is none. */
export function keyOf(text: string): Buffer | undefined {
  const key = Buffer.from(text, "hex");
  return key.length === keyBytes && text.length === 2 * keyBytes ? key : undefined;
}

/** Without the blanks and carriage returns that tools leave at the end of lines. */
function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isTrailing(bytes[end - 1])) end -= 1;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

function isTrailing(byte: number | undefined): boolean {
  return byte === 9 || byte === 13 || byte === 32;
}
