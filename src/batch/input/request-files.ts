import { contentKey } from "../cache/content-key.ts";
import { KeyTable } from "../cache/key-table.ts";
import type { InputScan, ScanOptions } from "../input.ts";
import { tableWithoutTemplate } from "../rows/kind.ts";
import { forEachLine, isBlank, type Line, withoutMark } from "./lines.ts";
import { readRequestLine } from "./request-line.ts";
import { addRequest, finishScan, newScanning, report, type Scanning } from "./scanning.ts";
import { type FileStamp, stampOf } from "./stamp.ts";

/** Scans request files, which are sent as they are. */
export async function scanFiles(
  paths: readonly string[],
  { maxProblems, endpoint, contentsFor, signal }: ScanOptions,
): Promise<InputScan> {
  const scan = newScanning(paths, maxProblems);
  const contents =
    contentsFor === undefined ? undefined : { baseURL: contentsFor, keys: new KeyTable() };
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
      scanLine({ scan, contents, endpoint }, number, line);
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
    contents,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

interface RequestReading {
  readonly scan: Scanning;
  /** Takes what each request asks for, where somebody wants to know. */
  readonly contents: { readonly baseURL: string; readonly keys: KeyTable } | undefined;
  readonly endpoint: string | undefined;
}

function scanLine({ scan, contents, endpoint }: RequestReading, number: number, line: Line): void {
  const sent = withoutMark(line);
  if (isBlank(sent.bytes)) return;
  scan.hash.update(sent.bytes).update("\n");
  const tell = (code: string, message: string) => {
    report(scan, { file: scan.sources[number] ?? "", line: line.number, code, message });
  };
  const request = readRequestLine(sent.bytes, { utf8: line.utf8, endpoint }, tell);
  const { start, bytes: source } = sent;
  const end = start + source.length;
  addRequest(scan, { source: number, line: line.number, file: number, start, end }, request, tell);
  if (contents === undefined) return;
  const { baseURL, keys } = contents;
  keys.add(contentKey({ baseURL, url: request?.url ?? "", body: request?.body, source }));
}
