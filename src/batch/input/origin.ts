import type { InputScan } from "../input.ts";
import { type InputPart, requestsOf } from "../split.ts";

/** Where a request stands in the files that the user wrote. */
export interface Origin {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Where the lines of an uploaded part come from. The server counts the lines that it was sent: of
 * one part of several, from several files, without byte order marks and blank lines, or rendered from rows.
 *
 * @param lines from 1, as the server counts
 * @returns by the server's line; a line that the part does not have is left out, and so is a request from memory
 */
export function originsOf(
  scan: InputScan,
  part: InputPart,
  lines: ReadonlySet<number>,
): ReadonlyMap<number, Origin> {
  const origins = new Map<number, Origin>();
  const last = Math.max(0, ...lines);
  let sent = 0;
  for (const request of requestsOf(scan, part)) {
    sent += 1;
    if (sent > last) break;
    if (!lines.has(sent)) continue;
    const file = scan.sourceFile(request);
    if (file !== undefined) origins.set(sent, { file, line: scan.lineNumber(request) });
  }
  return origins;
}
