import { isFields } from "../../api/normalize.ts";

/** Tokens of one answer or of many. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

/** Tokens of several answers, or of several batches, added up; `undefined` where there are none. */
export function sumUsage(all: readonly TokenUsage[]): TokenUsage | undefined {
  if (all.length === 0) return undefined;
  return all.reduce((sum, usage) => ({
    input: sum.input + usage.input,
    output: sum.output + usage.output,
    total: sum.total + usage.total,
  }));
}

/** Why a request has no answer. */
export interface Failure {
  /** Of the error, or one of ours: `http_429`, `status_0`, `no_response`, `unreadable_line`. */
  readonly code: string;
  /** Whether the same request may well succeed when it is sent again. */
  readonly transient: boolean;
}

/** What one line of an output or error file says about its request. */
export interface ResultLine {
  readonly customId: string | undefined;
  /** `undefined` for an answered request. */
  readonly failure: Failure | undefined;
  readonly usage: TokenUsage | undefined;
}

const unreadable: ResultLine = {
  customId: undefined,
  failure: { code: "unreadable_line", transient: false },
  usage: undefined,
};

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
    return unreadable;
  }
  if (!isFields(line)) return unreadable;
  const { custom_id: id, response, error } = line;
  const body = isFields(response) ? bodyOf(response["body"]) : undefined;
  return {
    customId: typeof id === "string" ? id : undefined,
    failure: failureOf(response, error, body),
    usage: usageOf(body),
  };
}

/** Codes of requests that never ran; the next batch may have the time that this one lacked. */
const transientCodes: ReadonlySet<string> = new Set(["batch_expired", "batch_cancelled"]);

function failureOf(response: unknown, error: unknown, body: unknown): Failure | undefined {
  const status = isFields(response) ? response["status_code"] : undefined;
  const transient = isTransientStatus(status);
  if (typeof error === "string" && error !== "") return { code: "error", transient };
  if (isFields(error) && Object.keys(error).length > 0) {
    const code = codeOf(error) ?? "error";
    return { code, transient: transient || transientCodes.has(code) };
  }
  if (!isFields(response)) return { code: "no_response", transient: true };
  if (typeof status !== "number" || status === 0) return { code: "status_0", transient: true };
  if (status >= 200 && status <= 299) return undefined;
  const inner = isFields(body) ? body["error"] : undefined;
  return { code: (isFields(inner) ? codeOf(inner) : undefined) ?? `http_${status}`, transient };
}

function isTransientStatus(status: unknown): boolean {
  return typeof status === "number" && (status === 429 || status === 408 || status >= 500);
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
