import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";

/**
 * A batch as the server shows it now; `undefined` where it cannot be seen, so that what was known before stands.
 *
 * @throws the signal's reason when it aborts
 */
export async function lookAt(
  { batches }: BatchClient,
  id: string,
  call: CallOptions,
): Promise<Batch | undefined> {
  try {
    return await batches.retrieve(id, call);
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!(error instanceof APIError)) throw error;
    return undefined;
  }
}
