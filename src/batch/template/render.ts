import { inQuotes, idTextOf, type JsonPiece, type Plan, textWithin } from "./plan.ts";

/** The value of a column, by its place in the plan's columns. */
type ValueOf = (column: number) => unknown;

/** A row in the place of its columns: what `custom_id` is made of where the template has none. */
export interface RowValues {
  readonly valueOf: ValueOf;
  /** `undefined` where the row has no such column. */
  readonly ownId: unknown;
  /** The how-manieth row of all files it is, from 1. */
  readonly number: number;
}

/** One request as a line of JSON. */
interface RenderedLine {
  readonly customId: string;
  readonly text: string;
}

/**
 * Puts a row's values in their places; `undefined` where the row gives the request no `custom_id`.
 * A value is written as JSON where it goes and never looked at again, so that nothing in it has a meaning.
 */
export function renderLine(plan: Plan, row: RowValues): RenderedLine | undefined {
  const customId = customIdOf(plan, row);
  if (customId === undefined) return undefined;
  return {
    customId,
    text: `{"custom_id":${JSON.stringify(customId)}${fill(plan.pieces, row.valueOf)}`,
  };
}

function fill(pieces: readonly JsonPiece[], valueOf: ValueOf): string {
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else {
      const value = valueOf(piece.column);
      text += piece.whole ? JSON.stringify(value) : inQuotes(textWithin(value));
    }
  }
  return text;
}

function customIdOf({ customId }: Plan, { valueOf, ownId, number }: RowValues): string | undefined {
  if (customId === undefined) return ownId === undefined ? `row-${number}` : idTextOf(ownId);
  const [piece, ...more] = customId;
  // A column that is the whole of it: a number becomes its text, and what is no text is none.
  if (typeof piece === "object" && piece.whole && more.length === 0) {
    return idTextOf(valueOf(piece.column));
  }
  return idTextOf(JSON.parse(fill(customId, valueOf)));
}
