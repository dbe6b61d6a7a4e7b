import type { BatchClient } from "../api/client.ts";
import type { Batch } from "../api/types.ts";
import { type CreateBatchOptions, type CreatedBatch, createBatch } from "./create.ts";
import { collectResults, type CollectedResults, type CollectOptions } from "./results.ts";
import { waitForBatches, type WaitOptions } from "./wait.ts";

export interface RunBatchOptions
  extends
    Omit<CreateBatchOptions, "deadline" | "maxRetries">,
    Omit<WaitOptions, "signal" | "known">,
    Pick<CollectOptions, "outputFile" | "errorFile" | "temporaryFolder"> {
  /** Told of the batch as soon as it exists. */
  readonly onCreated?: ((created: CreatedBatch) => void) | undefined;
}

export interface RunBatchResult {
  readonly batch: Batch;
  /** Whether it was adopted instead of created. */
  readonly reused: boolean;
  /** `false` when the timeout came before the batch's end; it keeps running. */
  readonly done: boolean;
  /** Absent when the batch has not ended. */
  readonly results: CollectedResults | undefined;
}

/** The whole way: creates a batch, follows it to its end and collects what it has. */
export async function runBatch(
  client: BatchClient,
  options: RunBatchOptions,
): Promise<RunBatchResult> {
  const { clock } = client;
  const deadline = options.timeout === undefined ? undefined : clock.now() + options.timeout;
  const created = await createBatch(client, { ...options, deadline });
  const { reused } = created;
  options.onCreated?.(created);
  const timeout = deadline === undefined ? undefined : deadline - clock.now();
  const waited = await waitForBatches(client, [created.batch.id], {
    ...options,
    known: [created.batch],
    timeout,
  });
  const batch = waited.batches.at(0) ?? created.batch;
  if (!waited.done) return { batch, reused, done: false, results: undefined };
  const results = await collectResults(client, [batch], {
    signal: options.signal,
    outputFile: options.outputFile,
    errorFile: options.errorFile,
    temporaryFolder: options.temporaryFolder,
  });
  return { batch, reused, done: true, results };
}
