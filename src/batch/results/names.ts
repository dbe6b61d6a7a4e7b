import type { ResultBook } from "./book.ts";
import { customIdOf } from "./line.ts";
import { LineReader } from "./line-reader.ts";

/** Reads the `custom_id`s of requests where they stand: in a result line, or in the input. */
export class NameReader {
  readonly #book: ResultBook;
  readonly #results: LineReader;
  readonly #input: LineReader;

  constructor(book: ResultBook, results: LineReader) {
    this.#book = book;
    this.#results = results;
    this.#input = new LineReader(book.input?.files ?? []);
  }

  /**
   * `undefined` where the input has been changed or removed since it was read. What stands there now
   * may be anything: only an id that the request had is taken.
   */
  nameOf(request: number): string | undefined {
    const { input, lines } = this.#book;
    const line = this.#book.namedBy(request);
    if (line !== undefined) return customIdOf(this.#results.read(lines.place(line)));
    if (input === undefined) return undefined;
    const bytes = this.#input.readIfThere(input.lines.place(request));
    const id = bytes && customIdOf(bytes);
    return id !== undefined && input.ids.numberOf(id) === request ? id : undefined;
  }

  close(): void {
    this.#input.close();
  }
}
