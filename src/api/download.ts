import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";

import type { Wire } from "./client.ts";
import { APIError, UnreadableAnswerError } from "./errors.ts";
import type { OpenAnswer } from "./transport.ts";
import type { CallOptions } from "./types.ts";

/** How a file is downloaded. */
export interface DownloadOptions extends CallOptions {
  /**
   * Says why a file that came is not whole, or nothing. For a server that names no length a cut
   * answer looks like a short one; what is not whole is fetched again.
   */
  readonly check?: ((path: string) => Promise<string | undefined>) | undefined;
}

/** A file that has been written, whole. */
export interface DownloadResult {
  readonly path: string;
  readonly bytes: number;
}

const chunkBytes = 1024 * 1024;

/**
 * Downloads to a temporary name beside `path` and renames it once every byte is there. What came
 * before a connection broke is kept, and the rest asked for (`Range`); a server that does not know
 * ranges sends all again.
 */
export async function download(
  wire: Wire,
  from: string,
  path: string,
  options: DownloadOptions,
): Promise<DownloadResult> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  const call = `GET ${from}`;
  let version: string | undefined;
  const fetchRest = async (have: number, signal: AbortSignal | undefined) => {
    const request = {
      method: "GET",
      path: from,
      signal,
      ...(have > 0 ? { headers: { range: `bytes=${have}-`, ...ifSame(version) } } : {}),
    } as const;
    const answer = await wire.transport.open(request).catch(async (error: unknown) => {
      // What we have is no beginning of what is there now: all of it, on the next attempt.
      if (!(error instanceof APIError) || error.status !== 416) throw error;
      await rm(partial, { force: true });
      throw rangeRefused(call, have);
    });
    const goesOn = answer.status === 206;
    const range = rangeOf(answer);
    const tag = entityTag(answer);
    const changed = version !== undefined && tag !== undefined && tag !== version;
    if (goesOn && (range?.start !== have || changed)) {
      answer.body.destroy();
      await rm(partial, { force: true });
      throw rangeRefused(call, have);
    }
    version = tag;
    const file = createWriteStream(partial, {
      flags: goesOn ? "a" : "w",
      highWaterMark: chunkBytes,
    });
    try {
      // got compares what came with the length that the server named, and fails on a difference.
      await pipeline(answer.body, file);
    } catch (error) {
      if (isFileError(error)) throw error;
      throw wire.transport.broken(request, answer, error);
    }
    const bytes = (goesOn ? have : 0) + file.bytesWritten;
    return { answer, bytes, total: goesOn ? range?.total : undefined };
  };
  try {
    const bytes = await wire.retried({ ...options, call }, async (signal) => {
      for (;;) {
        const have = await sizeOf(partial);
        const { answer, bytes, total } = await fetchRest(have, signal);
        if (total === undefined || bytes >= total) {
          const problem = await options.check?.(partial);
          if (problem === undefined) return bytes;
          await rm(partial, { force: true });
          throw cutShort(call, problem, answer);
        }
        // A server may give less than it was asked for; as long as something comes it goes on.
        if (bytes <= have) throw cutShort(call, `${bytes} of ${total} bytes came`, answer);
      }
    });
    await rename(partial, path);
    return { path, bytes };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}

/** A range of another version of the file would be glued to ours. */
function ifSame(version: string | undefined): Record<string, string> {
  return version === undefined ? {} : { "if-range": version };
}

/** A weak tag may not be used with ranges (RFC 9110, 13.1.5). */
function entityTag({ headers }: OpenAnswer): string | undefined {
  return headers.etag?.startsWith('"') === true ? headers.etag : undefined;
}

function rangeOf({ headers }: OpenAnswer) {
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
  if (found === null) return undefined;
  return { start: Number(found[1]), total: found[2] === "*" ? undefined : Number(found[2]) };
}

/** What we have is no beginning of what the server sends; the next attempt begins anew. */
function rangeRefused(call: string, have: number): UnreadableAnswerError {
  return new UnreadableAnswerError(`${call} cannot go on from byte ${have}.`, {
    code: "range_refused",
    success: false,
  });
}

function cutShort(call: string, why: string, { requestId }: OpenAnswer): UnreadableAnswerError {
  return new UnreadableAnswerError(`${call}: the file did not come whole: ${why}.`, {
    code: "cut_short",
    requestId,
    success: false,
  });
}

/** An error of the disk, which no other answer of the server mends. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "path" in error;
}
