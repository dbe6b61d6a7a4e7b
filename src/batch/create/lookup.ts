import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions, FileObject } from "../../api/types.ts";
import { largestPage, type Page } from "../../api/page.ts";
import { creationName, keyName } from "./key.ts";

/** What a batch is recognized by. */
export interface Identity {
  readonly key: string;
  /** Of this very create. */
  readonly creationId: string;
  /** The input file, for servers that keep no metadata; only where nobody else may use the file. */
  readonly inputFileId?: string | undefined;
}

/** How far the server's clock may be behind ours, in milliseconds. */
const clockSkew = 10 * 60_000;
export const thirtyDays = 30 * 24 * 3_600_000;

/** Whether a batch was made by this very create, whatever has become of it. */
export function isOwnCreation(batch: Batch, { creationId, inputFileId }: Identity): boolean {
  const id = batch.metadata?.[creationName];
  if (id !== undefined) return id === creationId;
  return inputFileId !== undefined && mayBeOf(batch, inputFileId);
}

/** Whether nothing but its input file tells whose a batch is: the server keeps no metadata. */
export function mayBeOf({ metadata, input_file_id }: Batch, inputFileId: string): boolean {
  return Object.keys(metadata ?? {}).length === 0 && input_file_id === inputFileId;
}

/** Whether a batch stands for the same work and is worth having: it runs, or has completed. */
export function isAdoptable(batch: Batch, { key }: Pick<Identity, "key">): boolean {
  return !isOver(batch) && batch.metadata?.[keyName] === key;
}

function isOver({ status }: Batch): boolean {
  return ["failed", "expired", "cancelled", "cancelling"].includes(status);
}

/**
 * Pages of 100 batches, until one is older than `since` (milliseconds since the epoch) throughout:
 * the API has no filter. That the newest come first is practice, not promise, so a single old batch
 * ends nothing.
 */
export async function* recentPages(
  client: BatchClient,
  since: number,
  options: CallOptions,
): AsyncGenerator<RecentPage, void, undefined> {
  const oldest = (since - clockSkew) / 1000;
  let page = await client.batches.list({ limit: largestPage }, options);
  for (;;) {
    const more = page.has_more && !isPast(page.data, oldest);
    yield { data: page.data, more };
    const next = more ? await page.getNextPage() : undefined;
    if (next === undefined) return;
    page = next;
  }
}

interface RecentPage {
  readonly data: readonly Batch[];
  /** Whether another page follows that may hold batches young enough. */
  readonly more: boolean;
}

/**
 * The batches that `wanted` picks, newest first, among those created since `since` (milliseconds
 * since the epoch). Pages are read until there are `enough`.
 */
export async function findBatches(
  client: BatchClient,
  wanted: (batch: Batch) => boolean,
  since: number,
  options: CallOptions,
  enough: (found: readonly Batch[]) => boolean = (found) => found.length > 0,
): Promise<readonly Batch[]> {
  const found: Batch[] = [];
  for await (const { data } of recentPages(client, since, options)) {
    found.push(...data.filter(wanted));
    if (enough(found)) break;
  }
  return found;
}

export interface KeyLookup extends CallOptions {
  /** Whether an expired or cancelled batch is taken too, for the answers that it has, where none is live or completed. */
  readonly partial?: boolean | undefined;
}

/** The newest live or completed batch of each of these keys, in one reading of the list. */
export async function findByKeys(
  client: BatchClient,
  keys: Iterable<string>,
  since: number,
  { partial = false, ...options }: KeyLookup,
): Promise<ReadonlyMap<string, Batch>> {
  const wanted = new Set(keys);
  const found = new Map<string, Batch>();
  const partly = new Map<string, Batch>();
  const pick = (batch: Batch) => {
    const key = batch.metadata?.[keyName];
    if (key === undefined || !wanted.has(key) || found.has(key)) return false;
    if (!isSince(batch, since)) return false;
    if (isOver(batch)) {
      if (partial && isSentAgain(batch) && !partly.has(key)) partly.set(key, batch);
      return false;
    }
    found.set(key, batch);
    return true;
  };
  await findBatches(client, pick, since, options, () => found.size === wanted.size);
  return new Map([...partly, ...found]);
}

/**
 * Whether a run sends what this batch lacks in its next round. Also one without any answer has to be
 * found again: only from it the run knows the key of the round that has paid for them since.
 */
export function isSentAgain({ status, errors }: Batch): boolean {
  if (status === "failed") {
    return errors?.data?.[0]?.code === "token_limit_exceeded";
  }
  return status === "expired" || status === "cancelled";
}

/** As `findByKeys`, for a server that may have no list of batches, which is told to `onNoList`. */
export async function findAdoptable(
  client: BatchClient,
  keys: Iterable<string>,
  since: number,
  options: KeyLookup,
  onNoList: (() => void) | undefined,
): Promise<ReadonlyMap<string, Batch>> {
  try {
    return await findByKeys(client, keys, since, options);
  } catch (error) {
    if (!isMissingCall(error)) throw error;
    onNoList?.();
    return new Map();
  }
}

/** Whether a batch may have been created since then; a server that tells no time leaves it open. */
export function isSince({ created_at }: Batch, since: number): boolean {
  return created_at === 0 || created_at * 1000 >= since - clockSkew;
}

/** Whether a page and all behind it are older; a list that begins with the oldest has its newest at the end. */
function isPast(page: readonly { readonly created_at: number }[], oldest: number): boolean {
  const [first] = page;
  const last = page.at(-1);
  const newestFirst =
    first === undefined || last === undefined || first.created_at >= last.created_at;
  return newestFirst && page.every(({ created_at }) => created_at > 0 && created_at < oldest);
}

/** Some compatible servers have no such list. */
function isMissingCall(error: unknown): boolean {
  return error instanceof APIError && [404, 405, 501].includes(error.status ?? 0);
}

/** A day and an hour: a file that is deleted sooner may be gone before its batch has read it. */
const shortestLife = 25 * 3_600;

/** An uploaded input file of this name and size that will live long enough; `undefined` if there is none. */
export async function findInputFile(
  client: BatchClient,
  { name, size }: { readonly name: string; readonly size: number },
  since: number,
  options: CallOptions,
): Promise<FileObject | undefined> {
  const oldest = (since - clockSkew) / 1000;
  const usable = (file: FileObject) =>
    file.filename === name &&
    file.bytes === size &&
    file.status !== "error" &&
    (file.expires_at === undefined || file.expires_at - client.clock.now() / 1000 > shortestLife);
  const query = { purpose: "batch", order: "desc", limit: largestPage } as const;
  let page: Page<FileObject>;
  try {
    page = await client.files.list(query, options);
  } catch (error) {
    if (isMissingCall(error)) return undefined;
    throw error;
  }
  for (;;) {
    const file = page.data.find(usable);
    if (file !== undefined) return file;
    if (isPast(page.data, oldest)) return undefined;
    const next = await page.getNextPage();
    if (next === undefined) return undefined;
    page = next;
  }
}
