import { isSuccess } from "../../api/answer.ts";
import { type Fields, isFields } from "../../api/json.ts";
import { finalCodeIn, finalCodes } from "../../api/final-codes.ts";
import type { RequestState } from "../knowledge.ts";
import { jsonOf } from "./json.ts";

/** Why a request has no answer. */
export type Failure = Extract<RequestState, { readonly state: "failed" | "never-ran" | "unknown" }>;

/** Of codes that a server gives requests that it has never run; the next batch may have the time that this one lacked. */
const neverRanCodes: ReadonlySet<string> = new Set([
  "batch_expired",
  "batch_cancelled",
  "batch_canceled",
]);

/** Codes that say, without a status, what 429 and 5xx say. */
const transientCodes: ReadonlySet<string> = new Set([
  "server_error",
  "internal_error",
  "internal_server_error",
  "api_error",
  "rate_limit_exceeded",
  "rate_limit_error",
  "too_many_requests",
  "overloaded",
  "overloaded_error",
  "service_unavailable",
  "timeout",
  "request_timeout",
]);

/** A failure by its code and status; a limit that is spent stays so under any status. */
export function failureBy(code: string, status: number | undefined): Failure {
  const folded = code.toLowerCase();
  if (neverRanCodes.has(folded)) return { state: "never-ran", code, transient: true };
  const numeric = isStatus(code) ? Number(code) : undefined;
  const known = status ?? numeric;
  const transient =
    known === undefined || isSuccess(known)
      ? transientCodes.has(folded) || isTransientStatus(numeric)
      : isTransientStatus(known);
  return { state: "failed", code, transient: transient && !finalCodes.has(folded) };
}

/** What an `error` says: an object, a text, one inside another; `undefined` where it says nothing. */
interface ErrorWords {
  readonly code: string | undefined;
  readonly status: number | undefined;
}

/** Words of servers that have no error to tell and tell it. */
const noError = /^\s*(?:|null|none|nil|undefined)\s*$/i;

/** Reads an error of any shape; `{}`, `""` and objects of nothing but those are no errors. */
export function errorWords(error: unknown): ErrorWords | undefined {
  if (typeof error === "string") return noError.test(error) ? undefined : wordsOfText(error);
  if (error === true) return { code: undefined, status: undefined };
  if (Array.isArray(error)) return errorWords(error.find((one) => !isNothing(one)));
  if (!isFields(error)) return undefined;
  if (Object.values(error).every(isNothing)) return undefined;
  const inner = errorWords(error["error"]);
  const told = typeof error["message"] === "string" ? wordsOfText(error["message"]) : undefined;
  return {
    code: codeOf(error) ?? inner?.code ?? told?.code,
    status: statusOf(error) ?? inner?.status ?? told?.status,
  };
}

/** The HTTP status that an object carries, under any of its names, also as a text. */
export function statusOf(fields: Fields): number | undefined {
  for (const name of ["status_code", "statusCode", "http_status", "status"]) {
    const value = fields[name];
    if (typeof value === "number") return value;
    // Also `500 Internal Server Error`.
    const [, number] = typeof value === "string" ? (/^\s*(\d{1,3})\b/.exec(value) ?? []) : [];
    if (number !== undefined) return Number(number);
  }
  return undefined;
}

function isTransientStatus(status: number | undefined): boolean {
  return status !== undefined && (status === 429 || status === 408 || status >= 500);
}

/** Its code, else its type; one that says that a limit is spent before one that repeats a status. */
function codeOf(error: Fields): string | undefined {
  const texts = [error["code"], error["type"]]
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map(String)
    .filter((text) => text.trim() !== "");
  const final = texts.find((text) => finalCodes.has(text.toLowerCase()));
  const [code] = texts;
  if (final !== undefined || (code !== undefined && !isStatus(code))) return final ?? code;
  const message = typeof error["message"] === "string" ? error["message"] : "";
  return finalCodeIn(message) ?? code;
}

function isStatus(code: string): boolean {
  return /^[1-5]\d\d$/.test(code);
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return true;
  if (typeof value === "string") return value === "";
  if (Array.isArray(value)) return value.every(isNothing);
  return isFields(value) && Object.values(value).every(isNothing);
}

/** `Error code: 500 - {'error': {'code': 'server_error'}}`, as Python's clients say it; or JSON. */
function wordsOfText(text: string): ErrorWords {
  const at = text.indexOf("{");
  const told = at === -1 ? undefined : errorWords(jsonOf(text.slice(at)));
  const [, status] = /\b(?:error code|status code|status|http)\W{0,3}(\d{3})\b/i.exec(text) ?? [];
  const [, code] = /['"]code['"]\s*:\s*['"]([\w.-]+)['"]/.exec(text) ?? [];
  return {
    code: told?.code ?? finalCodeIn(text) ?? code,
    status: status === undefined ? told?.status : Number(status),
  };
}
