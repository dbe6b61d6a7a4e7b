import { Buffer } from "node:buffer";

const NEWLINE = 0x0a;

/** Where a line lies in its file: `start` inclusive, `end` exclusive and without the newline. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The content of a file as a list of chunks. A 200 MB upload is never copied into one buffer: it stays in the pieces in
 * which it arrived.
 *
 * @example
 * ```ts
 * import { Bytes } from "openai-batch-action/simulator";
 *
 * const bytes = Bytes.from(["one\n", "two"].map((text) => new TextEncoder().encode(text)));
 * console.log(bytes.size, [...bytes.lines()].length); // 7 2
 * console.log(bytes.read(4).toString("utf8")); // two
 * ```
 */
export class Bytes {
  /** Length in bytes. */
  readonly size: number;
  readonly #chunks: readonly Buffer[];
  readonly #starts: readonly number[];

  private constructor(chunks: readonly Buffer[]) {
    const starts: number[] = [];
    let size = 0;
    for (const chunk of chunks) {
      starts.push(size);
      size += chunk.length;
    }
    this.#chunks = chunks;
    this.#starts = starts;
    this.size = size;
  }

  /** Wraps text (as UTF-8), one byte array, or the chunks of a file in their order. Byte arrays are not copied. */
  static from(source: string | Uint8Array | readonly Uint8Array[]): Bytes {
    if (typeof source === "string") return new Bytes([Buffer.from(source)]);
    const parts = source instanceof Uint8Array ? [source] : source;
    return new Bytes(parts.filter((part) => part.length > 0).map(asBuffer));
  }

  /** The bytes from `start` up to and without `end`, chunk by chunk. */
  *range(start = 0, end = this.size): Generator<Buffer, void, undefined> {
    for (let index = this.#chunkAt(start); index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index];
      const offset = this.#starts[index];
      if (chunk === undefined || offset === undefined || offset >= end) return;
      const part = chunk.subarray(Math.max(0, start - offset), end - offset);
      if (part.length > 0) yield part;
    }
  }

  /** The bytes from `start` up to and without `end` as one buffer. */
  read(start = 0, end = this.size): Buffer {
    const parts = [...this.range(start, end)];
    const [only] = parts;
    return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
  }

  /** The whole content as UTF-8 text. A byte order mark is kept. */
  text(): string {
    return this.read().toString("utf8");
  }

  /** Every line's place. The end of the file ends the last line; a final newline begins no further one. */
  *lines(): Generator<LineSpan, void, undefined> {
    let start = 0;
    for (const [index, chunk] of this.#chunks.entries()) {
      const offset = this.#starts[index] ?? 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
        yield { start, end: offset + at };
        start = offset + at + 1;
      }
    }
    if (start < this.size) yield { start, end: this.size };
  }

  #chunkAt(position: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Gathers text into chunks of a good size: one buffer for each of 50,000 lines would be slow to send. */
export class BytesBuilder {
  readonly #chunks: Buffer[] = [];
  #pending: string[] = [];
  #pendingLength = 0;
  #empty = true;

  /** Whether nothing was appended so far. */
  get empty(): boolean {
    return this.#empty;
  }

  append(text: string): void {
    this.#empty = false;
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= 1 << 18) this.#flush();
  }

  /** Everything appended so far. */
  build(): Bytes {
    this.#flush();
    return Bytes.from(this.#chunks);
  }

  #flush(): void {
    if (this.#pendingLength === 0) return;
    this.#chunks.push(Buffer.from(this.#pending.join("")));
    this.#pending = [];
    this.#pendingLength = 0;
  }
}

function asBuffer(part: Uint8Array): Buffer {
  return Buffer.isBuffer(part) ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}
