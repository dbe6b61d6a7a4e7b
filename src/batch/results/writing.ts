import { rmSync } from "node:fs";

import type { Absence, ResultBook } from "./book.ts";
import { writingFailed } from "./disk-error.ts";
import { LineReader } from "./line-reader.ts";
import { LineWriter } from "./line-writer.ts";
import { NameReader } from "./names.ts";
import { placeOf } from "./place.ts";

/** Where results go, and in which order. */
export interface WriteOptions {
  /** Where the answers of requests that succeeded are written; optional. */
  readonly outputFile?: string | undefined;
  /** Where all else is written, one line a request; optional. It is there only when something is in it. */
  readonly errorFile?: string | undefined;
  /** The order of the lines; defaults to `input` where the input is at hand, else `completion`. */
  readonly order?: "input" | "completion" | undefined;
}

/** What was written. */
export interface Written {
  readonly outputFile: string | undefined;
  /** `undefined` where there was nothing to write. */
  readonly errorFile: string | undefined;
  /** Lines in the output file and in the error file. */
  readonly lines: { readonly output: number; readonly error: number };
  /** Requests of which the error file tells nothing, because their names could not be read any more. */
  readonly unnamed: number;
}

/**
 * Writes answers to one file and all else to the other; both appear whole, or neither. An error file
 * of an earlier run is removed when there is nothing to write to it.
 *
 * @throws an error that names the path when a file cannot be written
 */
export function writeResults(
  book: ResultBook,
  {
    outputFile,
    errorFile,
    order = book.input === undefined ? "completion" : "input",
  }: WriteOptions,
): Written {
  const output = outputFile === undefined ? undefined : new LineWriter(outputFile);
  const errors = errorFile === undefined ? undefined : new LazyWriter(errorFile);
  try {
    const unnamed = writeLines(book, { output, errors, order });
    errors?.commit();
    output?.commit();
    return {
      outputFile: output?.path,
      errorFile: errors?.path,
      lines: { output: output?.lines ?? 0, error: errors?.lines ?? 0 },
      unnamed,
    };
  } catch (error) {
    output?.discard();
    errors?.discard();
    throw error;
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

interface Writing {
  readonly output: Pick<LineWriter, "write"> | undefined;
  readonly errors: Pick<LineWriter, "write"> | undefined;
  readonly order: "input" | "completion";
}

function writeLines(book: ResultBook, { output, errors, order }: Writing): number {
  const results = new LineReader(book.paths);
  const names = new NameReader(book, results);
  const copy = (line: number, target: Writing["output"]) => {
    target?.write(results.read(book.lines.place(line)));
  };
  let unnamed = 0;
  try {
    if (order === "completion") {
      for (const line of standing(book)) copy(line, book.isAnswer(line) ? output : errors);
    }
    for (let request = 0; request < book.requests; request += 1) {
      const line = book.lineOf(request);
      if (line !== undefined) {
        if (order === "input") copy(line, book.isAnswer(line) ? output : errors);
      } else if (errors !== undefined) {
        const name = names.nameOf(request);
        if (name === undefined) unnamed += 1;
        else errors.write(absentLine(name, book.absenceOf(request)));
      }
    }
    for (const line of book.strangers) {
      copy(line, book.input === undefined && book.isAnswer(line) ? output : errors);
    }
    return unnamed;
  } finally {
    names.close();
    results.close();
  }
}

/** The lines that stand for a request, in the order in which they came. */
function* standing(book: ResultBook): Generator<number> {
  const stands = new Uint8Array(book.lines.size);
  for (let request = 0; request < book.requests; request += 1) {
    const line = book.lineOf(request);
    if (line !== undefined) stands[line] = 1;
  }
  for (let line = 0; line < stands.length; line += 1) if (stands[line] === 1) yield line;
}

function absentLine(customId: string, { code, message }: Absence): Buffer {
  return Buffer.from(
    JSON.stringify({ id: null, custom_id: customId, response: null, error: { code, message } }),
  );
}
