import { randomUUID } from "node:crypto";
import { openSync, rmSync } from "node:fs";
import { join } from "node:path";

import { LineTable } from "../input/line-table.ts";
import { BlockWriter } from "../results/block-writer.ts";
import { answersNotKept } from "../results/disk-error.ts";

/**
 * Texts kept on disk in the order in which they come, each with a small number. The file can be read by
 * nobody else, and is there until `remove`.
 */
export class TextSpool {
  readonly path: string;
  /** Where each text is, by its number, with its tag. */
  readonly places = new LineTable();
  readonly #folder: string;
  /** Made with the first text. */
  #blocks: BlockWriter | undefined;
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
    this.#blocks ??= this.#open();
    this.#end += this.#blocks.put(both);
    this.places.add(0, start, this.#end, tag);
    // As many bytes as units are ASCII, where both are counted alike.
    return this.#end - start === both.length ? first.length : Buffer.byteLength(first);
  }

  /** Has all texts on disk. */
  async flush(): Promise<void> {
    await this.#blocks?.flush();
  }

  remove(): void {
    if (this.#blocks === undefined) return;
    this.#blocks.close();
    this.#blocks = undefined;
    rmSync(this.path, { force: true });
  }

  #open(): BlockWriter {
    const failed = (cause: unknown) => answersNotKept(this.#folder, cause);
    try {
      const handle = openSync(this.path, "wx", 0o600);
      return new BlockWriter({ handle, kind: "temporary", failed });
    } catch (error) {
      throw failed(error);
    }
  }
}
