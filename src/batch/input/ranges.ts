import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A stretch of bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch of one of several files, in bytes, without the line feed of its last line. */
export interface ByteRange extends Span {
  readonly file: number;
}

const chunkBytes = 256 * 1024;
const lineFeed = 10;

/**
 * The bytes of ranges in chunks of up to 256 KiB, however short the ranges, with a line feed behind each.
 *
 * @param transient whether a chunk need only be good until the next one is asked for, so that all
 *   of them can have the same memory
 */
export async function* readRanges(
  paths: readonly string[],
  ranges: readonly ByteRange[],
  transient = false,
): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafe(chunkBytes);
  let held = 0;
  let handle: FileHandle | undefined;
  let file = -1;
  try {
    for (const range of ranges) {
      if (handle === undefined || range.file !== file) {
        await handle?.close();
        handle = undefined;
        handle = await open(paths[range.file] ?? "");
        file = range.file;
      }
      for (let at = range.start; at < range.end;) {
        // One byte is left for the line feed.
        if (held >= chunkBytes - 1) {
          yield chunk.subarray(0, held);
          if (!transient) chunk = Buffer.allocUnsafe(chunkBytes);
          held = 0;
        }
        const room = Math.min(chunkBytes - 1 - held, range.end - at);
        // What is read has been scanned and is most often in memory still: to ask another thread
        // for it takes longer than to copy it.
        const read = readSync(handle.fd, chunk, held, room, at);
        // A file that has become shorter gives less than was promised, which the upload finds out.
        if (read === 0) return;
        at += read;
        held += read;
      }
      chunk[held] = lineFeed;
      held += 1;
    }
    if (held > 0) yield chunk.subarray(0, held);
  } finally {
    await handle?.close();
  }
}
