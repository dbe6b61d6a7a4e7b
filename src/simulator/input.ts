import { isUtf8 } from "node:buffer";
import type { Bytes, LineSpan } from "./bytes.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { BatchError } from "./types.ts";

/** No more errors than these are reported: a file of 50,000 wrong lines needs no list of 50,000 errors. */
const MAX_ERRORS = 100;

/** One request of a batch, as its input line gives it. */
export interface BatchRequest {
  readonly custom_id: string;
  readonly method: string;
  readonly url: string;
  readonly body: JsonObject;
}

/** What validation made of an input file: where its requests lie, or why there is no running it. */
export interface CheckedInput {
  readonly requests: readonly LineSpan[];
  readonly model: string | null;
  readonly errors: readonly BatchError[];
}

/** Checks every line of a batch's input. Never throws: what is wrong is in `errors`. */
export function checkInput(
  bytes: Bytes,
  rules: { readonly endpoint: string; readonly maxRequests: number },
): CheckedInput {
  const errors: BatchError[] = [];
  const requests: LineSpan[] = [];
  const seen = new Set<string>();
  let model: string | null = null;

  for (const span of bytes.lines()) {
    requests.push(span);
    if (requests.length > rules.maxRequests || errors.length >= MAX_ERRORS) continue;
    const line = requests.length;
    const report = (code: string, param: string | null, message: string): void => {
      errors.push({ code, message, param, line });
    };
    const value = parseLine(bytes, span);
    if (value === undefined) {
      report("invalid_json_line", null, "This line is not parseable as valid JSON.");
      continue;
    }
    const request = requestIn(value);
    if ("missing" in request) {
      const { missing } = request;
      report("missing_required_parameter", missing, `Missing required parameter: '${missing}'.`);
      continue;
    }
    if (seen.has(request.custom_id)) {
      report(
        "duplicate_custom_id",
        "custom_id",
        `The custom_id '${request.custom_id}' is used by another request of this file.`,
      );
    }
    seen.add(request.custom_id);
    if (request.method !== "POST") {
      report("invalid_method", "method", `The method '${request.method}' is not supported.`);
    }
    if (request.url !== rules.endpoint) {
      report(
        "url_mismatch",
        "url",
        `The URL '${request.url}' does not match the batch's endpoint '${rules.endpoint}'.`,
      );
    }
    const named = request.body["model"];
    if (typeof named !== "string") continue;
    model ??= named;
    if (named !== model) {
      report(
        "model_mismatch",
        "body.model",
        `The model '${named}' does not match the model '${model}' of this file's first request.`,
      );
    }
  }

  return { requests, model, errors: wholeFileErrors(requests.length, rules.maxRequests) ?? errors };
}

/** Reads a request back from a line that has passed `checkInput`. Throws for any other line. */
export function readRequest(bytes: Bytes, span: LineSpan): BatchRequest {
  const request = requestIn(parseLine(bytes, span) ?? {});
  if ("missing" in request) throw new TypeError(`No request lies at byte ${span.start}.`);
  return request;
}

function wholeFileErrors(count: number, max: number): readonly BatchError[] | undefined {
  if (count === 0) {
    const message = "The input file is empty. Please ensure it contains at least one request.";
    return [{ code: "empty_file", message, param: null, line: null }];
  }
  if (count > max) {
    const message = `The input file contains too many requests: ${count}. The maximum is ${max}.`;
    return [{ code: "too_many_tasks", message, param: null, line: null }];
  }
  return undefined;
}

function parseLine(bytes: Bytes, span: LineSpan): JsonObject | undefined {
  const line = bytes.read(span.start, span.end);
  if (!isUtf8(line)) return undefined;
  try {
    // A byte order mark survives the decoding, and JSON.parse refuses it as the API does.
    const value: unknown = JSON.parse(line.toString("utf8"));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function requestIn(line: JsonObject): BatchRequest | { readonly missing: string } {
  const { custom_id, method, url, body } = line;
  if (!isFilled(custom_id)) return { missing: "custom_id" };
  if (!isFilled(method)) return { missing: "method" };
  if (!isFilled(url)) return { missing: "url" };
  if (!isJsonObject(body)) return { missing: "body" };
  return { custom_id, method, url, body };
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
