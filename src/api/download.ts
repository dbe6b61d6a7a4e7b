import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";

import type { Wire } from "./client.ts";
import type { CallOptions } from "./types.ts";

export interface DownloadResult {
  readonly path: string;
  readonly bytes: number;
}

const chunkBytes = 256 * 1024;

/** Downloads to a temporary name beside `path` and renames it once every byte is there. */
export async function download(
  wire: Wire,
  from: string,
  path: string,
  options: CallOptions,
): Promise<DownloadResult> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    const bytes = await wire.retried({ ...options, call: `GET ${from}` }, async (signal) => {
      const request = { method: "GET", path: from, signal } as const;
      const answer = await wire.transport.open(request);
      const file = createWriteStream(partial, { highWaterMark: chunkBytes });
      try {
        // got compares what came with the length that the server named, and fails on a difference.
        await pipeline(answer.body, file);
      } catch (error) {
        if (isFileError(error)) throw error;
        throw wire.transport.broken(request, answer, error);
      }
      return file.bytesWritten;
    });
    await rename(partial, path);
    return { path, bytes };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** An error of the disk, which no other answer of the server mends. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "path" in error;
}
