import { randomUUID } from "node:crypto";
import { mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { BlockWriter } from "./block-writer.ts";
import { writingFailed } from "./disk-error.ts";
import { placeOf } from "./place.ts";

const lineFeed = 10;
const lineBreak = Buffer.of(lineFeed);

/**
 * Writes lines to a temporary name beside the target; the target appears, whole, on `commit`. The
 * target of a link is replaced and not the link; a device is written to. Nothing is left behind after
 * `discard`.
 */
export class LineWriter {
  /** The absolute path that was asked for. */
  readonly path: string;
  lines = 0;
  readonly #place: string;
  /** `undefined` for a device, which is written to at once. */
  readonly #partial: string | undefined;
  readonly #blocks: BlockWriter;

  /** @throws an error that names the path when the folder or file cannot be made */
  constructor(target: string) {
    this.path = resolve(target);
    const { path, kind } = placeOf(this.path);
    this.#place = path;
    // A name of its own length, so that a target with a long name can have one beside it.
    this.#partial = kind === "device" ? undefined : join(dirname(path), `.${randomUUID()}.partial`);
    const partial = this.#partial;
    const handle = this.#try(() => {
      if (partial === undefined) return openSync(path, "w");
      mkdirSync(dirname(path), { recursive: true });
      return openSync(partial, "w");
    });
    this.#blocks = new BlockWriter({
      handle,
      // A name that is there after a power cut must not stand for bytes that are not.
      kind: partial === undefined ? "stream" : "lasting",
      failed: (cause) => writingFailed(this.path, cause),
    });
  }

  /** Adds one line; a line feed is put behind where there is none. */
  write(bytes: Uint8Array): void {
    this.lines += 1;
    this.#blocks.put(bytes);
    if (bytes.at(-1) !== lineFeed) this.#blocks.put(lineBreak);
  }

  /** Adds bytes, or a text that is not long, as they are. */
  put(bytes: Uint8Array | string): void {
    this.#blocks.put(bytes);
  }

  /** Has everything on disk, so that nothing but the name is left to be made. */
  async finish(): Promise<void> {
    await this.#blocks.flush();
    this.#try(() => {
      this.#blocks.close();
    });
  }

  /** After `finish`. */
  commit(): void {
    const partial = this.#partial;
    this.#try(() => {
      if (partial !== undefined) renameSync(partial, this.#place);
    });
  }

  /** Also good after a commit, of which it leaves the file. */
  discard(): void {
    this.#blocks.close();
    if (this.#partial !== undefined) rmSync(this.#partial, { force: true });
  }

  #try<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw writingFailed(this.path, error);
    }
  }
}
