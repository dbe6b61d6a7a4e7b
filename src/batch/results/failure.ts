import { isFields } from "../../api/normalize.ts";
import { finalCodes } from "../../api/final-codes.ts";
import type { RequestState } from "../knowledge.ts";
import { jsonOf } from "./json.ts";

/** Why a request has no answer. */
export type Failure = Extract<RequestState, { readonly state: "failed" | "never-ran" | "unknown" }>;

type Fields = Readonly<Record<string, unknown>>;

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
  if (neverRanCodes.has(code)) return { state: "never-ran", code, transient: true };
  const numeric = /^[1-5]\d\d$/.test(code) ? Number(code) : undefined;
  const known = status ?? numeric;
  const transient =
    known === undefined || isSuccess(known)
      ? transientCodes.has(code) || isTransientStatus(numeric)
      : isTransientStatus(known);
  return { state: "failed", code, transient: transient && !finalCodes.has(code) };
}

/** What an `error` says: an object, a text, one inside another; `undefined` where it says nothing. */
export interface ErrorWords {
  readonly code: string | undefined;
  readonly status: number | undefined;
}

/** Reads an error of any shape; `{}`, `""` and objects of nothing but those are no errors. */
export function errorWords(error: unknown): ErrorWords | undefined {
  if (typeof error === "string") return error.trim() === "" ? undefined : wordsOfText(error);
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
    if (typeof value === "string" && /^\d{1,3}$/.test(value.trim())) return Number(value);
  }
  return undefined;
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function isTransientStatus(status: number | undefined): boolean {
  return status !== undefined && (status === 429 || status === 408 || status >= 500);
}

function codeOf(error: Fields): string | undefined {
  for (const code of [error["code"], error["type"]]) {
    if (typeof code === "number") return String(code);
    if (typeof code === "string" && code.trim() !== "") return code;
  }
  return undefined;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return isFields(value) && Object.values(value).every(isNothing);
}

/** `Error code: 500 - {'error': {'code': 'server_error'}}`, as Python's clients say it; or JSON. */
function wordsOfText(text: string): ErrorWords {
  const at = text.indexOf("{");
  const told = at === -1 ? undefined : errorWords(jsonOf(text.slice(at)));
  const [, status] = /\b(?:error code|status code|status|http)\W{0,3}(\d{3})\b/i.exec(text) ?? [];
  const [, code] = /['"]code['"]\s*:\s*['"]([\w.-]+)['"]/.exec(text) ?? [];
  return {
    code: told?.code ?? code,
    status: status === undefined ? told?.status : Number(status),
  };
}
