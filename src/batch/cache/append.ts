import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import type { CachedAnswer } from "./answer-cache.ts";
import { readEntry, writeEntry } from "./entry.ts";

const chunkBytes = 1024 * 1024;
const lineFeed = 10;
const divider = "#";

/**
 * Adds answers to the end of a file: whole lines, as many as fit a chunk in one write. The system puts each
 * write behind what others have written meanwhile, so that lines of two runs do not mix.
 */
export function appendAnswers(path: string, answers: Iterable<CachedAnswer>): void {
  let handle: number | undefined;
  let held: Buffer[] = [];
  let bytes = 0;
  const flush = () => {
    if (bytes === 0) return;
    handle ??= openForAppend(path);
    writeLines(handle, Buffer.concat(held));
    held = [];
    bytes = 0;
  };
  try {
    for (const { key, line } of answers) {
      const entry = writeEntry(key, line);
      if (bytes + entry.length > chunkBytes) flush();
      held.push(entry);
      bytes += entry.length;
    }
    flush();
    // A name that is there after a power cut must not stand for bytes that are not.
    if (handle !== undefined) fsyncSync(handle);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function openForAppend(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, "a+");
}

/** What a kill or a full disk has cut off stays a line of its own, and what follows begins a new one. */
function writeLines(handle: number, lines: Buffer): void {
  for (let at = 0; at < lines.length;) {
    const rest = lines.subarray(at);
    const end = lineEnding(lastLine(handle));
    const chunk = Buffer.concat([end, rest]);
    const written = writeSync(handle, chunk);
    if (written === chunk.length) return;
    const taken = chunk.subarray(0, written).lastIndexOf(lineFeed) + 1 - end.length;
    // A line that did not fit is written again from its beginning; the next try says why it cannot be.
    at += Math.max(0, taken);
  }
}

/**
 * What ends a line that has no line feed yet. One that was cut off gets a character that no whole line ends
 * with: what is left of it may look like one.
 */
function lineEnding(begun: Buffer): Buffer {
  if (begun.length === 0) return begun;
  return Buffer.from(readEntry(begun, false) === undefined ? `${divider}\n` : "\n");
}

/** Whether a line is what ended one that another writer has ended itself meanwhile. */
export function isDivider(line: Buffer): boolean {
  return line.length === divider.length && line.toString("latin1") === divider;
}

/** What stands behind the last line feed of a file. */
function lastLine(handle: number): Buffer {
  const { size } = fstatSync(handle);
  for (let length = 1; ; length *= 64) {
    const bytes = Buffer.alloc(Math.min(length, size));
    const read = readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    const begins = bytes.lastIndexOf(lineFeed, read - 1) + 1;
    if (begins > 0 || length >= size) return bytes.subarray(begins, read);
  }
}
