import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { parse } from "node:path";

import { isFields } from "../api/normalize.ts";
import type { UploadSource } from "../api/upload.ts";
import { isBlank, type Line, readLines } from "./lines.ts";

/** Something in a request file that would fail the batch; the line's text is never part of it. */
export interface InputProblem {
  readonly file: string;
  /** From 1; absent for a problem of the whole file. */
  readonly line?: number;
  /** The code that the API would fail the batch with, where it has one. */
  readonly code: string;
  readonly message: string;
}

/** A part of a file, in bytes; `end` is the first byte after it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What one pass over a request file found. */
export interface InputScan {
  readonly file: string;
  readonly requests: number;
  /** Of what is to be sent: without a byte order mark and blank lines. */
  readonly bytes: number;
  /** Where that is in the file. */
  readonly ranges: readonly ByteRange[];
  /** SHA-256 of the requests, one a line, in hexadecimal. */
  readonly hash: string;
  /** The `url` of the lines. */
  readonly endpoint: string | undefined;
  readonly models: readonly string[];
  /** The first ones, at most `maxProblems`. */
  readonly problems: readonly InputProblem[];
  /** All of them. */
  readonly problemCount: number;
}

const defaultMaxProblems = 1_000;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads a request file once and finds everything in it that would fail the batch hours later: lines
 * that are no JSON object, missing or repeated `custom_id`s, different `url`s, a method other than
 * POST, a body that is no object, `stream: true`, an empty file.
 *
 * @param file a JSONL file, read as a stream
 * @throws the system's error when it cannot be read
 */
export async function scanInput(
  file: string,
  { maxProblems = defaultMaxProblems }: { readonly maxProblems?: number } = {},
): Promise<InputScan> {
  const problems: InputProblem[] = [];
  let problemCount = 0;
  const problem = (line: number | undefined, code: string, message: string) => {
    problemCount += 1;
    if (problems.length < maxProblems) {
      problems.push({ file, ...(line === undefined ? {} : { line }), code, message });
    }
  };
  const firstLineOf = new Map<string, number>();
  const models = new Set<string>();
  const ranges: { start: number; end: number }[] = [];
  let endpoint: string | undefined;
  let requests = 0;
  const hash = createHash("sha256");

  for await (const line of readLines(file)) {
    const sent = withoutMark(line);
    if (isBlank(sent.bytes)) continue;
    requests += 1;
    hash.update(sent.bytes).update("\n");
    const last = ranges.at(-1);
    if (last?.end === sent.start) last.end = sent.end;
    else ranges.push({ start: sent.start, end: sent.end });

    const report = (code: string, message: string) => {
      problem(line.number, code, message);
    };
    const request = parseRequest(sent.bytes, report);
    if (request === undefined) continue;
    const { customId, url, model } = request;
    if (customId !== undefined) {
      const first = firstLineOf.get(customId);
      if (first === undefined) firstLineOf.set(customId, line.number);
      else
        report("duplicate_custom_id", `custom_id '${customId}' is already used in line ${first}`);
    }
    if (url !== undefined) {
      endpoint ??= url;
      if (url !== endpoint) {
        report("url_mismatch", `url '${url}' differs from '${endpoint}' of the lines before`);
      }
    }
    if (model !== undefined) models.add(model);
  }
  if (requests === 0) problem(undefined, "empty_file", "the file holds no request");

  return {
    file,
    requests,
    bytes: ranges.reduce((sum, { start, end }) => sum + end - start, 0),
    ranges,
    hash: hash.digest("hex"),
    endpoint,
    models: [...models],
    problems,
    problemCount,
  };
}

/**
 * The clean bytes of a scanned file as an upload, read from the file itself. Its name tells the
 * content (`requests-<hash>.jsonl`), so that an earlier upload of the same can be found.
 */
export function inputSource(scan: InputScan): UploadSource {
  return {
    name: `${parse(scan.file).name}-${scan.hash.slice(0, 16)}.jsonl`,
    size: scan.bytes,
    async *stream() {
      for (const { start, end } of scan.ranges) {
        yield* createReadStream(scan.file, { start, end: end - 1, highWaterMark: 256 * 1024 });
      }
    },
  };
}

function withoutMark(line: Line): Pick<Line, "bytes" | "start" | "end"> {
  if (line.start !== 0 || !line.bytes.subarray(0, 3).equals(byteOrderMark)) return line;
  return { bytes: line.bytes.subarray(3), start: 3, end: line.end };
}

interface RequestLine {
  readonly customId: string | undefined;
  readonly url: string | undefined;
  readonly model: string | undefined;
}

function parseRequest(
  bytes: Buffer,
  report: (code: string, message: string) => void,
): RequestLine | undefined {
  let request: unknown;
  try {
    request = JSON.parse(bytes.toString("utf8"));
  } catch {
    report("invalid_json_line", "the line is not valid JSON");
    return undefined;
  }
  if (!isFields(request)) {
    report("invalid_json_line", "the line is not a JSON object");
    return undefined;
  }
  const { custom_id: customId, method, url, body } = request;
  const missing = (name: string, expected: string) => {
    report("missing_required_parameter", `${name} is missing or not ${expected}`);
  };
  if (typeof customId !== "string" || customId === "") missing("custom_id", "a text");
  if (method !== "POST") report("invalid_method", "method must be POST");
  if (typeof url !== "string" || url === "") missing("url", "a text");
  if (!isFields(body)) missing("body", "an object");
  else if (body["stream"] === true)
    report("stream_not_supported", "stream: true has no use in a batch");
  const model = isFields(body) ? body["model"] : undefined;
  return {
    customId: typeof customId === "string" && customId !== "" ? customId : undefined,
    url: typeof url === "string" && url !== "" ? url : undefined,
    model: typeof model === "string" ? model : undefined,
  };
}
