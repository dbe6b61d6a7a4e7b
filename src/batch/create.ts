import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import type { UploadSource } from "../api/upload.ts";
import { openCreator } from "./create/creator.ts";
import type { Reports } from "./events.ts";
import type { BatchRequest } from "./input/memory.ts";
import { scanned } from "./run.ts";
import { partSource, splitInput } from "./split.ts";

/** What one batch is made of, and how its create is kept from paying twice. */
export interface CreateBatchOptions extends CallOptions, Reports {
  /**
   * The requests: bytes to upload, the id of a file that is already there, or requests from memory, no more
   * than a batch takes.
   */
  readonly input:
    | UploadSource
    | { readonly fileId: string }
    | Iterable<BatchRequest>
    | AsyncIterable<BatchRequest>;
  /** For example `/v1/chat/completions`. */
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
  /**
   * What makes two creates the same create; without one, every call is work of its own. The same key
   * with other requests, or for another endpoint, is refused.
   */
  readonly idempotencyKey?: string | undefined;
  /** Whether a live or completed batch with the same key is adopted instead; defaults to `true`. */
  readonly reuseExisting?: boolean | undefined;
  /**
   * Whether an earlier attempt may have created the batch; defaults to `true`. Only where it is `false`
   * a server without a list of batches is taken at its word, and an earlier upload is not looked for.
   */
  readonly mayExist?: boolean | undefined;
}

/** A batch that there is, ours or adopted. */
interface CreatedBatch {
  readonly batch: Batch;
  /** Whether it was adopted; one's own batch that was found after a lost answer is not. */
  readonly reused: boolean;
}

/**
 * Creates one batch of the requests and pays for it once.
 *
 * The API has no idempotency key (qwen-code#11874, litellm-docs#1408), so the key is put into the
 * batch's metadata. Before the create, a live or completed batch with the key is adopted. After an
 * answer that was lost, cut or unreadable, the list of batches is read back for as long as it may lag,
 * and the create is sent again once, only when the whole list does not show the batch.
 *
 * @throws {UnknownOutcomeError} when the batch may exist and could not be found
 * @throws {APIError} `look_up_incomplete` when a batch with the key may exist and could not be looked for
 * @throws {APIError} `other_requests` when the key names a batch of other requests
 * @throws {APIError} `other_split` when the key names batches of the same requests that were split otherwise
 * @throws {APIError} `invalid_input` when requests from memory have problems, `several_batches` when they are more than one batch takes
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
  const { input } = options;
  if ("fileId" in input || "stream" in input) return createOf(client, input, options);
  const scan = await scanned(client, { input, endpoint: options.endpoint, signal: options.signal });
  try {
    const [part, ...more] = splitInput(scan);
    if (part === undefined || more.length > 0) {
      throw new APIError(
        "The requests are more than one batch takes, or name several models; nothing was sent. `createBatches` splits them.",
        { code: "several_batches" },
      );
    }
    return await createOf(client, partSource(scan, part), options);
  } finally {
    await scan[Symbol.asyncDispose]();
  }
}

async function createOf(
  client: BatchClient,
  input: UploadSource | { readonly fileId: string },
  { idempotencyKey, ...rest }: CreateBatchOptions,
): Promise<CreatedBatch> {
  const part = { key: idempotencyKey, input, requests: undefined };
  const creator = await openCreator(client, [part], { ...rest, ownKey: idempotencyKey });
  const { batch, provenance } = await creator.create(0);
  return { batch, reused: provenance === "adopted" };
}
