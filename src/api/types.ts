/** What every call takes: how it ends early, and how it is sent again. */
export interface CallOptions {
  /** Ends the call, its retries and their pauses at once; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch by the client's clock; no attempt or pause goes on past it. */
  readonly deadline?: number | undefined;
  /** Tries after the first; defaults to the client's `maxRetries`. */
  readonly maxRetries?: number | undefined;
}

/**
 * The statuses of a batch. `completed`, `failed`, `expired` and `cancelled` are terminal.
 *
 * @see https://platform.openai.com/docs/guides/batch
 */
export type BatchStatus =
  | "validating"
  | "failed"
  | "in_progress"
  | "finalizing"
  | "completed"
  | "expired"
  | "cancelling"
  | "cancelled";

/** One problem that the server found in a batch; `line` counts from 1. */
export interface BatchError {
  code?: string;
  line?: number | null;
  message?: string;
  param?: string | null;
}

/** The server's own counts. They lag and err (ellmer#830); `collectResults` counts lines. */
export interface BatchRequestCounts {
  completed: number;
  failed: number;
  total: number;
}

/** Tokens of all answered requests of a batch. */
export interface BatchUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

/**
 * A batch, in the shape of the official `openai` package (assignable both ways). Times are Unix
 * seconds. Fields that the server left out, or sent as `null` or `""`, are absent.
 * @see https://platform.openai.com/docs/api-reference/batch/object
 */
export interface Batch {
  id: string;
  completion_window: string;
  created_at: number;
  endpoint: string;
  input_file_id: string;
  object: "batch";
  status: BatchStatus;
  cancelled_at?: number;
  cancelling_at?: number;
  completed_at?: number;
  error_file_id?: string;
  errors?: { data?: BatchError[]; object?: string };
  expired_at?: number;
  expires_at?: number;
  failed_at?: number;
  finalizing_at?: number;
  in_progress_at?: number;
  metadata?: Record<string, string> | null;
  model?: string;
  output_file_id?: string;
  request_counts?: BatchRequestCounts;
  usage?: BatchUsage;
}

/** When a file is deleted: `seconds` after its `created_at`; OpenAI takes 3,600 to 2,592,000. */
export interface ExpiresAfter {
  readonly anchor: "created_at";
  readonly seconds: number;
}

/**
 * What a batch is created of, in the words of the API.
 *
 * @see https://platform.openai.com/docs/api-reference/batch/create
 */
export interface BatchCreateParams {
  readonly input_file_id: string;
  /** For example `/v1/chat/completions`; endpoints that we do not know pass through. */
  readonly endpoint: string;
  /** `24h` on OpenAI; other servers know others. */
  readonly completion_window: string;
  /** At most 16 pairs; keys up to 64 characters, values up to 512. */
  readonly metadata?: Readonly<Record<string, string>> | null;
  readonly output_expires_after?: ExpiresAfter;
}

/** A page's bounds: `after` is the id of the last item of the page before, `limit` is 1 to 100. */
export interface ListParams {
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/**
 * A file as the API describes it. `bytes` is its length; times are Unix seconds.
 *
 * @see https://platform.openai.com/docs/api-reference/files/object
 */
export interface FileObject {
  id: string;
  bytes: number;
  created_at: number;
  filename: string;
  object: "file";
  purpose: string;
  status?: string;
  expires_at?: number;
  status_details?: string;
}

/** Bounds and filters of a list of files. */
export interface FileListParams extends ListParams {
  readonly order?: "asc" | "desc" | undefined;
  readonly purpose?: string | undefined;
}

/** The answer to the deletion of a file. */
export interface FileDeleted {
  id: string;
  deleted: boolean;
  object: "file";
}
