import type { Batch } from "../../api/types.ts";
import type { RequestCounts } from "../../batch/status.ts";

/** How a batch ended, as its commit's status is to show it. */
export interface EndedBatch {
  readonly batch: Batch;
  readonly failed: boolean;
  /** Whether its results have been written; the post step records them, else `collect` finds it. */
  readonly written: boolean;
  /** Of its requests, where they are known. */
  readonly counts: RequestCounts | undefined;
}

/** Follows the batches of a step with a commit status. Nothing here throws, or holds up what is paid for. */
export interface StatusReporter {
  /** Shows a batch that was created, or adopted, in the background. */
  created(batch: Batch, adopted: boolean): void;
  ended(batches: readonly EndedBatch[]): void;
  /** Shows that a step needed no batch, because the cache had every answer. */
  cached(answers: number): void;
  /** Waits, for seconds at most, until the commit status says everything. */
  settled(): Promise<void>;
}

export const noReporter: StatusReporter = {
  created: () => undefined,
  ended: () => undefined,
  cached: () => undefined,
  settled: () => Promise.resolve(),
};
