import { LineReader } from "../results/line-reader.ts";
import { NumberList } from "../input/number-list.ts";
import { Spool } from "../input/spool.ts";
import { parseExactly } from "./exact-json.ts";
import { rowOf } from "./read-file.ts";
import type { Row, SourceRows } from "./source-rows.ts";

const rowsPerStart = 64;

/**
 * Keeps the rows behind the requests in a file, as they were when they were read: the user's own may be
 * changed or gone by the time that the answers come.
 */
export class RowStore {
  readonly #spool: Spool;
  /** Of each row, in bytes; the rows stand one behind the other. */
  readonly #lengths = new NumberList();
  /** Where every so-manieth row starts, so that no row is searched for from the beginning. */
  readonly #starts: number[] = [];
  readonly #columns = new Set<string>();
  /** The header of each table. */
  readonly #tables: (readonly string[])[] = [];
  /** The first row of each table; rows that have their own columns say so themselves. */
  readonly #firsts = new NumberList();
  #reader: LineReader | undefined;

  constructor(path: string) {
    this.#spool = new Spool(path);
  }

  /** @param columns the same array for all rows of a table */
  addCells(columns: readonly string[], cells: readonly string[]): void {
    if (this.#tables.at(-1) !== columns) {
      for (const name of columns) this.#columns.add(name);
      this.#tables.push(columns);
      this.#firsts.push(this.#lengths.size);
    }
    this.#add(JSON.stringify(cells));
  }

  addRow(row: Row): void {
    for (const name of Object.keys(row)) this.#columns.add(name);
    this.#add(JSON.stringify(row));
  }

  /** Ends the writing; what is given reads the rows until `close`. */
  async finish(): Promise<SourceRows> {
    await this.#spool.close();
    const reader = new LineReader([this.#spool.path]);
    this.#reader = reader;
    return {
      columns: [...this.#columns],
      rowOf: (request) => {
        const text = reader.read({ file: 0, ...this.#placeOf(request) }).toString("utf8");
        const value = parseExactly(text)?.value;
        const columns = this.#tables[this.#firsts.lastUpTo(request)] ?? [];
        // What stands there was written above.
        return Array.isArray(value) ? rowOf(columns, value) : (value as Row);
      },
    };
  }

  close(): void {
    this.#spool.discard();
    this.#reader?.close();
  }

  #placeOf(row: number): { readonly start: number; readonly end: number } {
    const block = Math.floor(row / rowsPerStart);
    let start = this.#starts[block] ?? 0;
    for (let at = block * rowsPerStart; at < row; at += 1) start += this.#lengths.at(at) + 1;
    return { start, end: start + this.#lengths.at(row) };
  }

  #add(text: string): void {
    const { start, end } = this.#spool.write(text);
    if (this.#lengths.size % rowsPerStart === 0) this.#starts.push(start);
    this.#lengths.push(end - start);
  }
}
