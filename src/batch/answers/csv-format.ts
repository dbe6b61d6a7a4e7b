import { stringify } from "csv-stringify/sync";

import { type Fields, isFields } from "../../api/json.ts";
import { parseExactly } from "../rows/exact-json.ts";
import type { Row } from "../rows/source-rows.ts";
import type { Answer } from "./answer.ts";
import type { AnswerFormat, KeptAnswer, Layout, Put, PutRow } from "./format.ts";
import { KeyShapes, noShape } from "./key-shapes.ts";

const ownColumns = [
  "custom_id",
  "answer",
  "problem",
  "message",
  "finish_reason",
  "model",
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cost",
] as const;

const lineEnd = "\r\n";
const lineFeed = 10;

/** RFC 4180. An answer in JSON is kept with its cells behind it, and their lengths in bytes behind these. */
export function csvFormat(): AnswerFormat {
  const shapes = new KeyShapes();
  return {
    escapes: false,
    keep: (answer, leavesText = false) => kept(answer, shapes, leavesText),
    leftOut: () => shapes.leftOut,
    begin: (put, layout) => begin(put, layout, shapes),
  };
}

/** Cells as a part of a line. Line breaks of any kind are quoted, and the end of the row is ours. */
function cells(values: readonly string[]): string {
  return stringify([values], { eof: false });
}

/** Nothing of which CSV could take anything for its own. */
const plain = /^[\w .:/-]*$/;

/** A cell that is most likely a number, a name or nothing, of which there are many in each row. */
function shortCell(value: string): string {
  return plain.test(value) ? value : cells([value]);
}

function kept(answer: Answer, shapes: KeyShapes, leavesText: boolean): KeptAnswer {
  const { customId = "", text = "", json } = answer;
  // Of what has no quote and no line break only a comma is to be quoted.
  const mark = leavesText && text.includes(",") ? '"' : "";
  const before = `${shortCell(customId)},${leavesText ? mark : cells([text])}`;
  const own = `${mark},${wordsOf(answer).map(shortCell).join(",")},${numbersOf(answer).join(",")}`;
  const shape = isFields(json) ? shapes.shapeOf(Object.keys(json)) : noShape;
  if (!isFields(json) || shape === noShape) return { before, after: own, shape: noShape };
  const keys = shapes.keysOf(shape);
  const values = exactly(text, json);
  // One at a time: a cell alone is written as it is among others.
  const more = keys.map((key) => cells([Object.hasOwn(values, key) ? cellOf(values[key]) : ""]));
  const lengths = more.map((cell) => Buffer.byteLength(cell)).join(" ");
  return { before, after: `${own},${more.join(",")}\n${lengths}`, shape };
}

/** An answer in JSON with its whole numbers as they are written, where a double cannot hold them. */
function exactly(text: string, json: Fields): Fields {
  const exact = /\d{16}/.test(text) ? parseExactly(text)?.value : undefined;
  return isFields(exact) ? exact : json;
}

/** What comes behind the text of the answer, up to its numbers. */
function wordsOf({
  problem = "",
  message = "",
  finishReason = "",
  model = "",
}: Answer): readonly string[] {
  return [problem, message, finishReason, model];
}

function numbersOf({ usage, cost }: Answer): readonly (number | string)[] {
  const { input = "", cachedInput = "", output = "", reasoning = "" } = usage ?? {};
  return [input, cachedInput, output, reasoning, cost === undefined ? "" : decimal(cost)];
}

/** Dollars without an exponent, which spreadsheets and shells do not read everywhere. */
function decimal(cost: number): string {
  const text = String(cost);
  return text.includes("e") ? cost.toFixed(15).replace(/\.?0+$/, "") : text;
}

/** Texts as they are; all else as JSON, nothing for `null`. */
function cellOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function begin(put: Put, { columns = [], shapes }: Layout, known: KeyShapes): PutRow {
  const keys = [...new Set(shapes.flatMap((shape) => known.keysOf(shape)))];
  const answers = keys.map((key) => `answer.${key}`);
  const own = [...ownColumns, ...answers];
  put(cells([...sourceNames(columns, own), ...own]) + lineEnd);
  // As bytes, which are copied faster than a text is written.
  const none = Buffer.from(",".repeat(keys.length) + lineEnd);
  return ({ before, text, after, shape }, source) => {
    if (columns.length > 0) put(`${cells(columns.map((name) => valueOf(source, name)))},`);
    put(before);
    if (text !== undefined) put(text);
    if (shape === noShape) {
      put(after);
      put(none);
      return;
    }
    putAnswer(put, after, { keys, own: known.keysOf(shape) });
    put(lineEnd);
  };
}

function valueOf(source: Row | undefined, column: string): string {
  return source !== undefined && Object.hasOwn(source, column) ? cellOf(source[column]) : "";
}

/** The cells of an answer in JSON, under the columns of the file. */
function putAnswer(
  put: Put,
  bytes: Uint8Array,
  { keys, own }: { readonly keys: readonly string[]; readonly own: readonly string[] },
): void {
  const end = bytes.lastIndexOf(lineFeed);
  if (own.length === keys.length && own.every((key, at) => key === keys[at])) {
    put(bytes.subarray(0, end));
    return;
  }
  const lengths = Buffer.from(bytes.subarray(end + 1))
    .toString("latin1")
    .split(" ")
    .map(Number);
  const places = new Map<string, Uint8Array>();
  let from = end;
  for (let at = own.length - 1; at >= 0; at -= 1) {
    const length = lengths[at] ?? 0;
    places.set(own[at] ?? "", bytes.subarray(from - length, from));
    from -= length + 1;
  }
  put(bytes.subarray(0, from));
  for (const key of keys) {
    put(",");
    put(places.get(key) ?? "");
  }
}

/** A column that has the name of one of ours, or of one before it, is named after the row. */
function sourceNames(columns: readonly string[], own: readonly string[]): readonly string[] {
  const taken = new Set([...own, ...columns.filter((name) => !own.includes(name))]);
  return columns.map((name) => {
    if (!own.includes(name)) return name;
    let other = `row.${name}`;
    while (taken.has(other)) other = `row.${other}`;
    taken.add(other);
    return other;
  });
}
