import type { Span } from "../input/ranges.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Where the value of a member stands in the text of a JSON object, so that it can be taken or replaced
 * and every other byte left as it is.
 *
 * @returns `undefined` where the object has no such member or more than one, or the text is no object
 */
export function memberOf(json: Buffer, name: string): Span | undefined {
  const found = firstMemberOf(json, name);
  if (found === undefined) return undefined;
  return memberFrom(json, skipSpace(json, found.end), name) === "end" ? found : undefined;
}

/** As `memberOf`, but for what follows: the object may have another one, or no end. */
export function firstMemberOf(json: Buffer, name: string): Span | undefined {
  const found = memberFrom(json, skipSpace(json, 0), name);
  return found === "end" ? undefined : found;
}

/**
 * Walks the members behind an opening brace or a comma.
 *
 * @returns the first of that name; `"end"` where the object ends before it, and `undefined` where it does not
 */
function memberFrom(json: Buffer, from: number, name: string): Span | "end" | undefined {
  let at = from;
  while (json[at] === comma || json[at] === openBrace) {
    at = skipSpace(json, at + 1);
    if (json[at] !== quote) return undefined;
    const nameEnd = endOfString(json, at);
    const isWanted = nameEnd - at === name.length + 2 && isAt(json, at + 1, name);
    const between = skipSpace(json, nameEnd);
    if (json[between] !== colon) return undefined;
    const start = skipSpace(json, between + 1);
    const end = endOfValue(json, start);
    if (isWanted) return { start, end };
    at = skipSpace(json, end);
  }
  return json[at] === closeBrace ? "end" : undefined;
}

function isAt(json: Buffer, at: number, name: string): boolean {
  for (let index = 0; index < name.length; index += 1) {
    if (json[at + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (isSpace(json[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** Behind the closing quote of a string that begins here; behind the text where there is none. */
function endOfString(json: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const end = json.indexOf(quote, at);
    if (end === -1) return json.length;
    let escapes = 0;
    while (json[end - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

function endOfValue(json: Buffer, start: number): number {
  if (json[start] === quote) return endOfString(json, start);
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const byte = json[at];
    if (byte === quote) {
      at = endOfString(json, at);
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) break;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (byte === comma && depth === 0) break;
    at += 1;
  }
  while (at > start && isSpace(json[at - 1])) at -= 1;
  return at;
}
