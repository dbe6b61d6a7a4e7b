import { isOpenAI } from "../api/base-url.ts";
import type { BatchClient } from "../api/client.ts";
import type { ContentKeys } from "./cache/content-keys.ts";
import type { IdIndex } from "./input/id-index.ts";
import type { LineTable } from "./input/line-table.ts";
import { type BatchRequest, scanRequests } from "./input/memory.ts";
import type { OutputLimits } from "./input/output-limits.ts";
import { scanFiles } from "./input/request-files.ts";
import type { RequestSet } from "./input/request-set.ts";
import type { FileStamp } from "./input/stamp.ts";
import { readRows } from "./rows/file-rows.ts";
import { RenderedRequests } from "./rows/rendered.ts";
import type { SourceRows } from "./rows/source-rows.ts";
import type { TemplateOptions } from "./template/read-template.ts";
import type { RequestTemplate } from "./template/request-template.ts";

/** Something in an input that would fail the batch; the text of a line or row is never part of it. */
export interface InputProblem {
  /** The user's own file; absent for requests and rows from memory. */
  readonly file?: string | undefined;
  /**
   * From 1: a request's line, or the first line of a row; of requests and rows from memory, the
   * how-manieth it is. Absent for a problem of the whole.
   */
  readonly line?: number | undefined;
  /** The code that the API would fail the batch with, where it has one. */
  readonly code: string;
  /** What is wrong, for people. */
  readonly message: string;
}

/** A problem in one line: `requests.jsonl:3: invalid_json_line: the line is not valid JSON`. */
export function describeProblem({ file, line, code, message }: InputProblem): string {
  const position = line === undefined ? "" : `:${line}`;
  const place = file === undefined ? position.replace(":", "request ") : `${file}${position}`;
  return `${place === "" ? "" : `${place}: `}${code}: ${message}`;
}

/** What one pass over an input found. */
export interface InputScan extends AsyncDisposable {
  /** What is sent: the request files; of rows and of requests from memory a temporary file of requests. */
  readonly files: readonly string[];
  /** The user's own files, the rows where there are rows; none for requests from memory. */
  readonly sources: readonly string[];
  /** The file of the template, where there is one. */
  readonly template: string | undefined;
  /** How each file was when it was read: what is sent later must be the same. @internal */
  readonly stamps: readonly FileStamp[];
  /** How many requests were found, also wrong ones; a row that made none does not count. */
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
  /** Which requests ask for an answer in JSON. @internal */
  readonly asksJson: RequestSet;
  /** What the requests' own limits allow their answers, by the number of the model. @internal */
  readonly outputLimits: ReadonlyMap<number, OutputLimits>;
  /** Which request has which `custom_id`. @internal */
  readonly ids: IdIndex;
  /** In which line of its source a request is, or begins, from 1. @internal */
  readonly lineNumber: (request: number) => number;
  /** Which of the sources a request is from; `undefined` for one from memory. @internal */
  readonly sourceFile: (request: number) => string | undefined;
  /** The rows that the requests were rendered from; `undefined` where there are none. @internal */
  readonly rows: SourceRows | undefined;
  /** What each request asks for, where the scan was to find it out. @internal */
  readonly contents?: ContentKeys | undefined;
  /** Removes the temporary files of rows and of requests from memory; request files are left alone. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Requests: one or more files of them, or the requests themselves. */
export type RequestInput =
  string | readonly string[] | Iterable<BatchRequest> | AsyncIterable<BatchRequest>;

/** How an input is scanned. */
export interface ScanOptions {
  /**
   * Makes a request of each row: the path of a template, or what `readTemplate` gives. The files are
   * then rows: `.csv`, `.tsv`, `.jsonl` or `.ndjson`.
   */
  readonly template?: string | RequestTemplate | undefined;
  /** Where rows and requests from memory are kept until the scan is disposed of; defaults to the system's folder. */
  readonly temporaryFolder?: string | undefined;
  /** Whether the rows are kept for the answers; defaults to `true`. @internal */
  readonly keepRows?: boolean | undefined;
  /** What the template is for; its endpoint defaults to the one below. @internal */
  readonly templateOptions?: TemplateOptions | undefined;
  /** How many problems to keep with their lines; defaults to 1,000. All are counted. */
  readonly maxProblems?: number | undefined;
  /**
   * The batch's endpoint, for servers that take lines without `method` and `url` and go by the batch:
   * such lines are then no problem, and are sent as they are. OpenAI takes none.
   */
  readonly endpoint?: string | undefined;
  /** The base URL of a server: what each request asks of it is found out as well, for a cache of answers. */
  readonly contentsFor?: string | undefined;
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
 * Reads an input once and finds everything in it that would fail a batch hours later: lines
 * that are no JSON object or no UTF-8, missing or repeated `custom_id`s (also across files),
 * different `url`s, a method other than POST, a body that is no object, `stream: true`, no request
 * at all. Byte order marks and blank lines are no problem; they are left out of what is sent.
 *
 * Inputs of any size are read with little memory: of each request only its place and a hash of its id are kept.
 * Rows, and requests from memory, are written to a temporary file of requests on the way, which is there
 * until the scan is disposed of.
 *
 * @param input one or more JSONL files, read as streams; they make one job in this order. Or requests
 *   from memory, or what `renderRequests` makes of rows; with `template`, files of rows
 * @throws the system's error when a file cannot be read
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
 *
 * await writeFile("words.csv", "id,word\n1,tree\n2,house\n");
 * const template = { url: "/v1/embeddings", body: { model: "text-embedding-3-small", input: "{{word}}" } };
 * const rows = await scanInput("words.csv", { template });
 * console.log(rows.requests, rows.endpoint); // 2 /v1/embeddings
 * await rows[Symbol.asyncDispose]();
 * ```
 */
export async function scanInput(
  input: RequestInput,
  options: ScanOptions = {},
): Promise<InputScan> {
  if (typeof input === "string") return scanPaths([input], options);
  // An empty list is as good as one of requests: there is none.
  const isNone = options.template === undefined && Array.isArray(input) && input.length === 0;
  if (isPaths(input) && !isNone) return scanPaths(input, options);
  if (options.template !== undefined) {
    throw new TypeError(
      "`template` goes with files of rows. Of rows from memory, pass `renderRequests(rows, template)`.",
    );
  }
  return input instanceof RenderedRequests ? input.scan(options) : scanRequests(input, options);
}

function isPaths(input: Exclude<RequestInput, string>): input is readonly string[] {
  return Array.isArray(input) && input.every((entry) => typeof entry === "string");
}

async function scanPaths(paths: readonly string[], options: ScanOptions): Promise<InputScan> {
  const { template } = options;
  if (template !== undefined) {
    return new RenderedRequests(readRows(paths), template).scan(options);
  }
  return scanFiles(paths, options);
}
