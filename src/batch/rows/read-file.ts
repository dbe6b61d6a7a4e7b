import { readJsonLines } from "./json-lines.ts";
import { rowExtensions, rowKindOf } from "./kind.ts";
import { type RowEvent, rowProblem } from "./row-event.ts";
import type { Row } from "./source-rows.ts";
import { readTable } from "./table.ts";

/** What a file of rows holds, block by block. */
export async function* readRowFile(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly RowEvent[], void> {
  switch (rowKindOf(path)) {
    case "csv":
      yield* readTable(path, ",", signal);
      break;
    case "tsv":
      yield* readTable(path, "\t", signal);
      break;
    case "json lines":
      yield* readJsonLines(path, signal);
      break;
    case undefined:
      yield [
        rowProblem(
          "unknown_extension",
          `the name does not say how the rows are written; it must end with one of: ${rowExtensions.join(", ")}`,
        ),
      ];
  }
}

/** A row of a table; whatever a column is called, it is a property of the row and nothing else. */
export function rowOf(columns: readonly string[], cells: readonly unknown[]): Row {
  return Object.fromEntries(columns.map((name, at) => [name, cells[at]]));
}
