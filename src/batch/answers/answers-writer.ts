import type { Absence, ResultBook } from "../results/book.ts";
import { LineReader } from "../results/line-reader.ts";
import { LineWriter } from "../results/line-writer.ts";
import { entriesOf, type Order } from "../results/order.ts";
import { answerOfAbsent } from "./answer.ts";
import type { AnswerFormat, KeptBytes, Layout, PutRow } from "./format.ts";
import { KeptReader } from "./kept-reader.ts";
import { noShape } from "./key-shapes.ts";

/** The file that answers go to. */
export interface AnswersTarget {
  readonly path: string;
  readonly format: AnswerFormat;
}

/** Writes a row for each request, from what was kept when its line was parsed. */
export class AnswersWriter {
  readonly file: LineWriter;
  rows = 0;
  readonly #book: ResultBook;
  readonly #format: AnswerFormat;
  readonly #kept: KeptReader;
  readonly #results: LineReader;
  readonly #put: PutRow;

  constructor(book: ResultBook, order: Order, { path, format }: AnswersTarget) {
    this.#book = book;
    this.#format = format;
    this.#kept = new KeptReader(book.answerPaths);
    this.#results = new LineReader(book.paths);
    const layout = layoutOf(book, order);
    const file = (this.file = new LineWriter(path));
    const put = file.put.bind(file);
    try {
      this.#put = format.begin(put, layout);
    } catch (error) {
      file.discard();
      throw error;
    }
  }

  /**
   * @param request `undefined` for a line of no known request
   * @param bytes of the line, where it has been read
   */
  line(line: number, request: number | undefined, bytes: Uint8Array | undefined): void {
    const { answers, texts } = this.#book;
    const kept = this.#kept.read(answers.place(line));
    const [at, shape] = [texts.tag(line), answers.tag(line)];
    const text = this.#textOf(line, bytes);
    this.#add({ before: kept.subarray(0, at), text, after: kept.subarray(at), shape }, request);
  }

  /** The text of an answer where it stands in its line. */
  #textOf(line: number, bytes: Uint8Array | undefined): Uint8Array | undefined {
    const { lines, texts } = this.#book;
    const place = texts.place(line);
    if (place.end === place.start) return undefined;
    if (bytes === undefined) return this.#results.read(place);
    const { start } = lines.place(line);
    return bytes.subarray(place.start - start, place.end - start);
  }

  /** A request without a line; its name is `undefined` where it cannot be read any more. */
  absent(customId: string | undefined, absence: Absence, request: number): void {
    const { before, after, shape } = this.#format.keep(answerOfAbsent(customId, absence));
    const kept = { before: Buffer.from(before), text: undefined, after: Buffer.from(after), shape };
    this.#add(kept, request);
  }

  close(): void {
    this.#kept.close();
    this.#results.close();
  }

  #add(kept: KeptBytes, request: number | undefined): void {
    const rows = this.#book.input?.rows;
    const row = rows === undefined || request === undefined ? undefined : rows.rowOf(request);
    this.#put(kept, row);
    this.rows += 1;
  }
}

/** Known before the first row is written, since the shape of each answer is kept in memory. */
function layoutOf(book: ResultBook, order: Order): Layout {
  const shapes = new Set<number>();
  if (hasShapes(book)) {
    for (const { line } of entriesOf(book, order)) {
      const shape = line === undefined ? noShape : book.answers.tag(line);
      if (shape !== noShape) shapes.add(shape);
    }
  }
  return { columns: book.input?.rows?.columns, shapes: [...shapes] };
}

function hasShapes({ answers }: ResultBook): boolean {
  for (let line = 0; line < answers.size; line += 1) {
    if (answers.tag(line) !== noShape) return true;
  }
  return false;
}
