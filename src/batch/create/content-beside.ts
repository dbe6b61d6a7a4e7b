import { hash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { CallOptions } from "../../api/types.ts";
import type { UploadSource } from "../../api/upload.ts";
import { fetchInputFile } from "../input/fetch-input-file.ts";
import type { ContentBeside } from "../rules.ts";
import { hashIn, type InputFile, namedByContent } from "./input-file.ts";

/** Files of two batches, of which one is about to be made. */
interface FilesBeside {
  readonly file: InputFile;
  readonly input: UploadSource | { readonly fileId: string };
  /** Id of the input file of a batch that is there. */
  readonly other: string;
}

/**
 * Whether the input file of another batch holds the same requests: the names of uploads tell, and of those
 * that an earlier attempt may have made of the same input their lines.
 */
export async function contentBeside(
  client: BatchClient,
  { file, input, other }: FilesBeside,
  { signal, deadline, maxRetries }: CallOptions,
): Promise<ContentBeside> {
  // What this very create has uploaded nobody else can have used.
  if (other === file.id) return file.own ? "other" : "same";
  if ("fileId" in input) return "other";
  if (other === "") return "unknown";
  const call = { signal, deadline, maxRetries };
  try {
    const { name, size } = await namedByContent(input);
    const { filename, bytes } = await client.files.retrieve(other, call);
    // Some servers do not tell the size.
    const differs = bytes > 0 && bytes !== size;
    if (filename === "") return differs ? "other" : "unknown";
    if (hashIn(filename) === hashIn(name)) return differs ? "other" : "same";
    return stemOf(filename) === stemOf(name)
      ? await compareLines(client, input, other, call)
      : "other";
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    signal?.throwIfAborted();
    return "unknown";
  }
}

/** The name that an upload had before its hash; `undefined` for what was uploaded by somebody else. */
function stemOf(filename: string): string | undefined {
  return hashIn(filename) === undefined ? undefined : parse(filename).name.slice(0, -17);
}

/** A retry round, or another split, has other files of the same requests. */
async function compareLines(
  client: BatchClient,
  input: UploadSource,
  other: string,
  call: CallOptions,
): Promise<ContentBeside> {
  const path = join(tmpdir(), `batch-input-${randomUUID()}.jsonl`);
  try {
    const length = await fetchInputFile(client, other, { path, call });
    const ours = new Set<string>();
    for await (const line of linesOf(input.stream(true))) ours.add(line);
    // To its end, so that the stream closes its file.
    let shared = false;
    for await (const line of linesOf(createReadStream(path))) shared ||= ours.has(line);
    if (shared) return "some";
    return length === "whole" ? "other" : "unknown";
  } finally {
    await rm(path, { force: true });
  }
}

/** Hashes of the lines, so that none of them is held. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const line of createInterface({ input: Readable.from(bytes) })) {
    yield hash("sha256", line, "base64");
  }
}
