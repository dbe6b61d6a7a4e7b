import type { ListPage } from "./types.ts";

/** Cuts one page out of `items`: those behind the item with the id `after`, at most `limit` of them. */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  query: { readonly after?: string | undefined; readonly limit: number },
  unknownCursor: (id: string) => Error,
): ListPage<Item> {
  let start = 0;
  if (query.after !== undefined) {
    start = items.findIndex((item) => item.id === query.after) + 1;
    if (start === 0) throw unknownCursor(query.after);
  }
  const data = items.slice(start, start + query.limit);
  return {
    object: "list",
    data,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + data.length < items.length,
  };
}
