import type { BatchClient } from "../../api/client.ts";
import type { CallOptions, FileObject } from "../../api/types.ts";
import type { UploadSource } from "../../api/upload.ts";
import { findInputFile } from "./lookup.ts";

export interface EnsureUploadedOptions extends CallOptions {
  /** Seconds after which the server deletes the file. */
  readonly expiresAfter: number | undefined;
  /** Milliseconds since the epoch from which on an earlier upload is used; defaults to none. */
  readonly reuseSince: number | undefined;
  readonly onUploaded: ((file: FileObject, reused: boolean) => void) | undefined;
}

export interface InputFile {
  readonly id: string;
  /** Whether this call uploaded it, so that nobody else can have used it. */
  readonly own: boolean;
}

/**
 * Makes the requests an input file on the server. A file of the same name and size is taken
 * instead, where the name tells the content (`partSource`); so is one whose upload got
 * no answer, before it is sent again.
 */
export async function ensureUploaded(
  client: BatchClient,
  source: UploadSource,
  options: EnsureUploadedOptions,
): Promise<InputFile> {
  const { signal, deadline, maxRetries, expiresAfter, reuseSince, onUploaded } = options;
  const call = { signal, deadline, maxRetries };
  if (reuseSince !== undefined) {
    const earlier = await findInputFile(client, source, reuseSince, call);
    if (earlier !== undefined) {
      onUploaded?.(earlier, true);
      return { id: earlier.id, own: false };
    }
  }
  const started = client.clock.now();
  const file = await client.files.create(
    {
      file: source,
      purpose: "batch",
      expires_after:
        expiresAfter === undefined ? undefined : { anchor: "created_at", seconds: expiresAfter },
    },
    { ...call, findLost: async () => findInputFile(client, source, started, call) },
  );
  onUploaded?.(file, false);
  return { id: file.id, own: true };
}
