import type { BatchClient } from "../../api/client.ts";
import type { Batch } from "../../api/types.ts";
import { type CollectedResults, type CollectOptions, openCollection } from "./collection.ts";
import { checkTargets } from "./targets.ts";

/**
 * Downloads what finished batches have, sets it line by line against the requests, and writes the
 * answers to one file and all else to another, merged over all batches. Works for every terminal
 * status: what an expired, cancelled or failed batch has was paid for as well.
 *
 * `answersFile` takes the answers as a table, one row for each request, whatever became of it.
 *
 * A request without a line gets one of our own that says so. Results that should be there and are not,
 * or are not known to be whole, are asked for again for half a minute; what is missing then is unknown,
 * and `problems` says so.
 *
 * @throws {APIError} when nothing of what there is could be read; `results_gone` when it is gone for good
 * @throws {APIError} `same_file` when one file is named twice, `invalid_target` when one cannot be written, or
 * when `answersFile` ends in neither `.csv` nor `.jsonl`
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
 * const { batches } = await waitForBatches(client, [batch.id]);
 * const { counts, failures } = await collectResults(client, batches, {
 *   input: await scanInput("requests.jsonl"), // in its order, and every request accounted for
 *   outputFile: "results/lines.jsonl",
 *   errorFile: "results/errors.jsonl",
 *   answersFile: "results/answers.csv", // a table, with a row for each request
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
    const error = collection.nothingRead();
    if (error !== undefined) throw error;
    return await collection.write(options);
  } finally {
    await collection.close();
  }
}
