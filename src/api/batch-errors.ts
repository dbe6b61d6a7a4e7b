import { plainText } from "./foreign-text.ts";
import { type Fields, isFields } from "./json.ts";
import type { Batch, BatchError } from "./types.ts";

/** Fields in which servers say why a batch failed, beside `errors` and `error`. */
const reasons = ["failure_reason", "fail_reason", "error_message", "status_message"] as const;

/**
 * The problems of a batch in OpenAI's shape: `errors` as a list, an object with `data`, one error or
 * a text, or an object that names a problem by line or field; `error`; and of a failed batch the
 * fields that say why.
 */
export function batchErrors(batch: Fields, failed: boolean): Batch["errors"] | undefined {
  const places = ["errors", "error", ...(failed ? reasons : [])];
  for (const place of places) {
    const data = errorsIn(batch[place]);
    if (data.length > 0) return { object: "list", data: [...data] };
  }
  return undefined;
}

function errorsIn(value: unknown): readonly BatchError[] {
  if (typeof value === "string") {
    const message = plainText(value);
    return message === "" ? [] : [{ message }];
  }
  if (Array.isArray(value)) return value.flatMap(errorsIn);
  if (!isFields(value)) return [];
  const list = value["data"] ?? value["errors"] ?? value["error"];
  if (Array.isArray(list) || isFields(list)) return errorsIn(list);
  const error = errorOf(value);
  if (Object.keys(error).length > 0) return [error];
  // `{"line 3": "…"}`, `{"3": {message: …}}`
  return Object.entries(value).flatMap(([place, inner]) =>
    errorsIn(inner).map((problem) => ({ param: place, ...problem })),
  );
}

function errorOf(fields: Fields): BatchError {
  const code = textOf(fields["code"]) ?? textOf(fields["type"]);
  const message = textOf(fields["message"]) ?? textOf(fields["msg"]) ?? textOf(fields["detail"]);
  const param = textOf(fields["param"]);
  const line = lineOf(fields["line"] ?? fields["line_number"]);
  return {
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(param === undefined ? {} : { param }),
    ...(line === undefined ? {} : { line }),
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? plainText(value) || undefined : undefined;
}

function lineOf(value: unknown): number | undefined {
  const line = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof line === "number" && Number.isInteger(line) ? line : undefined;
}
