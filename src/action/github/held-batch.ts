import { isFields } from "../../api/json.ts";
import { decideSettlement } from "../../batch/rules.ts";
import type { RequestCounts } from "../../batch/status.ts";
import type { StepState } from "../state.ts";

/**
 * A batch that a step has claimed: what the post step has to know to record it as collected, or to
 * give the claim back. Plain data, which goes through the runner's saved state.
 */
export interface HeldBatch {
  readonly batchId: string;
  /** Whose statuses hold the claim. */
  readonly commit: string;
  readonly claim: string;
  /** `undefined` until its results have been written, or are known to be gone. */
  readonly written: WrittenResults | undefined;
}

export interface WrittenResults {
  /** Whether the batch failed the step. */
  readonly failed: boolean;
  /** Of its requests; `undefined` where the results are gone from the server. */
  readonly counts: RequestCounts | undefined;
  /** Whether there is nothing that could be lost with the runner. */
  readonly empty: boolean;
}

/** What becomes of a claim when the job has ended; the rule is `decideSettlement`. */
export function settlementOf(
  { written }: Pick<HeldBatch, "written">,
  { ended, interrupted }: Pick<StepState, "ended" | "interrupted">,
  jobStatus: string,
): ReturnType<typeof decideSettlement> {
  return decideSettlement({
    written: written !== undefined,
    empty: written?.empty === true,
    cutShort: interrupted || !ended,
    jobStatus,
  });
}

/** Reads held batches back from the saved state. */
export function heldBatchesOf(value: unknown): HeldBatch[] {
  return Array.isArray(value) ? value.flatMap(heldBatchOf) : [];
}

function heldBatchOf(value: unknown): HeldBatch[] {
  if (!isFields(value)) return [];
  const { batchId, commit, claim, written } = value;
  if (typeof batchId !== "string" || typeof commit !== "string" || typeof claim !== "string") {
    return [];
  }
  return [{ batchId, commit, claim, written: writtenOf(written) }];
}

function writtenOf(value: unknown): WrittenResults | undefined {
  if (!isFields(value)) return undefined;
  const { failed, counts, empty } = value;
  const { total, completed, failed: failures } = isFields(counts) ? counts : {};
  return {
    failed: failed === true,
    empty: empty === true,
    counts:
      typeof total === "number" && typeof completed === "number" && typeof failures === "number"
        ? { total, completed, failed: failures }
        : undefined,
  };
}
