import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch, BatchCreateParams, CallOptions, ExpiresAfter } from "../../api/types.ts";
import type { UploadSource } from "../../api/upload.ts";
import type { CreateBatchOptions } from "../create.ts";
import type { KnownBatch } from "../knowledge.ts";
import { lookAt } from "../look-at.ts";
import { thirtyDays } from "../look-up.ts";
import { decideBeforeCreate, decideBesideStranger } from "../rules.ts";
import { isTerminal } from "../status.ts";
import { followToEnd } from "./cancelling.ts";
import { findAdoptable, type Listed, noSightings, type Sightings } from "./find-adoptable.ts";
import { contentBeside } from "./content-beside.ts";
import { ensureUploaded, hashOf, type InputFile, waitForFile } from "./input-file.ts";
import { contentHash, creationName, keyName, newCreationId } from "./key.ts";
import { createPace } from "./pace.ts";
import { cancelExtras, type Sent, sendCreate } from "./send.ts";

/** What one batch of a job is to be made of. */
export interface PartToCreate {
  readonly key: string | undefined;
  readonly input: UploadSource | { readonly fileId: string };
  /** How many requests it has, where that is known. */
  readonly requests: number | undefined;
}

export interface CreatorOptions extends Omit<CreateBatchOptions, "input" | "idempotencyKey"> {
  /** The user's own key that the parts' keys are made of. */
  readonly ownKey?: string | undefined;
  /** What the keys stand for; made of the parts and the endpoint by default. */
  readonly content?: string | undefined;
  /**
   * Whether an expired or cancelled batch with the same key is adopted too, for the answers that it
   * has; for callers who send the rest again. Defaults to `false`.
   */
  readonly partial?: boolean | undefined;
  /** 0 for the whole input, from 1 for what is sent again. */
  readonly round?: number | undefined;
  /** The list of batches as it was read already. */
  readonly listed?: Listed | undefined;
  /** Ids of batches of which it is known what they hold, and that no part is of it. */
  readonly settled?: ReadonlySet<string> | undefined;
  /** Keys of the batches that this attempt has in earlier rounds: what these hold is in its results. */
  readonly taken?: ReadonlySet<string> | undefined;
}

/** A part is not sent as a whole: an earlier attempt has sent it in halves, which are looked for by themselves. */
export class SentInHalvesError extends APIError {
  readonly why: string;

  constructor(why: string) {
    super(
      `These requests are not sent again, because that would pay for them twice: ${why}, for a server that had no room for all of them at once. ` +
        "`operation: run` with the same input goes on with the halves; `reuse-existing: false` creates a batch whatever is there.",
      { code: "other_split" },
    );
    this.why = why;
  }
}

/** Creates the batches of one round, each once. */
export interface Creator {
  /**
   * The batch of a part: adopted the first time where there is one, else created. A part that comes
   * again does so because its batch has failed; it gets a new one of the same file.
   *
   * @throws {SentInHalvesError} when an earlier attempt has sent it in halves
   */
  create(part: number): Promise<KnownBatch>;
}

/**
 * Makes the creates of many parts cost one reading of the list, and keeps them to the hourly limit.
 *
 * @param parts may grow by the halves of those that are there
 */
export async function openCreator(
  client: BatchClient,
  parts: readonly PartToCreate[],
  options: CreatorOptions,
): Promise<Creator> {
  const { signal, deadline, maxRetries, partial = false, mayExist = true } = options;
  const { round = 0, onEvent } = options;
  onEvent?.({ type: "planned", round, parts: parts.map(({ requests }) => requests) });
  const call = { signal, deadline, maxRetries };
  const keys = parts.flatMap(({ key }) => key ?? []);
  const reuse = options.reuseExisting !== false && keys.length > 0;
  const content = options.content ?? (await contentOf(parts, options));
  const sightings = reuse
    ? await findAdoptable(
        client,
        { ...options, keys, content, partial, mayExist, ownKey: options.ownKey },
        call,
      )
    : noSightings;
  const creation = { client, options, content, sightings, reuse, pace: createPace(client.clock) };
  const made = new Map<number, MadeOf>();
  const tried = new Set<number>();
  return {
    async create(index) {
      const part = parts[index];
      if (part === undefined) throw new RangeError(`There is no part ${index}.`);
      const first = !tried.has(index);
      tried.add(index);
      const adopted = first ? await adopt(creation, part, index) : undefined;
      return adopted ?? createAnew(creation, part, { index, made });
    },
  };
}

/** What a part was made into so far. */
interface MadeOf {
  readonly file: InputFile;
  /** Ids of its batches, which have failed. */
  readonly batches: readonly string[];
}

interface Creating {
  readonly client: BatchClient;
  readonly options: CreatorOptions;
  readonly content: string;
  readonly sightings: Sightings;
  readonly reuse: boolean;
  readonly pace: ReturnType<typeof createPace>;
}

/** The batch that stands for a part already; `undefined` where one is to be created. */
async function adopt(
  { client, options, sightings }: Creating,
  { key, requests }: PartToCreate,
  part: number,
): Promise<KnownBatch | undefined> {
  if (key === undefined) return undefined;
  const { onEvent, round = 0 } = options;
  const newer = new Map<string, Batch>();
  for (;;) {
    const before = await sightings.before(key, newer);
    const { decision, why } = decideBeforeCreate(before);
    const { found, incomplete } = before;
    if (decision === "halve") throw new SentInHalvesError(why);
    if (decision === "stop") {
      throw incomplete === undefined ? sentBefore(why) : notSeen(key, why);
    }
    if (found === undefined || decision === "create") {
      if (found !== undefined) onEvent?.({ type: "not-adopted", batch: found, why });
      else if (before.noList) onEvent?.({ type: "look-up-incomplete", why });
      return undefined;
    }
    if (!newer.has(found.id) && !isTerminal(found)) {
      newer.set(found.id, await asItIs(client, found, options));
    } else if (decision === "wait") {
      newer.set(found.id, await followToEnd(client, found, options));
    } else {
      const known = {
        batch: found,
        provenance: "adopted",
        takenAs: found.status,
        requests,
        round,
      } as const;
      onEvent?.({ type: "adopted", part, known });
      return known;
    }
  }
}

/** A list may show a batch as it was: some move on only when a batch is retrieved. What a look cannot see stands as listed. */
export async function asItIs(
  client: BatchClient,
  listed: Batch,
  { signal, deadline, maxRetries }: CallOptions,
): Promise<Batch> {
  return (await lookAt(client, listed.id, { signal, deadline, maxRetries })) ?? listed;
}

function sentBefore(why: string): APIError {
  return new APIError(
    `These requests are not sent again: ${why}. \`operation: retrieve\` with its id brings what it has; \`reuse-existing: false\` sends them whatever is there.`,
    { code: "sent_before" },
  );
}

export function notSeen(key: string, why: string): APIError {
  return new APIError(
    `A batch with the idempotency key ${key} may be there, but it could not be looked for: ${why}. Its requests were not sent again, because that could pay twice. ` +
      "Try again, or create one whatever is there (`reuse-existing: false`).",
    { code: "look_up_incomplete" },
  );
}

async function createAnew(
  creating: Creating,
  part: PartToCreate,
  { index, made }: { readonly index: number; readonly made: Map<number, MadeOf> },
): Promise<KnownBatch> {
  const { client, options, pace } = creating;
  const { signal, deadline, maxRetries, onEvent, round = 0 } = options;
  await pace.turn(signal);
  const before = made.get(index);
  const file = before?.file ?? (await inputFileOf(creating, part, index));
  const earlier = before?.batches ?? [];
  made.set(index, { file, batches: earlier });
  if (before === undefined) await refuseBesideStrangers(creating, part, file);
  const creationId = newCreationId(options.creationPrefix, creating.content);
  const key = part.key ?? creationId;
  const sent = await sendCreate(client, {
    part: index,
    body: paramsOf(options, file.id, { [keyName]: key, [creationName]: creationId }),
    creation: {
      key,
      creationId,
      since: client.clock.now(),
      ...(file.own ? { inputFileId: file.id } : {}),
      ...(earlier.length > 0 ? { earlier } : {}),
    },
    reuse: creating.reuse,
    passedOver: new Set([...creating.sightings.ofKey(key), ...earlier]),
    file: waitForFile(client, file, { signal, deadline }),
    signal,
    deadline,
    maxRetries,
    onEvent,
  });
  made.set(index, { file, batches: [...earlier, sent.batch.id] });
  return settle(client, sent, { part, index, round, options });
}

/**
 * On a server that keeps no metadata nothing but their input files tells batches of an earlier attempt.
 *
 * @throws {APIError} `look_up_incomplete` when one of them may be of the same requests
 */
async function refuseBesideStrangers(
  { client, sightings, options }: Creating,
  { input }: PartToCreate,
  file: InputFile,
): Promise<void> {
  const { settled, endpoint, partial: part = false } = options;
  for (const stranger of sightings.strangers.values()) {
    if (settled?.has(stranger.id) === true) continue;
    const what = await contentBeside(
      client,
      { file, input, other: stranger.input_file_id },
      options,
    );
    const { decision, why } = decideBesideStranger(stranger, { endpoint, part }, what);
    if (decision === "create") continue;
    throw new APIError(
      `${why}. The requests were not sent again, because that could pay twice. Wait for that batch (\`operation: wait\` with its id), or create one whatever is there (\`reuse-existing: false\`).`,
      { code: "look_up_incomplete" },
    );
  }
}

/** Reports the batch before anything else is waited for, and then sees that it is the only one. */
async function settle(
  client: BatchClient,
  { batch, creation, found, own }: Sent,
  {
    part,
    index,
    round,
    options: { signal, deadline, onEvent },
  }: {
    readonly part: PartToCreate;
    readonly index: number;
    readonly round: number;
    readonly options: CreatorOptions;
  },
): Promise<KnownBatch> {
  const { requests } = part;
  const provenance = own ? "created" : "adopted";
  const known = { batch, provenance, takenAs: batch.status, requests, round } as const;
  const kept = { ...creation, keep: batch.id };
  onEvent?.(
    own
      ? { type: "created", part: index, known, creation: kept, found }
      : { type: "adopted", part: index, known, beside: kept },
  );
  if (await cancelExtras(client, kept, { own, signal, deadline, onEvent })) {
    onEvent?.({ type: "settled", creation: kept });
  }
  return known;
}

async function inputFileOf(
  { client, options, sightings, reuse }: Creating,
  { input }: PartToCreate,
  part: number,
): Promise<InputFile> {
  if ("fileId" in input) return { id: input.fileId, own: false, reused: true };
  const { signal, deadline, maxRetries, onEvent, inputExpiresAfter, mayExist = true } = options;
  return ensureUploaded(client, input, {
    part,
    signal,
    deadline,
    maxRetries,
    onEvent,
    expiresAfter: inputExpiresAfter,
    reuseSince: reuse && mayExist ? client.clock.now() - thirtyDays : undefined,
    unusable: sightings.unusable,
  });
}

function paramsOf(
  { endpoint, completionWindow = "24h", metadata, outputExpiresAfter }: CreatorOptions,
  inputFileId: string,
  ours: Readonly<Record<string, string>>,
): BatchCreateParams {
  return {
    input_file_id: inputFileId,
    endpoint,
    completion_window: completionWindow,
    metadata: { ...metadata, ...ours },
    ...(outputExpiresAfter === undefined
      ? {}
      : { output_expires_after: expiry(outputExpiresAfter) }),
  };
}

function expiry(seconds: number): ExpiresAfter {
  return { anchor: "created_at", seconds };
}

/** What the keys of these parts stand for: their requests and the endpoint. */
async function contentOf(
  parts: readonly PartToCreate[],
  { endpoint }: CreatorOptions,
): Promise<string> {
  const hashes: string[] = [];
  for (const { key, input } of parts) {
    // Without a key nothing is ever compared with it.
    if (key === undefined) hashes.push("");
    else hashes.push("fileId" in input ? input.fileId : await hashOf(input));
  }
  return contentHash(...hashes, endpoint);
}
