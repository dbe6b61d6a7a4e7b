import { writeSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";

interface BodyTarget {
  readonly path: string;
  /** Whether the bytes are written behind those that are there, or in their place. */
  readonly append: boolean;
  /**
   * Makes the error for a body that ends too early; one of the disk is thrown as it is, since no
   * other answer of the server changes it.
   */
  readonly broken: (error: unknown) => Error;
}

/**
 * Writes a body to disk as it comes; gives the number of bytes. A chunk is written before the next one
 * is read: what waits in memory is no more than the stream holds.
 */
export async function writeBody(
  body: Readable,
  { path, append, broken }: BodyTarget,
): Promise<number> {
  let bytes = 0;
  let ofDisk = true;
  try {
    await using file = await open(path, append ? "a" : "w");
    ofDisk = false;
    // got compares what came with the length that the server named, and fails on a difference.
    // No encoding is set, so that its chunks are buffers.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      ofDisk = true;
      for (let at = 0; at < chunk.length;) at += writeSync(file.fd, chunk, at);
      ofDisk = false;
      bytes += chunk.length;
    }
    ofDisk = true;
  } catch (error) {
    body.destroy();
    throw ofDisk ? error : broken(error);
  }
  return bytes;
}
