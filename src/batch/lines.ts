import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";

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

/**
 * Calls back for each line of a file. While the lines of one block are told, the next one is read
 * into the other of two buffers, which grow only for a line that is longer than they are. A last
 * line without a line feed is a line too.
 */
export async function forEachLine(
  path: string,
  onLine: (line: Line) => void,
  signal?: AbortSignal,
): Promise<void> {
  const handle = await open(path);
  try {
    let block = Buffer.allocUnsafe(blockBytes);
    let other = Buffer.allocUnsafe(blockBytes);
    let start = 0;
    let number = 0;
    let held = 0;
    let { bytesRead } = await handle.read(block, 0, block.length);
    while (bytesRead > 0) {
      signal?.throwIfAborted();
      const length = held + bytesRead;
      const whole = block.subarray(0, length).lastIndexOf(lineFeed) + 1;
      const rest = length - whole;
      if (other.length < rest + blockBytes / 2) other = Buffer.allocUnsafe(rest * 2 + blockBytes);
      block.copy(other, 0, whole, length);
      const reading = handle.read(other, rest, other.length - rest);
      // A callback that throws must not leave the read to nobody.
      reading.catch(() => undefined);
      const utf8 = isUtf8(block.subarray(0, whole));
      for (let from = 0; from < whole;) {
        const at = block.indexOf(lineFeed, from);
        const bytes = block.subarray(from, at);
        const end = start + at + 1 - from;
        number += 1;
        onLine({ bytes, utf8, start, end, number });
        start = end;
        from = at + 1;
      }
      ({ bytesRead } = await reading);
      held = rest;
      [block, other] = [other, block];
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
