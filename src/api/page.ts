import { APIError } from "./errors.ts";

/** Items of the API's largest page. */
export const largestPage = 100;

/** One page of a cursor list, and all that follow it: `for await` reads on to the end. */
export interface Page<T> extends AsyncIterable<T> {
  /** Entries that no page before has brought. */
  readonly data: readonly T[];
  readonly has_more: boolean;
  /** The cursor: `after` of the next page. */
  readonly last_id: string | undefined;
  /**
   * Why this page and those before it cannot be taken for the list up to here, or the rest cannot be
   * read: the server says that there is more but gives no way to it, or entries could not be read.
   * `undefined` for a list that is whole so far.
   */
  readonly incomplete: string | undefined;
  /** Whether `getNextPage` gives another page. */
  hasNextPage(): boolean;
  /**
   * The next page; `undefined` after the last one.
   *
   * @throws {APIError} `list_incomplete` after the last page of a list that is incomplete, as does `for await` at its end
   */
  getNextPage(): Promise<Page<T> | undefined>;
}

/** What a list call gives: awaited it is the first page, iterated it is every item of all pages. */
export interface PagePromise<T>
  extends Pick<Promise<Page<T>>, "then" | "catch" | "finally">, AsyncIterable<T> {}

export interface PageData<T> {
  /** Entries that could be read. */
  readonly data: readonly T[];
  /** Entries that could not. */
  readonly broken: number;
  /** `undefined` where the server does not say. */
  readonly hasMore: boolean | undefined;
  /** Entries of the whole list, where the server counts them. */
  readonly total: number | undefined;
  /** The server's own cursor, else the last entry's id. */
  readonly lastId: string | undefined;
}

interface ListSettings<T> {
  /** As messages name it: `GET /batches`. */
  readonly call: string;
  readonly after: string | undefined;
  /** Reads the page behind a cursor. */
  readonly fetch: (after: string | undefined) => Promise<PageData<T>>;
}

/** What is known of the pages before one. */
interface Before {
  readonly cursors: ReadonlySet<string | undefined>;
  readonly ids: ReadonlySet<string>;
  readonly broken: number;
  /** Entries of the largest of them. */
  readonly largest: number;
}

/** Pages of a list. Nothing is called before it is asked for. */
export function paged<T extends { readonly id: string }>(
  settings: ListSettings<T>,
): PagePromise<T> {
  let first: Promise<Page<T>> | undefined;
  const start = () =>
    (first ??= load(settings, settings.after, {
      cursors: new Set(),
      ids: new Set(),
      broken: 0,
      largest: 0,
    }));
  return {
    then: (resolve, reject) => start().then(resolve, reject),
    catch: (reject) => start().catch(reject),
    finally: (settled) => start().finally(settled),
    async *[Symbol.asyncIterator]() {
      yield* await start();
    },
  };
}

async function load<T extends { readonly id: string }>(
  settings: ListSettings<T>,
  cursor: string | undefined,
  before: Before,
): Promise<Page<T>> {
  const fetched = await settings.fetch(cursor);
  const fresh = new Map(
    fetched.data.filter(({ id }) => !before.ids.has(id)).map((item) => [item.id, item]),
  );
  const known: Before = {
    cursors: new Set(before.cursors).add(cursor),
    ids: new Set([...before.ids, ...fresh.keys()]),
    broken: before.broken + fetched.broken,
    largest: Math.max(before.largest, sizeOf(fetched)),
  };
  const { lastId } = fetched;
  const hasMore = fetched.hasMore ?? lacksEntries(settings, fetched, known);
  const way = wayOn({ ...fetched, hasMore }, fresh.size, known);
  const incomplete = whyIncomplete(way.stuck, known.broken);
  const page: Page<T> = {
    data: [...fresh.values()],
    has_more: way.more || way.stuck !== undefined,
    last_id: lastId,
    incomplete,
    hasNextPage: () => way.more,
    getNextPage: async () => {
      if (way.more) return load(settings, lastId, known);
      if (incomplete !== undefined) throw listIncomplete(settings.call, incomplete);
      return undefined;
    },
    async *[Symbol.asyncIterator]() {
      for (let at: Page<T> | undefined = page; at !== undefined; at = await at.getNextPage()) {
        yield* at.data;
      }
    },
  };
  return page;
}

/** A page that does not say whether it is the last one may count more entries than all pages have brought. */
function lacksEntries<T>(
  { after }: ListSettings<T>,
  { total }: PageData<T>,
  { ids, broken }: Before,
): true | undefined {
  if (after !== undefined || total === undefined) return undefined;
  return ids.size + broken < total ? true : undefined;
}

interface WayOn {
  readonly more: boolean;
  /** Why a list that has more cannot be followed. */
  readonly stuck?: string;
}

function wayOn<T>(fetched: PageData<T>, fresh: number, { cursors, largest }: Before): WayOn {
  const { hasMore, lastId } = fetched;
  if (hasMore === false) return { more: false };
  const moves = lastId !== undefined && !cursors.has(lastId);
  if (hasMore === undefined) {
    // How much such a server gives at a time only its other pages tell; one that does not page at all repeats itself.
    return { more: sizeOf(fetched) >= largest && fresh > 0 && moves };
  }
  const says = "the server says that there is more,";
  if (lastId === undefined)
    return { more: false, stuck: `${says} but names nothing to go on from` };
  if (!moves) return { more: false, stuck: `${says} but its cursor leads back to ${lastId}` };
  if (fresh === 0) return { more: false, stuck: `${says} but a page brought no new entries` };
  return { more: true };
}

function sizeOf<T>({ data, broken }: PageData<T>): number {
  return data.length + broken;
}

function whyIncomplete(stuck: string | undefined, broken: number): string | undefined {
  const entries = broken === 1 ? "1 entry" : `${broken} entries`;
  const reasons = [
    ...(stuck === undefined ? [] : [stuck]),
    ...(broken === 0 ? [] : [`${entries} could not be read and were left out`]),
  ];
  return reasons.length === 0 ? undefined : reasons.join("; ");
}

function listIncomplete(call: string, why: string): APIError {
  return new APIError(
    `${call} did not give the whole list: ${why}. What is not in it may be there all the same; look at the server's own pages.`,
    { code: "list_incomplete", outcomeUnknown: false },
  );
}
