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

  add(text: string, tag: number): void {
    if (this.#held + text.length * bytesPerUnit > bufferBytes) this.flush();
    const start = this.#end;
    if (text.length * bytesPerUnit > bufferBytes) {
      const bytes = Buffer.from(text);
      this.#write(bytes);
      this.#end += bytes.length;
    } else {
      const length = this.#buffer.write(text, this.#held);
      this.#held += length;
      this.#end += length;
    }
    this.places.add(0, start, this.#end, tag);
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

  #write(bytes: Uint8Array): void {
    try {
      this.#handle ??= openSync(this.path, "wx", 0o600);
      for (let at = 0; at < bytes.length;) at += writeSync(this.#handle, bytes, at);
    } catch (error) {
      throw answersNotKept(this.#folder, error);
    }
  }
}
