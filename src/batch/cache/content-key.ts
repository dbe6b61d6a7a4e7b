import { hash } from "node:crypto";

import { isFields } from "../../api/json.ts";

/** What a request asks for, whoever asks. */
interface RequestContent {
  readonly baseURL: string;
  readonly url: string;
  readonly body: unknown;
  /** The line that `body` was read from, for numbers that JavaScript cannot hold. */
  readonly source: Buffer;
}

/** Bytes of a key. */
export const keyBytes = 16;

/**
 * A hash of what a request asks for. The order of keys does not matter, and neither does how a number is
 * written that JavaScript can hold; all else does.
 */
export function contentKey({ baseURL, url, body, source }: RequestContent): Buffer {
  // Where nothing was escaped nothing has to be: that is a third of the time for long texts.
  const quoted = source.includes(backslash) ? JSON.stringify : inQuotes;
  const writing = { quoted, inexact: false };
  const plain = canonical(body ?? null, writing);
  const text = writing.inexact ? `exact ${canonical(exactBody(source) ?? null, writing)}` : plain;
  return hash("sha256", `${JSON.stringify([baseURL, url])}${text}`, "buffer").subarray(0, keyBytes);
}

const backslash = 0x5c;

function inQuotes(text: string): string {
  return `"${text}"`;
}

/** How texts are written, and whether a number was met that is not known exactly. */
interface CanonicalWriting {
  readonly quoted: (text: string) => string;
  inexact: boolean;
}

/** JSON whose objects have their keys in one order. */
function canonical(value: unknown, writing: CanonicalWriting): string {
  if (typeof value === "string") return writing.quoted(value);
  if (typeof value === "number") {
    if (!isExact(value)) writing.inexact = true;
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, writing)).join(",")}]`;
  if (!isFields(value)) return JSON.stringify(value);
  let text = "";
  for (const name of Object.keys(value).sort()) {
    text += `${text === "" ? "" : ","}${writing.quoted(name)}:${canonical(value[name], writing)}`;
  }
  return `{${text}}`;
}

/** Two whole numbers beyond this become the same when they are read. */
function isExact(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}

const stringsAndNumbers = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The body with every number as it is written, told from texts by a letter before each. */
function exactBody(source: Buffer): unknown {
  const text = source
    .toString("utf8")
    .replace(stringsAndNumbers, (token) =>
      token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`,
    );
  const request: unknown = JSON.parse(text);
  return isFields(request) ? request["sbody"] : undefined;
}
