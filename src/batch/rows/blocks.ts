import { isUtf8 } from "node:buffer";
import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";

import { isUtf16 } from "../utf16.ts";

/** A stretch of a text file that ends between two characters. Its bytes are good until the next but one. */
interface Block {
  /** Without the byte order mark. */
  readonly bytes: Buffer;
  /** The lines of the file that are no UTF-8, from 1. */
  readonly badLines: readonly number[];
  /** Whether the file begins as one of UTF-16 does. */
  readonly utf16: boolean;
}

/** Small: what is made of a block lives until the next, and what lives long is not cleared away at once. */
const blockBytes = 16 * 1024;
/** A character has at most three more bytes behind its first. */
const longestTail = 3;
const lineFeed = 10;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Reads a text file block by block, and finds what is no UTF-8. */
export async function* readBlocks(path: string, signal?: AbortSignal): AsyncGenerator<Block> {
  const handle = await open(path);
  try {
    // The parser keeps the end of a block until it has the next one.
    const buffers = [0, 1].map(() => Buffer.allocUnsafe(blockBytes + longestTail));
    let held = 0;
    let line = 1;
    let last = Buffer.alloc(0);
    for (let number = 0; ; number += 1) {
      // Signals and timers are heard between two blocks.
      await nextTurn();
      signal?.throwIfAborted();
      const buffer = buffers[number % 2] ?? last;
      last.copy(buffer, 0, last.length - held);
      // The system reads ahead by itself; to ask another thread for what it has takes longer.
      const read = readSync(handle.fd, buffer, held, blockBytes, null);
      const length = held + read;
      if (length === 0) return;
      const whole = read === 0 ? length : length - tailOf(buffer.subarray(0, length));
      const marked = number === 0 && buffer.subarray(0, byteOrderMark.length).equals(byteOrderMark);
      const bytes = buffer.subarray(marked ? byteOrderMark.length : 0, whole);
      const badLines = isUtf8(bytes) ? [] : linesThatAreNoText(bytes, line);
      yield { bytes, badLines, utf16: number === 0 && isUtf16(bytes) };
      line += countLineFeeds(bytes);
      held = length - whole;
      last = buffer.subarray(0, length);
      if (read === 0) return;
    }
  } finally {
    await handle.close();
  }
}

/** How many bytes at the end belong to a character that is not there to its end. */
function tailOf(bytes: Buffer): number {
  for (let tail = 1; tail <= longestTail; tail += 1) {
    const byte = bytes.at(-tail) ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > tail ? tail : 0;
    }
  }
  return 0;
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}

function linesThatAreNoText(bytes: Buffer, firstLine: number): readonly number[] {
  const bad: number[] = [];
  let line = firstLine;
  for (let from = 0; from <= bytes.length; line += 1) {
    const at = bytes.indexOf(lineFeed, from);
    const end = at < 0 ? bytes.length : at;
    if (!isUtf8(bytes.subarray(from, end))) bad.push(line);
    from = end + 1;
  }
  return bad;
}
