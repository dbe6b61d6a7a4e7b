import { createHash, type Hash } from "node:crypto";

import { isOpenAI } from "../api/base-url.ts";
import type { BatchClient } from "../api/client.ts";
import { IdIndex } from "./input/id-index.ts";
import { forEachLine, isBlank, type Line, withoutMark } from "./input/lines.ts";
import { LineTable } from "./input/line-table.ts";
import { noteOutputLimit, type OutputLimits } from "./input/output-limits.ts";
import { readRequestLine } from "./input/request-line.ts";
import { type FileStamp, stampOf } from "./input/stamp.ts";
import type { SourceRows } from "./rows/source-rows.ts";

/** Something in a request file that would fail the batch; the line's text is never part of it. */
export interface InputProblem {
  readonly file: string;
  /** From 1; absent for a problem of the whole file. */
  readonly line?: number;
  /** The code that the API would fail the batch with, where it has one. */
  readonly code: string;
  readonly message: string;
}

/** A problem in one line: `requests.jsonl:3: invalid_json_line: the line is not valid JSON`. */
export function describeProblem({ file, line, code, message }: InputProblem): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${code}: ${message}`;
}

/** What one pass over request files found. */
export interface InputScan {
  readonly files: readonly string[];
  /** How each file was when it was read: what is sent later must be the same. @internal */
  readonly stamps: readonly FileStamp[];
  readonly requests: number;
  /** Of what is to be sent: without byte order marks and blank lines. */
  readonly bytes: number;
  /** SHA-256 of the requests, one a line, in hexadecimal. */
  readonly hash: string;
  /** The `url` of the lines. */
  readonly endpoint: string | undefined;
  /** In the order in which they appear; a request without one counts for `""`. */
  readonly models: readonly string[];
  /** The first ones, at most `maxProblems`. */
  readonly problems: readonly InputProblem[];
  /** All of them. */
  readonly problemCount: number;
  /** How often each code was found. */
  readonly problemCounts: ReadonlyMap<string, number>;
  /** Where each request is; the tag is the number of its model. @internal */
  readonly lines: LineTable;
  /** How many embedding inputs the requests hold that hold more than one, by their number. @internal */
  readonly inputs: ReadonlyMap<number, number>;
  /** What the requests' own limits allow their answers, by the number of the model. @internal */
  readonly outputLimits: ReadonlyMap<number, OutputLimits>;
  /** Which request has which `custom_id`. @internal */
  readonly ids: IdIndex;
  /** In which line of its file a request is, from 1. @internal */
  readonly lineNumber: (request: number) => number;
  /** The rows that the requests were rendered from; `undefined` for request files. @internal */
  readonly rows: SourceRows | undefined;
}

/** How request files are scanned. */
export interface ScanOptions {
  /** How many problems to keep with their lines; defaults to 1,000. All are counted. */
  readonly maxProblems?: number | undefined;
  /**
   * The batch's endpoint, for servers that take lines without `method` and `url` and go by the batch:
   * such lines are then no problem, and are sent as they are. OpenAI takes none.
   */
  readonly endpoint?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The endpoint that lines may lack: servers other than OpenAI's document request files whose lines are
 * just `custom_id` and `body`, and go by the endpoint of the batch.
 */
export function impliedEndpoint(
  { baseURL }: Pick<BatchClient, "baseURL">,
  endpoint: string | undefined,
): string | undefined {
  return isOpenAI(baseURL) ? undefined : endpoint;
}

/**
 * Reads request files once and finds everything in them that would fail a batch hours later: lines
 * that are no JSON object or no UTF-8, missing or repeated `custom_id`s (also across files),
 * different `url`s, a method other than POST, a body that is no object, `stream: true`, no request
 * at all. Byte order marks and blank lines are no problem; they are left out of what is sent.
 *
 * Files of any size are read with little memory: of each request only its place and a hash of its id are kept.
 *
 * @param files one or more JSONL files, read as streams; they make one job in this order
 * @throws the system's error when one cannot be read
 * @returns problems are part of the result and not thrown; sizes are bytes
 * @example
 * ```ts
 * import { scanInput } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * const scan = await scanInput("requests.jsonl");
 * console.log(scan.requests, scan.endpoint, scan.problemCount); // 3 /v1/chat/completions 0
 *
 * await writeFile("broken.jsonl", "{not json}\n");
 * const { problems } = await scanInput(["requests.jsonl", "broken.jsonl"]);
 * console.log(problems[0]?.file, problems[0]?.line, problems[0]?.code); // broken.jsonl 1 invalid_json_line
 * ```
 */
export async function scanInput(
  files: string | readonly string[],
  { maxProblems = 1_000, endpoint: otherwise, signal }: ScanOptions = {},
): Promise<InputScan> {
  const paths = typeof files === "string" ? [files] : files;
  const state = newScan(paths, maxProblems, otherwise);
  const stamps: FileStamp[] = [];
  for (const [number, file] of paths.entries()) {
    const before = state.lines.size;
    stamps.push(await stampOf(file));
    await forEachLine(
      file,
      (line) => {
        scanLine(state, number, line);
      },
      signal,
    );
    if (state.lines.size === before) {
      report(state, { file, code: "empty_file", message: "the file holds no request" });
    }
  }
  const { lines, bytes, hash, endpoint, models, problems, problemCounts, inputs, ids } = state;
  const { outputLimits } = state;
  return {
    files: paths,
    stamps,
    requests: lines.size,
    bytes,
    hash: hash.digest("hex"),
    endpoint,
    models: [...models.keys()],
    problems,
    problemCount: [...problemCounts.values()].reduce((sum, count) => sum + count, 0),
    problemCounts,
    lines,
    inputs,
    outputLimits,
    ids,
    lineNumber: state.numbers.of,
    rows: undefined,
  };
}

/** A scan on its way. */
interface Scan {
  readonly paths: readonly string[];
  readonly maxProblems: number;
  /** The endpoint of lines that name none. */
  readonly otherwise: string | undefined;
  readonly problems: InputProblem[];
  readonly problemCounts: Map<string, number>;
  readonly lines: LineTable;
  readonly inputs: Map<number, number>;
  readonly outputLimits: Map<number, OutputLimits>;
  readonly ids: IdIndex;
  readonly models: Map<string, number>;
  readonly hash: Hash;
  readonly numbers: ReturnType<typeof createNumbering>;
  bytes: number;
  endpoint: string | undefined;
}

function newScan(
  paths: readonly string[],
  maxProblems: number,
  otherwise: string | undefined,
): Scan {
  return {
    paths,
    maxProblems,
    otherwise,
    problems: [],
    problemCounts: new Map(),
    lines: new LineTable(),
    inputs: new Map(),
    outputLimits: new Map(),
    ids: new IdIndex(),
    models: new Map(),
    hash: createHash("sha256"),
    numbers: createNumbering(),
    bytes: 0,
    endpoint: undefined,
  };
}

function report(scan: Scan, problem: InputProblem): void {
  scan.problemCounts.set(problem.code, (scan.problemCounts.get(problem.code) ?? 0) + 1);
  if (scan.problems.length < scan.maxProblems) scan.problems.push(problem);
}

function scanLine(scan: Scan, number: number, line: Line): void {
  const sent = withoutMark(line);
  if (isBlank(sent.bytes)) return;
  const { lines, hash, models, numbers, inputs } = scan;
  hash.update(sent.bytes).update("\n");
  scan.bytes += sent.bytes.length + 1;
  const tell = (code: string, message: string) => {
    report(scan, { file: scan.paths[number] ?? "", line: line.number, code, message });
  };
  const request = readRequestLine(sent.bytes, { utf8: line.utf8, endpoint: scan.otherwise }, tell);
  numbers.note(lines.size, line.number);
  const model = modelNumber(models, request?.model ?? "");
  lines.add(number, sent.start, sent.start + sent.bytes.length, model);
  noteId(scan, number, request?.customId, tell);
  if (request === undefined) return;
  noteOutputLimit(scan.outputLimits, model, request.outputLimit);
  if (request.inputs > 1) inputs.set(lines.size - 1, request.inputs);
  if (request.url === undefined) return;
  scan.endpoint ??= request.url;
  if (request.url !== scan.endpoint) {
    tell(
      "url_mismatch",
      `url '${request.url}' differs from '${scan.endpoint}' of the lines before`,
    );
  }
}

/** Keeps the `custom_id` of the newest line, and finds one that is used twice. */
function noteId(
  { ids, lines, paths, numbers }: Scan,
  number: number,
  customId: string | undefined,
  tell: (code: string, message: string) => void,
): void {
  const first = customId === undefined ? undefined : ids.add(customId);
  if (customId !== undefined && first === undefined) return;
  ids.skip();
  if (first === undefined) return;
  const other = lines.place(first).file;
  const where = `${other === number ? "" : `${paths[other] ?? ""}, `}line ${numbers.of(first)}`;
  tell("duplicate_custom_id", `custom_id '${customId ?? ""}' is already used in ${where}`);
}

/** Line numbers of requests, kept only where they do not just go up by one. */
function createNumbering() {
  const jumps: { readonly request: number; readonly line: number }[] = [];
  let expected = -1;
  return {
    note(request: number, line: number) {
      if (line !== expected) jumps.push({ request, line });
      expected = line + 1;
    },
    of: (request: number): number => {
      const jump = jumps.findLast((candidate) => candidate.request <= request);
      return jump === undefined ? 0 : jump.line + request - jump.request;
    },
  };
}

function modelNumber(models: Map<string, number>, model: string): number {
  const known = models.get(model);
  if (known !== undefined) return known;
  models.set(model, models.size);
  return models.size - 1;
}
