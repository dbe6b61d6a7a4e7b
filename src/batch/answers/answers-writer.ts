import type { Absence, ResultBook } from "../results/book.ts";
import { LineReader } from "../results/line-reader.ts";
import { LineWriter } from "../results/line-writer.ts";
import { entriesOf, type Order } from "../results/order.ts";
import { answerOfAbsent } from "./answer.ts";
import type { AnswerFormat, Layout, PutRow } from "./format.ts";
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
  readonly #kept: LineReader;
  readonly #put: PutRow;

  constructor(book: ResultBook, order: Order, { path, format }: AnswersTarget) {
    this.#book = book;
    this.#format = format;
    this.#kept = new LineReader(book.answerPaths);
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

  /** @param request `undefined` for a line of no known request */
  line(line: number, request: number | undefined): void {
    const { answers } = this.#book;
    this.#add(this.#kept.read(answers.place(line)), answers.tag(line), request);
  }

  /** A request without a line; its name is `undefined` where it cannot be read any more. */
  absent(customId: string | undefined, absence: Absence, request: number): void {
    const { text, shape } = this.#format.keep(answerOfAbsent(customId, absence));
    this.#add(Buffer.from(text), shape, request);
  }

  close(): void {
    this.#kept.close();
  }

  #add(bytes: Uint8Array, shape: number, request: number | undefined): void {
    const rows = this.#book.input?.rows;
    const row = rows === undefined || request === undefined ? undefined : rows.rowOf(request);
    this.#put(bytes, shape, row);
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
