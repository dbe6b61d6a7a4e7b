import { finalCodeIn } from "./final-codes.ts";
import { kindOf, plainText, titleOf, xmlError } from "./foreign-text.ts";
import { rawError } from "./raw-error.ts";

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
 * RFC 9457's `{title, detail}`, `{code, message}`, `{errors: […]}`, lists of these, and JSON within a text.
 */
export function errorFields(body: unknown, redact: (text: string) => string): ErrorFields {
  const { message, code, type, param, status } = rawError(body);
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
