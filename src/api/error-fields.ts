import { finalCodeIn } from "./final-codes.ts";
import { kindOf, plainText, titleOf, xmlError } from "./foreign-text.ts";
import { isFields } from "./json.ts";

/** What an answer says of an error, in the server's own words; safe to print. */
export interface ErrorFields {
  readonly message?: string | undefined;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly param?: string | undefined;
  /** The HTTP status that the body names, 400 to 599. */
  readonly status?: number | undefined;
}

const longestCode = 200;

/**
 * Reads `{error: {…}}`, `{error: "…"}`, OAuth's `{error, error_description}`, FastAPI's `{detail: …}`,
 * `{code, message}`, `{errors: […]}` and a JSON text.
 */
export function errorFields(body: unknown, redact: (text: string) => string): ErrorFields {
  const { message, code, type, param, status } = rawFields(body);
  const clean = (value: string | undefined, longest?: number) =>
    value === undefined ? undefined : plainText(redact(value), longest) || undefined;
  return {
    message: clean(message),
    code: clean(code ?? finalCodeIn(message ?? ""), longestCode),
    type: clean(type, longestCode),
    param: clean(param, longestCode),
    status,
  };
}

/** Reads the error of a body that is no JSON; of a web page nothing. */
export function errorFieldsOfText(body: string, redact: (text: string) => string): ErrorFields {
  const kind = kindOf(body);
  if (kind === "an XML document") return errorFields(xmlError(body), redact);
  // JSON that was cut may repeat a request.
  return kind === "text" && !/^\s*[[{"]/.test(body) ? errorFields(body, redact) : {};
}

/** A web page as messages call it, with its title where that is short. */
export function pageNamed(body: string, redact: (text: string) => string): string {
  const title = titleOf(redact(body));
  return `a web page (HTML)${title === undefined ? "" : ` titled "${title}"`}`;
}

function rawFields(body: unknown): ErrorFields {
  if (typeof body === "string") return { message: body };
  if (!isFields(body)) return {};
  const first: unknown = Array.isArray(body["errors"]) ? body["errors"][0] : undefined;
  const error = body["error"] ?? (first === undefined ? body : first);
  const status = statusIn(error) ?? statusIn(body);
  if (typeof error === "string") {
    const description = text(body, "error_description") ?? text(body, "message");
    return description === undefined
      ? { message: error, status }
      : { message: description, code: error, status };
  }
  if (!isFields(error)) return { message: text(body, "message"), status };
  return {
    message:
      text(error, "message") ??
      text(error, "detail") ??
      text(error, "msg") ??
      text(body, "message"),
    code: text(error, "code") ?? (error === body ? undefined : text(body, "code")),
    type: text(error, "type"),
    param: text(error, "param"),
    status,
  };
}

function statusIn(fields: unknown): number | undefined {
  if (!isFields(fields)) return undefined;
  return ["status", "status_code", "statusCode", "code"]
    .map((name) => Number(fields[name] ?? Number.NaN))
    .find((status) => status >= 400 && status <= 599);
}

function text(fields: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = fields[key];
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number") return String(value);
  // `{detail: {message: …}}`
  if (key === "detail" && isFields(value)) return text(value, "message") ?? text(value, "msg");
  if (!Array.isArray(value)) return undefined;
  // FastAPI's list of problems; what it echoes of the request stays out.
  const problems = value.flatMap((item: unknown) =>
    typeof item === "string" ? [item] : isFields(item) ? [text(item, "msg") ?? ""] : [],
  );
  return problems.filter((problem) => problem !== "").join("; ") || undefined;
}
