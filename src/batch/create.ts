import type { BatchClient } from "../api/client.ts";
import type { Batch, CallOptions, ExpiresAfter, FileObject } from "../api/types.ts";
import type { UploadSource } from "../api/upload.ts";

export interface CreateBatchOptions extends CallOptions {
  /** The requests: bytes to upload, or the id of a file that is already there. */
  readonly input: UploadSource | { readonly fileId: string };
  readonly endpoint: string;
  /** `24h` unless given. */
  readonly completionWindow?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Seconds after which the server deletes the input file; its own rule unless given. */
  readonly inputExpiresAfter?: number | undefined;
  /** Seconds after which the server deletes the result files. */
  readonly outputExpiresAfter?: number | undefined;
  /** Told of the uploaded file before the batch is created, so that its id is never lost. */
  readonly onUploaded?: ((file: FileObject) => void) | undefined;
}

/**
 * Uploads the requests, if they are not there yet, and creates one batch of them.
 *
 * @throws {UnknownOutcomeError} when the batch may exist although no answer says so
 */
export async function createBatch(
  client: BatchClient,
  options: CreateBatchOptions,
): Promise<Batch> {
  const { input, endpoint, metadata, signal, deadline, maxRetries } = options;
  const call = { signal, deadline, maxRetries };
  const fileId = "fileId" in input ? input.fileId : await upload(client, input, options, call);
  return client.batches.create(
    {
      input_file_id: fileId,
      endpoint,
      completion_window: options.completionWindow ?? "24h",
      ...(metadata === undefined || Object.keys(metadata).length === 0 ? {} : { metadata }),
      ...(options.outputExpiresAfter === undefined
        ? {}
        : { output_expires_after: expiry(options.outputExpiresAfter) }),
    },
    call,
  );
}

async function upload(
  client: BatchClient,
  file: UploadSource,
  { inputExpiresAfter, onUploaded }: CreateBatchOptions,
  call: CallOptions,
): Promise<string> {
  const uploaded = await client.files.create(
    {
      file,
      purpose: "batch",
      expires_after: inputExpiresAfter === undefined ? undefined : expiry(inputExpiresAfter),
    },
    call,
  );
  onUploaded?.(uploaded);
  return uploaded.id;
}

function expiry(seconds: number): ExpiresAfter {
  return { anchor: "created_at", seconds };
}
