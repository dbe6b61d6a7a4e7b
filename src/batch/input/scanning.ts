import { createHash, type Hash } from "node:crypto";

import type { InputProblem, InputScan } from "../input.ts";
import { IdIndex } from "./id-index.ts";
import { LineTable } from "./line-table.ts";
import { Numbering } from "./numbering.ts";
import { noteOutputLimit, type OutputLimits } from "./output-limits.ts";
import type { RequestLine } from "./request-line.ts";
import { RequestSet } from "./request-set.ts";

/** Takes the code that the API would fail the batch with, where it has one, and words. */
export type Tell = (code: string, message: string) => void;

/** A scan on its way. */
export interface Scanning {
  /** The user's own files, in which problems are told; none for requests from memory. */
  readonly sources: readonly string[];
  readonly maxProblems: number;
  readonly problems: InputProblem[];
  readonly problemCounts: Map<string, number>;
  readonly lines: LineTable;
  readonly inputs: Map<number, number>;
  readonly asksJson: RequestSet;
  readonly outputLimits: Map<number, OutputLimits>;
  readonly ids: IdIndex;
  readonly models: Map<string, number>;
  /** Takes the bytes that are sent, in their order. */
  readonly hash: Hash;
  readonly numbering: Numbering;
  bytes: number;
  endpoint: string | undefined;
}

export function newScanning(sources: readonly string[], maxProblems = 1_000): Scanning {
  return {
    sources,
    maxProblems,
    problems: [],
    problemCounts: new Map(),
    lines: new LineTable(),
    inputs: new Map(),
    asksJson: new RequestSet(),
    outputLimits: new Map(),
    ids: new IdIndex(),
    models: new Map(),
    hash: createHash("sha256"),
    numbering: new Numbering(),
    bytes: 0,
    endpoint: undefined,
  };
}

export function report(scan: Scanning, problem: InputProblem): void {
  scan.problemCounts.set(problem.code, (scan.problemCounts.get(problem.code) ?? 0) + 1);
  if (scan.problems.length < scan.maxProblems) scan.problems.push(problem);
}

/** Where a request is: in the user's file, and in the one that is sent. */
interface RequestPlace {
  /** The number of the user's file. */
  readonly source: number;
  /** From 1; of requests from memory, the how-manieth it is. */
  readonly line: number;
  /** The number of the file that is sent. */
  readonly file: number;
  readonly start: number;
  /** Without the line feed. */
  readonly end: number;
}

/** Adds one request, and tells what in it does not go with those before. */
export function addRequest(
  scan: Scanning,
  { source, line, file, start, end }: RequestPlace,
  request: Omit<RequestLine, "body"> | undefined,
  tell: Tell,
): void {
  const { lines, models, numbering, inputs, asksJson, outputLimits } = scan;
  scan.bytes += end - start + 1;
  numbering.note(lines.size, source, line);
  const model = modelNumber(models, request?.model ?? "");
  lines.add(file, start, end, model);
  noteId(scan, source, request?.customId, tell);
  if (request === undefined) return;
  noteOutputLimit(outputLimits, model, request.outputLimit);
  if (request.asksJson) asksJson.add(lines.size - 1);
  if (request.inputs > 1) inputs.set(lines.size - 1, request.inputs);
  if (request.url === undefined) return;
  scan.endpoint ??= request.url;
  if (request.url !== scan.endpoint) {
    tell(
      "url_mismatch",
      `url '${request.url}' differs from '${scan.endpoint}' of the ${scan.sources.length === 0 ? "requests" : "lines"} before`,
    );
  }
}

/** Keeps the `custom_id` of the newest request, and finds one that is used twice. */
function noteId(
  { ids, sources, numbering }: Scanning,
  source: number,
  customId: string | undefined,
  tell: Tell,
): void {
  const first = customId === undefined ? undefined : ids.add(customId);
  if (customId !== undefined && first === undefined) return;
  ids.skip();
  if (first === undefined) return;
  const other = numbering.sourceOf(first);
  const file = other === source ? "" : `${sources[other] ?? ""}, `;
  const kind = sources.length === 0 ? "request" : "line";
  const where = `${file}${kind} ${numbering.lineOf(first)}`;
  tell("duplicate_custom_id", `custom_id '${customId ?? ""}' is already used in ${where}`);
}

/** What a finished scan has beside what was counted. */
type ScanEnd = Pick<
  InputScan,
  "files" | "stamps" | "template" | "rows" | "contents" | typeof Symbol.asyncDispose
>;

export function finishScan(scan: Scanning, end: ScanEnd): InputScan {
  const { sources, lines, bytes, hash, endpoint, models } = scan;
  const { problems, problemCounts, inputs, asksJson, outputLimits, ids, numbering } = scan;
  return {
    ...end,
    sources,
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
    asksJson,
    outputLimits,
    ids,
    lineNumber: (request) => numbering.lineOf(request),
    sourceFile: (request) => sources[numbering.sourceOf(request)],
  };
}

function modelNumber(models: Map<string, number>, model: string): number {
  const known = models.get(model);
  if (known !== undefined) return known;
  models.set(model, models.size);
  return models.size - 1;
}
