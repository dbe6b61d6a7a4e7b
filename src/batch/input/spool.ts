import { closeSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";

import { messageOf } from "../../api/errors.ts";
import { isOfSystem } from "../results/disk-error.ts";

/** Where temporary files of one input lie; nobody else can read them. */
export interface SpoolFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder of its own below `parent`, which defaults to the system's. */
export async function openSpoolFolder(parent: string | undefined): Promise<SpoolFolder> {
  const path = await mkdtemp(join(parent ?? tmpdir(), "batch-input-"));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

const longestName = 60;

/** A name for the requests of a source: that of the source, so that an upload can be told. */
export function spoolName(source: string | undefined): string {
  return `${source === undefined ? "requests" : parse(source).name.slice(0, longestName)}.jsonl`;
}

const bufferBytes = 1024 * 1024;
/** The most bytes that a code unit of a text takes. */
const bytesPerUnit = 3;
const lineFeed = 10;

/** Writes lines to a file that only this user can read. */
export class Spool {
  readonly path: string;
  readonly #handle: number;
  readonly #onBytes: ((bytes: Uint8Array) => void) | undefined;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #held = 0;
  #written = 0;
  #open = true;

  /** @param onBytes takes all that is written, in its order; it must not keep it */
  constructor(path: string, onBytes?: (bytes: Uint8Array) => void) {
    this.path = path;
    this.#onBytes = onBytes;
    this.#handle = openSync(path, "wx", 0o600);
  }

  /** Adds a line; gives where it stands, without its line feed. */
  write(text: string): { readonly start: number; readonly end: number } {
    const most = text.length * bytesPerUnit + 1;
    if (this.#held + most > bufferBytes) this.#flush();
    const start = this.#written + this.#held;
    if (most > bufferBytes) {
      const bytes = Buffer.from(`${text}\n`);
      this.#writeAll(bytes);
      return { start, end: start + bytes.length - 1 };
    }
    this.#held += this.#buffer.write(text, this.#held, "utf8");
    const end = this.#written + this.#held;
    this.#buffer[this.#held] = lineFeed;
    this.#held += 1;
    return { start, end };
  }

  /** Writes what is held and closes the file. Also good when it is closed. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.#flush();
    } finally {
      closeSync(this.#handle);
    }
  }

  /** Closes the file without writing what is held, which is of no use any more. */
  discard(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#handle);
  }

  #flush(): void {
    const bytes = this.#buffer.subarray(0, this.#held);
    this.#held = 0;
    this.#writeAll(bytes);
  }

  #writeAll(bytes: Uint8Array): void {
    this.#onBytes?.(bytes);
    this.#written += bytes.length;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#handle, bytes, at);
    } catch (error) {
      throw notKept(this.path, error);
    }
  }
}

function notKept(path: string, cause: unknown): Error {
  const error = new Error(
    `The requests could not be kept in ${path}: ${messageOf(cause)}. Nothing was sent: make room, or choose another temporary folder.`,
    { cause },
  );
  return isOfSystem(cause) ? Object.assign(error, { code: cause.code }) : error;
}
