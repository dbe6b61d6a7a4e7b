import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";

import { APIError } from "../../api/errors.ts";
import { type Fields, isFields } from "../../api/json.ts";
import type { InputScan } from "../input.ts";
import { checkStamps } from "../input/stamp.ts";
import { type CountTokens, loadCounter } from "./counter.ts";
import { outputLimitOf } from "../input/output-limits.ts";
import { requestText } from "./request-text.ts";

/** What one request asks for. */
export interface CountedRequest {
  readonly input: number;
  /** `undefined` where it sets none. */
  readonly outputLimit: number | undefined;
  /** Images, sounds and files. */
  readonly uncounted: number;
}

interface ReaderOptions {
  /** The endpoint of lines that name none. */
  readonly endpoint: string;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads single requests of a scanned input. */
export interface RequestReader extends AsyncDisposable {
  /** @param inPart whether a stretch of a long text may stand for it */
  read(request: number, inPart: boolean): Promise<CountedRequest>;
}

/** Of a longer text in a sample only a stretch of it is counted, in UTF-16 units. */
const longestText = 20_000;
const stretch = 10_000;
/** Signals and timers are heard after so many requests. */
const perTurn = 50;

/**
 * Opens the files of an input, and loads the tokenizer.
 *
 * @throws {APIError} `input_changed` when a file was written since it was scanned
 */
export async function openReader(scan: InputScan, options: ReaderOptions): Promise<RequestReader> {
  const { random, signal } = options;
  await checkStamps(scan.files, scan.stamps, scan.files.keys());
  const count = await loadCounter();
  const handles = new Map<number, FileHandle>();
  let reads = 0;
  return {
    async read(request, inPart) {
      reads += 1;
      if (reads % perTurn === 0) await nextTurn();
      signal?.throwIfAborted();
      const { file, start, end } = scan.lines.place(request);
      const handle = handles.get(file) ?? (await open(scan.files[file] ?? ""));
      handles.set(file, handle);
      const bytes = Buffer.allocUnsafe(end - start);
      const length = readSync(handle.fd, bytes, 0, bytes.length, start);
      const body = bodyOf(bytes.subarray(0, length), scan.files[file] ?? "");
      return countRequest(body, options.endpoint, inPart ? inStretches(count, random) : count);
    },
    async [Symbol.asyncDispose]() {
      for (const handle of handles.values()) await handle.close();
    },
  };
}

function bodyOf(bytes: Buffer, path: string): Fields {
  let line: unknown;
  try {
    line = JSON.parse(bytes.toString("utf8"));
  } catch {
    // The scan has read it; only another content can be no JSON now.
    throw new APIError(`${path} has changed since it was read.`, { code: "input_changed" });
  }
  return isFields(line) ? line : {};
}

function countRequest(line: Fields, endpoint: string, count: CountTokens): CountedRequest {
  const { url, body } = line;
  const at = typeof url === "string" ? url : endpoint;
  const { texts, tokens, uncounted } = requestText(at, body);
  return {
    input: texts.reduce((sum, text) => sum + count(text), tokens),
    outputLimit: isFields(body) ? outputLimitOf(at, body) : undefined,
    uncounted,
  };
}

function inStretches(count: CountTokens, random: () => number): CountTokens {
  return (text) => {
    if (text.length <= longestText) return count(text);
    const from = Math.floor(random() * (text.length - stretch));
    return (count(text.slice(from, from + stretch)) * text.length) / stretch;
  };
}
