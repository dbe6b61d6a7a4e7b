/** Every status a batch can have. */
export type BatchStatus =
  | "validating"
  | "in_progress"
  | "finalizing"
  | "completed"
  | "failed"
  | "expired"
  | "cancelling"
  | "cancelled";

/** A reason why the whole batch failed. `line` counts from 1. */
export interface BatchError {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly line: number | null;
}

/** Tokens used by a batch's answered requests. */
export interface BatchUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

/** A batch as the API shows it. Times are Unix seconds. */
export interface BatchObject {
  readonly id: string;
  readonly object: "batch";
  readonly endpoint: string;
  readonly model: string | null;
  readonly errors: { readonly object: "list"; readonly data: readonly BatchError[] } | null;
  readonly input_file_id: string;
  readonly completion_window: string;
  readonly status: BatchStatus;
  readonly output_file_id: string | null;
  readonly error_file_id: string | null;
  readonly created_at: number;
  readonly in_progress_at: number | null;
  readonly expires_at: number;
  readonly finalizing_at: number | null;
  readonly completed_at: number | null;
  readonly failed_at: number | null;
  readonly expired_at: number | null;
  readonly cancelling_at: number | null;
  readonly cancelled_at: number | null;
  readonly request_counts: {
    readonly total: number;
    readonly completed: number;
    readonly failed: number;
  };
  readonly usage: BatchUsage | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** A file as the API shows it. Times are Unix seconds, `bytes` its length. */
export interface FileObject {
  readonly id: string;
  readonly object: "file";
  readonly bytes: number;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly filename: string;
  readonly purpose: string;
  readonly status: "uploaded" | "pending" | "processing" | "processed";
  readonly status_details: null;
}

/** A model as the API shows it. `created` is Unix seconds, `shutdown_date` the day of its announced end. */
export interface ModelObject {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
  readonly shutdown_date?: string | null;
}

/** The answer to a deletion. */
export interface DeletedFile {
  readonly id: string;
  readonly object: "file";
  readonly deleted: true;
}

/** One page of a list. `first_id` and `last_id` are `null` on an empty page. */
export interface ListPage<Item> {
  readonly object: "list";
  readonly data: readonly Item[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

/** How long a file lives: `seconds` from 3,600 (an hour) to 2,592,000 (30 days) after its creation. */
export interface ExpiresAfter {
  readonly anchor: "created_at";
  readonly seconds: number;
}
