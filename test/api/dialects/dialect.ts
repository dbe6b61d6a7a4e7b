import type { Batch, BatchCreateParams, FileObject } from "../../../src/api/types.ts";

/** An answer as it comes over the wire; a text goes out as it is, anything else as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One row of the table of servers: what each call is answered with, and what it has to become. */
export interface Dialect {
  readonly server: string;
  /** Path of the base URL. */
  readonly base: string;
  /** Given to the client, which then needs no key where one of them is a credential. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly keyless?: boolean;
  readonly create: BatchCreateParams;
  readonly answers: {
    /** To an upload, and to a look at the file. */
    readonly file: unknown;
    readonly created: unknown;
    /** To looks at the batch, one after the other. */
    readonly batch: readonly [...(readonly Answer[]), Answer];
    /** Pages of the list by the cursor that is asked for; the first page has none. */
    readonly list: Readonly<Record<string, unknown>>;
    /** To the cancel of the finished batch. */
    readonly cancel: Answer;
    /** To a look at a batch that is not there. */
    readonly missing: Answer;
    /** Content of the result files by their ids. */
    readonly files: Readonly<Record<string, string>>;
    /** The content is not answered but redirected to a storage host. */
    readonly stored?: boolean;
  };
  readonly becomes: {
    readonly file: FileObject;
    readonly created: Batch;
    /** Statuses that a wait sees, one after the other. */
    readonly statuses: readonly string[];
    /** The batch at its end. */
    readonly batch: Batch;
    readonly listed: readonly string[];
    /** What is said of a batch that is not there. */
    readonly missing: { readonly status: number; readonly code?: string; readonly says: RegExp };
    readonly results: {
      readonly total: number;
      readonly completed: number;
      readonly failed: number;
    };
    /** Codes of what failed. */
    readonly failures?: readonly string[];
  };
}

/** 1 January 2026 in Unix seconds. */
export const day = 1_767_225_600;

/** A batch with the least fields that the reference has. */
export const plain: Batch = {
  id: "batch_1",
  object: "batch",
  endpoint: "/v1/chat/completions",
  input_file_id: "file-1",
  completion_window: "24h",
  status: "in_progress",
  created_at: day,
};

export const plainFile: FileObject = {
  id: "file-1",
  object: "file",
  bytes: 3,
  created_at: day,
  filename: "requests.jsonl",
  purpose: "batch",
};

export const plainCreate: BatchCreateParams = {
  input_file_id: "file-1",
  endpoint: "/v1/chat/completions",
  completion_window: "24h",
};

/** A line of an output or error file. */
export function line(customId: string, fields: object = {}): string {
  return JSON.stringify({
    id: `batch_req_${customId}`,
    custom_id: customId,
    response: { status_code: 200, request_id: "r", body: { choices: [] } },
    error: null,
    ...fields,
  });
}

export function pageOf(...items: readonly unknown[]): Record<string, unknown> {
  return { object: "list", data: items, has_more: false };
}

export const ok = (body: unknown): Answer => ({ body });
