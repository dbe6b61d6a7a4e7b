import { type Fields, isFields } from "./json.ts";

/** What a page of a list says of those that follow it. */
interface MorePages {
  /** Whether there are more; `undefined` where the page says nothing. */
  readonly hasMore: boolean | undefined;
  /** Entries of the whole list, where the page counts them. */
  readonly total: number | undefined;
}

/** Objects beside the entries in which servers speak of the other pages. */
const corners = ["pagination", "paging", "page_info", "pageInfo", "meta", "metadata", "links"];
const flags = /^has_?(?:more|next|next_?page)$/i;
const ways = /^(?:@odata\.)?next_?(?:page|page_?token|token|cursor|link|url|href)?$/i;
const totals = /^total(?:_?(?:count|items|entries))?$/i;

/**
 * Reads what a page says of more pages: OpenAI's `has_more` in any spelling, else the way to the next
 * page that other servers name (`next`, `next_page_token`, `nextLink`, …), and how many entries they count.
 */
export function morePagesOf(page: Fields): MorePages {
  const places = [page, ...corners.map((name) => page[name]).filter(isFields)];
  const said = (names: RegExp) =>
    places
      .flatMap((place) => Object.entries(place))
      .filter(([name, value]) => names.test(name) && value !== null && value !== "")
      .map(([, value]) => value);
  const [flag] = said(flags);
  const way = said(ways).some((value) => isYes(value));
  const [total] = said(totals).map(Number).filter(Number.isSafeInteger);
  return { hasMore: flag === undefined ? way || undefined : isYes(flag), total };
}

/** What is no clear no is a yes: a list is not taken for whole because of a word that nobody knows. */
function isYes(value: unknown): boolean {
  return !/^(?:false|no|none|null|0|)$/i.test(String(value).trim());
}
