import type { InputScan, ScanOptions } from "../input.ts";
import { tableWithoutTemplate } from "../rows/kind.ts";
import { forEachLine, isBlank, type Line, withoutMark } from "./lines.ts";
import { readRequestLine } from "./request-line.ts";
import { addRequest, finishScan, newScanning, report, type Scanning } from "./scanning.ts";
import { type FileStamp, stampOf } from "./stamp.ts";

/** Scans request files, which are sent as they are. */
export async function scanFiles(
  paths: readonly string[],
  { maxProblems, endpoint, signal }: ScanOptions,
): Promise<InputScan> {
  const scan = newScanning(paths, maxProblems);
  const stamps: FileStamp[] = [];
  for (const [number, file] of paths.entries()) {
    const before = scan.lines.size;
    stamps.push(await stampOf(file));
    const noTemplate = tableWithoutTemplate(file);
    if (noTemplate !== undefined) {
      report(scan, noTemplate);
      continue;
    }
    const take = (line: Line) => {
      scanLine(scan, number, line, endpoint);
    };
    await forEachLine(file, take, signal);
    if (scan.lines.size === before) {
      report(scan, { file, code: "empty_file", message: "the file holds no request" });
    }
  }
  return finishScan(scan, {
    files: paths,
    stamps,
    template: undefined,
    rows: undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

function scanLine(scan: Scanning, number: number, line: Line, endpoint: string | undefined): void {
  const sent = withoutMark(line);
  if (isBlank(sent.bytes)) return;
  scan.hash.update(sent.bytes).update("\n");
  const tell = (code: string, message: string) => {
    report(scan, { file: scan.sources[number] ?? "", line: line.number, code, message });
  };
  const request = readRequestLine(sent.bytes, { utf8: line.utf8, endpoint }, tell);
  const { start } = sent;
  const end = start + sent.bytes.length;
  addRequest(scan, { source: number, line: line.number, file: number, start, end }, request, tell);
}
