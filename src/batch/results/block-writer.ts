import { writeSync } from "node:fs";

const blockBytes = 1024 * 1024;
/** UTF-8 takes at most three bytes for a unit of a text. */
const bytesPerUnit = 3;

/** Writes to an open file what comes in pieces, in large blocks. */
export class BlockWriter {
  readonly #handle: number;
  readonly #failed: (cause: unknown) => Error;
  readonly #block = Buffer.allocUnsafe(blockBytes);
  #held = 0;

  /** @param failed makes the error of a block that could not be written */
  constructor(handle: number, failed: (cause: unknown) => Error) {
    this.#handle = handle;
    this.#failed = failed;
  }

  /**
   * Adds bytes, or a text, as they are.
   *
   * @returns how many bytes that is
   */
  put(bytes: Uint8Array | string): number {
    const most = typeof bytes === "string" ? bytes.length * bytesPerUnit : bytes.length;
    if (this.#held + most > blockBytes) this.flush();
    if (most > blockBytes) {
      const long = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
      this.#writeAll(long);
      return long.length;
    }
    if (typeof bytes !== "string") this.#block.set(bytes, this.#held);
    const length = typeof bytes === "string" ? this.#block.write(bytes, this.#held) : bytes.length;
    this.#held += length;
    return length;
  }

  /** Writes what is held. */
  flush(): void {
    const bytes = this.#block.subarray(0, this.#held);
    this.#held = 0;
    this.#writeAll(bytes);
  }

  #writeAll(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#handle, bytes, at);
    } catch (error) {
      throw this.#failed(error);
    }
  }
}
