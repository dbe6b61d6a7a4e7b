import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { isTerminal } from "./status.ts";

/**
 * Cancels a batch, whatever state it is in: one that has finished, or is being cancelled, is no
 * error but is looked at again and returned as it is.
 *
 * @throws {APIError} when the batch does not exist, or is still running and cannot be cancelled
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
