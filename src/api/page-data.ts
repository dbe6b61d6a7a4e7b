import { normalizePage } from "./normalize.ts";
import type { PageData } from "./page.ts";
import { unknownShape } from "./wire.ts";

interface ListReader<T> {
  /** As messages name it: `GET /batches`. */
  readonly call: string;
  /** What should have come, for the message. */
  readonly expected: string;
  /** Reads one entry; `undefined` for one that is none. */
  readonly read: (item: unknown) => T | undefined;
}

/**
 * The page of a list that an answer holds. An entry that cannot be read is left out and counted.
 *
 * @throws {UnreadableAnswerError} for an answer that holds no list
 */
export function pageOf<T extends { readonly id: string }>(
  { call, expected, read }: ListReader<T>,
  answer: unknown,
): PageData<T> {
  const page = normalizePage(answer);
  if (page === undefined) throw unknownShape(call, expected);
  const data = page.items.map(read).filter((item) => item !== undefined);
  return {
    data,
    broken: page.items.length - data.length,
    hasMore: page.hasMore,
    total: page.total,
    lastId: page.lastId ?? data.at(-1)?.id,
  };
}
