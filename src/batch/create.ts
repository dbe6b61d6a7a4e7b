import type { BatchClient } from "../api/client.ts";
import { APIError, UnknownOutcomeError } from "../api/errors.ts";
import type { Batch, CallOptions, ExpiresAfter, FileObject } from "../api/types.ts";
import type { UploadSource } from "../api/upload.ts";
import { creationName, keyName, newCreationId } from "./create/key.ts";
import {
  findAdoptable,
  findBatches,
  type Identity,
  isAdoptable,
  isOwnCreation,
  isSince,
  mayBeOf,
  thirtyDays,
} from "./create/lookup.ts";
import { ensureUploaded } from "./create/upload.ts";

/** What has to be remembered to find a batch whose create was cut off. */
export interface Creation {
  readonly key: string;
  readonly creationId: string;
  /** Milliseconds since the epoch: the batch cannot be older. */
  readonly since: number;
  /** The input file, where nobody else can have used it. */
  readonly inputFileId?: string | undefined;
}

/** What one batch is made of, and how its create is kept from paying twice. */
export interface CreateBatchOptions extends CallOptions {
  /** The requests: bytes to upload, or the id of a file that is already there. */
  readonly input: UploadSource | { readonly fileId: string };
  readonly endpoint: string;
  /** Defaults to `24h`. */
  readonly completionWindow?: string | undefined;
  /** At most 14 pairs of your own; the key and a value of this very create are added. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** What the create belongs to, for example a commit: stands before its own value in the metadata. */
  readonly creationPrefix?: string | undefined;
  /** Seconds after which the server deletes the input file; defaults to its own rule. */
  readonly inputExpiresAfter?: number | undefined;
  /** Seconds after which the server deletes the result files. */
  readonly outputExpiresAfter?: number | undefined;
  /** What makes two creates the same create; without one, every call is work of its own. */
  readonly idempotencyKey?: string | undefined;
  /** Whether a live or completed batch with the same key is adopted instead; defaults to `true`. */
  readonly reuseExisting?: boolean | undefined;
  /** `false` where the caller has looked for the key already (`findByKeys`). */
  readonly lookUp?: boolean | undefined;
  /** Milliseconds that a batch with the same key may be old to be adopted; defaults to 30 days. */
  readonly lookBack?: number | undefined;
  /** Whether an uploaded file of the same name and size may be used; defaults to `reuseExisting`. */
  readonly reuseUpload?: boolean | undefined;
  /** Called with the input file before the batch is created, so that its id is never lost. */
  readonly onUploaded?: ((file: FileObject, reused: boolean) => void) | undefined;
  /** Called before the create is sent: from here on a batch may exist. */
  readonly onCreating?: ((creation: Creation) => void) | undefined;
  /** Called when the create was refused for good: there is no batch of it. */
  readonly onRefused?: (() => void) | undefined;
  /** Called when the server has no list of batches to look in. */
  readonly onNoList?: (() => void) | undefined;
  /** Called with an answer that was lost; the list of batches is read next. */
  readonly onUnknownOutcome?: ((error: UnknownOutcomeError) => void) | undefined;
}

/** A batch that there is, ours or adopted. */
export interface CreatedBatch {
  readonly batch: Batch;
  /** Whether it was found and adopted instead of being answered to our create. */
  readonly reused: boolean;
}

/** Milliseconds between looks at a list that may lag behind the create. */
const looks = [0, 1_000, 2_000, 4_000, 8_000, 15_000];
/** Milliseconds between tries while a file that was just uploaded is not found (curator#116). */
const fileLag = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Creates one batch of the requests and pays for it once.
 *
 * The API has no idempotency key (qwen-code#11874, litellm-docs#1408), so the key is put into the
 * batch's metadata. Before the create, a live or completed batch with the key is adopted. After an
 * answer that was lost, cut or unreadable, the list of batches is read back, several times as it may
 * lag, and only when the batch is not there is the create sent again.
 *
 * @throws {UnknownOutcomeError} when the batch may exist and could not be found
 * @throws {APIError} when the server refused
 * @throws the signal's reason when it aborts; a create on the wire is given three seconds for its answer
 * @example
 * ```ts
 * import { BatchClient, createBatch, fileSource } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const options = {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 *   metadata: { project: "evaluation" },
 *   idempotencyKey: "evaluation-2026-08-01",
 * };
 * const first = await createBatch(client, options);
 * const second = await createBatch(client, options); // pays nothing
 * console.log(second.reused, second.batch.id === first.batch.id); // true true
 * ```
 */
export async function createBatch(
  client: BatchClient,
  options: CreateBatchOptions,
): Promise<CreatedBatch> {
  const { signal, deadline, maxRetries } = options;
  const call = { signal, deadline, maxRetries };
  const creationId = newCreationId(options.creationPrefix);
  const key = options.idempotencyKey ?? creationId;
  const since = client.clock.now();
  const reuse = options.reuseExisting !== false && options.idempotencyKey !== undefined;
  const lookBackTo = since - (options.lookBack ?? thirtyDays);

  if (reuse && options.lookUp !== false) {
    const adoptable = await findAdoptable(client, [key], lookBackTo, call, options.onNoList);
    const found = adoptable.get(key);
    if (found !== undefined) return { batch: found, reused: true };
  }
  const input =
    "fileId" in options.input
      ? { id: options.input.fileId, own: false }
      : await ensureUploaded(client, options.input, {
          ...call,
          expiresAfter: options.inputExpiresAfter,
          reuseSince: (options.reuseUpload ?? reuse) ? lookBackTo : undefined,
          onUploaded: options.onUploaded,
        });

  const identity = { key, creationId, inputFileId: input.own ? input.id : undefined };
  options.onCreating?.({ ...identity, since });
  return send(client, options, {
    fileId: input.id,
    justUploaded: input.own,
    since,
    reuse,
    identity,
  });
}

interface Sending {
  readonly fileId: string;
  readonly justUploaded: boolean;
  readonly since: number;
  readonly reuse: boolean;
  readonly identity: Identity;
}

async function send(
  client: BatchClient,
  options: CreateBatchOptions,
  sending: Sending,
): Promise<CreatedBatch> {
  const { signal, deadline, maxRetries } = options;
  const call = { signal, deadline, maxRetries };
  const body = {
    input_file_id: sending.fileId,
    endpoint: options.endpoint,
    completion_window: options.completionWindow ?? "24h",
    metadata: {
      ...options.metadata,
      [keyName]: sending.identity.key,
      [creationName]: sending.identity.creationId,
    },
    ...(options.outputExpiresAfter === undefined
      ? {}
      : { output_expires_after: expiry(options.outputExpiresAfter) }),
  };
  let missing = 0;
  let unknown = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return { batch: await client.batches.create(body, call), reused: false };
    } catch (error) {
      const pause = fileLag[missing];
      if (sending.justUploaded && pause !== undefined && isFileNotFound(error)) {
        missing += 1;
        await pauseFor(client, pause, call);
        continue;
      }
      if (!(error instanceof UnknownOutcomeError)) {
        if (error instanceof APIError && !unknown) options.onRefused?.();
        throw error;
      }
      if (signal?.aborted === true) throw error;
      unknown = true;
      options.onUnknownOutcome?.(error);
      const found = await lookAgain(client, sending, call, error);
      if (found !== undefined) return { batch: found, reused: true };
      if (error.created || attempt >= (maxRetries ?? client.maxRetries)) throw error;
    }
  }
}

/** Looks for the batch whose answer was lost; a list that cannot be read leaves the loss unsolved. */
async function lookAgain(
  client: BatchClient,
  { identity, since, reuse, fileId }: Sending,
  call: CallOptions,
  lost: UnknownOutcomeError,
): Promise<Batch | undefined> {
  const strangers = new Set<string>();
  const wanted = (batch: Batch) => {
    if (isOwnCreation(batch, identity) || (reuse && isAdoptable(batch, identity))) return true;
    if (mayBeOf(batch, fileId) && isSince(batch, since)) strangers.add(batch.id);
    return false;
  };
  for (const pause of looks) {
    try {
      await pauseFor(client, pause, call);
      const [found] = await findBatches(client, wanted, since, call);
      if (found !== undefined) return found;
    } catch (error) {
      if (error instanceof APIError) throw lost;
      throw error;
    }
  }
  // Of the same file, on a server that keeps no metadata: it may be ours, and another create could pay twice.
  if (strangers.size > 0) throw lost;
  return undefined;
}

/** Sleeps no longer than to the deadline; the call that follows says that it has come. */
async function pauseFor({ clock }: BatchClient, pause: number, call: CallOptions): Promise<void> {
  const left = (call.deadline ?? Number.POSITIVE_INFINITY) - clock.now();
  await clock.sleep(Math.max(0, Math.min(pause, left)), call.signal);
}

/** Servers word it differently: `No such File object`, `Input file … not found`, `does not exist`. */
function isFileNotFound(error: unknown): boolean {
  return (
    error instanceof APIError &&
    (error.status === 404 || error.status === 400) &&
    /file/i.test(error.message) &&
    /not found|no such|does not exist|could not find/i.test(error.message)
  );
}

function expiry(seconds: number): ExpiresAfter {
  return { anchor: "created_at", seconds };
}
