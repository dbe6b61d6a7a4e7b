import { parse } from "node:path";

import type { UploadSource } from "../api/upload.ts";
import type { InputScan } from "./input.ts";
import { hashText } from "./create/key.ts";
import { type ByteRange, readRanges } from "./input/ranges.ts";
import { checkStamps } from "./input/stamp.ts";

/** What one batch may hold. */
export interface SplitLimits {
  /** Defaults to 50,000. */
  readonly maxRequests?: number | undefined;
  /** Defaults to 200,000,000. */
  readonly maxBytes?: number | undefined;
  /** Texts to embed, of which a request may hold many; defaults to 50,000. */
  readonly maxInputs?: number | undefined;
}

/** The requests of one batch. */
export interface InputPart {
  /** From 0. */
  readonly index: number;
  readonly requests: number;
  readonly bytes: number;
  readonly model: string;
  readonly ranges: readonly ByteRange[];
  /** Of the requests' bytes and order, in hexadecimal. */
  readonly hash: string;
}

interface OpenPart {
  requests: number;
  bytes: number;
  inputs: number;
  readonly ranges: { file: number; start: number; end: number }[];
}

/**
 * Cuts scanned requests into parts that a batch may hold, at line boundaries, each of one model and
 * in the input's order. Nothing is copied: a part is ranges of the files.
 *
 * @param only the numbers of the requests to take, ascending; defaults to all
 * @see https://platform.openai.com/docs/guides/batch for the limits
 * @returns the parts, in the order of their first requests; a request that is larger than a limit is a part of its own
 */
export function splitInput(
  scan: InputScan,
  limits: SplitLimits = {},
  only?: Iterable<number>,
): readonly InputPart[] {
  const { maxRequests = 50_000, maxBytes = 200_000_000, maxInputs = 50_000 } = limits;
  const done: (OpenPart & { readonly model: number })[] = [];
  const open = new Map<number, OpenPart>();
  for (const line of only ?? scan.lines.numbers()) {
    const { file, start, end } = scan.lines.place(line);
    const model = scan.lines.tag(line);
    const bytes = end - start + 1;
    const inputs = scan.inputs.get(line) ?? 1;
    let part = open.get(model);
    if (
      part === undefined ||
      part.requests + 1 > maxRequests ||
      part.bytes + bytes > maxBytes ||
      part.inputs + inputs > maxInputs
    ) {
      part = { requests: 0, bytes: 0, inputs: 0, ranges: [] };
      open.set(model, part);
      done.push(Object.assign(part, { model }));
    }
    part.requests += 1;
    part.bytes += bytes;
    part.inputs += inputs;
    const last = part.ranges.at(-1);
    // Only a line feed stands between: the two are one stretch.
    if (last?.file === file && last.end + 1 === start) last.end = end;
    else part.ranges.push({ file, start, end });
  }
  return done.map(({ requests, bytes, model, ranges }, index) => ({
    index,
    requests,
    bytes,
    model: scan.models[model] ?? "",
    ranges,
    hash: requests === scan.requests ? scan.hash : hashText(scan.hash + JSON.stringify(ranges)),
  }));
}

/**
 * Requests as one part, whatever the limits are: those of a batch that is there already.
 *
 * @param requests their numbers, ascending, of one model
 */
export function wholePart(scan: InputScan, requests: readonly number[]): InputPart {
  const unlimited = Number.POSITIVE_INFINITY;
  const limits = { maxRequests: unlimited, maxBytes: unlimited, maxInputs: unlimited };
  const [part] = splitInput(scan, limits, requests);
  if (part === undefined) throw new RangeError("A part without requests is none.");
  return part;
}

/**
 * Divides a part in two with as many requests each, or one more in the first: the same part always in the
 * same way. `undefined` for a single request.
 */
export function halve(
  scan: InputScan,
  part: InputPart,
): readonly [InputPart, InputPart] | undefined {
  if (part.requests < 2) return undefined;
  const requests = [...requestsOf(scan, part)];
  const middle = Math.ceil(requests.length / 2);
  return [wholePart(scan, requests.slice(0, middle)), wholePart(scan, requests.slice(middle))];
}

/** The numbers of a part's requests in the scan, ascending. */
export function* requestsOf(scan: InputScan, part: InputPart): Generator<number> {
  let at = 0;
  for (let line = 0; line < scan.lines.size; line += 1) {
    const { file, start, end } = scan.lines.place(line);
    let range = part.ranges[at];
    while (range !== undefined && (range.file < file || (range.file === file && range.end < end))) {
      at += 1;
      range = part.ranges[at];
    }
    if (range === undefined) return;
    if (range.file === file && range.start <= start) yield line;
  }
}

/**
 * A part as an upload, read from the files themselves. Its name tells the content
 * (`requests-<hash>.jsonl`), so that an earlier upload of the same can be found.
 *
 * @returns what `client.files.create` and `createBatch` take; its bytes are read anew for each attempt
 */
export function partSource(scan: InputScan, part: InputPart): UploadSource {
  const first = scan.files[part.ranges[0]?.file ?? 0] ?? "requests";
  return {
    name: `${parse(first).name}-${part.hash.slice(0, 16)}.jsonl`,
    size: part.bytes,
    stream: (transient) => unchanged(scan, part, transient),
  };
}

async function* unchanged(scan: InputScan, part: InputPart, transient?: boolean) {
  const files = new Set(part.ranges.map(({ file }) => file));
  await checkStamps(scan.files, scan.stamps, files);
  yield* readRanges(scan.files, part.ranges, transient);
  // Before the last bytes of the upload go out, so that the server makes no file of it.
  await checkStamps(scan.files, scan.stamps, files);
}
