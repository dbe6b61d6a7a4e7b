import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";

const bufferBytes = 1024 * 1024;
const lineFeed = 10;

/**
 * Writes lines to a temporary name beside the target; the target appears, whole, on `commit`.
 * Nothing is left behind after `discard`.
 */
export class LineWriter {
  /** The absolute path that `commit` makes. */
  readonly path: string;
  readonly #partial: string;
  readonly #handle: number;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #held = 0;
  #closed = false;

  /** @throws the system's error when the folder or file cannot be made */
  constructor(target: string) {
    this.path = resolve(target);
    this.#partial = `${this.path}.${randomUUID()}.partial`;
    mkdirSync(dirname(this.path), { recursive: true });
    this.#handle = openSync(this.#partial, "w");
  }

  /** Adds a line, or several whole ones; a line feed is put behind where there is none. */
  write(bytes: Uint8Array): void {
    const ended = bytes.at(-1) === lineFeed;
    if (this.#held + bytes.length + 1 > bufferBytes) this.#flush();
    if (bytes.length + 1 > bufferBytes) {
      writeAll(this.#handle, bytes);
      if (!ended) writeAll(this.#handle, Buffer.from([lineFeed]));
      return;
    }
    this.#buffer.set(bytes, this.#held);
    this.#held += bytes.length;
    if (!ended) {
      this.#buffer[this.#held] = lineFeed;
      this.#held += 1;
    }
  }

  commit(): void {
    this.#flush();
    // A name that is there after a power cut must not stand for bytes that are not.
    fsyncSync(this.#handle);
    closeSync(this.#handle);
    this.#closed = true;
    renameSync(this.#partial, this.path);
  }

  /** Also good after a commit, of which it leaves the file. */
  discard(): void {
    if (!this.#closed) closeSync(this.#handle);
    this.#closed = true;
    rmSync(this.#partial, { force: true });
  }

  #flush(): void {
    writeAll(this.#handle, this.#buffer.subarray(0, this.#held));
    this.#held = 0;
  }
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
}
