import type { IncomingHttpHeaders } from "node:http";
import { pipeline, type Readable, type Transform } from "node:stream";
// Not by name: older runtimes have no zstd, and would not load this module.
import * as zlib from "node:zlib";

import { APIError } from "./errors.ts";

const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ["gzip", zlib.createGunzip],
  ["x-gzip", zlib.createGunzip],
  ["deflate", zlib.createInflate],
  ["br", zlib.createBrotliDecompress],
  ["zstd", zlib.createZstdDecompress],
]);

/** Names that stand for bytes as they are; S3 leaves its own in the headers of stored objects. */
const plain: ReadonlySet<string> = new Set(["", "identity", "none", "aws-chunked"]);

/** The encodings of a body, in the order in which they were applied. */
export function encodingsOf(headers: IncomingHttpHeaders): readonly string[] {
  return (headers["content-encoding"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => !plain.has(name));
}

/**
 * A body without its `content-encoding`, which storage behind an API sends although `identity` was
 * asked for. A body that is cut, on the wire or within its encoding, ends with an error.
 *
 * @throws {APIError} `unsupported_encoding`
 */
export function decoded(body: Readable, headers: IncomingHttpHeaders, call: string): Readable {
  const names = encodingsOf(headers).toReversed();
  const steps = names.map((name) => decoders.get(name)?.());
  const known = steps.filter((step) => step !== undefined);
  if (known.length < steps.length) {
    body.destroy();
    throw new APIError(
      `${call} was answered in an encoding that cannot be read (${names.join(", ")}). Ask the server's operator to send the file as it is.`,
      { code: "unsupported_encoding" },
    );
  }
  // Each error destroys all, the last one too, from which its reader gets it.
  return known.reduce<Readable>((from, step) => pipeline(from, step, () => undefined), body);
}
