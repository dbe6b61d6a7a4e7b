import { createReadStream } from "node:fs";

/** One line of a file. Its bytes are only good until the callback returns. */
export interface Line {
  /** Without the line feed. */
  readonly bytes: Buffer;
  /** Where it starts in the file, in bytes. */
  readonly start: number;
  /** Where the next line starts. */
  readonly end: number;
  /** From 1. */
  readonly number: number;
}

const chunkBytes = 1024 * 1024;
const lineFeed = 10;

/**
 * Calls back for each line of a file, which is read in chunks: a line longer than a chunk is put
 * together, every other one is a view into its chunk. A last line without a line feed is a line too.
 */
export async function forEachLine(
  path: string,
  onLine: (line: Line) => void,
  signal?: AbortSignal,
): Promise<void> {
  let held: Buffer[] = [];
  let start = 0;
  let position = 0;
  let number = 0;
  const stream = createReadStream(path, { highWaterMark: chunkBytes, ...(signal && { signal }) });
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      let from = 0;
      for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
        const tail = chunk.subarray(from, at);
        const bytes = held.length === 0 ? tail : Buffer.concat([...held, tail]);
        if (held.length > 0) held = [];
        from = at + 1;
        number += 1;
        const end = position + from;
        onLine({ bytes, start, end, number });
        start = end;
      }
      if (from < chunk.length) held.push(chunk.subarray(from));
      position += chunk.length;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
  if (held.length > 0) {
    onLine({ bytes: Buffer.concat(held), start, end: position, number: number + 1 });
  }
}

/** Whether a line holds nothing but white space. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
