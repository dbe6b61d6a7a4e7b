import { LineReader } from "../results/line-reader.ts";
import { LineTable } from "../input/line-table.ts";
import { Spool } from "../input/spool.ts";
import { parseExactly } from "./exact-json.ts";
import { rowOf } from "./read-file.ts";
import type { Row, SourceRows } from "./source-rows.ts";

/**
 * Keeps the rows behind the requests in a file, as they were when they were read: the user's own may be
 * changed or gone by the time that the answers come.
 */
export class RowStore {
  readonly #spool: Spool;
  readonly #places = new LineTable();
  readonly #columns = new Set<string>();
  /** The header of each table; a row that has its own columns is of table 0. */
  readonly #tables: (readonly string[])[] = [[]];
  #reader: LineReader | undefined;

  constructor(path: string) {
    this.#spool = new Spool(path);
  }

  /** Begins a table; gives its number. */
  table(columns: readonly string[]): number {
    for (const name of columns) this.#columns.add(name);
    return this.#tables.push(columns) - 1;
  }

  addCells(table: number, cells: readonly string[]): void {
    this.#add(table, JSON.stringify(cells));
  }

  addRow(row: Row): void {
    for (const name of Object.keys(row)) this.#columns.add(name);
    this.#add(0, JSON.stringify(row));
  }

  /** Ends the writing; what is given reads the rows until `close`. */
  finish(): SourceRows {
    this.#spool.close();
    const reader = new LineReader([this.#spool.path]);
    this.#reader = reader;
    return {
      columns: [...this.#columns],
      rowOf: (request) => {
        const text = reader.read(this.#places.place(request)).toString("utf8");
        const value = parseExactly(text)?.value;
        const columns = this.#tables[this.#places.tag(request)] ?? [];
        // What stands there was written above.
        return Array.isArray(value) ? rowOf(columns, value) : (value as Row);
      },
    };
  }

  close(): void {
    this.#spool.discard();
    this.#reader?.close();
  }

  #add(table: number, text: string): void {
    const { start, end } = this.#spool.write(text);
    this.#places.add(0, start, end, table);
  }
}
