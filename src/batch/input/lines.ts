import { isUtf8 } from "node:buffer";
import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";

/** One line of a file. Its bytes are only good until the callback returns. */
export interface Line {
  /** Without the line feed. */
  readonly bytes: Buffer;
  /** Whether the bytes are known to be UTF-8; where not, they may still be. */
  readonly utf8: boolean;
  /** Where it starts in the file, in bytes. */
  readonly start: number;
  /** Where the next line starts. */
  readonly end: number;
  /** From 1. */
  readonly number: number;
}

const blockBytes = 256 * 1024;
const lineFeed = 10;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Calls back for each line of a file. It is read block by block into one buffer, which grows only for
 * a line that is longer than it is. A last line without a line feed is a line too.
 *
 * @param from where a line begins, to read none of those before it
 */
export async function forEachLine(
  path: string,
  onLine: (line: Line) => void,
  signal?: AbortSignal,
  from = 0,
): Promise<void> {
  const blocks = forEachLineByBlock(path, onLine, signal, from);
  while ((await blocks.next()).done !== true);
}

/** As `forEachLine`, with a stop behind each block, for a reader that is read from in its turn. */
export async function* forEachLineByBlock(
  path: string,
  onLine: (line: Line) => void,
  signal?: AbortSignal,
  from = 0,
): AsyncGenerator<undefined, void> {
  const handle = await open(path);
  try {
    let block = Buffer.allocUnsafe(blockBytes);
    let start = from;
    let number = 0;
    let held = 0;
    for (;;) {
      // Signals and timers are heard between two blocks.
      await nextTurn();
      signal?.throwIfAborted();
      // The system reads ahead of us by itself; to ask another thread for what it has in memory
      // takes longer than to copy it.
      // What has no places, a pipe, is only ever read from its beginning.
      const position = from === 0 ? null : start + held;
      const bytesRead = readSync(handle.fd, block, held, block.length - held, position);
      if (bytesRead === 0) break;
      const length = held + bytesRead;
      const whole = block.subarray(0, length).lastIndexOf(lineFeed) + 1;
      const utf8 = isUtf8(block.subarray(0, whole));
      for (let next = 0; next < whole;) {
        const at = block.indexOf(lineFeed, next);
        const bytes = block.subarray(next, at);
        const end = start + at + 1 - next;
        number += 1;
        onLine({ bytes, utf8, start, end, number });
        start = end;
        next = at + 1;
      }
      held = length - whole;
      const next = held > block.length / 2 ? Buffer.allocUnsafe(block.length * 2) : block;
      block.copy(next, 0, whole, length);
      block = next;
      yield;
    }
    if (held > 0) {
      const bytes = block.subarray(0, held);
      onLine({ bytes, utf8: false, start, end: start + held, number: number + 1 });
    }
  } finally {
    await handle.close();
  }
}

/** Whether a line holds nothing but white space. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}

/** A line without the byte order mark that the first of a file may begin with. */
export function withoutMark(line: Pick<Line, "bytes" | "start">): Pick<Line, "bytes" | "start"> {
  const { length } = byteOrderMark;
  if (line.start !== 0 || !line.bytes.subarray(0, length).equals(byteOrderMark)) return line;
  return { bytes: line.bytes.subarray(length), start: length };
}
