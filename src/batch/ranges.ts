import { type FileHandle, open } from "node:fs/promises";

/** A stretch of one of several files, in bytes, without the line feed of its last line. */
export interface ByteRange {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

const chunkBytes = 256 * 1024;
const lineFeed = 10;

/** The bytes of ranges in chunks of up to 256 KiB, however short the ranges, with a line feed behind each. */
export async function* readRanges(
  paths: readonly string[],
  ranges: readonly ByteRange[],
): AsyncGenerator<Buffer> {
  let out = Buffer.allocUnsafe(chunkBytes);
  let held = 0;
  let handle: FileHandle | undefined;
  let file = -1;
  let window = Buffer.alloc(0);
  let windowStart = 0;
  try {
    for (const range of ranges) {
      if (range.file !== file) {
        await handle?.close();
        handle = undefined;
        handle = await open(paths[range.file] ?? "");
        file = range.file;
        window = Buffer.alloc(0);
      }
      for (let at = range.start; at < range.end;) {
        if (at < windowStart || at >= windowStart + window.length) {
          const { buffer, bytesRead } = (await handle?.read(
            Buffer.allocUnsafe(chunkBytes),
            0,
            chunkBytes,
            at,
          )) ?? { buffer: window, bytesRead: 0 };
          // A file that has become shorter gives less than was promised, which the upload finds out.
          if (bytesRead === 0) return;
          window = buffer.subarray(0, bytesRead);
          windowStart = at;
        }
        const piece = window.subarray(
          at - windowStart,
          Math.min(range.end - windowStart, window.length),
        );
        at += piece.length;
        const large = piece.length >= chunkBytes / 2;
        if (held > 0 && (large || held + piece.length >= chunkBytes)) {
          yield out.subarray(0, held);
          out = Buffer.allocUnsafe(chunkBytes);
          held = 0;
        }
        if (large) yield piece;
        else held += piece.copy(out, held);
      }
      out[held] = lineFeed;
      held += 1;
    }
    if (held > 0) yield out.subarray(0, held);
  } finally {
    await handle?.close();
  }
}
