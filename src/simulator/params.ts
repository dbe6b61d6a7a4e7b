import { invalidParameter, missingParameter } from "./errors.ts";
import { isJsonObject } from "./json.ts";
import type { ExpiresAfter } from "./types.ts";

/** The endpoints a batch may use. */
const ENDPOINTS: readonly string[] = [
  "/v1/responses",
  "/v1/chat/completions",
  "/v1/embeddings",
  "/v1/completions",
  "/v1/moderations",
  "/v1/images/generations",
  "/v1/images/edits",
  "/v1/videos",
];

/** What `POST /batches` asks for. */
export interface BatchParams {
  readonly input_file_id: string;
  readonly endpoint: string;
  readonly completion_window: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly output_expires_after: ExpiresAfter | null;
}

/**
 * Checks the JSON of `POST /batches`, its completion window being one of `windows`. Throws a `SimulatorApiError` with status
 * 400 for the first thing wrong.
 */
export function readBatchParams(body: unknown, windows: readonly string[]): BatchParams {
  if (!isJsonObject(body)) throw missingParameter("input_file_id");
  return {
    input_file_id: requiredString(body["input_file_id"], "input_file_id"),
    endpoint: oneOf(body["endpoint"], "endpoint", ENDPOINTS),
    completion_window: oneOf(body["completion_window"], "completion_window", windows),
    metadata: readMetadata(body["metadata"]),
    output_expires_after: readExpiresAfter(body["output_expires_after"], "output_expires_after"),
  };
}

/** Checks an expiry. `undefined` and `null` mean none; throws a `SimulatorApiError` with status 400 for a wrong one. */
export function readExpiresAfter(value: unknown, param: string): ExpiresAfter | null {
  if (value === undefined || value === null) return null;
  const { anchor, seconds } = isJsonObject(value) ? value : {};
  if (anchor === undefined) throw missingParameter(`${param}.anchor`);
  if (seconds === undefined) throw missingParameter(`${param}.seconds`);
  if (anchor !== "created_at") {
    throw invalidParameter(
      `${param}.anchor`,
      "invalid_value",
      `Invalid value: '${show(anchor)}'. Supported values are: 'created_at'.`,
    );
  }
  if (typeof seconds !== "number" || !Number.isInteger(seconds)) {
    throw invalidParameter(
      `${param}.seconds`,
      "invalid_type",
      `Invalid type for '${param}.seconds': expected an integer.`,
    );
  }
  if (seconds < 3600 || seconds > 2_592_000) {
    throw invalidParameter(
      `${param}.seconds`,
      seconds < 3600 ? "integer_below_min_value" : "integer_above_max_value",
      `Invalid '${param}.seconds': expected a value from 3600 to 2592000, but got ${seconds} instead.`,
    );
  }
  return { anchor, seconds };
}

/**
 * Reads `limit` from a query string. Throws a `SimulatorApiError` with status 400 unless it is a whole number from 1 to
 * `max`.
 */
export function readLimit(
  text: string | undefined,
  range: { readonly max: number; readonly default: number },
): number {
  if (text === undefined) return range.default;
  const limit = Number(text);
  if (text.trim() === "" || !Number.isInteger(limit)) {
    throw invalidParameter(
      "limit",
      "invalid_type",
      `Invalid type for 'limit': expected an integer, but got '${text}' instead.`,
    );
  }
  if (limit >= 1 && limit <= range.max) return limit;
  throw invalidParameter(
    "limit",
    limit < 1 ? "integer_below_min_value" : "integer_above_max_value",
    `Invalid 'limit': integer ${limit < 1 ? "below minimum" : "above maximum"} value. Expected a value from 1 to ${range.max}, but got ${limit} instead.`,
  );
}

function readMetadata(value: unknown): Readonly<Record<string, string>> | null {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) {
    throw invalidParameter(
      "metadata",
      "invalid_type",
      "Invalid type for 'metadata': expected an object.",
    );
  }
  const pairs = Object.entries(value);
  if (pairs.length > 16) {
    throw invalidParameter(
      "metadata",
      "object_above_max_properties",
      `Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with ${pairs.length} properties instead.`,
    );
  }
  return Object.fromEntries(pairs.map(([key, text]) => [key, metadataValue(key, text)]));
}

function metadataValue(key: string, value: unknown): string {
  if (key.length > 64) {
    throw invalidParameter(
      "metadata",
      "invalid_property_name",
      `Invalid 'metadata': property name too long. Expected a name with maximum length 64, but got a name with length ${key.length} instead.`,
    );
  }
  if (typeof value !== "string") {
    throw invalidParameter(
      `metadata.${key}`,
      "invalid_type",
      `Invalid type for 'metadata.${key}': expected a string.`,
    );
  }
  if (value.length > 512) {
    throw invalidParameter(
      `metadata.${key}`,
      "string_above_max_length",
      `Invalid 'metadata.${key}': string too long. Expected a string with maximum length 512, but got a string with length ${value.length} instead.`,
    );
  }
  return value;
}

function requiredString(value: unknown, param: string): string {
  if (value === undefined || value === null || value === "") throw missingParameter(param);
  if (typeof value === "string") return value;
  throw invalidParameter(param, "invalid_type", `Invalid type for '${param}': expected a string.`);
}

function oneOf(value: unknown, param: string, allowed: readonly string[]): string {
  const text = requiredString(value, param);
  if (allowed.includes(text)) return text;
  throw invalidParameter(
    param,
    "invalid_value",
    `Invalid value: '${text}'. Supported values are: ${allowed.map((item) => `'${item}'`).join(", ")}.`,
  );
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
