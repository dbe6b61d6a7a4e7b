import type { Batch } from "../../src/api/types.ts";

/** A completed batch, but for what is given. */
export function batchOf(fields: Partial<Batch> = {}): Batch {
  return {
    id: "batch_1",
    object: "batch",
    status: "completed",
    endpoint: "/v1/chat/completions",
    input_file_id: "file-1",
    completion_window: "24h",
    created_at: 1,
    ...fields,
  };
}
