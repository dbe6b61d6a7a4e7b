import { batchErrors } from "./batch-errors.ts";
import { type Fields, isFields } from "./json.ts";
import { morePagesOf } from "./more-pages.ts";
import { statusOfWord } from "./status-words.ts";
import type { Batch, BatchUsage, FileObject } from "./types.ts";
import { idOf, idText, unwrap } from "./unwrap.ts";

const times = [
  "in_progress_at",
  "expires_at",
  "finalizing_at",
  "completed_at",
  "failed_at",
  "expired_at",
  "cancelling_at",
  "cancelled_at",
] as const;

/** Ids that a batch has of other things; numbers become texts, and `"None"` is none. */
const ids = ["input_file_id", "output_file_id", "error_file_id"] as const;

/**
 * Any compatible server's batch becomes one `Batch`: wrappers (`{job}`, `{data}`) are opened, other
 * servers' words for a status and other shapes of `errors` translated, ISO times turned into Unix
 * seconds, and `null`, `""` and ids that say `None` left out. Fields and statuses that we do not know
 * are kept as they are; a batch without a status has the status `unknown`.
 *
 * Returns `undefined` for an answer that holds no batch, which is one without an id.
 */
export function normalizeBatch(answer: unknown): Batch | undefined {
  const fields = unwrap(answer);
  const id = fields === undefined ? undefined : idOf(fields);
  if (fields === undefined || id === undefined) return undefined;
  const { created_at, metadata, errors, request_counts, usage, ...rest } = named(fields);
  const status = statusOfWord(rest["status"] ?? rest["state"]);
  const batch: Record<string, unknown> = {
    endpoint: "",
    input_file_id: "",
    completion_window: "",
    ...rest,
    ...replaced(rest, ids, idText),
    ...replaced(rest, times, seconds),
    id,
    object: "batch",
    status,
    created_at: seconds(created_at) ?? 0,
    metadata: isFields(metadata) ? textsOf(metadata) : undefined,
    errors: batchErrors({ ...rest, errors }, status === "failed"),
    request_counts: normalizeCounts(request_counts),
    usage: normalizeUsage(usage),
  };
  batch["input_file_id"] ??= "";
  // Every required field is set above; what else the server sent goes through untyped.
  return withoutEmpty(batch, [undefined]) as unknown as Batch;
}

/** A list page before its entries are read. */
interface NormalizedPage {
  readonly items: readonly unknown[];
  /** Whether the server says that there are more; `undefined` where it says nothing. */
  readonly hasMore: boolean | undefined;
  /** Entries of the whole list, where the server counts them. */
  readonly total?: number;
  /** The cursor that the server names. */
  readonly lastId?: string;
}

/** A list page in any of the shapes seen: `{data}`, `{data: {data}}`, `{value}` (older Azure), a bare array (Together). */
export function normalizePage(answer: unknown): NormalizedPage | undefined {
  if (Array.isArray(answer)) return { items: answer, hasMore: undefined };
  if (!isFields(answer)) return undefined;
  const wrapped = answer["data"] ?? answer["result"];
  if (isFields(wrapped)) {
    // What stands beside the wrapper may be the only word on more pages.
    return "data" in wrapped ? normalizePage({ ...answer, ...wrapped }) : undefined;
  }
  const items = "data" in answer ? answer["data"] : answer["value"];
  if (items !== null && !Array.isArray(items)) return undefined;
  const lastId = idText(named(answer)["last_id"]);
  const { hasMore, total } = morePagesOf(answer);
  return {
    items: items ?? [],
    hasMore: hasMore ?? (items === null ? false : undefined),
    ...(total === undefined ? {} : { total }),
    ...(lastId === undefined ? {} : { lastId }),
  };
}

/** A file as any compatible server describes it; `undefined` for an answer without an id. */
export function normalizeFile(answer: unknown): FileObject | undefined {
  const fields = unwrap(answer);
  const id = fields === undefined ? undefined : idOf(fields);
  if (fields === undefined || id === undefined) return undefined;
  const file = named(fields);
  const normalized: Record<string, unknown> = {
    filename: "",
    purpose: "batch",
    ...file,
    id,
    object: "file",
    bytes: count(file["bytes"]),
    created_at: seconds(file["created_at"]) ?? 0,
    expires_at: seconds(file["expires_at"]),
  };
  // As above: the required fields are set, the rest passes through.
  return withoutEmpty(normalized, [undefined]) as unknown as FileObject;
}

/** Fields that some servers write in camel case. */
const known: ReadonlySet<string> = new Set([
  ...times,
  ...ids,
  "created_at",
  "completion_window",
  "request_counts",
  "last_id",
]);

/** Fields under OpenAI's names: `createdAt` is `created_at`; what is empty is left out. */
function named(fields: Fields): Record<string, unknown> {
  const full = withoutEmpty(fields, [null, ""]);
  const renamed = Object.entries(full).map(([name, value]) => {
    const snake = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    return [known.has(snake) && !(snake in full) ? snake : name, value];
  });
  return Object.fromEntries(renamed) as Record<string, unknown>;
}

function withoutEmpty(fields: Fields, empty: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !empty.includes(value)));
}

/** Those of the names that are there, each with what its value becomes. */
function replaced(
  fields: Fields,
  names: readonly string[],
  become: (value: unknown) => unknown,
): Fields {
  return Object.fromEntries(
    names.filter((name) => name in fields).map((name) => [name, become(fields[name])]),
  );
}

/** Unix seconds do not come so far for three thousand years; milliseconds came there in 1973. */
const noSeconds = 1e11;

function seconds(time: unknown): number | undefined {
  if (typeof time === "number" && !Number.isFinite(time)) return undefined;
  if (typeof time === "number") return time < noSeconds ? time : seconds(Math.floor(time / 1000));
  if (typeof time !== "string") return undefined;
  if (/^\d+(\.\d+)?$/.test(time)) return seconds(Math.floor(Number(time)));
  const parsed = Date.parse(time) / 1000;
  return Number.isNaN(parsed) ? undefined : Math.floor(parsed);
}

/** A gateway that turns names into camel case does so in metadata too; the marks of a create must be found all the same. */
const ownNames: ReadonlyMap<string, string> = new Map([
  ["idempotencyKey", "idempotency_key"],
  ["creationId", "creation_id"],
  ["githubRepository", "github_repository"],
  ["githubRunId", "github_run_id"],
]);

function textsOf(metadata: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      ownNames.get(key) ?? key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function normalizeCounts(counts: unknown): Batch["request_counts"] {
  if (!isFields(counts)) return undefined;
  return {
    total: count(counts["total"]),
    completed: count(counts["completed"]),
    failed: count(counts["failed"]),
  };
}

function normalizeUsage(usage: unknown): BatchUsage | undefined {
  if (!isFields(usage) || Object.keys(usage).length === 0) return undefined;
  const inputs = usage["input_tokens_details"];
  const outputs = usage["output_tokens_details"];
  return {
    input_tokens: count(usage["input_tokens"]),
    input_tokens_details: { cached_tokens: isFields(inputs) ? count(inputs["cached_tokens"]) : 0 },
    output_tokens: count(usage["output_tokens"]),
    output_tokens_details: {
      reasoning_tokens: isFields(outputs) ? count(outputs["reasoning_tokens"]) : 0,
    },
    total_tokens: count(usage["total_tokens"]),
  };
}

function count(value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : 0;
}
