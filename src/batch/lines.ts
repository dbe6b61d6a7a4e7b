import { createReadStream } from "node:fs";

/** One line of a file, without its line feed. */
export interface Line {
  readonly bytes: Buffer;
  /** Where it starts in the file, in bytes. */
  readonly start: number;
  /** Where the next line starts. */
  readonly end: number;
  /** From 1. */
  readonly number: number;
}

const chunkBytes = 256 * 1024;
const lineFeed = 10;

/**
 * The lines of a file, read in chunks; a line longer than a chunk is put together, everything else
 * is a view into the chunk and must be used before the next line is asked for. A last line without
 * a line feed is a line too.
 */
export async function* readLines(path: string): AsyncGenerator<Line, void, undefined> {
  let held: Buffer[] = [];
  let start = 0;
  let position = 0;
  let number = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    if (!Buffer.isBuffer(chunk)) continue;
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      const tail = chunk.subarray(from, at);
      const bytes = held.length === 0 ? tail : Buffer.concat([...held, tail]);
      held = [];
      from = at + 1;
      const end = position + from;
      number += 1;
      yield { bytes, start, end, number };
      start = end;
    }
    if (from < chunk.length) held.push(chunk.subarray(from));
    position += chunk.length;
  }
  if (held.length > 0) {
    yield { bytes: Buffer.concat(held), start, end: position, number: number + 1 };
  }
}

/** Whether a line holds nothing but white space. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
