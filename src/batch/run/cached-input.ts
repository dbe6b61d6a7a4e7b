import { tmpdir } from "node:os";

import type { BatchClient } from "../../api/client.ts";
import { contentKeysOf } from "../cache/content-keys.ts";
import { createKeeper, type Keeper } from "../cache/keep-answers.ts";
import { takeAnswers } from "../cache/take-answers.ts";
import { contentOfCreation } from "../create/key.ts";
import { impliedEndpoint, type InputScan } from "../input.ts";
import type { KnownBatch } from "../knowledge.ts";
import { ownKeyOptions } from "../parts.ts";
import type { Collection } from "../results/collection.ts";
import { decideKeep } from "../rules.ts";
import type { RunBatchOptions } from "../run.ts";

/** The input of a run as its cache knows it. */
export interface CachedInput {
  /** Takes what the cache has of the input; returns how many requests that answers. */
  take(collection: Collection): Promise<number>;
  /** What keeps the answers of a batch; `undefined` for one that they are not known to belong to. */
  keeperOf(known: KnownBatch | undefined): Keeper | undefined;
}

/** `undefined` for a run without a cache. */
export function openCachedInput(
  client: BatchClient,
  scan: InputScan,
  options: RunBatchOptions,
): CachedInput | undefined {
  const { cache, signal, onEvent } = options;
  if (cache === undefined) return undefined;
  const implied = impliedEndpoint(client, options.endpoint);
  const { content } = ownKeyOptions(scan.hash, options.endpoint ?? scan.endpoint ?? "", options);
  let keeper: Keeper | undefined;
  return {
    async take(collection) {
      const contents = await contentKeysOf(scan, client.baseURL, implied);
      keeper = createKeeper(cache, contents);
      const folder = options.temporaryFolder ?? tmpdir();
      const taken = await takeAnswers({ cache, scan, contents, folder, signal });
      const { answered, rejected, unreadable } = await collection.addCached(taken);
      onEvent?.({
        type: "cache-read",
        requests: scan.requests,
        answered,
        rejected,
        unreadable: unreadable.map((request) => contents.keys.textOf(request)),
      });
      return answered;
    },
    keeperOf(known) {
      if (known === undefined) return undefined;
      const theirs = contentOfCreation(known.batch);
      return decideKeep(known, theirs, content).decision === "keep" ? keeper : undefined;
    },
  };
}
