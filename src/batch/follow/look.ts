import type { BatchClient } from "../../api/client.ts";
import { APIError, DeadlineError } from "../../api/errors.ts";
import { largestPage, type Page } from "../../api/page.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { decideListCheck } from "../rules.ts";

/** So many batches are retrieved one by one; more are looked for on pages of the list. */
const fewest = 3;

/** What a look at one batch showed: the batch, an error, or that the server wants to be asked later than may be. */
export type Look =
  | { readonly state: "seen"; readonly batch: Batch }
  | { readonly state: "failed"; readonly error: APIError }
  | { readonly state: "held" };

/** Looks at many batches with few calls, and remembers whether the list can be trusted. */
interface Looker {
  look(ids: readonly string[], call: LookOptions): Promise<ReadonlyMap<string, Look>>;
}

export interface LookOptions extends CallOptions {
  /** Whether no look follows; defaults to `false`. */
  readonly last?: boolean | undefined;
}

/**
 * Up to three batches are retrieved, more are read off pages of the list as long as they stand in the
 * recent ones, and what is not there is retrieved. A list on which nothing moves is checked now and
 * then: where a retrieve shows more, the list is stale and not read any longer.
 */
export function createLooker(client: BatchClient): Looker {
  const listed = new Map<string, string>();
  let stale = false;
  let quiet = 0;
  let checks = 0;

  const readList = async (ids: readonly string[], call: CallOptions) => {
    const found = await onPages(client, ids, call);
    const moved = [...found.values()].filter((batch) => {
      const state = stateOf(batch);
      const before = listed.get(batch.id);
      listed.set(batch.id, state);
      return before !== state;
    });
    quiet = moved.length > 0 ? 0 : quiet + 1;
    if (moved.length > 0) checks = 0;
    return found;
  };

  /** Compares the list with a retrieve of one of its batches. */
  const check = async (found: Map<string, Batch>, { last, ...call }: LookOptions) => {
    const [sample] = found.values();
    if (sample === undefined || decideListCheck(quiet, checks, last).decision === "trust") return;
    quiet = 0;
    checks += 1;
    const look = await retrieve(client, sample.id, call);
    if (look.state !== "seen") return;
    stale = stateOf(look.batch) !== stateOf(sample);
    if (stale) found.clear();
    found.set(sample.id, look.batch);
  };

  return {
    async look(ids, { last, ...call }) {
      const looks = new Map<string, Look>();
      if (ids.length > fewest && !stale) {
        const found = await readList(ids, call);
        await check(found, { ...call, last });
        for (const [id, batch] of found) looks.set(id, { state: "seen", batch });
      }
      for (const id of ids) {
        if (!looks.has(id)) looks.set(id, await retrieve(client, id, call));
      }
      return looks;
    },
  };
}

/** Whatever of a batch changes while it runs. */
function stateOf({ status, request_counts: counts, output_file_id, error_file_id }: Batch): string {
  return [status, counts?.completed, counts?.failed, output_file_id, error_file_id].join(" ");
}

async function retrieve(client: BatchClient, id: string, call: CallOptions): Promise<Look> {
  try {
    return { state: "seen", batch: await client.batches.retrieve(id, call) };
  } catch (error) {
    if (error instanceof DeadlineError) return { state: "held" };
    if (!(error instanceof APIError)) throw error;
    return { state: "failed", error };
  }
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
    let page: Page<Batch> | undefined = await client.batches.list({ limit: largestPage }, call);
    while (page !== undefined) {
      for (const batch of page.data) if (wanted.has(batch.id)) found.set(batch.id, batch);
      left -= 1;
      page = found.size === wanted.size || left === 0 ? undefined : await page.getNextPage();
    }
  } catch (error) {
    // A server without a list, or a list that fails today: each batch can still be retrieved.
    if (!(error instanceof APIError)) throw error;
  }
  return found;
}
