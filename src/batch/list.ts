import type { BatchClient } from "../api/client.ts";
import { largestPage, type Page } from "../api/page.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { nextPage } from "./look-up.ts";

/** Which batches are wanted. */
export interface BatchFilter {
  /** Pairs that a batch must all have. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Statuses of which it must have one; defaults to any. */
  readonly statuses?: readonly string[] | undefined;
}

/** Which batches are wanted, and how many. */
interface ListBatchesOptions extends CallOptions, BatchFilter {
  /** How many to return in all; defaults to every one, as 0 does. */
  readonly limit?: number | undefined;
  /** The id of the batch after which the list goes on. */
  readonly after?: string | undefined;
}

/** Batches as the server lists them, newest first in practice. */
interface ListedBatches {
  readonly batches: readonly Batch[];
  /** Whether the server has more after the last one. */
  readonly hasMore: boolean;
  /** Cursor to go on from: the server's own, or the last batch that was looked at. */
  readonly lastId: string | undefined;
  /** Why there may be batches that were not seen; `undefined` when nothing speaks for that. */
  readonly incomplete: string | undefined;
}

/** Whether a batch is one that the filter asks for; the API itself has no filter. */
export function matches(batch: Batch, { metadata = {}, statuses = [] }: BatchFilter): boolean {
  if (statuses.length > 0 && !statuses.includes(batch.status)) return false;
  return Object.entries(metadata).every(([key, value]) => batch.metadata?.[key] === value);
}

/**
 * Reads the organization's batches, page after page, until `limit` of them match.
 *
 * The API has no filter, so with one whole pages of 100 are read.
 *
 * @throws {APIError} when a page could not be read
 * @example
 * ```ts
 * import { BatchClient, listBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, hasMore } = await listBatches(client, {
 *   metadata: { project: "evaluation" },
 *   statuses: ["validating", "in_progress"],
 *   limit: 10,
 * });
 * console.log(batches.length, hasMore); // 0 false
 * ```
 */
export async function listBatches(
  client: BatchClient,
  options: ListBatchesOptions = {},
): Promise<ListedBatches> {
  const { limit: wanted = 0, signal, deadline, maxRetries } = options;
  const limit = wanted > 0 ? wanted : Number.POSITIVE_INFINITY;
  const filtered =
    (options.statuses ?? []).length > 0 || Object.keys(options.metadata ?? {}).length > 0;
  const batches: Batch[] = [];
  let page = await client.batches.list(
    { after: options.after, limit: filtered ? largestPage : Math.min(largestPage, limit) },
    { signal, deadline, maxRetries },
  );
  for (;;) {
    for (const [index, batch] of page.data.entries()) {
      if (!matches(batch, options)) continue;
      batches.push(batch);
      if (batches.length < limit) continue;
      const rest = index < page.data.length - 1;
      const lastId = rest ? batch.id : cursorOf(page);
      return { batches, hasMore: page.has_more || rest, lastId, incomplete: undefined };
    }
    const lastId = cursorOf(page);
    const next = await nextPage(page);
    if (next === undefined || typeof next === "string") {
      return { batches, hasMore: next !== undefined, lastId, incomplete: next };
    }
    page = next;
  }
}

function cursorOf({ last_id, data }: Page<Batch>): string | undefined {
  return last_id ?? data.at(-1)?.id;
}
