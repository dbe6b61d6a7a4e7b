import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { isFields } from "../../api/json.ts";
import type { InputScan, ScanOptions } from "../input.ts";
import { checkRequest } from "./request-line.ts";
import {
  addRequest,
  finishScan,
  newScanning,
  report,
  type Scanning,
  type Tell,
} from "./scanning.ts";
import { openSpoolFolder, Spool, spoolName } from "./spool.ts";
import { stampOf } from "./stamp.ts";
import { untilAborted } from "./until-aborted.ts";

/** One request of a batch: what a line of a request file holds. */
export interface BatchRequest {
  /** Names the request in the answers; no two requests of a job may have the same. */
  readonly custom_id: string;
  /** Defaults to `POST`, the only one that batches take. */
  readonly method?: "POST" | undefined;
  /** For example `/v1/chat/completions`; the same in all requests of a job. */
  readonly url: string;
  /** What the endpoint is sent. */
  readonly body: object;
}

/** How many requests are taken between two looks at signals and timers. */
const requestsPerTurn = 1_000;

/** Scans requests from memory; they are kept in a file, since an upload may have to be sent twice. */
export async function scanRequests(
  requests: Iterable<BatchRequest> | AsyncIterable<BatchRequest>,
  { maxProblems, endpoint, signal, temporaryFolder }: ScanOptions,
): Promise<InputScan> {
  const scan = newScanning([], maxProblems);
  const folder = await openSpoolFolder(temporaryFolder);
  const spool = new Spool(join(folder.path, spoolName(undefined)), (bytes) => {
    scan.hash.update(bytes);
  });
  try {
    let count = 0;
    for await (const request of untilAborted(requests, signal)) {
      if (count % requestsPerTurn === 0) await nextTurn();
      signal?.throwIfAborted();
      count += 1;
      scanRequest(scan, spool, { request, count, endpoint });
    }
    if (count === 0) report(scan, { code: "empty_file", message: "there is no request" });
    await spool.close();
    return finishScan(scan, {
      files: [spool.path],
      stamps: [await stampOf(spool.path)],
      template: undefined,
      rows: undefined,
      [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
    });
  } catch (error) {
    spool.discard();
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

interface Given {
  readonly request: unknown;
  /** The how-manieth it is, from 1. */
  readonly count: number;
  readonly endpoint: string | undefined;
}

function scanRequest(scan: Scanning, spool: Spool, { request, count, endpoint }: Given): void {
  const tell: Tell = (code, message) => {
    report(scan, { line: count, code, message });
  };
  const text = textOf(request);
  if (text === undefined) {
    tell("invalid_request", "the request is no object that can be written as JSON");
    return;
  }
  const { start, end } = spool.write(text);
  // As it was written, which may be other than it was: `toJSON` and values that JSON has not.
  const written: unknown = JSON.parse(text);
  const read = isFields(written) ? checkRequest(written, endpoint, tell) : undefined;
  addRequest(scan, { source: 0, line: count, file: 0, start, end }, read, tell);
}

function textOf(request: unknown): string | undefined {
  if (!isFields(request)) return undefined;
  const { custom_id, method = "POST", ...rest } = request;
  try {
    return JSON.stringify({ custom_id, method, ...rest });
  } catch (error) {
    // What holds itself, or a number that JSON has not.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
