import { type Fields, isFields, parseJson } from "./json.ts";

/** What an answer says of an error, as it came. */
interface RawError {
  readonly message?: string | undefined;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly param?: string | undefined;
  readonly status?: number | undefined;
}

/** Fields that hold the error itself. */
const places = ["error", "errors", "fault"] as const;
const messages = [
  ...["message", "detail", "msg", "Message", "error_message", "errorMessage", "error_msg"],
  ...["messages", "faultstring", "description", "reason", "title"],
];
const codes = ["code", "error_code", "errorCode", "Code", "__type"];
const statuses = ["status", "status_code", "statusCode", "code"];

/** JSON in a text in JSON: more of that is nobody's error. */
const deepest = 4;

/** Reads an error of any shape; of what it does not know it reads nothing, for a server may repeat a request. */
export function rawError(value: unknown, depth = 0): RawError {
  if (depth > deepest) return {};
  if (typeof value === "string") return ofText(value, depth);
  if (Array.isArray(value)) return ofList(value, depth);
  if (!isFields(value)) return {};
  const place = places.find((name) => isThere(value[name]));
  const own = ownWords(value, depth);
  if (place === undefined) return own;
  const inner = value[place];
  // OAuth: the code under `error`, the words beside it.
  const description = text(value, "error_description", depth) ?? text(value, "message", depth);
  if (typeof inner === "string" && description !== undefined) {
    return { message: description, code: inner, status: own.status };
  }
  const error =
    place === "errors" && isFields(inner) ? ofFields(inner, depth) : rawError(inner, depth + 1);
  const { message = own.message, code = own.code, status = own.status } = error;
  return { ...error, message, code, status };
}

function ownWords(value: Fields, depth: number): RawError {
  const inner = isFields(value["innererror"]) ? rawError(value["innererror"], depth + 1) : {};
  const message = firstOf(messages, (name) => text(value, name, depth));
  const type = text(value, "type", depth);
  const told = message === undefined ? inner : ofText(message, depth);
  return {
    message: told.message,
    code: firstOf(codes, (name) => text(value, name, depth)) ?? told.code,
    type: type === "about:blank" ? undefined : (type ?? told.type),
    param: text(value, "param", depth) ?? told.param,
    status: firstOf(statuses, (name) => statusOf(value[name])) ?? told.status,
  };
}

/** A text that is JSON says what that says, where it says anything. */
function ofText(value: string, depth: number): RawError {
  const parsed = /^\s*[[{"]/.test(value) ? parseJson(value) : undefined;
  const inner = parsed === undefined ? {} : rawError(parsed.value, depth + 1);
  return inner.message === undefined ? { message: value } : inner;
}

/** The words of all, and the code of the first. */
function ofList(value: readonly unknown[], depth: number): RawError {
  const errors = value.map((item) => rawError(item, depth + 1));
  const words = errors.flatMap(({ message = "" }) => (message === "" ? [] : [message]));
  return { ...errors[0], message: words.join("; ") || undefined };
}

/** `{message, …}`, or the words on each field: `{input_file_id: ["is too old"]}`. */
function ofFields(value: Fields, depth: number): RawError {
  const own = rawError(value, depth + 1);
  if (own.message !== undefined) return own;
  const words = Object.keys(value).flatMap((name) => {
    const said = text(value, name, depth);
    return said === undefined ? [] : [`${name}: ${said}`];
  });
  return { ...own, message: words.join("; ") || undefined };
}

function text(fields: Fields, key: string, depth: number): string | undefined {
  const value = fields[key];
  if (typeof value === "string" && value.trim() !== "") return value;
  if (typeof value === "number") return String(value);
  // `{detail: {message: …}}`, and FastAPI's list of problems; what it echoes of the request stays out.
  const isList = Array.isArray(value) || (key === "detail" && isFields(value));
  return isList ? rawError(value, depth + 1).message : undefined;
}

function statusOf(value: unknown): number | undefined {
  const status = Number(value ?? Number.NaN);
  return status >= 400 && status <= 599 ? status : undefined;
}

function isThere(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isFields(value) || (typeof value === "string" && value.trim() !== "");
}

function firstOf<T>(
  names: readonly string[],
  read: (name: string) => T | undefined,
): T | undefined {
  for (const name of names) {
    const value = read(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
