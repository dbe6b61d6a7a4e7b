import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { tellApart } from "./hidden-metadata.ts";
import { type BatchFilter, matches } from "./list.ts";
import { readBatches, thirtyDays } from "./look-up.ts";

/** Which batches are chosen, and how far back the list is read. */
interface ChooseOptions extends CallOptions, BatchFilter {
  /** Picks further among those that the filter lets through. */
  readonly wanted?: ((batch: Batch) => boolean) | undefined;
  /** Milliseconds that a batch may be old; defaults to 30 days: results live no longer. */
  readonly lookBack?: number | undefined;
  /** Pages of 100 that are read at most; defaults to 20. */
  readonly maxPages?: number | undefined;
}

/** What a filter has picked. */
export interface ChosenBatches {
  /** Newest first, as the server lists them. */
  readonly batches: readonly Batch[];
  /** Why batches that match may have been missed; `undefined` when the list was read as far as it matters. */
  readonly incomplete: string | undefined;
}

/**
 * The batches that a filter picks, in a bounded number of calls: the API has no filter of its own, so
 * pages of the list are read back to `lookBack`, and no more of them than `maxPages`.
 *
 * @throws {APIError} when the list cannot be read
 * @example
 * ```ts
 * import { BatchClient, chooseBatches, isTerminal } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches } = await chooseBatches(client, {
 *   metadata: { team: "search" },
 *   wanted: (batch) => !isTerminal(batch),
 * });
 * console.log(batches.length); // 0
 * ```
 */
export async function chooseBatches(
  client: BatchClient,
  options: ChooseOptions = {},
): Promise<ChosenBatches> {
  const { wanted = () => true, lookBack = thirtyDays, maxPages = 20 } = options;
  const { signal, deadline, maxRetries } = options;
  const since = client.clock.now() - lookBack;
  const reading = await readBatches(client, { since, maxPages, signal, deadline, maxRetries });
  if (reading.noList) {
    throw new APIError("The server has no list of batches to choose from. Give their ids.", {
      code: "no_list",
    });
  }
  const { metadata = {}, statuses } = options;
  const mayMatch = (batch: Batch) => matches(batch, { statuses }) && wanted(batch);
  const among = Object.keys(metadata).length === 0 ? [] : reading.items.filter(mayMatch);
  const told = await tellApart(client, reading.items, { signal, deadline, maxRetries }, among);
  return {
    batches: told.items.filter((batch) => matches(batch, options) && wanted(batch)),
    incomplete: reading.incomplete ?? told.incomplete,
  };
}
