import { randomUUID } from "node:crypto";
import { openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import type { InputScan } from "../input.ts";
import { BlockWriter } from "../results/block-writer.ts";
import { cacheNotKept } from "../results/disk-error.ts";
import { jsonOf } from "../results/json.ts";
import { LineReader } from "../results/line-reader.ts";
import type { AnswerCache } from "./answer-cache.ts";
import type { ContentKeys } from "./content-keys.ts";
import { firstMemberOf } from "./member.ts";

/** What other threads have written is heard of in a turn of its own, and so is a signal. */
const requestsAtOnce = 64;
const lineFeed = 10;
const lineBreak = Buffer.of(lineFeed);
const named = "custom_id";

/** Cached answers on disk, as result lines of this input's requests. */
export interface TakenAnswers {
  readonly path: string;
  /** Of each line the number of its request. */
  readonly requests: readonly number[];
  /** Requests whose answer is there and could not be made a line of theirs. */
  readonly unreadable: readonly number[];
}

interface TakeOptions {
  readonly cache: AnswerCache;
  readonly scan: InputScan;
  readonly contents: ContentKeys;
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes what a cache has of an input to a file of result lines, which are read as those of a batch are.
 * Every byte stays as it was but for the `custom_id`, which is the request's of now.
 *
 * @throws an error that names the folder when the disk does not take it
 */
export async function takeAnswers(options: TakeOptions): Promise<TakenAnswers> {
  const { cache, scan, contents, folder, signal } = options;
  const path = join(folder, `batch-results-${randomUUID()}.jsonl`);
  const lines = new LineSpool(path);
  const input = new LineReader(scan.files);
  const requests: number[] = [];
  const unreadable: number[] = [];
  let request = -1;
  try {
    for await (const found of cache.read(keysOf(scan, contents))) {
      request += 1;
      if (request % requestsAtOnce === 0) {
        await nextTurn();
        signal?.throwIfAborted();
      }
      if (found === undefined) continue;
      const id = idOf(scan, request, input);
      const line = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
      if (id === undefined || !lines.write(line, id)) unreadable.push(request);
      else requests.push(request);
    }
    await lines.close();
    return { path, requests, unreadable };
  } catch (error) {
    lines.discard();
    throw error;
  } finally {
    input.close();
  }
}

function* keysOf({ requests }: InputScan, { keys }: ContentKeys): Generator<string> {
  for (let request = 0; request < requests; request += 1) yield keys.textOf(request);
}

/**
 * The bytes of a request's `custom_id`, quotes included, which its number shows to be the one that counts;
 * of an input that has changed since there is none.
 */
function idOf(scan: InputScan, request: number, input: LineReader): Buffer | undefined {
  const bytes = input.readIfThere(scan.lines.place(request));
  const span = bytes && firstMemberOf(bytes, named);
  if (bytes === undefined || span === undefined) return undefined;
  const token = Buffer.from(bytes.subarray(span.start, span.end));
  const id = jsonOf(token.toString("utf8"));
  return typeof id === "string" && scan.ids.numberOf(id) === request ? token : undefined;
}

/** Lines on their way to disk. */
class LineSpool {
  readonly #path: string;
  readonly #blocks: BlockWriter;

  constructor(path: string) {
    this.#path = path;
    const failed = (cause: unknown) => cacheNotKept(path, cause);
    try {
      this.#blocks = new BlockWriter({ handle: openSync(path, "wx"), kind: "temporary", failed });
    } catch (error) {
      throw failed(error);
    }
  }

  /**
   * Writes a line with another `custom_id`; `false` for a line that has none, or is none. That it has no
   * second one is seen when it is read.
   */
  write(line: Buffer, id: Buffer): boolean {
    const span = firstMemberOf(line, named);
    if (span === undefined || line.includes(lineFeed)) return false;
    this.#blocks.put(line.subarray(0, span.start));
    this.#blocks.put(id);
    this.#blocks.put(line.subarray(span.end));
    this.#blocks.put(lineBreak);
    return true;
  }

  async close(): Promise<void> {
    await this.#blocks.flush();
    this.#blocks.close();
  }

  discard(): void {
    this.#blocks.close();
    rmSync(this.#path, { force: true });
  }
}
