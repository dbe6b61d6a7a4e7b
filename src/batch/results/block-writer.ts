import { closeSync, fdatasync, write, writeSync } from "node:fs";
import { promisify } from "node:util";

const writeAside = promisify(write);
const bringToDisk = promisify(fdatasync);
const blockBytes = 1024 * 1024;
/** So much is left to other threads at once; a further block is written before anything is added. */
const maxAside = 2;
/** A file that has to last is brought to disk in pieces of this size while more is written. */
const pieceBytes = 8 * 1024 * 1024;
/** UTF-8 takes at most three bytes for a unit of a text. */
const bytesPerUnit = 3;

/** What blocks are written to. */
export interface BlockTarget {
  /** Open; the writer closes it. */
  readonly handle: number;
  /**
   * A `stream` takes one byte behind the other and keeps none. What is in a `lasting` file after `flush` is
   * still there after a power cut.
   */
  readonly kind: "stream" | "temporary" | "lasting";
  /** Makes the error of what could not be written. */
  readonly failed: (cause: unknown) => Error;
  /** Takes all that is written, in its order; it must not keep it. */
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined;
}

/**
 * Writes what comes in pieces to an open file, from its beginning. Other threads write a block while the
 * next one is filled; that it could not be written is thrown with a later one, or by `flush`.
 */
export class BlockWriter {
  readonly #target: BlockTarget;
  readonly #aside = new Set<Promise<void>>();
  readonly #free: Buffer[] = [];
  #block: Buffer = Buffer.allocUnsafe(blockBytes);
  #held = 0;
  /** Where in the file the block that is being filled belongs. */
  #position = 0;
  /** How much of the file has been brought to disk, or is on the way to it. */
  #lasting = 0;
  #failure: Error | undefined;
  #closed = false;

  constructor(target: BlockTarget) {
    this.#target = target;
  }

  /**
   * Adds bytes, or a text, as they are.
   *
   * @returns how many bytes that is
   */
  put(bytes: Uint8Array | string): number {
    const most = typeof bytes === "string" ? bytes.length * bytesPerUnit : bytes.length;
    if (this.#held + most > blockBytes) this.#send();
    if (most > blockBytes) {
      const long = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
      this.#target.onBytes?.(long);
      this.#writeNow(long);
      return long.length;
    }
    if (typeof bytes !== "string") this.#block.set(bytes, this.#held);
    const length = typeof bytes === "string" ? this.#block.write(bytes, this.#held) : bytes.length;
    this.#held += length;
    return length;
  }

  /** Has everything in the file. */
  async flush(): Promise<void> {
    this.#send();
    await Promise.all(this.#aside);
    if (this.#target.kind === "lasting") await this.#leave(bringToDisk(this.#target.handle));
    this.#throwFailure();
  }

  /** Closes the file, once nothing is on its way to it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#aside.size === 0) closeSync(this.#target.handle);
  }

  #send(): void {
    this.#throwFailure();
    const [block, length, at] = [this.#block, this.#held, this.#position];
    this.#held = 0;
    this.#target.onBytes?.(block.subarray(0, length));
    if (this.#target.kind === "stream" || this.#aside.size >= maxAside) {
      this.#writeNow(block.subarray(0, length));
      return;
    }
    void this.#leave(this.#writeAside(block, length));
    this.#position += length;
    this.#block = this.#free.pop() ?? Buffer.allocUnsafe(blockBytes);
    if (this.#target.kind === "lasting" && at - this.#lasting >= pieceBytes) {
      this.#lasting = at;
      void this.#leave(bringToDisk(this.#target.handle));
    }
  }

  async #writeAside(block: Buffer, length: number): Promise<void> {
    const start = this.#position;
    for (let at = 0; at < length;) {
      const { bytesWritten } = await writeAside(
        this.#target.handle,
        block,
        at,
        length - at,
        start + at,
      );
      at += bytesWritten;
    }
    this.#free.push(block);
  }

  /** Leaves something to other threads; the promise is never rejected. */
  #leave(work: Promise<void>): Promise<void> {
    const done = work
      .catch((error: unknown) => {
        this.#failure ??= this.#target.failed(error);
      })
      .then(() => {
        this.#aside.delete(done);
        if (this.#closed && this.#aside.size === 0) closeSync(this.#target.handle);
      });
    this.#aside.add(done);
    return done;
  }

  #writeNow(bytes: Uint8Array): void {
    const { handle, kind, failed } = this.#target;
    try {
      for (let at = 0; at < bytes.length;) {
        const position = kind === "stream" ? null : this.#position + at;
        at += writeSync(handle, bytes, at, bytes.length - at, position);
      }
    } catch (error) {
      throw failed(error);
    }
    this.#position += bytes.length;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
