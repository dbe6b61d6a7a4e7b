import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { isTerminal } from "./status.ts";

/**
 * Cancels a batch, whatever state it is in: one that has finished, or is being cancelled, is no
 * error but is looked at again and returned as it is.
 *
 * @throws {APIError} when the batch does not exist, or is still running and cannot be cancelled
 * @returns the batch, `cancelling` for up to ten minutes, or as it ended
 * @example
 * ```ts
 * import { BatchClient, cancelBatch, createBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: { fileId: (await client.files.create({ file: "requests.jsonl", purpose: "batch" })).id },
 *   endpoint: "/v1/chat/completions",
 * });
 * const { status } = await cancelBatch(client, batch.id);
 * console.log(["cancelling", "cancelled", "completed"].includes(status)); // true
 * ```
 */
export async function cancelBatch(
  client: BatchClient,
  batchId: string,
  options: CallOptions = {},
): Promise<Batch> {
  try {
    return await client.batches.cancel(batchId, options);
  } catch (error) {
    // Servers refuse the cancel of a finished batch with 409 (OpenAI, llama-stack) or 400.
    if (!(error instanceof APIError) || (error.status !== 409 && error.status !== 400)) throw error;
    const batch = await client.batches.retrieve(batchId, options);
    if (isTerminal(batch) || batch.status === "cancelling") return batch;
    throw error;
  }
}
