import { isFields } from "../api/normalize.ts";

/** Tokens of one answer or of many. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

/** What one line of an output or error file says about its request. */
export interface ResultLine {
  readonly customId: string | undefined;
  /** `undefined` for an answered request; else a code: of the error, or `http_429`, `status_0`, `unreadable_line`. */
  readonly failure: string | undefined;
  readonly usage: TokenUsage | undefined;
}

/**
 * Reads one result line. A request succeeded when its HTTP status is 2xx and no error stands
 * beside it, whichever file the line is in: servers put failures into the output file too, and
 * count a status of 0 as completed (ellmer#830).
 */
export function readResultLine(bytes: Buffer): ResultLine {
  let line: unknown;
  try {
    line = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { customId: undefined, failure: "unreadable_line", usage: undefined };
  }
  if (!isFields(line)) return { customId: undefined, failure: "unreadable_line", usage: undefined };
  const id = line["custom_id"];
  const customId = typeof id === "string" ? id : undefined;
  const { response, error } = line;
  const body = isFields(response) ? bodyOf(response["body"]) : undefined;
  return { customId, failure: failureOf(response, error, body), usage: usageOf(body) };
}

function failureOf(response: unknown, error: unknown, body: unknown): string | undefined {
  if (isFields(error) && Object.keys(error).length > 0) return codeOf(error) ?? "error";
  if (!isFields(response)) return "no_response";
  const status = response["status_code"];
  if (typeof status !== "number" || status === 0) return "status_0";
  if (status >= 200 && status <= 299) return undefined;
  const inner = isFields(body) ? body["error"] : undefined;
  return (isFields(inner) ? codeOf(inner) : undefined) ?? `http_${status}`;
}

function codeOf(error: Readonly<Record<string, unknown>>): string | undefined {
  const code = error["code"] ?? error["type"];
  if (typeof code === "number") return String(code);
  return typeof code === "string" && code !== "" ? code : undefined;
}

/** llama-stack sends the body as a JSON text inside the JSON. */
function bodyOf(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function usageOf(body: unknown): TokenUsage | undefined {
  const usage = isFields(body) ? body["usage"] : undefined;
  if (!isFields(usage)) return undefined;
  const input = tokens(usage["input_tokens"] ?? usage["prompt_tokens"]);
  const output = tokens(usage["output_tokens"] ?? usage["completion_tokens"]);
  return { input, output, total: tokens(usage["total_tokens"]) || input + output };
}

function tokens(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** The sum of two usages, either of which may be unknown. */
export function addUsage(a: TokenUsage | undefined, b: TokenUsage | undefined) {
  if (a === undefined || b === undefined) return a ?? b;
  return { input: a.input + b.input, output: a.output + b.output, total: a.total + b.total };
}
