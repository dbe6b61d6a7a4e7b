import { invalidInput } from "../input/invalid.ts";
import type { Row } from "./source-rows.ts";

/** Rows of files, as `readRows` gives them; where each of them stands is known to `renderRequests`. */
export class FileRows implements AsyncIterable<Row> {
  readonly files: readonly string[];

  constructor(files: readonly string[]) {
    this.files = files;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void> {
    // What reads tables is loaded by those who have some.
    const { readRowFile, rowOf } = await import("./read-file.ts");
    for (const file of this.files) {
      let columns: readonly string[] = [];
      for await (const found of readRowFile(file)) {
        for (const event of found) {
          if (event.found === "problem") {
            const { line, code, message } = event;
            throw invalidInput([{ file, line, code, message }], 1);
          }
          if (event.found === "header") ({ columns } = event);
          else yield event.found === "row" ? event.row : rowOf(columns, event.cells);
        }
      }
    }
  }
}

/**
 * Reads rows from files: `.csv` and `.tsv` with a header and quoted as RFC 4180 has it, `.jsonl` and
 * `.ndjson` with an object a line. They are read as streams, so that files of any size take little memory.
 *
 * @param files one or more files, whose rows come one after another
 * @throws {APIError} `invalid_input` where a file cannot be understood, with file and line
 * @throws the system's error when one cannot be read
 * @returns the rows, each with its columns by name; the values of `.csv` and `.tsv` are texts
 * @example
 * ```ts
 * import { readRows } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * await writeFile("words.csv", "id,word\n1,tree\n");
 * for await (const row of readRows("words.csv")) console.log(row["word"]); // tree
 * ```
 */
export function readRows(files: string | readonly string[]): AsyncIterable<Row> {
  return new FileRows(typeof files === "string" ? [files] : files);
}
