import { openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";

import { messageOf } from "../../api/errors.ts";
import { BlockWriter } from "../results/block-writer.ts";
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

const lineBreak = Buffer.from("\n");

/** Writes lines to a file that only this user can read. */
export class Spool {
  readonly path: string;
  readonly #blocks: BlockWriter;
  #end = 0;

  /** @param onBytes takes all that is written, in its order; it must not keep it */
  constructor(path: string, onBytes?: (bytes: Uint8Array) => void) {
    this.path = path;
    this.#blocks = new BlockWriter({
      handle: openSync(path, "wx", 0o600),
      kind: "temporary",
      failed: (cause) => notKept(path, cause),
      onBytes,
    });
  }

  /** Adds a line; gives where it stands, without its line feed. */
  write(text: string): { readonly start: number; readonly end: number } {
    const start = this.#end;
    const end = start + this.#blocks.put(text);
    this.#end = end + this.#blocks.put(lineBreak);
    return { start, end };
  }

  /** Has all lines in the file and closes it. */
  async close(): Promise<void> {
    try {
      await this.#blocks.flush();
    } finally {
      this.#blocks.close();
    }
  }

  /** Closes the file without writing what is held, which is of no use any more. Also good when it is closed. */
  discard(): void {
    this.#blocks.close();
  }
}

function notKept(path: string, cause: unknown): Error {
  const error = new Error(
    `The requests could not be kept in ${path}: ${messageOf(cause)}. Nothing was sent: make room, or choose another temporary folder.`,
    { cause },
  );
  return isOfSystem(cause) ? Object.assign(error, { code: cause.code }) : error;
}
