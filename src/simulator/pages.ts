import { invalidParameter } from "./errors.ts";
import type { ListHabits } from "./list-habits.ts";
import type { ListPage } from "./types.ts";

/** Cuts one page out of `items`: those behind the item with the id `after`, at most `limit` of them. */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  query: {
    readonly after?: string | undefined;
    readonly limit: number;
    readonly habit: ListHabits["after"];
  },
  unknownCursor: (id: string) => Error,
): ListPage<Item> {
  let start = 0;
  if (query.after !== undefined && query.habit !== "ignored") {
    if (query.habit === "refused") {
      throw invalidParameter("after", "invalid_type", "Invalid type for 'after': not an integer.");
    }
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
