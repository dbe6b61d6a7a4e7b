import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import type { OnEvent } from "../events.ts";
import { lookAt } from "../look-at.ts";
import { decideAskAgain, endOf, type FileLength } from "../rules/results.ts";
import { downloadNotKept, isOfSystem } from "./disk-error.ts";

/** Where result files come from and where they are kept until they have been read. */
export interface ResultSource {
  readonly client: BatchClient;
  readonly call: CallOptions;
  readonly folder: string;
  readonly onEvent: OnEvent;
}

/** What one try to bring a result file to disk came to. */
export type Fetched =
  | {
      readonly came: true;
      readonly path: string;
      readonly bytes: number;
      /** Against the length that the server names, of the download or of the file; or the last try. */
      readonly length: FileLength;
    }
  | {
      readonly came: false;
      readonly error: APIError;
      /** Whether the server says that it does not have the file. */
      readonly gone: boolean;
      /** Whether it may be there in a moment. */
      readonly again: boolean;
    };

/**
 * Brings one result file of a batch that has ended to disk.
 *
 * @throws an error that names the folder when the disk does not take it
 * @throws the signal's reason when it aborts
 */
export async function fetchResultFile(
  source: ResultSource,
  batch: Batch,
  fileId: string,
): Promise<Fetched> {
  const { client, call, folder } = source;
  const path = join(folder, `batch-results-${randomUUID()}.jsonl`);
  const seen = { measured: false };
  const check = (_path: string, measured: boolean) => {
    seen.measured = measured;
    return Promise.resolve(undefined);
  };
  try {
    const { bytes } = await client.files.download(fileId, path, { ...call, check });
    return {
      came: true,
      path,
      bytes,
      length: seen.measured ? "whole" : await lengthOf(source, fileId, bytes),
    };
  } catch (error) {
    if (error instanceof APIError) return refusal(source, batch, fileId, error);
    if (isOfSystem(error)) throw downloadNotKept(batch.id, folder, error);
    await rm(path, { force: true });
    throw error;
  }
}

/** A download that names no length may have been cut anywhere, also between two lines. */
export async function lengthOf(
  source: Pick<ResultSource, "client" | "call">,
  fileId: string,
  bytes: number,
): Promise<FileLength> {
  const told = await fileOf(source, fileId);
  // A server that does not tell the length of a file seems to tell 0.
  if (told instanceof APIError || told.bytes === 0) return "unknown";
  if (told.bytes === bytes) return "whole";
  return told.bytes > bytes ? "short" : "unknown";
}

async function refusal(
  source: ResultSource,
  batch: Batch,
  fileId: string,
  error: APIError,
): Promise<Fetched> {
  const end = endOf(batch);
  const endedAgo = end === undefined ? undefined : source.client.clock.now() - end;
  const again = decideAskAgain(error.status, endedAgo).decision === "ask again";
  if (error.status !== 404) return { came: false, error, gone: false, again };
  const told = await fileOf(source, fileId);
  if (!(told instanceof APIError)) return { came: false, error, gone: false, again: true };
  if (told.status !== 404) return { came: false, error, gone: false, again };
  // A server that has lost sight of the batch as well, or a page in its place, does not tell what is gone.
  const shown = await lookAt(source.client, batch.id, { ...source.call, maxRetries: 0 });
  return { came: false, error, gone: shown !== undefined, again };
}

/** What the server says of a file, asked without much ado. */
async function fileOf({ client, call }: Pick<ResultSource, "client" | "call">, fileId: string) {
  try {
    const maxRetries = Math.min(1, call.maxRetries ?? client.maxRetries);
    return await client.files.retrieve(fileId, { ...call, maxRetries });
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
}
