import type { BatchClient } from "../../api/client.ts";
import { APIError, DeadlineError } from "../../api/errors.ts";
import { largestPage } from "../../api/page.ts";
import { isFinal, isTransient } from "../../api/retry.ts";
import type { Batch, CallOptions } from "../../api/types.ts";

/** So many batches are retrieved one by one; more are looked for on pages of the list. */
const fewest = 3;

export interface Looked {
  readonly found: ReadonlyMap<string, Batch>;
  /** Those of which the server wants to be asked after the deadline only. */
  readonly held: ReadonlySet<string>;
}

export interface LookOptions extends CallOptions {
  /** Batches seen before; an error that only says that one is not there is taken to pass. */
  readonly seen: ReadonlySet<string>;
  /** Called with a look that failed for a transient reason. */
  readonly onError?: ((error: APIError, batchId: string) => void) | undefined;
  /** Called with an id that the server does not know; the look goes on with the others. Thrown where this is not given. */
  readonly onUnknown?: ((error: APIError, batchId: string) => void) | undefined;
}

/**
 * Looks at batches once, with few calls: up to three are retrieved, more are read off pages of the
 * list as long as they stand in the recent ones, and only what is not there is retrieved.
 *
 * @throws {APIError} for a credential that is refused, or an id that never existed
 */
export async function lookAt(
  client: BatchClient,
  ids: readonly string[],
  options: LookOptions,
): Promise<Looked> {
  const { signal, deadline, seen, onError } = options;
  const call = { signal, deadline };
  const found = ids.length > fewest ? await onPages(client, ids, call) : new Map<string, Batch>();
  const held = new Set<string>();
  for (const id of ids) {
    if (found.has(id)) continue;
    try {
      found.set(id, await client.batches.retrieve(id, call));
    } catch (error) {
      if (error instanceof DeadlineError) {
        held.add(id);
        continue;
      }
      if (survives(error, seen.has(id))) onError?.(error, id);
      else if (options.onUnknown !== undefined && isUnknownId(error)) options.onUnknown(error, id);
      else throw error;
    }
  }
  return { found, held };
}

async function onPages(
  client: BatchClient,
  ids: readonly string[],
  call: CallOptions,
): Promise<Map<string, Batch>> {
  const wanted = new Set(ids);
  const found = new Map<string, Batch>();
  // As many pages as they would fill, and one for those of others among them.
  let left = Math.ceil(ids.length / largestPage) + 1;
  try {
    let page = await client.batches.list({ limit: largestPage }, call);
    for (;;) {
      for (const batch of page.data) if (wanted.has(batch.id)) found.set(batch.id, batch);
      left -= 1;
      if (found.size === wanted.size || left === 0) return found;
      const next = await page.getNextPage();
      if (next === undefined) return found;
      page = next;
    }
  } catch (error) {
    // A server without a list, or a list that fails today: each batch can still be retrieved.
    if (!(error instanceof APIError)) throw error;
    return found;
  }
}

/** A batch that was there before is taken to be there still, whatever a gateway says in between. */
function survives(error: unknown, seenBefore: boolean): error is APIError {
  if (isTransient(error)) return true;
  if (!seenBefore || !(error instanceof APIError) || isFinal(error)) return false;
  return error.status !== 401 && error.status !== 403;
}

/** What is wrong with one id says nothing about the others; a refused credential does. */
function isUnknownId(error: unknown): error is APIError {
  return error instanceof APIError && [400, 404, 410, 422].includes(error.status ?? 0);
}
