import type { BatchClient } from "../api/client.ts";
import type { Batch } from "../api/types.ts";
import type { AnswerCache } from "./cache/answer-cache.ts";
import type { CostOptions } from "./cost/budget.ts";
import type { CreateBatchOptions } from "./create.ts";
import type { PollOptions } from "./follow.ts";
import {
  impliedEndpoint,
  type InputScan,
  type RequestInput,
  type ScanOptions,
  scanInput,
} from "./input.ts";
import { invalidInput } from "./input/invalid.ts";
import type { KeyOptions } from "./parts.ts";
import {
  type AnswerOptions,
  checkTargets,
  type CollectedResults,
  type CollectOptions,
} from "./results.ts";
import { openJob } from "./run/job.ts";
import type { InputPart, SplitLimits } from "./split.ts";

/** What is run and where its results go. Times are milliseconds. */
export interface RunBatchOptions
  extends
    Omit<CreateBatchOptions, "input" | "endpoint" | "idempotencyKey" | "deadline">,
    KeyOptions,
    PollOptions,
    AnswerOptions,
    CostOptions,
    Pick<ScanOptions, "template">,
    Pick<CollectOptions, "outputFile" | "errorFile" | "order" | "temporaryFolder"> {
  /** One or more files of requests (of rows, with `template`), requests from memory, or what `scanInput` made of them. */
  readonly input: RequestInput | InputScan;
  /** Defaults to the `url` of the requests. */
  readonly endpoint?: string | undefined;
  /** What one batch may hold. */
  readonly limits?: SplitLimits | undefined;
  /** Batches in flight at once; no bound by default, nor with 0 or less. */
  readonly maxActive?: number | undefined;
  /** Rounds in which requests that failed for a transient reason are sent again; defaults to none. */
  readonly retryFailed?: number | undefined;
  /** Milliseconds to wait in all; no limit by default. */
  readonly timeout?: number | undefined;
  /**
   * Answers of earlier runs, for example `openCacheFile`. A request whose url and body were answered before
   * is not sent, and answers that are paid for are added. Failed requests are not kept.
   */
  readonly cache?: AnswerCache | undefined;
  /** What becomes of unfinished batches at the timeout; they are left running by default. */
  readonly onTimeout?: "leave" | "cancel" | undefined;
}

/** What became of a run. */
export interface RunBatchResult {
  /** Every batch that there is, in the input's order, those of later rounds behind. */
  readonly batches: readonly Batch[];
  /** Which requests of the input each of them was made of, by its id. */
  readonly parts: ReadonlyMap<string, InputPart>;
  /** Those of them whose unanswered requests a later round has sent again. */
  readonly superseded: ReadonlySet<string>;
  /** Whether every batch has ended and nothing is unsent or unknown. */
  readonly done: boolean;
  /** Whether the timeout ended the run; what is unfinished keeps running, or was cancelled. */
  readonly timedOut: boolean;
  /** Whether at least one batch was adopted instead of created; one's own that was found after a lost answer is not. */
  readonly reused: boolean;
  /** What ended batches have; absent where nothing has ended, or where neither a file nor a retry asks for it. */
  readonly results: CollectedResults | undefined;
  /** Requests that the cache has answered. */
  readonly cached: number;
  /** Requests that no batch holds. */
  readonly unsent: number;
  /** Requests whose create has no known outcome: a batch of them may be running. */
  readonly unknown: number;
  /** Ids of the batches that were cancelled because the time was up. */
  readonly cancelled: ReadonlySet<string>;
  /** Why not everything could be sent, followed or cancelled, one error for each thing. */
  readonly failures: readonly Error[];
}

/**
 * The whole way: requests in, every request's answer out. Scans and splits the input, creates its
 * batches, follows them to their end, sends again what failed for a transient reason, and writes one
 * file of answers and one of everything else, in the input's order.
 *
 * @throws {APIError} `invalid_input` when the input has problems; nothing is sent then
 * @throws {APIError} `max_cost_exceeded` or `price_unknown` where `maxCost` asks; nothing is sent then
 * @throws {APIError} when the first create fails for good
 * @throws the signal's reason when it aborts; nothing is cancelled then
 * @returns also when a create failed after others had been paid for: `failures` says why, and `results` holds what there is
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
 *   onEvent: (event) => console.error(event.type),
 * });
 * console.log(batches.length, results?.counts.completed); // 1 3
 * ```
 */
export async function runBatch(
  client: BatchClient,
  options: RunBatchOptions,
): Promise<RunBatchResult> {
  const { cache } = options;
  checkTargets({ ...options, cacheFile: cache?.file });
  const contentsFor = cache === undefined ? undefined : client.baseURL;
  const scan = await scanned(client, { ...options, contentsFor });
  try {
    const job = openJob(client, scan, options);
    try {
      await job.run();
      return await job.result();
    } finally {
      await job.close();
    }
  } finally {
    await disposeOfOwn(scan, options.input);
  }
}

/** What is scanned, and how. */
interface ScannedInput extends Pick<
  RunBatchOptions,
  "input" | "template" | "endpoint" | "signal" | "temporaryFolder"
> {
  readonly contentsFor?: string | undefined;
}

/** @throws {APIError} `invalid_input` when the input has problems */
export async function scanned(
  client: BatchClient,
  { input, template, endpoint, contentsFor, signal, temporaryFolder }: ScannedInput,
): Promise<InputScan> {
  const scan = isScan(input)
    ? input
    : await scanInput(input, {
        template,
        templateOptions: { endpoint, baseURL: client.baseURL },
        endpoint: impliedEndpoint(client, endpoint),
        contentsFor,
        temporaryFolder,
        signal,
      });
  if (scan.problemCount === 0) return scan;
  await disposeOfOwn(scan, input);
  throw invalidInput(scan.problems, scan.problemCount);
}

/** Removes what a scan of our own keeps; one that was given is its owner's. */
export async function disposeOfOwn(scan: InputScan, given: unknown): Promise<void> {
  if (scan !== given) await scan[Symbol.asyncDispose]();
}

function isScan(input: RunBatchOptions["input"]): input is InputScan {
  return typeof input === "object" && "lines" in input;
}
