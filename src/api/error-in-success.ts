import { errorFields, type ErrorFields } from "./error-fields.ts";
import { finalCodes } from "./final-codes.ts";
import { type Fields, isFields } from "./json.ts";
import { hasId } from "./unwrap.ts";

/**
 * What the body of a success says of an error: `{error: …}`, `{object: "error"}`, `{success: false}`,
 * `{detail: …}`, `{code, message}` and the like. `undefined` for a body that is none, as one that
 * holds an id: a batch that failed carries its own errors.
 */
export function errorInSuccess(
  value: unknown,
  redact: (text: string) => string,
): ErrorFields | undefined {
  if (!isFields(value) || hasId(value)) return undefined;
  return isErrorBody(value) ? errorFields(value, redact) : undefined;
}

/** Whether the body of a success is an error, by any of the signs that servers give. */
export function isErrorBody(body: Fields): boolean {
  if (isFull(body["error"]) || body["error"] === true || body["object"] === "error") return true;
  const flags = [body["success"], body["status"], body["ok"]];
  if (flags.includes(false) || /^(?:error|fail)$/i.test(String(body["status"]))) return true;
  if (flags.includes(true) || isFull(body["data"]) || Array.isArray(body["data"])) return false;
  if (isFull(body["detail"]) || isFull(body["errors"])) return true;
  // RFC 9457: {title, status, detail}.
  if (typeof body["status"] === "number" && body["status"] >= 400) return true;
  return isErrorCode(body["code"]) && (isFull(body["message"]) || isFull(body["msg"]));
}

function isFull(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** A code that is no sign of success: 0, 200, 20000, `ok` are. */
function isErrorCode(code: unknown): boolean {
  if (typeof code !== "string" && typeof code !== "number") return false;
  return !/^(0*|20\d+|ok|success|succeeded)$/i.test(String(code).trim());
}

const limitWords = /rate.?limit|too.?many|slow.?down/i;
const transientWords =
  /time.?out|timed.?out|overload|unavailable|internal|server.?error|busy|again|temporar/i;
const permanentWords =
  /invalid|bad.?request|unauthori[sz]ed|authenti|permission|forbidden|denied|not.?found|unsupported|validation|too.?large|conflict/i;

/**
 * What an error without a status means for the call: whether another try may help, and whether the
 * server has clearly refused. Without any word for its kind it may have happened after the deed.
 */
export function severityOf({ code = "", type = "", message = "" }: ErrorFields): {
  readonly transient: boolean;
  readonly refused: boolean;
} {
  const kind = `${code} ${type}`;
  if (finalCodes.has(code)) return { transient: false, refused: true };
  if (limitWords.test(`${kind} ${message}`)) return { transient: true, refused: true };
  if (transientWords.test(kind)) return { transient: true, refused: false };
  if (permanentWords.test(kind)) return { transient: false, refused: true };
  if (transientWords.test(message)) return { transient: true, refused: false };
  return { transient: kind.trim() === "", refused: false };
}
