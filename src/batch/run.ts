import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch } from "../api/types.ts";
import { fly, type FlightOptions, type FlightResult } from "./flight.ts";
import { isSentAgain } from "./create/lookup.ts";
import { plural } from "./format.ts";
import { describeProblem, type InputScan, scanInput } from "./input.ts";
import {
  checkTargets,
  type CollectedResults,
  type CollectOptions,
  openCollection,
} from "./results.ts";
import { type InputPart, partSource, splitInput, type SplitLimits } from "./split.ts";
import { isTerminal } from "./status.ts";

/** Which batch of a run a key is asked for. */
export interface PartOfRun {
  readonly part: InputPart;
  /** How many parts the round has. */
  readonly count: number;
  /** 0 for the whole input, from 1 for what is sent again. */
  readonly round: number;
}

/** What is run and where its results go. Times are milliseconds. */
export interface RunBatchOptions
  extends
    Omit<FlightOptions, "input" | "endpoint" | "idempotencyKey" | "reusePartial">,
    Pick<CollectOptions, "outputFile" | "errorFile" | "order" | "temporaryFolder"> {
  /** One or more JSONL files, or what `scanInput` made of them. */
  readonly input: string | readonly string[] | InputScan;
  /** Defaults to the `url` of the requests. */
  readonly endpoint?: string | undefined;
  /** What one batch may hold. */
  readonly limits?: SplitLimits | undefined;
  /** Rounds in which requests that failed for a transient reason are sent again; defaults to none. */
  readonly retryFailed?: number | undefined;
  /** The idempotency key of each batch; without it, every run is work of its own. */
  readonly keyOf?: ((part: PartOfRun) => string) | undefined;
  /** Called when requests are sent again. */
  readonly onRound?: ((round: number, requests: number) => void) | undefined;
}

/** What became of a run. */
export interface RunBatchResult {
  /** Every batch that there is, in the input's order, those of later rounds behind. */
  readonly batches: readonly Batch[];
  /** Which requests of the input each of them was made of, by its id. */
  readonly parts: ReadonlyMap<string, InputPart>;
  /** Those of them whose unanswered requests a later round has sent again. */
  readonly superseded: ReadonlySet<string>;
  /** `false` when the timeout came first: what is unfinished keeps running. */
  readonly done: boolean;
  readonly reused: boolean;
  /** What ended batches have; absent where nothing has ended, or where neither a file nor a retry asks for it. */
  readonly results: CollectedResults | undefined;
  /** Parts of which there is no batch, in the last round. */
  readonly unsent: number;
  /** Why not everything could be sent. */
  readonly failure: APIError | undefined;
}

/**
 * The whole way: requests in, every request's answer out. Scans and splits the input, creates its
 * batches, follows them to their end, sends again what failed for a transient reason, and writes one file of
 * answers and one of everything else, in the input's order.
 *
 * @throws {APIError} `invalid_input` when the input has problems; nothing is sent then
 * @throws the signal's reason when it aborts; nothing is cancelled then
 * @returns also when a create failed after others had been paid for: `failure` says why, and `results` holds what there is
 * @example
 * ```ts
 * import { BatchClient, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, results } = await runBatch(client, {
 *   input: "requests.jsonl",
 *   outputFile: "answers.jsonl",
 *   errorFile: "errors.jsonl",
 *   retryFailed: 1,
 *   timeout: 26 * 3_600_000,
 *   pollInterval: 10,
 *   onProgress: (seen) => console.error(seen.map(({ status }) => status).join(", ")),
 * });
 * console.log(batches.length, results?.counts.completed); // 1 3
 * ```
 */
export async function runBatch(
  client: BatchClient,
  options: RunBatchOptions,
): Promise<RunBatchResult> {
  const { clock } = client;
  const { signal, retryFailed = 0 } = options;
  checkTargets(options);
  const scan = isScan(options.input) ? options.input : await scanInput(options.input, { signal });
  if (scan.problemCount > 0) throw invalidInput(scan);
  const endpoint = options.endpoint ?? scan.endpoint ?? "";
  const deadline = options.timeout === undefined ? undefined : clock.now() + options.timeout;
  const collection = openCollection(client, {
    input: scan,
    signal,
    temporaryFolder: options.temporaryFolder,
  });
  const wanted = options.outputFile !== undefined || options.errorFile !== undefined;
  const collects = wanted || retryFailed > 0;
  const batches: Batch[] = [];
  const allParts = new Map<string, InputPart>();
  const superseded = new Set<string>();
  let reused = false;
  let unsent = 0;

  const flyRound = async (parts: readonly InputPart[], round: number): Promise<FlightResult> => {
    const before = [...batches];
    const flight = await fly(
      client,
      parts.map((part) => ({
        key: options.keyOf?.({ part, count: parts.length, round }),
        input: partSource(scan, part),
      })),
      {
        ...options,
        endpoint,
        reusePartial: retryFailed > 0,
        timeout: deadline === undefined ? undefined : Math.max(0, deadline - clock.now()),
        onProgress: (seen) => options.onProgress?.([...before, ...seen]),
      },
    );
    const known = flight.batches.filter((batch) => batch !== undefined);
    batches.push(...known);
    reused ||= flight.reused;
    unsent = parts.length - known.length;
    const byId = new Map(
      flight.batches.flatMap((batch, index) => {
        const part = parts[index];
        return batch === undefined || part === undefined ? [] : [[batch.id, part] as const];
      }),
    );
    for (const [id, part] of byId) allParts.set(id, part);
    if (collects) await collection.add(known, byId);
    for (const [index, part] of parts.entries()) {
      if (flight.batches[index] === undefined) {
        collection.unsent(part, flight.failure?.message ?? "The time was up before it was sent.");
      }
    }
    return flight;
  };

  try {
    let flight = await flyRound(splitInput(scan, options.limits), 0);
    let rounds = retryFailed;
    for (let round = 1; flight.done; round += 1) {
      // A round of an earlier run that ended early is taken for its answers, and is none of this run's.
      if (flight.reused && flight.batches.some((batch) => batch && isSentAgain(batch))) rounds += 1;
      if (retryFailed === 0 || round > rounds) break;
      const again = collection.resendable();
      if (again.length === 0) break;
      options.onRound?.(round, again.length);
      const before = batches.filter(isSentAgain);
      try {
        flight = await flyRound(splitInput(scan, options.limits, again), round);
      } catch (error) {
        // The answers that there are were paid for.
        if (!(error instanceof APIError)) throw error;
        flight = { ...flight, failure: error };
        break;
      }
      if (flight.done) for (const { id } of before) superseded.add(id);
    }
    const { done, failure } = flight;
    const results = collects && batches.some(isTerminal) ? collection.write(options) : undefined;
    return { batches, parts: allParts, superseded, done, reused, results, unsent, failure };
  } finally {
    await collection.close();
  }
}

function isScan(input: RunBatchOptions["input"]): input is InputScan {
  return typeof input === "object" && "lines" in input;
}

function invalidInput({ problems, problemCount }: InputScan): APIError {
  const shown = problems.slice(0, 10).map(describeProblem);
  return new APIError(
    `The input has ${plural(problemCount, "problem")}; nothing was sent.\n${shown.join("\n")}`,
    { code: "invalid_input" },
  );
}
