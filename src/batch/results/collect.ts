import type { BatchClient } from "../../api/client.ts";
import type { Batch } from "../../api/types.ts";
import type { InputScan } from "../input.ts";
import { BatchReading } from "./batch-reading.ts";
import { ResultBook } from "./book.ts";
import { type CollectedResults, type CollectOptions, openCollection } from "./collection.ts";
import { checkTargets } from "./targets.ts";

/**
 * Downloads what finished batches have, sets it line by line against the requests, and writes the
 * answers to one file and all else to another, merged over all batches. Works for every terminal
 * status: what an expired, cancelled or failed batch has was paid for as well.
 *
 * A request without a line gets one of our own that says so. Results that should be there and are not,
 * or are not known to be whole, are asked for again for half a minute; what is missing then is unknown,
 * and `problems` says so.
 *
 * @throws {APIError} when nothing of what there is could be had
 * @throws {APIError} `same_file` when one file is named twice, `invalid_target` when one cannot be written
 * @throws an error that names the path when a file cannot be written after all; it does not appear then
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

/**
 * The numbers of the requests that may well succeed when they are sent again (429, 5xx, status 0,
 * expired, cancelled, no line at all), for `splitInput`. Whoever calls it knows that the files are
 * whole: a request that they do not name counts as unanswered, unless a line of them cannot be read.
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
  let unattributed = 0;
  for (const file of files) {
    const reading = new BatchReading(book.states, input);
    const { unreadable, strange } = await reading.add(file);
    unattributed += unreadable + strange;
    book.take(reading);
  }
  if (unattributed > 0) {
    const message =
      "A line of the result files could not be read, or names no request of the input.";
    const state = { state: "unknown", code: "result_unknown", message } as const;
    book.otherwise({ state, code: state.code, message });
  }
  return [...book.resendable()];
}
