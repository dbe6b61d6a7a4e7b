import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";

const bufferBytes = 1024 * 1024;

/**
 * Writes lines to a temporary name beside the target; the target appears, whole, on `commit`.
 * Nothing is left behind after `discard`.
 */
export class LineWriter {
  /** The absolute path that `commit` makes. */
  readonly path: string;
  readonly #partial: string;
  readonly #handle: FileHandle;
  #held: Buffer[] = [];
  #heldBytes = 0;

  private constructor(path: string, partial: string, handle: FileHandle) {
    this.path = path;
    this.#partial = partial;
    this.#handle = handle;
  }

  static async open(target: string): Promise<LineWriter> {
    const path = resolve(target);
    const partial = `${path}.${process.pid}.partial`;
    await mkdir(dirname(path), { recursive: true });
    return new LineWriter(path, partial, await open(partial, "w"));
  }

  /** Adds a line; `bytes` must stay as they are until the promise resolves or the next `flush`. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#held.push(Buffer.from(bytes), newline);
    this.#heldBytes += bytes.length + 1;
    if (this.#heldBytes >= bufferBytes) await this.#flush();
  }

  async commit(): Promise<void> {
    await this.#flush();
    await this.#handle.close();
    await rename(this.#partial, this.path);
  }

  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#partial, { force: true });
  }

  async #flush(): Promise<void> {
    if (this.#held.length === 0) return;
    const held = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    await this.#handle.writeFile(held);
  }
}

const newline = Buffer.from("\n");
