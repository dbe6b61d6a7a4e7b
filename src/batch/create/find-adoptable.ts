import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { type ListReading, readBatches, type ReadingOptions, thirtyDays } from "../look-up.ts";
import {
  type BeforeCreate,
  chooseAdoptable,
  decideOtherSplit,
  decideOverlap,
  decideOwnKey,
  isUnusable,
  worthOf,
} from "../rules.ts";
import { areFilesGone } from "./gone-files.ts";
import { hasKey } from "./identity.ts";
import { tellApart } from "../hidden-metadata.ts";
import {
  contentOfCreation,
  isHalfOf,
  isOfOwnKey,
  keyName,
  roundOf,
  wholeKeyOf,
  workOf,
} from "./key.ts";

/** What is looked for before anything is created. */
export interface Wanted {
  readonly keys: readonly string[];
  /** The key of the user's own that `keys` are made of, if it is one. */
  readonly ownKey: string | undefined;
  /** What the keys stand for. */
  readonly content: string;
  /** Whether a batch that ended early is wanted too, for the answers that it has. */
  readonly partial: boolean;
  readonly mayExist: boolean;
  /** The list as it was read already. */
  readonly listed?: Listed | undefined;
  /** Ids of batches of which it is known what they hold, and that no part is of it. */
  readonly settled?: ReadonlySet<string> | undefined;
  /** Keys of the batches that this attempt has in earlier rounds: what these hold is in its results. */
  readonly taken?: ReadonlySet<string> | undefined;
}

/** The list of batches, each told apart as far as the server lets it. */
export interface Listed {
  readonly reading: ListReading;
  readonly strangers: Sightings["strangers"];
}

/** What one reading of the list showed of batches that may stand for ours. */
export interface Sightings {
  /**
   * What is known before the create of a key.
   *
   * @param newer batches as they are by now, by id
   */
  before(key: string, newer?: ReadonlyMap<string, Batch>): Promise<BeforeCreate>;
  /** Ids of all batches with a key: where one is created all the same, none of them was to be taken. */
  ofKey(key: string): ReadonlySet<string>;
  /** Ids of input files that batches have failed with. */
  readonly unusable: ReadonlySet<string>;
  /** Batches that have, or may get, answers and that nothing but their input file tells apart, by that file. */
  readonly strangers: ReadonlyMap<string, Batch>;
}

type ReadToEnough = Omit<ReadingOptions, "since">;

const nothingMissed = { incomplete: undefined, noList: false } as const;

/** Where nothing is to be reused: every create is work of its own. */
export const noSightings: Sightings = {
  before: async () => Promise.resolve(knownOf(undefined, nothingMissed, false)),
  ofKey: () => new Set(),
  unusable: new Set(),
  strangers: new Map(),
};

/**
 * Looks for batches with these keys, in one reading of the list.
 *
 * @throws {APIError} `other_requests` when a key of the user's own stands for other requests
 * @throws {APIError} `other_split` when it stands for the same requests in other batches
 * @throws {APIError} when the list cannot be read at all
 */
export async function findAdoptable(
  client: BatchClient,
  wanted: Wanted,
  call: CallOptions,
): Promise<Sightings> {
  const isWhole = (batch: Batch, key: string) => hasKey(batch, key) && worthOf(batch) === "whole";
  const enough = (items: readonly Batch[]) =>
    wanted.keys.every((key) => items.some((batch) => isWhole(batch, key)));
  const refuseOthers = (listed: Listed) => {
    refuseOtherRequests(listed.reading.items, wanted);
    refuseOtherSplit(listed.reading.items, wanted);
    return listed;
  };
  const read = async (options: ReadToEnough) => readListed(client, wanted.mayExist, options);
  let isToEnd = wanted.listed !== undefined;
  /** By id, batches whose result files are gone for good. */
  const gone = new Map<string, Batch>();
  let { reading, strangers } = refuseOthers(wanted.listed ?? (await read({ ...call, enough })));
  const choose = (isOne: (batch: Batch) => boolean, newer: ReadonlyMap<string, Batch>) => {
    const batches = reading.items.filter(isOne).map((batch) => newer.get(batch.id) ?? batch);
    return chooseAdoptable(batches, wanted.partial);
  };
  return {
    get unusable() {
      const failed = reading.items.filter(isUnusable);
      return new Set(failed.map(({ input_file_id }) => input_file_id));
    },
    get strangers() {
      return strangers;
    },
    ofKey: (key) => new Set(reading.items.filter((one) => hasKey(one, key)).map(({ id }) => id)),
    async before(key, newer = new Map()) {
      for (;;) {
        const emptied = [...gone.values()].find((batch) => hasKey(batch, key));
        const found = choose((batch) => hasKey(batch, key) && !gone.has(batch.id), newer);
        const isWorse = newer.size > 0 && (found === undefined || worthOf(found) !== "whole");
        if ((isWorse || emptied !== undefined) && !isToEnd) {
          // The list showed enough, and a look at the batch less: another may stand behind it.
          ({ reading, strangers } = refuseOthers(await read(call)));
          isToEnd = true;
          continue;
        }
        if (found !== undefined && (await areFilesGone(client, found, call))) {
          // What was made in its stead has its own answers, were they fewer.
          gone.set(found.id, found);
          continue;
        }
        const overlapping = reading.items.find((batch) => mayOverlap(batch, key, wanted));
        const half = choose(({ metadata }) => isHalfOf(metadata?.[keyName], key), newer);
        const filesGone = found === undefined && emptied !== undefined;
        const known = knownOf(found ?? emptied, reading, wanted.mayExist);
        return { ...known, filesGone, overlapping, half };
      }
    },
  };
}

/**
 * Reads the list of batches back to where nothing counts any more.
 *
 * @throws {APIError} when the list cannot be read at all
 */
export async function readListed(
  client: BatchClient,
  mayExist: boolean,
  options: ReadToEnough,
): Promise<Listed> {
  const listed = await readBatches(client, {
    ...options,
    since: client.clock.now() - thirtyDays,
  });
  const { signal, deadline, maxRetries } = options;
  // Only of an earlier attempt is there anything to be told apart.
  const { items, strangers, incomplete } = await tellApart(
    client,
    listed.items,
    { signal, deadline, maxRetries },
    mayExist ? listed.items : [],
  );
  return {
    reading: { ...listed, items, incomplete: listed.incomplete ?? incomplete },
    strangers,
  };
}

function knownOf(
  found: Batch | undefined,
  { incomplete, noList }: Pick<ListReading, "incomplete" | "noList">,
  mayExist: boolean,
): BeforeCreate {
  return { found, filesGone: false, incomplete, noList, mayExist };
}

/** A key of one's own names the same work in every run, so it must not come to name other work. */
function refuseOtherRequests(batches: readonly Batch[], { ownKey, content }: Wanted): void {
  if (ownKey === undefined) return;
  const other = batches.find(
    (batch) =>
      isOfOwnKey(batch.metadata?.[keyName], ownKey) &&
      decideOwnKey(batch, contentOfCreation(batch), content).decision === "other",
  );
  if (other === undefined) return;
  throw new APIError(
    `The idempotency key ${ownKey} names ${other.id}, which was made of other requests, for another endpoint or in another repository; these requests were not sent. ` +
      "Let the key change with the requests, for example by a hash of their file (`hashFiles` in a workflow), or reuse no existing batch (`reuse-existing: false`).",
    { code: "other_requests" },
  );
}

/**
 * The same requests, split into other batches than before, have keys of their own. What the earlier
 * batches hold is paid for, and which of the new ones would hold it as well is not compared.
 */
function refuseOtherSplit(
  batches: readonly Batch[],
  { ownKey, keys, content, partial, settled }: Wanted,
): void {
  if (ownKey === undefined || keys.some((key) => roundOf(key) !== undefined)) return;
  const other = batches.find((batch) => {
    const key = batch.metadata?.[keyName] ?? "";
    if (settled?.has(batch.id) === true) return false;
    if (isAmong(keys, key) || !isOfOwnKey(key, ownKey)) return false;
    if (roundOf(key) !== undefined) return false;
    if (contentOfCreation(batch) !== content) return false;
    return decideOtherSplit(batch, partial).decision === "stop";
  });
  if (other === undefined) return;
  throw new APIError(
    `The idempotency key ${ownKey} names ${other.id}, which holds the same requests split into other batches; they were not sent again, because that would pay for them twice. ` +
      "Split them as before (`max-requests-per-batch`, `max-bytes-per-batch`), change the key, or reuse no existing batch (`reuse-existing: false`).",
    { code: "other_split" },
  );
}

/**
 * Whether a batch is of a retry round of the same work as a key, was made of other requests, and is none
 * that this attempt has: it may hold some of the same.
 */
function mayOverlap(batch: Batch, key: string, wanted: Wanted): boolean {
  const { keys, ownKey, content, settled, taken } = wanted;
  if (settled?.has(batch.id) === true) return false;
  const theirKey = batch.metadata?.[keyName] ?? "";
  const [ours, theirs] = [roundOf(key), roundOf(theirKey)];
  const work = ours?.work ?? ownKey ?? workOf(key);
  if (theirs?.work !== work || contentOfCreation(batch) !== content) return false;
  if (isAmong(keys, theirKey) || taken?.has(theirKey) === true) return false;
  return decideOverlap(batch, ours !== undefined).decision === "stop";
}

/** Whether a batch is of one of our parts, or of a half of one. */
function isAmong(keys: readonly string[], theirs: string): boolean {
  return keys.includes(theirs) || keys.includes(wholeKeyOf(theirs));
}
