/** Items of the API's largest page. */
export const largestPage = 100;

/** One page of a cursor list, and all that follow it: `for await` reads on to the end. */
export interface Page<T> extends AsyncIterable<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  /** The cursor: `after` of the next page. */
  readonly last_id: string | undefined;
  /** Whether `getNextPage` gives another page. */
  hasNextPage(): boolean;
  /** The next page; `undefined` after the last one. */
  getNextPage(): Promise<Page<T> | undefined>;
}

/** What a list call gives: awaited it is the first page, iterated it is every item of all pages. */
export interface PagePromise<T>
  extends Pick<Promise<Page<T>>, "then" | "catch" | "finally">, AsyncIterable<T> {}

export interface PageData<T> {
  readonly data: readonly T[];
  readonly hasMore: boolean;
  readonly lastId: string | undefined;
}

/** Pages over `fetch`, which reads the page behind a cursor. Nothing is called before it is asked for. */
export function paged<T>(
  fetch: (after: string | undefined) => Promise<PageData<T>>,
  after: string | undefined,
): PagePromise<T> {
  const load = async (
    cursor: string | undefined,
    before: ReadonlySet<string | undefined>,
  ): Promise<Page<T>> => {
    const { data, hasMore, lastId } = await fetch(cursor);
    // A server whose cursors go in a circle would be read for ever.
    const cursors = new Set(before).add(cursor);
    const more = hasMore && lastId !== undefined && !cursors.has(lastId);
    const page: Page<T> = {
      data,
      has_more: hasMore,
      last_id: lastId,
      hasNextPage: () => more,
      getNextPage: async () => (more ? load(lastId, cursors) : undefined),
      async *[Symbol.asyncIterator]() {
        for (let at: Page<T> | undefined = page; at !== undefined; at = await at.getNextPage()) {
          yield* at.data;
        }
      },
    };
    return page;
  };
  let first: Promise<Page<T>> | undefined;
  const start = () => (first ??= load(after, new Set()));
  return {
    then: (resolve, reject) => start().then(resolve, reject),
    catch: (reject) => start().catch(reject),
    finally: (settled) => start().finally(settled),
    async *[Symbol.asyncIterator]() {
      yield* await start();
    },
  };
}
