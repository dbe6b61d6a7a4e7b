import { randomUUID } from "node:crypto";
import { closeSync, fsync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

import { writingFailed } from "./disk-error.ts";
import { placeOf } from "./place.ts";

const toDisk = promisify(fsync);
const bufferBytes = 1024 * 1024;
const lineFeed = 10;
/** UTF-8 takes at most three bytes for a unit of a text. */
const bytesPerUnit = 3;

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
  readonly #handle: number;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #held = 0;
  #closed = false;

  /** @throws an error that names the path when the folder or file cannot be made */
  constructor(target: string) {
    this.path = resolve(target);
    const { path, kind } = placeOf(this.path);
    this.#place = path;
    // A name of its own length, so that a target with a long name can have one beside it.
    this.#partial = kind === "device" ? undefined : join(dirname(path), `.${randomUUID()}.partial`);
    const partial = this.#partial;
    this.#handle = this.#try(() => {
      if (partial === undefined) return openSync(path, "w");
      mkdirSync(dirname(path), { recursive: true });
      return openSync(partial, "w");
    });
  }

  /** Adds one line; a line feed is put behind where there is none. */
  write(bytes: Uint8Array): void {
    this.lines += 1;
    const ended = bytes.at(-1) === lineFeed;
    if (this.#held + bytes.length + 1 > bufferBytes) this.#flush();
    if (bytes.length + 1 > bufferBytes) {
      this.#writeAll(bytes);
      if (!ended) this.#writeAll(Buffer.from([lineFeed]));
      return;
    }
    this.#buffer.set(bytes, this.#held);
    this.#held += bytes.length;
    if (!ended) {
      this.#buffer[this.#held] = lineFeed;
      this.#held += 1;
    }
  }

  /** Adds bytes, or a text that is not long, as they are. */
  put(bytes: Uint8Array | string): void {
    const most = typeof bytes === "string" ? bytes.length * bytesPerUnit : bytes.length;
    if (this.#held + most > bufferBytes) this.#flush();
    if (most > bufferBytes) {
      this.#writeAll(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    } else if (typeof bytes === "string") {
      this.#held += this.#buffer.write(bytes, this.#held);
    } else {
      this.#buffer.set(bytes, this.#held);
      this.#held += bytes.length;
    }
  }

  /** Has everything on disk, so that nothing but the name is left to be made. */
  async finish(): Promise<void> {
    this.#flush();
    try {
      // A name that is there after a power cut must not stand for bytes that are not.
      if (this.#partial !== undefined) await toDisk(this.#handle);
      closeSync(this.#handle);
      this.#closed = true;
    } catch (error) {
      throw writingFailed(this.path, error);
    }
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
    if (!this.#closed) closeSync(this.#handle);
    this.#closed = true;
    if (this.#partial !== undefined) rmSync(this.#partial, { force: true });
  }

  #flush(): void {
    this.#writeAll(this.#buffer.subarray(0, this.#held));
    this.#held = 0;
  }

  #writeAll(bytes: Uint8Array): void {
    this.#try(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#handle, bytes, at);
    });
  }

  #try<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw writingFailed(this.path, error);
    }
  }
}
