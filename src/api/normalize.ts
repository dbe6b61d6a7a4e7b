import type { Batch, BatchError, BatchStatus, BatchUsage, FileObject } from "./types.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

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

const aliases: ReadonlyMap<string, BatchStatus> = new Map(
  Object.entries({
    canceling: "cancelling",
    canceled: "cancelled",
    progress: "in_progress",
  } as const),
);

/**
 * Any compatible server's batch becomes one `Batch`: wrappers (`{job}`) are opened, capitals and
 * other spellings of a status folded, ISO times turned into Unix seconds, and `null` and `""`
 * left out. Fields and statuses that we do not know are kept as they are.
 *
 * Returns `undefined` for an answer that holds no batch, which is one without an id.
 */
export function normalizeBatch(answer: unknown): Batch | undefined {
  const fields = unwrap(answer);
  if (fields === undefined) return undefined;
  const { id, status, created_at, metadata, errors, request_counts, usage, ...rest } =
    withoutEmpty(fields);
  if (typeof id !== "string") return undefined;

  const batch: Record<string, unknown> = {
    endpoint: "",
    input_file_id: "",
    completion_window: "",
    ...rest,
    id,
    object: "batch",
    status: normalizeStatus(status),
    created_at: seconds(created_at) ?? 0,
  };
  for (const time of times) {
    const at = seconds(rest[time]);
    if (at === undefined) Reflect.deleteProperty(batch, time);
    else batch[time] = at;
  }
  if (isFields(metadata)) batch["metadata"] = textsOf(metadata);
  const problems = normalizeErrors(errors);
  if (problems !== undefined) batch["errors"] = problems;
  const counts = normalizeCounts(request_counts);
  if (counts !== undefined) batch["request_counts"] = counts;
  const tokens = normalizeUsage(usage);
  if (tokens !== undefined) batch["usage"] = tokens;
  // Every required field is set above; what else the server sent goes through untyped.
  return batch as unknown as Batch;
}

/** A list page in any of the shapes seen: `{data}`, `{value}` (older Azure), a bare array (Together). */
export function normalizePage(
  answer: unknown,
):
  | { readonly items: readonly unknown[]; readonly hasMore: boolean; readonly lastId?: string }
  | undefined {
  if (Array.isArray(answer)) return { items: answer, hasMore: false };
  if (!isFields(answer)) return undefined;
  const items = "data" in answer ? answer["data"] : answer["value"];
  if (items === null) return { items: [], hasMore: false };
  if (!Array.isArray(items)) return undefined;
  const lastId = answer["last_id"];
  return {
    items,
    hasMore: answer["has_more"] === true,
    ...(typeof lastId === "string" && lastId !== "" ? { lastId } : {}),
  };
}

/** A file as any compatible server describes it; `undefined` for an answer without an id. */
export function normalizeFile(answer: unknown): FileObject | undefined {
  if (!isFields(answer)) return undefined;
  const file = withoutEmpty(answer);
  if (typeof file["id"] !== "string") return undefined;
  const expires = seconds(file["expires_at"]);
  delete file["expires_at"];
  const normalized: Record<string, unknown> = {
    bytes: 0,
    filename: "",
    purpose: "batch",
    ...file,
    object: "file",
    created_at: seconds(file["created_at"]) ?? 0,
    ...(expires === undefined ? {} : { expires_at: expires }),
  };
  // As above: the required fields are set, the rest passes through.
  return normalized as unknown as FileObject;
}

function unwrap(answer: unknown): Fields | undefined {
  if (!isFields(answer)) return undefined;
  const inner = answer["job"] ?? answer["batch"];
  return typeof answer["id"] !== "string" && isFields(inner) ? inner : answer;
}

function withoutEmpty(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== ""),
  );
}

function normalizeStatus(status: unknown): BatchStatus {
  const folded =
    typeof status === "string" ? status.toLowerCase().replaceAll("-", "_") : "validating";
  // A status that we do not know passes through: it is reported, and taken for not final.
  return aliases.get(folded) ?? (folded as BatchStatus);
}

function seconds(time: unknown): number | undefined {
  if (typeof time === "number") return time;
  if (typeof time !== "string") return undefined;
  const parsed = /^\d+(\.\d+)?$/.test(time) ? Number(time) : Date.parse(time) / 1000;
  return Number.isNaN(parsed) ? undefined : Math.floor(parsed);
}

function textsOf(metadata: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function normalizeErrors(errors: unknown): Batch["errors"] | undefined {
  const list = isFields(errors) ? errors["data"] : errors;
  if (!Array.isArray(list)) return undefined;
  const data = list.filter(isFields).map((error): BatchError => {
    const { code, message, param, line } = withoutEmpty(error);
    return {
      ...(typeof code === "string" ? { code } : {}),
      ...(typeof message === "string" ? { message } : {}),
      ...(typeof param === "string" ? { param } : {}),
      ...(typeof line === "number" ? { line } : {}),
    };
  });
  return data.length === 0 ? undefined : { object: "list", data };
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
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
