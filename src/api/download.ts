import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";

import { APIError, UnreadableAnswerError } from "./errors.ts";
import { youngGarbageCollector } from "./garbage.ts";
import type { OpenAnswer } from "./transport.ts";
import type { CallOptions } from "./types.ts";
import type { Wire } from "./wire.ts";

/** How a file is downloaded. */
export interface DownloadOptions extends CallOptions {
  /**
   * Says why a file that came is not whole, or nothing. For a server that names no length a cut
   * answer looks like a short one; what is not whole is fetched again.
   *
   * @param measured whether the server named the length, so that every byte is known to be there
   */
  readonly check?: ((path: string, measured: boolean) => Promise<string | undefined>) | undefined;
}

/** A file that has been written, whole. */
export interface DownloadResult {
  readonly path: string;
  readonly bytes: number;
}

/** So many bytes come before their buffers are looked at. */
const garbageBytes = 8 * 1024 * 1024;

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
    const written = await writeBody(answer.body, partial, goesOn ? "a" : "w", (error) =>
      wire.transport.broken(request, answer, error),
    );
    const bytes = (goesOn ? have : 0) + written;
    return { answer, bytes, total: goesOn ? range?.total : undefined };
  };
  try {
    const bytes = await wire.retried({ ...options, call }, async (signal) => {
      for (;;) {
        const have = await sizeOf(partial);
        const { answer, bytes, total } = await fetchRest(have, signal);
        if (total === undefined || bytes >= total) {
          const measured = total !== undefined || answer.headers["content-length"] !== undefined;
          const problem = await options.check?.(partial, measured);
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

function cutShort(call: string, why: string, { requestID }: OpenAnswer): UnreadableAnswerError {
  return new UnreadableAnswerError(`${call}: the file did not come whole: ${why}.`, {
    code: "cut_short",
    requestID,
    success: false,
  });
}

/**
 * Writes a body to disk as it comes; gives the number of bytes.
 *
 * @param broken makes the error for a body that ends too early; one of the disk is thrown as it is,
 *   since no other answer of the server mends it
 */
async function writeBody(
  body: Readable,
  path: string,
  flags: "a" | "w",
  broken: (error: unknown) => Error,
): Promise<number> {
  const collectGarbage = youngGarbageCollector();
  let bytes = 0;
  let looked = 0;
  let ofDisk = true;
  try {
    await using file = await open(path, flags);
    ofDisk = false;
    // got compares what came with the length that the server named, and fails on a difference.
    // No encoding is set, so that its chunks are buffers.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      ofDisk = true;
      for (let at = 0; at < chunk.length;) at += writeSync(file.fd, chunk, at);
      ofDisk = false;
      bytes += chunk.length;
      if (bytes - looked < garbageBytes) continue;
      looked = bytes;
      collectGarbage();
    }
    ofDisk = true;
  } catch (error) {
    body.destroy();
    throw ofDisk ? error : broken(error);
  }
  return bytes;
}
