import type { InputScan } from "../input.ts";
import { noTokens } from "../results/usage.ts";
import { isLong, type LongRequest } from "./token-sum.ts";
import type { CountedRequest, RequestReader } from "./request-reader.ts";
import { drawPlaces, meanOf } from "./sample.ts";

/** The requests of one model, and what has been read of them. */
export interface Stratum {
  readonly model: string;
  requests: number;
  bytes: number;
  /** Whether every request is read. */
  whole: boolean;
  /** Of requests that were all read. */
  input: number;
  output: number;
  unlimited: number;
  /** Of drawn requests: tokens a byte. */
  readonly ratios: number[];
  readonly long: LongRequest[];
  read: number;
  uncounted: number;
}

/** Requests by model, by the number that the scan gives the model. */
type Strata = ReadonlyMap<number, Stratum>;

export function strataOf(scan: InputScan, only: Iterable<number>): Strata {
  const strata = new Map<number, Stratum>();
  for (const line of only) {
    const tag = scan.lines.tag(line);
    const stratum = strata.get(tag) ?? newStratum(scan.models[tag] ?? "");
    strata.set(tag, stratum);
    stratum.requests += 1;
    stratum.bytes += bytesOf(scan, line);
  }
  return strata;
}

/** Reads every request of the models of which all are to be read. */
export async function readWhole(
  { scan, only, strata }: Sampling,
  reader: RequestReader,
): Promise<void> {
  if (![...strata.values()].some(({ whole }) => whole)) return;
  for (const line of only()) {
    const stratum = strata.get(scan.lines.tag(line));
    if (stratum?.whole !== true) continue;
    const counted = await reader.read(line, false);
    stratum.input += counted.input;
    if (counted.outputLimit === undefined) stratum.unlimited += 1;
    else stratum.output += counted.outputLimit;
    note(stratum, counted, 1);
  }
}

/** Draws requests of the other models and reads them; `draws` are shared by the models' bytes. */
export async function readSample(
  { scan, only, strata, random }: Sampling,
  reader: RequestReader,
  draws: number,
): Promise<void> {
  const sampled = [...strata.values()].filter(({ whole }) => !whole);
  const bytes = sampled.reduce((sum, stratum) => sum + stratum.bytes, 0);
  const open = new Map(
    sampled.map((stratum) => {
      const count = drawsFor(stratum, draws, bytes);
      return [stratum, { places: drawPlaces(stratum.bytes, count, random), next: 0, passed: 0 }];
    }),
  );
  for (const line of only()) {
    const stratum = strata.get(scan.lines.tag(line));
    const state = stratum && open.get(stratum);
    if (stratum === undefined || state === undefined) continue;
    const length = bytesOf(scan, line);
    state.passed += length;
    const before = state.next;
    while ((state.places[state.next] ?? Number.POSITIVE_INFINITY) < state.passed) state.next += 1;
    if (state.next === before) continue;
    const counted = await reader.read(line, true);
    for (let hit = before; hit < state.next; hit += 1) stratum.ratios.push(counted.input / length);
    note(stratum, counted, stratum.bytes / length / state.places.length);
  }
}

/** Of each model so many are drawn that its own share can be told. */
const fewestDraws = 30;

export function drawsFor({ bytes }: Pick<Stratum, "bytes">, draws: number, all: number): number {
  return Math.max(fewestDraws, Math.round((draws * bytes) / all));
}

/** The tokens of a model's input, and how far they may be off. */
export function inputOf(stratum: Stratum): { readonly input: number; readonly error: number } {
  if (stratum.whole) return { input: stratum.input, error: 0 };
  const { mean, error } = meanOf(stratum.ratios);
  return { input: mean * stratum.bytes, error: error * stratum.bytes };
}

export interface Sampling {
  readonly scan: InputScan;
  /** The numbers of the requests, ascending, as often as asked. */
  readonly only: () => Iterable<number>;
  readonly strata: Strata;
  readonly random: () => number;
}

function note(stratum: Stratum, counted: CountedRequest, weight: number): void {
  stratum.read += 1;
  stratum.uncounted += counted.uncounted;
  const { input, outputLimit: output = 0 } = counted;
  const usage = { ...noTokens, input, output, total: input + output };
  if (isLong(usage)) stratum.long.push({ usage, weight });
}

function bytesOf(scan: InputScan, line: number): number {
  const { start, end } = scan.lines.place(line);
  return end - start;
}

function newStratum(model: string): Stratum {
  return {
    model,
    requests: 0,
    bytes: 0,
    whole: false,
    input: 0,
    output: 0,
    unlimited: 0,
    ratios: [],
    long: [],
    read: 0,
    uncounted: 0,
  };
}
