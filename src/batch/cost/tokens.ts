import type { InputScan } from "../input.ts";
import { openReader } from "./request-reader.ts";
import { seededRandom } from "./sample.ts";
import {
  drawsFor,
  inputOf,
  readSample,
  readWhole,
  type Sampling,
  strataOf,
  type Stratum,
} from "./strata.ts";
import type { LongRequest } from "./token-sum.ts";

/** What the requests of one model ask for, in tokens. */
export interface ModelTokens {
  /** `""` for requests that name none. */
  readonly model: string;
  readonly requests: number;
  /** Of the requests' lines. */
  readonly bytes: number;
  readonly input: number;
  /** How many tokens the input may be off in 95 of 100 cases; 0 where every request was read. */
  readonly error: number;
  /** The most that the answers may have, by the requests' own limits. */
  readonly output: number;
  /** Requests that set no limit: their answers may be of any length. */
  readonly unlimited: number;
  /** Images, sounds and files in the requests that were read; their tokens are not counted. */
  readonly uncounted: number;
  /** Requests with inputs so long that they may have another price. @internal */
  readonly long: readonly LongRequest[];
}

/** The tokens of an input. */
export interface TokenEstimate {
  readonly models: readonly ModelTokens[];
  readonly requests: number;
  /** How many requests were read: all, or a sample. */
  readonly read: number;
  readonly input: number;
  readonly error: number;
}

export interface EstimateOptions {
  /** The endpoint of lines that name none; defaults to that of the others. */
  readonly endpoint?: string | undefined;
  /** The numbers of the requests, ascending; defaults to all. */
  readonly only?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Inputs of up to so many bytes are counted to the last token. */
const exactBytes = 4_000_000;
/** How many requests of a larger one are drawn: first, and at most where they differ much. */
const firstDraws = 400;
const maxDraws = 2_000;
/** The share of the tokens that the error is to stay below. */
const wantedError = 0.01;

/**
 * Counts the tokens of the requests' texts: of an input of up to 4 MB those of every request, of a larger
 * one those of requests that are drawn at random (the same ones for the same input), and says how far
 * off the sum may be. The output is what the requests' own limits allow.
 *
 * @throws {APIError} `input_changed` when a file was written since it was scanned
 * @throws the signal's reason when it aborts
 */
export async function estimateTokens(
  scan: InputScan,
  { endpoint = scan.endpoint ?? "", only, signal }: EstimateOptions = {},
): Promise<TokenEstimate> {
  const random = seededRandom(Number.parseInt(scan.hash.slice(0, 8), 16));
  const numbers = () => only ?? scan.lines.numbers();
  const strata = strataOf(scan, numbers());
  // The tokenizer takes a while to load.
  if (strata.size === 0) return { models: [], requests: 0, read: 0, input: 0, error: 0 };
  const sampling = { scan, only: numbers, strata, random };
  await using reader = await openReader(scan, { endpoint, random, signal });
  chooseWhole(sampling);
  await readWhole(sampling, reader);
  await readSample(sampling, reader, firstDraws);
  const more = missingDraws([...strata.values()]);
  if (more > 0) await readSample(sampling, reader, more);
  const models = [...strata].map(([tag, stratum]) => tokensOf(scan, tag, stratum));
  const sum = (of: (one: ModelTokens) => number) => models.reduce((all, one) => all + of(one), 0);
  return {
    models,
    requests: sum(({ requests }) => requests),
    read: [...strata.values()].reduce((all, { read }) => all + read, 0),
    input: sum(({ input }) => input),
    error: Math.round(Math.hypot(...models.map(({ error }) => error))),
  };
}

function chooseWhole({ strata }: Sampling): void {
  const all = [...strata.values()];
  const bytes = all.reduce((sum, stratum) => sum + stratum.bytes, 0);
  for (const stratum of all) {
    stratum.whole = bytes <= exactBytes || stratum.requests <= drawsFor(stratum, firstDraws, bytes);
  }
}

/** How many more draws bring the error below what is wanted. */
function missingDraws(strata: readonly Stratum[]): number {
  const found = strata.map(inputOf);
  const error = Math.hypot(...found.map((one) => one.error));
  const wanted = wantedError * found.reduce((sum, { input }) => sum + input, 0);
  if (error <= wanted) return 0;
  return Math.min(maxDraws, Math.ceil(firstDraws * (error / wanted) ** 2)) - firstDraws;
}

function tokensOf(scan: InputScan, tag: number, stratum: Stratum): ModelTokens {
  const { model, requests, bytes, uncounted, long } = stratum;
  const { input, error } = inputOf(stratum);
  const output = stratum.whole ? stratum : outputBound(scan, tag, requests);
  return {
    model,
    requests,
    bytes,
    input: Math.round(input),
    error: Math.round(error),
    output: output.output,
    unlimited: output.unlimited,
    uncounted,
    long,
  };
}

/** What the limits of the model's requests allow: of all of them exactly, of some no more than this. */
function outputBound(
  scan: InputScan,
  tag: number,
  requests: number,
): Pick<ModelTokens, "output" | "unlimited"> {
  const limits = scan.outputLimits.get(tag);
  if (limits === undefined) return { output: 0, unlimited: requests };
  return {
    output: Math.min(limits.sum, limits.largest * requests),
    unlimited: Math.min(limits.unlimited, requests),
  };
}
