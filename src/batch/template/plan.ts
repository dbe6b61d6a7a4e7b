import { type Fields, isFields } from "../../api/json.ts";
import { limitingFields } from "../input/output-limits.ts";
import { checkRequest, type RequestLine } from "../input/request-line.ts";
import { isNumber } from "../rows/exact-json.ts";
import { piecesOf } from "./holes.ts";
import type { CheckedTemplate } from "./request-template.ts";

/** A stretch of the request's JSON: what stands there in each of them, or where a value goes. */
export type JsonPiece =
  | string
  | {
      /** The place of its name in the plan's columns. */
      readonly column: number;
      /** Whether the value goes in with its type, or as a piece of a text. */
      readonly whole: boolean;
    };

/** A template made ready for rows. */
export interface Plan {
  /** The columns that the template names, each once. */
  readonly columns: readonly string[];
  /** The request's JSON behind its `custom_id`. */
  readonly pieces: readonly JsonPiece[];
  /** The template's own `custom_id`; a text without columns is the same in all requests. */
  readonly customId: readonly JsonPiece[] | undefined;
  /** What is the same in all requests, where nothing that counts comes from a row. */
  readonly fixed: Omit<RequestLine, "customId" | "body"> | undefined;
}

/** Makes a template ready: its columns are numbered, and all else is written as JSON once. */
export function planOf(template: CheckedTemplate): Plan {
  const columns: string[] = [];
  const numberOf = (name: string) => {
    const known = columns.indexOf(name);
    return known < 0 ? columns.push(name) - 1 : known;
  };
  const { custom_id: customId, method = "POST", url, body, ...rest } = template;
  const request = { method, url, body, ...rest };
  const pieces: JsonPiece[] = [];
  for (const [name, value] of Object.entries(request)) {
    pieces.push(`,${JSON.stringify(name)}:`);
    addValue(pieces, value, numberOf);
  }
  pieces.push("}");
  const idPieces: JsonPiece[] = [];
  if (customId !== undefined) addText(idPieces, textWithin(customId), numberOf);
  return {
    columns,
    pieces: joined(pieces),
    customId: customId === undefined ? undefined : joined(idPieces),
    fixed: fixedOf(request),
  };
}

function addValue(pieces: JsonPiece[], value: unknown, numberOf: (name: string) => number): void {
  if (typeof value === "string") addText(pieces, value, numberOf);
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      pieces.push(at === 0 ? "[" : ",");
      addValue(pieces, item, numberOf);
    }
    pieces.push(value.length === 0 ? "[]" : "]");
  } else if (isFields(value)) {
    for (const [at, [name, item]] of Object.entries(value).entries()) {
      pieces.push(`${at === 0 ? "{" : ","}${JSON.stringify(name)}:`);
      addValue(pieces, item, numberOf);
    }
    pieces.push(Object.keys(value).length === 0 ? "{}" : "}");
  } else pieces.push(JSON.stringify(value));
}

function addText(pieces: JsonPiece[], text: string, numberOf: (name: string) => number): void {
  const found = piecesOf(text);
  const [first] = found;
  if (first !== undefined && "column" in first && found.length === 1) {
    pieces.push({ column: numberOf(first.column), whole: true });
    return;
  }
  pieces.push('"');
  for (const piece of found) {
    pieces.push(
      "text" in piece ? inQuotes(piece.text) : { column: numberOf(piece.column), whole: false },
    );
  }
  pieces.push('"');
}

/** A text as JSON has it between the quotes. */
export function inQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function joined(pieces: readonly JsonPiece[]): readonly JsonPiece[] {
  const all: JsonPiece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (typeof piece === "string" && typeof last === "string") all[all.length - 1] = last + piece;
    else all.push(piece);
  }
  return all;
}

const hasColumn = (value: unknown): boolean =>
  typeof value === "string" && piecesOf(value).some((piece) => "column" in piece);

/** What of a request the rows cannot change; `undefined` where some of it comes from them. */
function fixedOf(request: Fields): Plan["fixed"] {
  const { method, url, body } = request;
  if (!isFields(body)) return undefined;
  const { model, stream, input, response_format: format, text } = body;
  const formats = [format, typeIn(format), text, isFields(text) ? typeIn(text["format"]) : text];
  if ([method, url, model, stream, ...formats].some(hasColumn)) return undefined;
  if (limitingFields.some((name) => hasColumn(body[name]))) return undefined;
  const literal = (value: unknown) =>
    typeof value === "string"
      ? piecesOf(value)
          .map((piece) => ("text" in piece ? piece.text : ""))
          .join("")
      : value;
  const bare = {
    custom_id: "-",
    method: literal(method),
    url: literal(url),
    body: { ...body, model: literal(model) },
  };
  const checked = checkRequest(bare, undefined, () => undefined);
  const { url: at, model: named, inputs, asksJson, outputLimit } = checked;
  // How many texts an embeddings request holds is the row's where the input is.
  const embeds = at?.endsWith("/embeddings") === true;
  if (embeds && (hasColumn(input) ? isWholeColumn(input) : Array.isArray(input))) return undefined;
  return { url: at, model: named, inputs, asksJson, outputLimit };
}

function typeIn(format: unknown): unknown {
  return isFields(format) ? format["type"] : format;
}

function isWholeColumn(value: unknown): boolean {
  return typeof value === "string" && piecesOf(value).length === 1;
}

/** A value as it stands within other text. */
export function textWithin(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}

/** The text that names a request; `undefined` for what is none. */
export function idTextOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return isNumber(value) ? JSON.stringify(value) : undefined;
}
