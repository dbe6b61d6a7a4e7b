import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";

import { FormDataEncoder } from "form-data-encoder";

import type { ExpiresAfter } from "./types.ts";

/**
 * What can be uploaded: anything with a name, a known size in bytes, and bytes that can be read
 * from the start as often as a retry needs. A `File` is one; `fileSource` makes one of a path.
 */
export interface UploadSource {
  readonly name: string;
  readonly size: number;
  stream(): AsyncIterable<Uint8Array>;
}

const chunkBytes = 256 * 1024;

/**
 * A file on disk as an upload; nothing of it is held in memory.
 *
 * @param path the file
 * @param name what the server is told; the API takes batch input only under a `.jsonl` name, so it is added where it is missing
 * @throws the system's error (`ENOENT`, …) when the file cannot be read
 */
export async function fileSource(path: string, name = basename(path)): Promise<UploadSource> {
  const { size } = await stat(path);
  return {
    name: name.endsWith(".jsonl") ? name : `${name}.jsonl`,
    size,
    // The size was promised in the header, so bytes that another process appends stay out.
    stream: () =>
      size === 0
        ? Readable.from([])
        : createReadStream(path, { end: size - 1, highWaterMark: chunkBytes }),
  };
}

/** One multipart body, good for one attempt. */
export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: Readable;
}

/** The body of `POST /files`: the text fields before the file, as the API wants them. */
export function uploadBody(
  source: UploadSource,
  purpose: string,
  expiresAfter: ExpiresAfter | undefined,
): UploadBody {
  const fields: [string, string][] = [["purpose", purpose]];
  if (expiresAfter !== undefined) {
    fields.push(
      ["expires_after[anchor]", expiresAfter.anchor],
      ["expires_after[seconds]", String(expiresAfter.seconds)],
    );
  }
  const file = {
    name: source.name,
    size: source.size,
    type: "application/jsonl",
    lastModified: 0,
    stream: () => exactly(source),
    [Symbol.toStringTag]: "File",
  };
  const entries: [string, string | typeof file][] = [...fields, ["file", file]];
  const encoder = new FormDataEncoder({
    append: () => undefined,
    getAll: (name) => entries.filter(([key]) => key === name).map(([, value]) => value),
    entries: () => entries[Symbol.iterator](),
    [Symbol.iterator]: () => entries[Symbol.iterator](),
    [Symbol.toStringTag]: "FormData",
  });
  const headers: Record<string, string> = { "content-type": encoder.contentType };
  if (encoder.contentLength !== undefined) headers["content-length"] = encoder.contentLength;
  return {
    headers,
    stream: Readable.from(encoder.encode(), { objectMode: false, highWaterMark: chunkBytes }),
  };
}

/** The source's bytes, which must be as many as its size says: the server was promised that many. */
async function* exactly(source: UploadSource): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source.stream()) {
    bytes += chunk.length;
    if (bytes > source.size) break;
    yield chunk;
  }
  if (bytes !== source.size) {
    throw new Error(
      `${source.name} changed while it was uploaded: it had ${source.size} bytes and now has ${bytes > source.size ? "more" : bytes}. Upload it when it is finished.`,
    );
  }
}
