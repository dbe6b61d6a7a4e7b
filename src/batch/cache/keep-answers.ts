import { IdIndex } from "../input/id-index.ts";
import type { ResultBook } from "../results/book.ts";
import { LineReader } from "../results/line-reader.ts";
import type { AnswerCache, CachedAnswer } from "./answer-cache.ts";
import type { ContentKeys } from "./content-keys.ts";

/** Puts the answers of batches into a cache once they stand. */
export interface Keeper {
  /**
   * Adds the answers that stand for these requests.
   *
   * @param since the number of the first line that is new to the book
   * @returns how many were added
   */
  keep(book: ResultBook, requests: Iterable<number>, since: number): Promise<number>;
}

export function createKeeper(cache: AnswerCache, contents: ContentKeys): Keeper {
  /** Of requests that ask for the same the first answer is kept. */
  const kept = new IdIndex();
  return {
    async keep(book, requests, since) {
      const reader = new LineReader(book.paths);
      const before = kept.size;
      try {
        await cache.append(newAnswers({ book, requests, since, reader, contents, kept }));
        return kept.size - before;
      } finally {
        reader.close();
      }
    },
  };
}

interface NewAnswers {
  readonly book: ResultBook;
  readonly requests: Iterable<number>;
  readonly since: number;
  readonly reader: LineReader;
  readonly contents: ContentKeys;
  readonly kept: IdIndex;
}

function* newAnswers(options: NewAnswers): Generator<CachedAnswer> {
  const { book, requests, since, reader, contents, kept } = options;
  for (const request of requests) {
    const line = book.lineOf(request);
    if (line === undefined || line < since || !book.isAnswer(line)) continue;
    const key = contents.keys.textOf(request);
    if (kept.add(key) !== undefined) continue;
    yield { key, line: reader.read(book.lines.place(line)) };
  }
}
