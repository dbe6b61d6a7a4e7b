import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";

import type { ExpiresAfter } from "./types.ts";

/**
 * What can be uploaded: anything with a name, a known size in bytes, and bytes that can be read
 * from the start as often as a retry needs. A `File` is one; `fileSource` makes one of a path.
 */
export interface UploadSource {
  /** The file name that the server is given. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * The bytes from the first on, anew each time.
   *
   * @param transient whether a chunk need only be good until the next one is asked for; a source
   *   may then use the same memory for all of them
   */
  stream(transient?: boolean): AsyncIterable<Uint8Array>;
}

const chunkBytes = 256 * 1024;

/**
 * A file on disk as an upload; nothing of it is held in memory.
 *
 * @param path the file
 * @param name what the server is told; the API takes batch input only under a `.jsonl` name, so it is added where it is missing
 * @throws the system's error (`ENOENT`, …) when the file cannot be read
 * @example
 * ```ts
 * import { BatchClient, fileSource } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const source = await fileSource("requests.jsonl", "nightly");
 * console.log(source.name); // nightly.jsonl
 * console.log((await client.files.create({ file: source, purpose: "batch" })).filename); // nightly.jsonl
 * ```
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
  /** Each chunk is good until the next one is asked for. */
  readonly stream: AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * The body of `POST /files`: the text fields before the file, as the API wants them.
 *
 * Written here and not by a package: `form-data-encoder` copies every chunk in slices of 64 KiB and
 * takes the wrong bytes of one that is a view into a larger buffer, and a `Blob` of the platform
 * cannot be made of ranges that are read as they are sent.
 */
export function uploadBody(
  source: UploadSource,
  purpose: string,
  expiresAfter: ExpiresAfter | undefined,
): UploadBody {
  const boundary = `form-${randomUUID()}`;
  const fields: [string, string][] = [["purpose", purpose]];
  if (expiresAfter !== undefined) {
    fields.push(
      ["expires_after[anchor]", expiresAfter.anchor],
      ["expires_after[seconds]", String(expiresAfter.seconds)],
    );
  }
  const open = (name: string, more = "") =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  const head = Buffer.from(
    fields.map(([name, value]) => `${open(name)}${value}\r\n`).join("") +
      open("file", `; filename="${quoted(source.name)}"\r\nContent-Type: application/jsonl`),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const body = async function* (): UploadBody["stream"] {
    yield head;
    yield* exactly(source);
    yield tail;
  };
  return {
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.length + source.size + tail.length),
    },
    stream: body(),
  };
}

/** A file name as the HTML standard writes it into a form. */
function quoted(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}

/** The source's bytes, which must be as many as its size says: the server was promised that many. */
async function* exactly(source: UploadSource): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source.stream(true)) {
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
