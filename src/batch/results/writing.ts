import { rmSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";

import { type AnswersTarget, AnswersWriter } from "../answers/answers-writer.ts";
import type { Absence, ResultBook } from "./book.ts";
import { writingFailed } from "./disk-error.ts";
import { LineReader } from "./line-reader.ts";
import { LineWriter } from "./line-writer.ts";
import { NameReader } from "./names.ts";
import { entriesOf, type Order } from "./order.ts";
import { placeOf } from "./place.ts";

const entriesAtOnce = 64;

/** Where results go, and in which order. */
export interface WriteOptions {
  /** Where the answers of requests that succeeded are written; optional. */
  readonly outputFile?: string | undefined;
  /** Where all else is written, one line a request; optional. It is there only when something is in it. */
  readonly errorFile?: string | undefined;
  /** The order of the lines; defaults to `input` where the input is at hand, else `completion`. */
  readonly order?: Order | undefined;
}

/** What was written. */
export interface Written {
  readonly outputFile: string | undefined;
  /** `undefined` where there was nothing to write. */
  readonly errorFile: string | undefined;
  readonly answersFile: string | undefined;
  /** Lines in the output file and in the error file, and rows in the file of answers. */
  readonly lines: { readonly output: number; readonly error: number; readonly answers: number };
  /** Requests of which the error file tells nothing, because their names could not be read any more. */
  readonly unnamed: number;
  /** Answers in JSON of which some keys have no column in the file of answers. */
  readonly keysLeftOut: number;
}

/**
 * Writes answers to one file and all else to another, and a row for each request to a third; all appear
 * whole, or none. An error file of an earlier run is removed when there is nothing to write to it.
 *
 * @param answers where the rows go; the answers of the book's lines have been kept then
 * @throws an error that names the path when a file cannot be written
 */
export async function writeResults(
  book: ResultBook,
  {
    outputFile,
    errorFile,
    order = book.input === undefined ? "completion" : "input",
  }: WriteOptions,
  answers?: AnswersTarget,
): Promise<Written> {
  const output = outputFile === undefined ? undefined : new LineWriter(outputFile);
  const errors = errorFile === undefined ? undefined : new LazyWriter(errorFile);
  let table: AnswersWriter | undefined;
  try {
    table = answers === undefined ? undefined : new AnswersWriter(book, order, answers);
    const unnamed = await writeLines(book, { output, errors, table, order });
    const files = [errors, output, table?.file];
    // What can still go wrong does so before the first of them appears.
    const ends = await Promise.allSettled(files.map(async (file) => file?.finish()));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    for (const file of files) file?.commit();
    return {
      outputFile: output?.path,
      errorFile: errors?.path,
      answersFile: table?.file.path,
      lines: { output: output?.lines ?? 0, error: errors?.lines ?? 0, answers: table?.rows ?? 0 },
      unnamed,
      keysLeftOut: answers?.format.leftOut() ?? 0,
    };
  } catch (error) {
    for (const file of [output, errors, table?.file]) file?.discard();
    throw error;
  } finally {
    table?.close();
  }
}

/** A writer that makes its file at the first line. */
class LazyWriter {
  readonly #target: string;
  #writer: LineWriter | undefined;

  constructor(target: string) {
    this.#target = target;
  }

  get path(): string | undefined {
    return this.#writer?.path;
  }

  get lines(): number {
    return this.#writer?.lines ?? 0;
  }

  write(bytes: Uint8Array): void {
    this.#writer ??= new LineWriter(this.#target);
    this.#writer.write(bytes);
  }

  async finish(): Promise<void> {
    await this.#writer?.finish();
  }

  commit(): void {
    if (this.#writer === undefined) removeEarlier(this.#target);
    else this.#writer.commit();
  }

  discard(): void {
    this.#writer?.discard();
  }
}

/** A file of failures that is there must mean that something failed. */
function removeEarlier(target: string): void {
  try {
    const { path, kind } = placeOf(target);
    if (kind === "file") rmSync(path, { force: true });
  } catch (error) {
    throw writingFailed(target, error);
  }
}

interface LineWriting {
  readonly output: Pick<LineWriter, "write"> | undefined;
  readonly errors: Pick<LineWriter, "write"> | undefined;
  readonly table: AnswersWriter | undefined;
  readonly order: Order;
}

async function writeLines(
  book: ResultBook,
  { output, errors, table, order }: LineWriting,
): Promise<number> {
  const results = new LineReader(book.paths);
  const names = new NameReader(book, results);
  let unnamed = 0;
  let entries = 0;
  try {
    for (const { line, request } of entriesOf(book, order)) {
      entries += 1;
      // What other threads have written is heard of in a turn of its own.
      if (entries % entriesAtOnce === 0) await nextTurn();
      if (line !== undefined) {
        const target = isAnswerOf(book, line, request) ? output : errors;
        const bytes = target === undefined ? undefined : results.read(book.lines.place(line));
        if (bytes !== undefined) target?.write(bytes);
        // A line of no request of the input is no request's row.
        if (request !== undefined || book.input === undefined) table?.line(line, request, bytes);
      } else if (request !== undefined && (errors !== undefined || table !== undefined)) {
        const name = names.nameOf(request);
        const absence = book.absenceOf(request);
        if (name !== undefined) errors?.write(absentLine(name, absence));
        else if (errors !== undefined) unnamed += 1;
        table?.absent(name, absence, request);
      }
    }
    return unnamed;
  } finally {
    names.close();
    results.close();
  }
}

/** Of a line that names no request of the input nobody knows what it answers. */
function isAnswerOf(book: ResultBook, line: number, request: number | undefined): boolean {
  return (request !== undefined || book.input === undefined) && book.isAnswer(line);
}

function absentLine(customId: string, { code, message }: Absence): Buffer {
  return Buffer.from(
    JSON.stringify({ id: null, custom_id: customId, response: null, error: { code, message } }),
  );
}
