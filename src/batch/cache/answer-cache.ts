/** An answer as a cache keeps it. */
export interface CachedAnswer {
  /** A hash of what was asked: of the server's base URL, the request's url and its body. */
  readonly key: string;
  /** The result line, as the server gave it, without a line break. Only good until the next one is asked for. */
  readonly line: Uint8Array;
}

/**
 * Answers of earlier runs, by what was asked. `openCacheFile` keeps them in a file; an object of one's own
 * with these two methods keeps them anywhere else.
 *
 * @example
 * ```ts
 * import { type AnswerCache, BatchClient, runBatch } from "openai-batch-action";
 *
 * const answers = new Map<string, Uint8Array>();
 * const cache: AnswerCache = {
 *   *read(keys) {
 *     for (const key of keys) yield answers.get(key);
 *   },
 *   append(added) {
 *     for (const { key, line } of added) answers.set(key, Uint8Array.from(line));
 *   },
 * };
 * const client = new BatchClient();
 * await runBatch(client, { input: "requests.jsonl", cache });
 * const again = await runBatch(client, { input: "requests.jsonl", cache });
 * console.log(again.batches.length, again.cached); // 0 3
 * ```
 */
export interface AnswerCache {
  /** The file that the answers are in, if it is one: no other file of a run may be the same. */
  readonly file?: string | undefined;
  /**
   * The answers to these requests, in their order; `undefined` for one that is not there. Of several
   * answers to one request the last that was added.
   */
  read(
    keys: Iterable<string>,
  ): Iterable<Uint8Array | undefined> | AsyncIterable<Uint8Array | undefined>;
  /** Adds answers, which are made while they are taken. */
  append(answers: Iterable<CachedAnswer>): void | Promise<void>;
}
