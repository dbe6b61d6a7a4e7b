import type { Row } from "./source-rows.ts";

/** What a reader finds in a file of rows, in its order. */
export type RowEvent =
  /** The columns of a table, before its rows. */
  | { readonly found: "header"; readonly line: number; readonly columns: readonly string[] }
  /** A row of a table: one text for each column. `line` is its first. */
  | { readonly found: "cells"; readonly line: number; readonly cells: readonly string[] }
  /** A row that has its own columns. */
  | { readonly found: "row"; readonly line: number; readonly row: Row }
  | RowProblem;

/** Something that is wrong with a row, or with the whole file where there is no line. */
interface RowProblem {
  readonly found: "problem";
  readonly line: number | undefined;
  readonly code: string;
  readonly message: string;
}

export function rowProblem(code: string, message: string, line?: number): RowProblem {
  return { found: "problem", line, code, message };
}

const maxNamed = 20;
const longestName = 60;

/** Names columns in a message; not all of very many, and none at great length. */
export function nameColumns(columns: readonly string[]): string {
  const named = columns
    .slice(0, maxNamed)
    .map((name) => (name.length > longestName ? `${name.slice(0, longestName)}…` : name))
    .map((name) => JSON.stringify(name));
  const more = columns.length - named.length;
  return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
