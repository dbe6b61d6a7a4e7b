import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { chooseBatches } from "./choose.ts";
import type { Reports } from "./events.ts";
import type { BatchFilter } from "./list.ts";
import { type CollectedResults, type CollectOptions, collectResults } from "./results.ts";
import { decideFailedCollect, decideRecord } from "./rules.ts";
import { isTerminal } from "./status.ts";

/** Who remembers which batches have been collected. */
export interface Ledger {
  /** Whether the results of this batch have been written before. */
  isCollected(batch: Batch): Promise<boolean>;
  /**
   * Says that this batch is being collected from here; `false` where somebody else is at it.
   *
   * @throws {APIError} when it cannot be said: nothing is downloaded then
   */
  claim(batch: Batch): Promise<boolean>;
  /**
   * Remembers that the results have been written; `undefined` where they are gone for good. A ledger
   * whose files are safe only later may keep the claim until then, and record afterwards.
   */
  record(batch: Batch, results: CollectedResults | undefined): Promise<void>;
  /** Gives a claim back, so that another can collect at once. */
  release(batch: Batch): Promise<void>;
}

/** The files that results are written to. */
export type ResultFiles = Pick<CollectOptions, "outputFile" | "errorFile" | "answersFile">;

/** Which batches are collected, where their results go, and who remembers that. */
export interface CollectFinishedOptions extends CallOptions, BatchFilter, Reports {
  readonly ledger: Ledger;
  /** Where the results of a batch are written. */
  readonly filesOf: (batch: Batch) => ResultFiles;
  /** In place of `collectResults`, for an order that needs the input. */
  readonly collect?: ((batch: Batch, files: ResultFiles) => Promise<CollectedResults>) | undefined;
}

/** What became of the batches that were found. */
export interface FinishedCollection {
  /** In the order of their creation. */
  readonly collected: readonly { readonly batch: Batch; readonly results: CollectedResults }[];
  /** Why batches were not collected, or not recorded. */
  readonly failures: readonly string[];
  /** Why batches may have been missed; see `chooseBatches`. */
  readonly incomplete: string | undefined;
}

/**
 * Collects the results of every finished batch that a filter picks and the ledger does not know.
 * Each is claimed, downloaded and written, and only then recorded: what dies on the way is collected
 * again another time, and twice at once does no harm. Batches that have no results files, because
 * they failed, are recorded all the same.
 *
 * @throws {APIError} when the list cannot be read
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, collectFinished, createBatch, fileSource, type Ledger, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * await waitForBatches(client, [batch.id]);
 *
 * const known = new Set<string>(); // keep it where the next run finds it
 * const ledger: Ledger = {
 *   isCollected: ({ id }) => Promise.resolve(known.has(id)),
 *   claim: () => Promise.resolve(true),
 *   record: ({ id }) => Promise.resolve(void known.add(id)),
 *   release: () => Promise.resolve(),
 * };
 * const filesOf = ({ id }: { id: string }) => ({ outputFile: `results/${id}.jsonl` });
 * const { collected } = await collectFinished(client, { ledger, filesOf });
 * console.log(collected.length, collected[0]?.results.counts.completed); // 1 3
 * console.log((await collectFinished(client, { ledger, filesOf })).collected.length); // 0
 * ```
 */
export async function collectFinished(
  client: BatchClient,
  options: CollectFinishedOptions,
): Promise<FinishedCollection> {
  const { ledger, signal, deadline, maxRetries, onEvent } = options;
  const call = { signal, deadline, maxRetries };
  const collect =
    options.collect ??
    (async (batch, files) => collectResults(client, [batch], { ...call, ...files, onEvent }));
  const { batches, incomplete } = await chooseBatches(client, { ...options, wanted: isTerminal });
  const collected: { batch: Batch; results: CollectedResults }[] = [];
  const failures: string[] = [];
  // Lists begin with the newest in practice; the time of creation tells where they do not.
  const oldestFirst = batches.toReversed().sort((a, b) => a.created_at - b.created_at);
  for (const batch of oldestFirst) {
    const claim = await claimOf(ledger, batch);
    if (claim instanceof APIError) {
      failures.push(
        `${claim.message} Nothing of ${batch.id} was downloaded; its results stay on the server.`,
      );
      // A place that takes no entry (any more) says nothing about that of the next batch.
      if (isOfThisBatch(claim)) continue;
      break;
    }
    if (claim === "taken") onEvent?.({ type: "taken", batch });
    if (claim !== "ours") continue;
    const outcome = await resultsOf(batch, () => collect(batch, options.filesOf(batch)), call);
    if ("results" in outcome) {
      collected.push({ batch, results: outcome.results });
      onEvent?.({ type: "collected", batch, results: outcome.results });
    }
    if ("failure" in outcome) failures.push(outcome.failure);
    const unsettled = await settle(ledger, batch, outcome);
    if (unsettled !== undefined) failures.push(unsettled.message);
  }
  return { collected, failures, incomplete };
}

/** Records what came of a batch, or gives its claim back; gives the error where that could not be done. */
async function settle(
  ledger: Ledger,
  batch: Batch,
  outcome: BatchOutcome,
): Promise<APIError | undefined> {
  return orError(async () => {
    if ("again" in outcome) await ledger.release(batch);
    else await ledger.record(batch, "results" in outcome ? outcome.results : undefined);
    return undefined;
  });
}

async function orError<T>(action: () => Promise<T>): Promise<T | APIError> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
}

async function claimOf(
  ledger: Ledger,
  batch: Batch,
): Promise<"ours" | "taken" | "collected" | APIError> {
  return orError(async () => {
    if (await ledger.isCollected(batch)) return "collected";
    if (await ledger.claim(batch)) return "ours";
    // The claim may have come too late for a batch that somebody has just recorded.
    return (await ledger.isCollected(batch)) ? "collected" : "taken";
  });
}

type BatchOutcome =
  | { readonly results: CollectedResults; readonly failure?: string }
  | { readonly results: CollectedResults; readonly failure: string; readonly again: true }
  | { readonly failure: string; readonly again: true }
  | { readonly failure: string };

async function resultsOf(
  batch: Batch,
  collect: () => Promise<CollectedResults>,
  { signal }: CallOptions,
): Promise<BatchOutcome> {
  try {
    const results = await collect();
    if (results.problems.length === 0) return { results };
    const problems = results.problems.join(" ");
    const { decision } = decideRecord(results.files.get(batch.id) ?? []);
    return decision === "record"
      ? { results, failure: `The results of ${batch.id} are gone from the server. ${problems}` }
      : {
          results,
          failure: `Not every result of ${batch.id} could be read; the next collect tries again. ${problems}`,
          again: true,
        };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    const code = error instanceof APIError ? error.code : undefined;
    if (decideFailedCollect(code).decision === "record") {
      return { failure: `The results of ${batch.id} are gone from the server. ${error.message}` };
    }
    return {
      failure: `The results of ${batch.id} could not be collected; the next collect tries again. ${error.message}`,
      again: true,
    };
  }
}

/** GitHub answers so for a commit that is not there, or has as many statuses as it takes. */
function isOfThisBatch({ status, code }: APIError): boolean {
  return status === 404 || status === 422 || code === "claim_not_seen";
}
