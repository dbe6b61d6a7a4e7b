import { statSync } from "node:fs";

import { forEachLine, isBlank, type Line, withoutMark } from "../input/lines.ts";
import { LineTable } from "../input/line-table.ts";
import { LineReader } from "../results/line-reader.ts";
import type { AnswerCache, CachedAnswer } from "./answer-cache.ts";
import { appendAnswers, isDivider } from "./append.ts";
import { keyOf, readEntry } from "./entry.ts";
import { KeyIndex } from "./key-table.ts";
import { cachePlace } from "./place.ts";

/** Answers in a file. */
export interface CacheFile extends AnswerCache {
  /** Absolute, and free of links. */
  readonly file: string;
  /** How many requests it has an answer to. */
  readonly answers: number;
  /** Lines that could not be read and are left out: how many, and the number of the first, from 1. */
  readonly unreadable: { readonly lines: number; readonly first: number | undefined };
  /** In which line of the file an answer is, from 1; `undefined` where there is none. */
  lineOf(key: string): Promise<number | undefined>;
}

/**
 * Opens a file of answers, which is made where it is not there yet. It is JSON lines, one for each answer:
 * a hash of what was asked (`key`) and the result line (`line`). Of the answers only hashes and places are
 * kept in memory.
 *
 * Answers are only ever added, whole lines in one write, so that a kill at any moment leaves a file that can
 * be read, and two runs at once lose nothing of what each has. A line that cannot be read is left out.
 *
 * @throws {APIError} `invalid_target` for what is no file, or is in a folder that cannot be made
 * @throws the system's error when it cannot be read or written
 * @example
 * ```ts
 * import { BatchClient, openCacheFile, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const cache = await openCacheFile("cache/answers.jsonl");
 * await runBatch(client, { input: "requests.jsonl", cache });
 *
 * const later = await openCacheFile("cache/answers.jsonl");
 * const again = await runBatch(client, { input: "requests.jsonl", cache: later });
 * console.log(later.answers, again.cached, again.batches.length); // 3 3 0
 * ```
 */
export async function openCacheFile(
  path: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<CacheFile> {
  const cache = new FileOfAnswers(cachePlace(path));
  await cache.catchUp(signal);
  return cache;
}

class FileOfAnswers implements CacheFile {
  readonly file: string;
  #index = new KeyIndex();
  #places = new LineTable();
  #unreadable: { lines: number; first: number | undefined } = { lines: 0, first: undefined };
  /** What has been read, up to the last line feed. */
  #read = { file: 0, lines: 0, bytes: 0 };
  /** Whether what follows the last line feed could not be read. */
  #torn = false;

  constructor(file: string) {
    this.file = file;
  }

  get answers(): number {
    return this.#index.size;
  }

  get unreadable(): CacheFile["unreadable"] {
    const { lines, first } = this.#unreadable;
    if (!this.#torn) return { lines, first };
    return { lines: lines + 1, first: first ?? this.#read.lines + 1 };
  }

  async lineOf(key: string): Promise<number | undefined> {
    const number = this.#numberOf(key);
    if (number === undefined) return undefined;
    const { start } = this.#places.place(number);
    let found: number | undefined;
    await forEachLine(this.file, (line) => {
      if (line.start <= start && start < line.end) found = line.number;
    });
    return found;
  }

  async *read(keys: Iterable<string>): AsyncGenerator<Uint8Array | undefined> {
    await this.catchUp();
    const reader = new LineReader([this.file]);
    try {
      for (const key of keys) yield this.#answerTo(key, reader);
    } finally {
      reader.close();
    }
  }

  append(answers: Iterable<CachedAnswer>): void {
    appendAnswers(this.file, answers);
  }

  /** Reads what has been added since, by this run or another. */
  async catchUp(signal?: AbortSignal): Promise<void> {
    const { ino, size } = statSync(this.file);
    if (ino !== this.#read.file || size < this.#read.bytes) this.#forget(ino);
    const { lines, bytes } = this.#read;
    this.#torn = false;
    const onLine = (line: Line) => {
      this.#take(line, lines + line.number);
    };
    if (size > bytes) await forEachLine(this.file, onLine, signal, bytes);
  }

  /** Another file has taken the place of the one that was read. */
  #forget(file: number): void {
    this.#index = new KeyIndex();
    this.#places = new LineTable();
    this.#unreadable = { lines: 0, first: undefined };
    this.#read = { file, lines: 0, bytes: 0 };
  }

  #take(line: Line, number: number): void {
    const whole = line.end - line.start > line.bytes.length;
    // A line that is still being written is read again when it is whole.
    if (whole) {
      this.#read.lines = number;
      this.#read.bytes = line.end;
    }
    const { bytes, start } = withoutMark(line);
    if (isBlank(bytes) || isDivider(bytes)) return;
    const entry = readEntry(bytes, whole);
    if (entry !== undefined) this.#place(entry.key, start, start + bytes.length);
    else if (whole) {
      this.#unreadable.lines += 1;
      this.#unreadable.first ??= number;
    } else this.#torn = true;
  }

  /** Of several answers to one request the last stands. */
  #place(key: Uint8Array, start: number, end: number): void {
    const present = this.#index.add(key);
    if (present === undefined) this.#places.add(0, start, end);
    else this.#places.set(present, { file: 0, start, end });
  }

  #numberOf(text: string): number | undefined {
    const key = keyOf(text);
    return key && this.#index.numberOf(key);
  }

  /** The file may have become another one meanwhile: what stands at the place has to be of the key. */
  #answerTo(text: string, reader: LineReader): Uint8Array | undefined {
    const key = keyOf(text);
    const number = key && this.#index.numberOf(key);
    if (key === undefined || number === undefined) return undefined;
    const entry = readEntry(reader.read(this.#places.place(number)), true);
    return entry?.key.equals(key) === true ? entry.line : undefined;
  }
}
