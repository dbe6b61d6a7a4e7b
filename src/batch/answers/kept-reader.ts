import { readFileSync, statSync } from "node:fs";

import type { LinePlace } from "../input/line-table.ts";
import { LineReader } from "../results/line-reader.ts";

/** What is kept of answers whose texts stand in their lines is little, and is read in another order. */
const maxInMemory = 16 * 1024 * 1024;

/** Reads what was kept of answers, in any order; small files at once. */
export class KeptReader {
  readonly #paths: readonly string[];
  readonly #reader: LineReader;
  readonly #whole = new Map<number, Buffer | undefined>();
  #inMemory = 0;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.#reader = new LineReader(paths);
  }

  /** The bytes at a place, good until the next call. */
  read(place: LinePlace): Buffer {
    return this.#wholeOf(place.file)?.subarray(place.start, place.end) ?? this.#reader.read(place);
  }

  close(): void {
    this.#reader.close();
    this.#whole.clear();
  }

  #wholeOf(file: number): Buffer | undefined {
    if (this.#whole.has(file)) return this.#whole.get(file);
    const path = this.#paths[file] ?? "";
    const { size } = statSync(path);
    const fits = this.#inMemory + size <= maxInMemory;
    const whole = fits ? readFileSync(path) : undefined;
    if (fits) this.#inMemory += size;
    this.#whole.set(file, whole);
    return whole;
  }
}
