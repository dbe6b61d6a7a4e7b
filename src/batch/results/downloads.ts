import { rm } from "node:fs/promises";

import type { Batch } from "../../api/types.ts";
import { decideGone } from "../rules/results.ts";
import { type Fetched, fetchResultFile, type ResultSource } from "./fetch.ts";

/** The result files of one batch on disk, over several tries to get them whole. */
export class Downloads {
  readonly #source: ResultSource;
  readonly #kept = new Map<string, Fetched>();
  readonly #lastBytes = new Map<string, number>();
  /** How many looks in a row have not found a file. */
  readonly #misses = new Map<string, number>();

  constructor(source: ResultSource) {
    this.#source = source;
  }

  /** The file as it was kept, else as the server gives it now. */
  async get(batch: Batch, fileId: string): Promise<Fetched> {
    const kept = this.#kept.get(fileId);
    if (kept !== undefined) return kept;
    const fetched = this.#judged(fileId, await fetchResultFile(this.#source, batch, fileId));
    this.#kept.set(fileId, fetched);
    return fetched;
  }

  /** Removes files, so that they are fetched anew; all of them where none is named. */
  async forget(fileIds: Iterable<string> = this.#kept.keys()): Promise<void> {
    for (const fileId of fileIds) {
      const fetched = this.#kept.get(fileId);
      if (fetched?.came === true) await rm(fetched.path, { force: true });
      this.#kept.delete(fileId);
    }
  }

  /** In the light of the tries before. What is cut by chance is not cut at the same place again. */
  #judged(fileId: string, fetched: Fetched): Fetched {
    const misses = fetched.came || !fetched.gone ? 0 : (this.#misses.get(fileId) ?? 0) + 1;
    this.#misses.set(fileId, misses);
    if (!fetched.came) {
      if (misses === 0 || decideGone(misses).decision === "gone") return fetched;
      return { ...fetched, gone: false, again: true };
    }
    const again = this.#lastBytes.get(fileId) === fetched.bytes;
    this.#lastBytes.set(fileId, fetched.bytes);
    return again && fetched.length === "unknown"
      ? { ...fetched, length: "twice the same" }
      : fetched;
  }
}
