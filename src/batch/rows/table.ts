import { CsvError, Parser } from "csv-parse";

import { plural } from "../format.ts";
import { readBlocks } from "./blocks.ts";
import { nameColumns, type RowEvent, rowProblem } from "./row-event.ts";

/** The most characters of a row: a quote that is never closed would swallow the rest of the file. */
const longestRow = 64 * 1024 * 1024;

/**
 * Reads a table of comma- or tab-separated values, quoted as RFC 4180 has it: line ends and quotes may
 * stand in quoted cells. What is found is given block by block, so that memory does not grow with the file.
 *
 * A row with a defect is told and left out. What leaves it open where the next row begins ends the reading.
 */
export async function* readTable(
  path: string,
  delimiter: "," | "\t",
  signal?: AbortSignal,
): AsyncGenerator<readonly RowEvent[]> {
  const table = new TableReader(delimiter);
  for await (const block of readBlocks(path, signal)) {
    if (block.utf16) {
      yield [rowProblem("invalid_row", "the file is UTF-16; save it as UTF-8")];
      return;
    }
    table.badLines.push(...block.badLines);
    const intact = await table.take(block.bytes);
    yield table.found();
    if (!intact) return;
  }
  await table.end();
  yield table.found();
}

class TableReader {
  /** Lines that are no UTF-8, ascending, as far as no row has taken them yet. */
  readonly badLines: number[] = [];
  readonly #parser: Parser;
  #found: RowEvent[] = [];
  #columns: readonly string[] | undefined;
  /** The line after the last row. */
  #line = 1;
  #emptyLines = 0;
  #rows = 0;
  #failure: Error | undefined;

  constructor(delimiter: string) {
    this.#parser = new Parser({
      delimiter,
      record_delimiter: ["\r\n", "\n"],
      // Judged here, where reading goes on behind it.
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: longestRow,
      on_record: (cells: readonly string[]) => {
        this.#row(cells);
        return null;
      },
    });
    this.#parser.on("error", (error) => {
      this.#failure = error;
    });
    this.#parser.resume();
  }

  /** What was found since the last call. */
  found(): readonly RowEvent[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** Gives `false` where nothing behind it can be read. */
  async take(bytes: Buffer): Promise<boolean> {
    return this.#settle((done) => this.#parser.write(bytes, done));
  }

  async end(): Promise<void> {
    if (!(await this.#settle((done) => this.#parser.end(done)))) return;
    if (this.#columns === undefined) {
      this.#found.push(rowProblem("no_rows", "the file is empty; it needs a header and rows"));
    } else if (this.#rows === 0) {
      const isOneLine = this.#columns.some((name) => name.includes("\r"));
      const message = isOneLine
        ? "the file has a header and no row: its lines end with a carriage return alone; save it with line feeds"
        : "the file has a header and no row";
      this.#found.push(rowProblem("no_rows", message));
    }
  }

  async #settle(step: (done: (error?: Error | null) => void) => void): Promise<boolean> {
    const error = await new Promise<Error | undefined>((resolve) => {
      step((failure) => {
        resolve(failure ?? undefined);
      });
    });
    const failure = error ?? this.#failure;
    if (failure === undefined) return true;
    if (!(failure instanceof CsvError)) throw failure;
    this.#found.push(rowProblem(...describe(failure), this.#nextLine()));
    return false;
  }

  /** Where the row begins that is read next: behind the lines that are empty. */
  #nextLine(): number {
    const { empty_lines: emptyLines } = this.#parser.info;
    return this.#line + emptyLines - this.#emptyLines;
  }

  #row(cells: readonly string[]): void {
    const line = this.#nextLine();
    this.#emptyLines = this.#parser.info.empty_lines;
    this.#line = line + 1 + lineFeedsIn(cells);
    const columns = this.#columns;
    if (columns === undefined) this.#header(cells, line);
    else this.#rows += 1;
    if (this.#hasBadLine(this.#line)) {
      this.#found.push(rowProblem("invalid_row", "the row is not valid UTF-8", line));
    } else if (columns === undefined) {
      this.#found.push({ found: "header", line, columns: cells });
    } else if (cells.length === columns.length) {
      this.#found.push({ found: "cells", line, cells });
    } else {
      const message = `the row has ${plural(cells.length, "cell")} but the header names ${plural(columns.length, "column")}`;
      this.#found.push(rowProblem("invalid_row", message, line));
    }
  }

  #header(cells: readonly string[], line: number): void {
    this.#columns = cells;
    const names = cells.map((name) => name.trim());
    const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
    if (twice.length === 0) return;
    const message = `the header names ${twice.length === 1 ? "a column" : "columns"} twice: ${nameColumns(twice)}`;
    this.#found.push(rowProblem("duplicate_column", message, line));
  }

  /** Whether a line before `end` is no UTF-8; they belong to the row that ends there. */
  #hasBadLine(end: number): boolean {
    let has = false;
    while ((this.badLines[0] ?? Number.POSITIVE_INFINITY) < end) {
      this.badLines.shift();
      has = true;
    }
    return has;
  }
}

function lineFeedsIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count += 1;
  }
  return count;
}

/** The parser's own words hold what is in the cells. */
function describe({ code }: CsvError): readonly [code: string, message: string] {
  switch (code as string) {
    case "CSV_QUOTE_NOT_CLOSED":
      return ["open_quote", "a quote is opened in this row and never closed"];
    case "CSV_MAX_RECORD_SIZE":
      return [
        "open_quote",
        `the row is longer than ${longestRow / 1024 / 1024} MiB; most likely a quote is never closed`,
      ];
    default:
      return [
        "open_quote",
        "a quote stands inside a cell that is not quoted as a whole; put the cell in quotes and double those in it. Nothing behind this row was read",
      ];
  }
}
