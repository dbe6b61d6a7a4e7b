import { closeSync, openSync, readSync } from "node:fs";

import type { LinePlace } from "../input/line-table.ts";
import { isOfSystem } from "./disk-error.ts";

const firstBytes = 64 * 1024;
/** So much is read at once of lines that stand one behind the other. */
const aheadBytes = 256 * 1024;

/** Reads lines of several files by their places; files are opened once, at their first line. */
export class LineReader {
  readonly #paths: readonly string[];
  readonly #handles = new Map<number, number>();
  readonly #missing = new Set<number>();
  #buffer = Buffer.allocUnsafe(firstBytes);
  /** What of which file is in the buffer. */
  #held = { file: -1, start: 0, end: 0 };
  /** Behind the last line that was read. */
  #last = { file: -1, end: 0 };

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** The bytes at a place, good until the next call. */
  read({ file, start, end }: LinePlace): Buffer {
    const held = this.#held;
    if (held.file !== file || start < held.start || end > held.end) {
      this.#fill({ file, start, end });
    }
    this.#last = { file, end };
    const from = start - this.#held.start;
    return this.#buffer.subarray(from, from + Math.min(end, this.#held.end) - start);
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

  /** Reads a line, and more behind it where it follows the one before. */
  #fill({ file, start, end }: LinePlace): void {
    const gap = start - this.#last.end;
    const follows = this.#last.file === file && gap >= 0 && gap <= aheadBytes;
    const wanted = end - start;
    const length = follows ? Math.max(aheadBytes, wanted) : wanted;
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafe(length * 2);
    this.#held = { file: -1, start, end: start };
    const handle = this.#handle(file);
    let have = 0;
    while (have < wanted) {
      const more = readSync(handle, this.#buffer, have, length - have, start + have);
      if (more === 0) break;
      have += more;
    }
    this.#held = { file, start, end: start + have };
  }

  #handle(file: number): number {
    const open = this.#handles.get(file);
    if (open !== undefined) return open;
    const handle = openSync(this.#paths[file] ?? "", "r");
    this.#handles.set(file, handle);
    return handle;
  }
}
