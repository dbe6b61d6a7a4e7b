import { randomUUID } from "node:crypto";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

import { LineTable } from "../input/line-table.ts";
import { answersNotKept } from "../results/disk-error.ts";

const bufferBytes = 1024 * 1024;
/** UTF-8 takes at most three bytes for a unit of a text. */
const bytesPerUnit = 3;

/**
 * Texts kept on disk in the order in which they come, each with a small number. The file can be read by
 * nobody else, and is there until `remove`.
 */
export class Spool {
  readonly path: string;
  /** Where each text is, by its number, with its tag. */
  readonly places = new LineTable();
  readonly #folder: string;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #handle: number | undefined;
  #held = 0;
  #end = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, `batch-answers-${randomUUID()}.part`);
  }

  /**
   * Keeps two texts as one.
   *
   * @returns the number of bytes of the first
   */
  add(first: string, second: string, tag: number): number {
    const start = this.#end;
    const both = first + second;
    this.#put(both);
    this.places.add(0, start, this.#end, tag);
    // As many bytes as units are ASCII, where both are counted alike.
    return this.#end - start === both.length ? first.length : Buffer.byteLength(first);
  }

  /** Has all texts on disk. */
  flush(): void {
    if (this.#held === 0) return;
    this.#write(this.#buffer.subarray(0, this.#held));
    this.#held = 0;
  }

  remove(): void {
    if (this.#handle === undefined) return;
    closeSync(this.#handle);
    this.#handle = undefined;
    rmSync(this.path, { force: true });
  }

  #put(text: string): void {
    const most = text.length * bytesPerUnit;
    if (this.#held + most > bufferBytes) this.flush();
    if (most > bufferBytes) {
      const bytes = Buffer.from(text);
      this.#write(bytes);
      this.#end += bytes.length;
    } else {
      const length = this.#buffer.write(text, this.#held);
      this.#held += length;
      this.#end += length;
    }
  }

  #write(bytes: Uint8Array): void {
    try {
      this.#handle ??= openSync(this.path, "wx", 0o600);
      for (let at = 0; at < bytes.length;) at += writeSync(this.#handle, bytes, at);
    } catch (error) {
      throw answersNotKept(this.#folder, error);
    }
  }
}
