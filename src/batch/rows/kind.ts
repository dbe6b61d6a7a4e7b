import { extname } from "node:path";

import type { InputProblem } from "../input.ts";

/** How a file of rows is written. */
type RowKind = "csv" | "tsv" | "json lines";

const kinds: ReadonlyMap<string, RowKind> = new Map([
  [".csv", "csv"],
  [".tsv", "tsv"],
  [".jsonl", "json lines"],
  [".ndjson", "json lines"],
]);

/** The names that files of rows end with. */
export const rowExtensions: readonly string[] = [...kinds.keys()];

/** `undefined` for a file whose name does not say that it holds rows. */
export function rowKindOf(path: string): RowKind | undefined {
  return kinds.get(extname(path).toLowerCase());
}

/** What is wrong with a table that was given where requests are due; `undefined` for any other file. */
export function tableWithoutTemplate(file: string): InputProblem | undefined {
  const kind = rowKindOf(file);
  if (kind !== "csv" && kind !== "tsv") return undefined;
  return {
    file,
    code: "rows_without_template",
    message:
      "the file holds rows and no requests; give the template too that makes a request of each row",
  };
}
