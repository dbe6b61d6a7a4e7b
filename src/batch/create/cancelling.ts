import type { BatchClient } from "../../api/client.ts";
import { APIError, DeadlineError } from "../../api/errors.ts";
import { isTransient } from "../../api/retry.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { sleepWithin } from "../look-up.ts";
import { isTerminal } from "../status.ts";

/** Milliseconds: the API takes up to ten minutes to end a batch that is being cancelled. */
const longest = 15 * 60_000;
const pause = 5_000;

/**
 * Waits until a batch that is being cancelled has ended, since only then it shows which of its requests
 * were answered.
 *
 * @throws {APIError} `still_cancelling` when it does not end
 */
export async function followToEnd(
  client: BatchClient,
  given: Batch,
  { signal, deadline }: CallOptions,
): Promise<Batch> {
  const until = Math.min(deadline ?? Number.POSITIVE_INFINITY, client.clock.now() + longest);
  let batch = given;
  while (!isTerminal(batch)) {
    if (client.clock.now() >= until) {
      throw new APIError(
        `${batch.id} stands for the same requests and is still being cancelled, so it is not known which of them were answered. They were not sent again, because that could pay twice. Try again when it has ended.`,
        { code: "still_cancelling" },
      );
    }
    await sleepWithin(client, pause, { signal, deadline: until });
    try {
      batch = await client.batches.retrieve(given.id, { signal, deadline: until });
    } catch (error) {
      if (!isTransient(error) && !(error instanceof DeadlineError)) throw error;
    }
  }
  return batch;
}
