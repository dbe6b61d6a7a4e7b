import type { BatchClient } from "../api/client.ts";
import { APIError, DeadlineError } from "../api/errors.ts";
import { largestPage, type Page } from "../api/page.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { formatCount, withoutStop } from "./format.ts";
import type { LookUp, Reading } from "./knowledge.ts";

/** How far the server's clock may be behind ours, in milliseconds. */
export const clockSkew = 10 * 60_000;
/** Milliseconds: results live no longer, and a key that holds a run's id names nothing older. */
export const thirtyDays = 30 * 24 * 3_600_000;
/** Milliseconds between looks for what may be there already: lists, files and statuses lag. */
export const lagPauses: readonly number[] = [0, 1_000, 2_000, 4_000, 8_000, 15_000];
/** Milliseconds between tries of a list that a server may not have, or a gateway may hide for a moment. */
const missingPauses: readonly number[] = [1_000, 2_000, 4_000];

/** What a reading of the list of batches saw. */
export interface ListReading extends Reading<Batch> {
  /** Whether the server has no list of batches at all. */
  readonly noList: boolean;
}

export interface ReadingOptions extends CallOptions {
  /** Milliseconds since the epoch: batches created before it do not count. */
  readonly since: number;
  /** Whether what was read counts whatever its time: who knows its mark needs no clock. Defaults to `false`. */
  readonly anyAge?: boolean | undefined;
  /** Whether what has been read is enough; asked after each page. */
  readonly enough?: ((items: readonly Batch[]) => boolean) | undefined;
  /** Pages of 100 that are read at the most. */
  readonly maxPages?: number | undefined;
}

/**
 * Reads the list of batches back to a time, page after page, and says where it could not see: a page
 * that was refused, a cursor that leads nowhere, more pages than were to be read. The API has no filter.
 *
 * @throws {APIError} when not even the first page can be read
 * @throws the signal's reason when it aborts
 */
export async function readBatches(
  client: BatchClient,
  options: ReadingOptions,
): Promise<ListReading> {
  const { since, anyAge = false } = options;
  const { enough = () => false, maxPages = Number.POSITIVE_INFINITY } = options;
  const found = new Map<string, Batch>();
  const done = (incomplete?: string): ListReading => ({
    items: [...found.values()],
    incomplete,
    noList: false,
  });
  const first = await firstPage(client, options);
  if (first === undefined) {
    return { items: [], incomplete: "the server has no list of batches", noList: true };
  }
  const isPast = pastBy((since - clockSkew) / 1000);
  let page = first;
  for (let pages = 1; ; pages += 1) {
    for (const batch of page.data) {
      if (anyAge || isSince(batch, since)) found.set(batch.id, batch);
    }
    const seen = [...found.values()];
    if (enough(seen)) return done();
    if (isPast(page.data)) return done(page.incomplete);
    if (pages === maxPages && page.hasNextPage()) {
      return done(`only the newest ${formatCount(maxPages * largestPage)} batches were read`);
    }
    const next = await nextPage(page);
    if (next === undefined || typeof next === "string") return done(next);
    page = next;
  }
}

/** The first page; `undefined` where the server has no list, which one refusal does not prove. */
async function firstPage(
  client: BatchClient,
  { signal, deadline, maxRetries }: CallOptions,
): Promise<Page<Batch> | undefined> {
  for (const pause of [...missingPauses, undefined]) {
    try {
      return await client.batches.list({ limit: largestPage }, { signal, deadline, maxRetries });
    } catch (error) {
      if (!isMissingCall(error)) throw error;
      if (pause === undefined) return undefined;
      await sleepWithin(client, pause, { signal, deadline });
    }
  }
  return undefined;
}

/** The page behind this one; `undefined` at the end, and why the next one could not be read where it is not the end. */
export async function nextPage(page: Page<Batch>): Promise<Page<Batch> | string | undefined> {
  if (!page.hasNextPage()) return page.incomplete;
  try {
    return await page.getNextPage();
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return `the list of batches could not be read to its end: ${withoutStop(error.message)}`;
  }
}

export interface LookForOptions extends CallOptions {
  /** Milliseconds since the epoch: what is looked for cannot be older. */
  readonly since: number;
  /** Milliseconds before each look; defaults to `lagPauses`, which go on for half a minute. */
  readonly pauses?: readonly number[] | undefined;
  /** How many batches are looked for; one by default. */
  readonly count?: number | undefined;
}

/**
 * Looks for batches that may be there and may not be shown yet, for as long as lists lag.
 *
 * @returns `found` as soon as there are as many as were looked for, and at the end with what there is;
 *   `absent` only when the last look saw the whole list
 * @throws the signal's reason when it aborts
 */
export async function lookForBatches(
  client: BatchClient,
  wanted: (batch: Batch) => boolean,
  options: LookForOptions,
): Promise<LookUp<readonly Batch[]>> {
  const { since, pauses = lagPauses, count = 1, ...call } = options;
  let last: LookUp<readonly Batch[]> = { state: "incomplete", why: "nobody looked" };
  for (const pause of pauses) {
    await sleepWithin(client, pause, call);
    last = await lookOnce(client, wanted, { ...call, since, count });
    if (last.state === "found" && last.found.length >= count) return last;
  }
  return last;
}

async function lookOnce(
  client: BatchClient,
  wanted: (batch: Batch) => boolean,
  { count, ...options }: ReadingOptions & { readonly count: number },
): Promise<LookUp<readonly Batch[]>> {
  try {
    const enough = (items: readonly Batch[]) => items.filter(wanted).length >= count;
    // The server's clock may be hours behind ours; the mark of a create tells more than its time.
    const reading = await readBatches(client, { ...options, anyAge: true, enough });
    const { items, incomplete } = reading;
    const found = items.filter(wanted);
    if (found.length > 0) return { state: "found", found };
    return incomplete === undefined
      ? { state: "absent" }
      : { state: "incomplete", why: incomplete };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const why =
      error instanceof DeadlineError
        ? "the time was up before the list of batches was read"
        : `the list of batches could not be read: ${withoutStop(error.message)}`;
    return { state: "incomplete", why };
  }
}

/** Sleeps no longer than to the deadline; the call that follows says that it has come. */
export async function sleepWithin(
  { clock }: BatchClient,
  pause: number,
  { signal, deadline }: CallOptions,
): Promise<void> {
  const left = (deadline ?? Number.POSITIVE_INFINITY) - clock.now();
  await clock.sleep(Math.max(0, Math.min(pause, left)), signal);
}

/** Whether a batch may have been created since then; a server that tells no time leaves it open. */
export function isSince({ created_at }: Pick<Batch, "created_at">, since: number): boolean {
  return created_at === 0 || created_at * 1000 >= since - clockSkew;
}

/** So many steps back in time, and none forward, show that a list begins with its newest. */
const enoughSteps = 5;

/**
 * Tells, page by page, whether all that follows is older. That the newest come first is practice, not
 * promise: a list that begins with its oldest has the newest at the end, and a page of one old batch, or
 * of many of the same second, does not tell which of the two it is.
 *
 * @param oldest Unix seconds
 */
export function pastBy(
  oldest: number,
): (page: readonly { readonly created_at: number }[]) => boolean {
  let last = Number.POSITIVE_INFINITY;
  let steps = -1;
  let mixed = false;
  return (page) => {
    for (const { created_at: time } of page) {
      mixed ||= time > last || time <= 0;
      if (time < last) steps += 1;
      last = time;
    }
    const old = page.length > 0 && page.every(({ created_at }) => created_at < oldest);
    return old && !mixed && steps >= enoughSteps;
  };
}

/** Some compatible servers have no such list. */
export function isMissingCall(error: unknown): boolean {
  return error instanceof APIError && [404, 405, 501].includes(error.status ?? 0);
}
