import { closeSync, openSync, readSync } from "node:fs";

import type { LinePlace } from "../input/line-table.ts";
import { isOfSystem } from "./disk-error.ts";

/** Reads lines of several files by their places; files are opened once, at their first line. */
export class LineReader {
  readonly #paths: readonly string[];
  readonly #handles = new Map<number, number>();
  readonly #missing = new Set<number>();
  #buffer = Buffer.allocUnsafe(64 * 1024);

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** The bytes at a place, good until the next call. */
  read({ file, start, end }: LinePlace): Buffer {
    const length = end - start;
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafe(length * 2);
    const handle = this.#handle(file);
    let have = 0;
    while (have < length) {
      const more = readSync(handle, this.#buffer, have, length - have, start + have);
      if (more === 0) break;
      have += more;
    }
    return this.#buffer.subarray(0, have);
  }

  /** As `read`, of a file that others may have removed or replaced: `undefined` where it cannot be read. */
  readIfThere(place: LinePlace): Buffer | undefined {
    if (this.#missing.has(place.file)) return undefined;
    try {
      return this.read(place);
    } catch (error) {
      if (!isOfSystem(error)) throw error;
      this.#missing.add(place.file);
      return undefined;
    }
  }

  close(): void {
    for (const handle of this.#handles.values()) closeSync(handle);
    this.#handles.clear();
  }

  #handle(file: number): number {
    const open = this.#handles.get(file);
    if (open !== undefined) return open;
    const handle = openSync(this.#paths[file] ?? "", "r");
    this.#handles.set(file, handle);
    return handle;
  }
}
