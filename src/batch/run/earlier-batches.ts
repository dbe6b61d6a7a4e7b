import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { asItIs, notSeen } from "../create/creator.ts";
import { type Listed, readListed } from "../create/find-adoptable.ts";
import {
  contentOfCreation,
  isHalfOf,
  isOfOwnKey,
  keyName,
  roundOf,
  workOf,
} from "../create/key.ts";
import type { InputScan } from "../input.ts";
import { fetchInputFile } from "../input/fetch-input-file.ts";
import { forEachLine, isBlank } from "../input/lines.ts";
import { type KeyOptions, ownKeyOptions, partsToCreate } from "../parts.ts";
import { customIdOf } from "../results/line.ts";
import { LineReader } from "../results/line-reader.ts";
import {
  chooseAdoptable,
  decideAmongUnseen,
  decideBesideUnnamed,
  decideEarlier,
  decideInputOrder,
  overlap,
  ranNothing,
  isWorthTaking,
} from "../rules.ts";
import type { RunBatchOptions } from "../run.ts";
import { isTerminal } from "../status.ts";
import { requestsOf, splitInput, wholePart } from "../split.ts";

/** A batch that an earlier attempt at the same work has made, and what it holds of the input. */
export interface EarlierBatch {
  readonly key: string;
  readonly batch: Batch;
  /** 0 for the whole input, from 1 for what was sent again. */
  readonly round: number;
  /** Numbers of requests, ascending. */
  readonly requests: readonly number[];
}

/** What earlier attempts have made of the same input. */
export interface EarlierBatches {
  readonly batches: readonly EarlierBatch[];
  /** Ids of all of them: what they hold is known, so that none of it is sent beside them. */
  readonly settled: ReadonlySet<string>;
  /** The list that they were found in; `undefined` where none was read. */
  readonly listed: Listed | undefined;
}

export const noEarlierBatches: EarlierBatches = {
  batches: [],
  settled: new Set(),
  listed: undefined,
};

interface EarlierOptions extends CallOptions {
  readonly options: RunBatchOptions;
  /** The numbers of the requests that the cache has not answered. */
  readonly missing: readonly number[];
}

/**
 * Finds the batches of the same work, however it was divided. With a cache what is left to be sent differs
 * from attempt to attempt, and so do the keys of its parts: a batch of an earlier attempt that may still run
 * would not be found by them, and what it holds would be paid for twice.
 *
 * @throws {APIError} `look_up_incomplete` when it cannot be read what one of them holds
 */
export async function findEarlierBatches(
  client: BatchClient,
  scan: InputScan,
  { options, missing, ...call }: EarlierOptions,
): Promise<EarlierBatches> {
  const { idempotencyKey, reuseExisting = true, mayExist = true, retryFailed = 0 } = options;
  if (idempotencyKey === undefined || !reuseExisting) return noEarlierBatches;
  const listed = await readListed(client, mayExist, call);
  await refuseBesideStrangers(client, scan, listed, { options, missing, ...call });
  const isOurs = sameWork(scan, options);
  const { items, incomplete } = listed.reading;
  const family = items.filter(isOurs);
  const known =
    family.length === 0 ? new Map<string, readonly number[]>() : knownParts(scan, options, missing);
  const holders = async (some: readonly Batch[]) => {
    const found: EarlierBatch[] = [];
    for (const [key, twins] of Map.groupBy(some, keyOf)) {
      const batch = chooseAdoptable(twins, retryFailed > 0);
      if (batch === undefined || isDivided(batch, some)) continue;
      const unseen = decideAmongUnseen(batch, incomplete);
      if (unseen.decision === "stop") throw notSeen(key, unseen.why);
      const requests = known.get(key) ?? (await heldBy(client, scan, batch, { options, call }));
      const { decision, why } = decideEarlier(batch, requests === undefined);
      if (requests === undefined || decision === "stop") throw notRead(why);
      known.set(key, requests);
      found.push({ key, batch, round: roundOf(key)?.round ?? 0, requests });
    }
    return found;
  };
  let batches = await holders(family);
  if (overlap(batches)) {
    // A list that lags shows what is over as running.
    const now: Batch[] = [];
    for (const batch of family) {
      now.push(isTerminal(batch) ? batch : await asItIs(client, batch, call));
    }
    batches = await holders(now);
  }
  return { batches, settled: new Set(family.map(({ id }) => id)), listed };
}

/** Whether what a batch was turned away with has been sent in halves since. */
function isDivided(batch: Batch, family: readonly Batch[]): boolean {
  return ranNothing(batch) && family.some((other) => isHalfOf(keyOf(other), keyOf(batch)));
}

function keyOf({ metadata }: Batch): string {
  return metadata?.[keyName] ?? "";
}

/** Whether a batch is of the same work: of the same input, under a key of the same kind. */
function sameWork(scan: InputScan, options: RunBatchOptions): (batch: Batch) => boolean {
  const endpoint = options.endpoint ?? scan.endpoint ?? "";
  const { ownKey, content } = ownKeyOptions(scan.hash, endpoint, options);
  const [whole] = partsToCreate(scan, [wholePart(scan, [0])], { ...options, round: 0 });
  const work = workOf(whole?.key ?? "");
  return (batch) => {
    if (contentOfCreation(batch) !== content) return false;
    const key = keyOf(batch);
    return ownKey === undefined ? workOf(key) === work : isOfOwnKey(key, ownKey);
  };
}

/** What the parts hold that an attempt has made which found in its cache nothing, or the same as this one. */
function knownParts(
  scan: InputScan,
  options: RunBatchOptions,
  missing: readonly number[],
): Map<string, readonly number[]> {
  const { limits } = options;
  const known = new Map<string, readonly number[]>();
  for (const [parts, rest] of [
    [splitInput(scan, limits), false],
    [splitInput(scan, limits, missing), true],
  ] as const) {
    const keyed: KeyOptions & { readonly round: number } = { ...options, round: 0 };
    for (const [index, { key }] of partsToCreate(scan, parts, { ...keyed, rest }).entries()) {
      const part = parts[index];
      if (key !== undefined && part !== undefined) known.set(key, [...requestsOf(scan, part)]);
    }
  }
  return known;
}

/**
 * On a server that keeps no metadata nothing but its requests tells whose a batch is.
 *
 * @throws {APIError} `look_up_incomplete` when one may hold what is to be sent
 */
async function refuseBesideStrangers(
  client: BatchClient,
  scan: InputScan,
  { strangers }: Listed,
  { options, missing, ...call }: EarlierOptions,
): Promise<void> {
  const input = new LineReader(scan.files);
  const wanted = new Set(missing);
  const isOurs = (bytes: Buffer) => {
    const request = requestIn(scan, bytes);
    if (request === undefined || !wanted.has(request)) return false;
    return input.readIfThere(scan.lines.place(request))?.equals(bytes) === true;
  };
  const part = (options.retryFailed ?? 0) > 0;
  try {
    for (const batch of strangers.values()) {
      if (!isWorthTaking(batch, part)) continue;
      let ours = 0;
      const onLine = (bytes: Buffer) => (ours += isOurs(bytes) ? 1 : 0);
      const read = await readInput(client, batch, { options, call, onLine });
      const { decision, why } = decideBesideUnnamed(batch, read ? ours : undefined);
      if (decision === "stop") throw notRead(why);
    }
  } finally {
    input.close();
  }
}

function requestIn(scan: InputScan, bytes: Buffer): number | undefined {
  const id = customIdOf(bytes);
  return id === undefined ? undefined : scan.ids.numberOf(id);
}

interface FileReading {
  readonly options: RunBatchOptions;
  readonly call: CallOptions;
}

/** What a batch holds, by its input file; `undefined` where that cannot be told. */
async function heldBy(
  client: BatchClient,
  scan: InputScan,
  batch: Batch,
  reading: FileReading,
): Promise<readonly number[] | undefined> {
  const found: (number | undefined)[] = [];
  const onLine = (bytes: Buffer) => found.push(requestIn(scan, bytes));
  if (!(await readInput(client, batch, { ...reading, onLine }))) return undefined;
  const requests = found.filter((request) => request !== undefined);
  const isWhole = requests.length > 0 && requests.length === found.length;
  const models = new Set(requests.map((request) => scan.lines.tag(request)));
  return isWhole && models.size === 1 ? requests.toSorted((a, b) => a - b) : undefined;
}

/** Reads the requests of a batch from the server; `false` where it is not known that all of them were read. */
async function readInput(
  client: BatchClient,
  batch: Batch,
  { options, call, onLine }: FileReading & { readonly onLine: (bytes: Buffer) => void },
): Promise<boolean> {
  const path = join(options.temporaryFolder ?? tmpdir(), `batch-input-${randomUUID()}.jsonl`);
  try {
    const length = await fetchInputFile(client, batch.input_file_id, { path, call });
    const seen = { length, requests: 0, unreadable: 0 };
    await forEachLine(path, ({ bytes }) => {
      if (isBlank(bytes)) return;
      seen.requests += 1;
      if (customIdOf(bytes) === undefined) seen.unreadable += 1;
      onLine(bytes);
    });
    return decideInputOrder(batch, seen).decision === "use";
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    call.signal?.throwIfAborted();
    return false;
  } finally {
    await rm(path, { force: true });
  }
}

function notRead(why: string): APIError {
  return new APIError(
    `${why}. The requests were not sent again, because that could pay twice. Wait for that batch (\`operation: wait\` with its id), or create one whatever is there (\`reuse-existing: false\`).`,
    { code: "look_up_incomplete" },
  );
}
