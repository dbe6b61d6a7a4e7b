import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import type { Reports } from "./events.ts";
import type { InputScan } from "./input.ts";
import { forEachLine, isBlank } from "./input/lines.ts";
import { LineWriter } from "./results/line-writer.ts";
import { resultFileProblem } from "./results/file.ts";
import { type FailureGroup, ResultBook } from "./results/book.ts";
import type { TokenUsage } from "./results/line.ts";
import { type InputPart, requestsOf } from "./split.ts";
import { isTerminal, type RequestCounts, sumCounts } from "./status.ts";

/** What is collected, and where it is written. */
export interface CollectOptions extends CallOptions, Reports {
  /** Where the answers of requests that succeeded are written; optional. */
  readonly outputFile?: string | undefined;
  /** Where all else is written, one line a request; optional. */
  readonly errorFile?: string | undefined;
  /** The requests, so that every one of them is accounted for. */
  readonly input?: InputScan | undefined;
  /** Which requests a batch was made of, by its id; says of a failed batch whose requests it took along. */
  readonly parts?: ReadonlyMap<string, InputPart> | undefined;
  /** The order of the lines; defaults to `input` where the input is at hand, else `completion`. */
  readonly order?: "input" | "completion" | undefined;
  /** For downloads on their way; defaults to the system's folder. */
  readonly temporaryFolder?: string | undefined;
}

/** What the results of one or more batches amount to. */
export interface CollectedResults {
  /** Counted from the lines; of a batch without result files, or not ended, from what the server reports. */
  readonly counts: RequestCounts;
  /** Most frequent first. */
  readonly failures: readonly FailureGroup[];
  /** `undefined` where no line told. */
  readonly usage: TokenUsage | undefined;
  /** Lines for no request of the input, and more than one for the same request. */
  readonly unexpected: number;
  readonly duplicates: number;
  /** Why results of some of the batches could not be had. */
  readonly problems: readonly string[];
  /** Absolute paths of what was written. */
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
}

/** Results on their way: what has been downloaded, until it is written. */
export interface Collection {
  /** Downloads and reads what these batches have. */
  add(batches: readonly Batch[], parts?: ReadonlyMap<string, InputPart>): Promise<void>;
  /** Says that these requests were never sent. */
  unsent(part: InputPart, why: string): void;
  /** Says that a batch of these requests may run that nobody has seen. */
  unknown(part: InputPart, why: string): void;
  /** The numbers of the requests that may well succeed when they are sent again. */
  resendable(): readonly number[];
  /** Writes what there is; the files appear whole or not at all. */
  write(files: Pick<CollectOptions, "outputFile" | "errorFile" | "order">): CollectedResults;
  /** Removes the downloads. */
  close(): Promise<void>;
}

/**
 * Downloads what finished batches have, sets it line by line against the requests, and writes the
 * answers to one file and all else to another, merged over all batches. Works for every terminal
 * status: what an expired, cancelled or failed batch has was paid for as well.
 *
 * A request without a line gets one of our own that says so.
 *
 * @throws {APIError} when nothing of what there is could be had
 * @throws {APIError} `same_file` when one file is named twice
 * @throws the system's error when a file cannot be written; it does not appear then
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, collectResults, createBatch, fileSource, scanInput, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * const { batches } = await waitForBatches(client, [batch.id], { pollInterval: 10 });
 * const { counts, failures } = await collectResults(client, batches, {
 *   input: await scanInput("requests.jsonl"), // in its order, and every request accounted for
 *   outputFile: "results/answers.jsonl",
 *   errorFile: "results/errors.jsonl",
 * });
 * console.log(counts, failures.length); // { total: 3, completed: 3, failed: 0 } 0
 * ```
 */
export async function collectResults(
  client: BatchClient,
  batches: readonly Batch[],
  options: CollectOptions = {},
): Promise<CollectedResults> {
  checkTargets(options);
  const collection = openCollection(client, options);
  try {
    await collection.add(batches, options.parts);
    return collection.write(options);
  } finally {
    await collection.close();
  }
}

/** @throws {APIError} `same_file` when one file is named twice */
export function checkTargets({
  outputFile,
  errorFile,
}: Pick<CollectOptions, "outputFile" | "errorFile">): void {
  if (
    outputFile !== undefined &&
    errorFile !== undefined &&
    resolve(outputFile) === resolve(errorFile)
  ) {
    throw new APIError(
      `The output file and the error file are both ${outputFile}; give them two names.`,
      {
        code: "same_file",
      },
    );
  }
}

/**
 * A collection to which batches can be added in several rounds.
 *
 * Downloads lie in `temporaryFolder` until `close`.
 *
 * @example
 * ```ts
 * import { BatchClient, createBatch, fileSource, openCollection, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * const { batches } = await waitForBatches(client, [batch.id], { pollInterval: 10 });
 * const collection = openCollection(client, {});
 * try {
 *   await collection.add(batches);
 *   console.log(collection.write({ outputFile: "answers.jsonl" }).counts.completed); // 3
 * } finally {
 *   await collection.close();
 * }
 * ```
 */
export function openCollection(
  client: BatchClient,
  options: Pick<CollectOptions, "input" | "temporaryFolder" | "onEvent" | keyof CallOptions>,
): Collection {
  const { input, temporaryFolder = tmpdir(), signal, deadline, maxRetries } = options;
  const book = new ResultBook(input);
  const downloads: string[] = [];
  const lost: APIError[] = [];
  let reported: RequestCounts = { total: 0, completed: 0, failed: 0 };

  const addBatch = async (given: Batch, part: InputPart | undefined) => {
    const batch = await withFile(client, given, { signal, deadline, maxRetries });
    if (lacksFile(batch)) {
      const error = unnamedFile(batch);
      lost.push(error);
      if (input !== undefined && part !== undefined) {
        book.absent(requestsOf(input, part), lostResults(error));
      }
    }
    // Some servers let the output of a running batch be read while it grows.
    const ids = isTerminal(batch) ? [batch.output_file_id, batch.error_file_id] : [];
    const expected = [batch.request_counts?.completed, batch.request_counts?.failed];
    const mayRepeat = (maxRetries ?? client.maxRetries) > 0;
    let lines = 0;
    for (const [index, id] of ids.entries()) {
      if (id === undefined) continue;
      const path = join(temporaryFolder, `batch-results-${randomUUID()}.jsonl`);
      downloads.push(path);
      try {
        await client.files.download(id, path, {
          signal,
          deadline,
          maxRetries,
          check: checkOf(mayRepeat ? (expected[index] ?? 0) : 0),
        });
      } catch (error) {
        if (!(error instanceof APIError)) throw error;
        // What is gone of one batch must not take along what others have.
        lost.push(error);
        if (input !== undefined && part !== undefined) {
          book.absent(requestsOf(input, part), lostResults(error));
        }
        continue;
      }
      lines += await book.add(path, batch.id, signal);
    }
    if (input !== undefined) {
      if (part !== undefined && !isTerminal(batch)) {
        book.absent(requestsOf(input, part), unfinishedBatch(batch));
      } else if (part !== undefined && batch.status === "failed") {
        book.absent(requestsOf(input, part), failedBatch(batch));
      }
      return;
    }
    const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
    if (ids.every((id) => id === undefined)) {
      reported = sumCounts([reported, { total, completed, failed }]);
    } else if (total > lines) book.missingUnnamed(total - lines);
  };

  return {
    async add(batches, parts) {
      for (const batch of batches) await addBatch(batch, parts?.get(batch.id));
    },
    unsent(part, why) {
      if (input === undefined) return;
      book.absent(requestsOf(input, part), { code: "not_sent", transient: false, message: why });
    },
    resendable: () => [...book.retryable()],
    unknown(part, why) {
      if (input === undefined) return;
      book.absent(requestsOf(input, part), {
        code: "result_unknown",
        transient: false,
        message: why,
      });
    },
    write({ outputFile, errorFile, order = input === undefined ? "completion" : "input" }) {
      const writers: LineWriter[] = [];
      const writer = (path: string | undefined) => {
        if (path === undefined) return undefined;
        const opened = new LineWriter(path);
        writers.push(opened);
        return opened;
      };
      if (lost[0] !== undefined && book.lines === 0) throw lost[0];
      let output: LineWriter | undefined;
      let errors: LineWriter | undefined;
      try {
        output = writer(outputFile);
        errors = writer(errorFile);
        book.write(output, errors, order);
        output?.commit();
        errors?.commit();
      } catch (error) {
        for (const opened of writers) opened.discard();
        throw error;
      }
      return {
        counts: sumCounts([book.counts(), reported]),
        failures: book.failures(),
        usage: book.usage,
        unexpected: input === undefined ? 0 : book.unexpected,
        duplicates: book.duplicates,
        problems: lost.map(({ message }) => message),
        outputFile: output?.path,
        errorFile: errors?.path,
      };
    },
    async close() {
      for (const path of downloads) await rm(path, { force: true });
    },
  };
}

/**
 * The numbers of the requests that may well succeed when they are sent again (429, 5xx, status 0,
 * expired, cancelled, no line at all), for `splitInput`.
 *
 * @param input the requests
 * @param files the output and error files of all their batches, on disk
 * @returns numbers from 0 in the order of the input
 * @throws the system's error when a file cannot be read
 * @example
 * ```ts
 * import { retryableRequests, scanInput, splitInput } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * await writeFile(
 *   "errors.jsonl",
 *   '{"custom_id":"r2","response":{"status_code":429,"body":{}},"error":null}\n' +
 *     '{"custom_id":"r3","response":{"status_code":400,"body":{}},"error":null}\n',
 * );
 * const scan = await scanInput("requests.jsonl");
 * const again = await retryableRequests(scan, ["errors.jsonl"]);
 * console.log(again); // [ 0, 1 ]
 * console.log(splitInput(scan, {}, again)[0]?.requests); // 2
 * ```
 */
export async function retryableRequests(
  input: InputScan,
  files: readonly string[],
): Promise<readonly number[]> {
  const book = new ResultBook(input);
  for (const file of files) await book.add(file);
  return [...book.retryable()];
}

/** Milliseconds between looks for the file of a batch that has ended. */
const fileLag = [1_000, 2_000, 4_000, 8_000, 15_000];

/** Whether a batch counts answers, which were paid for, and names no file that holds them. */
function lacksFile({ status, request_counts: counts, output_file_id }: Batch): boolean {
  const mayHave = status === "completed" || status === "expired" || status === "cancelled";
  return mayHave && (counts?.completed ?? 0) > 0 && output_file_id === undefined;
}

/** The status of a batch may be ahead of its files. */
async function withFile(client: BatchClient, given: Batch, call: CallOptions): Promise<Batch> {
  let batch = given;
  for (const pause of fileLag) {
    if (!lacksFile(batch)) break;
    await client.clock.sleep(pause, call.signal);
    try {
      batch = await client.batches.retrieve(given.id, call);
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
    }
  }
  return batch;
}

function unnamedFile({ id, request_counts: counts }: Batch): APIError {
  return new APIError(
    `Batch ${id} counts ${counts?.completed ?? 0} answers and names no file that holds them. Retrieve it later.`,
    { code: "result_unavailable" },
  );
}

/**
 * A server that names no length may be cut between two lines: fewer than it has counted are fetched
 * once more. Only once, since some servers count what they give no line for.
 */
function checkOf(expected: number) {
  let asked = false;
  return async (path: string, measured: boolean): Promise<string | undefined> => {
    const problem = await resultFileProblem(path);
    if (problem !== undefined || measured || asked || expected === 0) return problem;
    let lines = 0;
    await forEachLine(path, ({ bytes }) => {
      if (!isBlank(bytes)) lines += 1;
    });
    if (lines >= expected) return undefined;
    asked = true;
    return `it has ${lines} lines, and the batch counts ${expected}`;
  };
}

function lostResults({ message }: APIError) {
  return { code: "result_unavailable", transient: false, message };
}

function unfinishedBatch({ id, status }: Batch) {
  return {
    code: "not_finished",
    transient: false,
    message: `Batch ${id} was ${status} when its results were collected.`,
  };
}

function failedBatch({ id, errors }: Batch) {
  const [first] = errors?.data ?? [];
  return {
    code: first?.code ?? "batch_failed",
    transient: first?.code === "token_limit_exceeded",
    message: `Batch ${id} failed: ${first?.message ?? "the server gave no reason"}`,
  };
}
