import type { Bytes } from "./bytes.ts";
import { type Execution, type Respond, startExecution } from "./execution.ts";
import type { FileStore } from "./files.ts";
import { type CheckedInput, checkInput } from "./input.ts";
import { type OutcomePlan, tokenLimitExceeded } from "./outcome.ts";
import type { BatchParams } from "./params.ts";
import { type Course, type Phases, progressAt, type Step, stepsUntil } from "./timeline.ts";
import type { BatchError, BatchObject, BatchStatus } from "./types.ts";

const WINDOW_MS = 24 * 60 * 60 * 1000;

/** What a batch needs of the world around it. */
export interface BatchContext {
  readonly now: () => number;
  readonly files: FileStore;
  readonly shuffle: boolean;
  readonly maxRequests: number;
  readonly respond: Respond | undefined;
}

/** One batch of the account. */
export interface BatchRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The batch as it is now. */
  readonly view: () => BatchObject;
  /** Cancels the batch as of now; without effect on one that is being cancelled. */
  readonly cancel: () => void;
}

/** What is settled about a batch at its creation. */
export interface BatchSpec {
  readonly id: string;
  readonly params: BatchParams;
  readonly input: Bytes;
  readonly outcome: OutcomePlan;
  readonly phases: Phases;
  readonly seed: number;
}

const TERMINAL: readonly BatchStatus[] = ["completed", "failed", "expired", "cancelled"];

/** Whether a batch of this status stays as it is forever. */
export function isTerminal(status: BatchStatus): boolean {
  return TERMINAL.includes(status);
}

/** Makes a batch that begins now. Its state follows from the clock alone, worked out whenever it is looked at. */
export function createBatchRecord(context: BatchContext, spec: BatchSpec): BatchRecord {
  const { id, params, outcome } = spec;
  const createdAt = context.now();
  let cancelledAt: number | undefined;
  let checked: CheckedInput | undefined;
  let execution: Execution | undefined;
  let results: { readonly output: string | null; readonly error: string | null } | undefined;

  const check = (): CheckedInput =>
    (checked ??= checkInput(spec.input, {
      endpoint: params.endpoint,
      maxRequests: context.maxRequests,
    }));

  const errors = (): readonly BatchError[] => {
    const found = check().errors;
    if (found.length > 0 || outcome.kind !== "failed") return found;
    return outcome.errors ?? [tokenLimitExceeded()];
  };

  const course = (): Course => ({
    createdAt,
    expiresAt: createdAt + WINDOW_MS,
    phases: spec.phases,
    cancelledAt,
    expires: outcome.kind === "expired",
    valid: () => outcome.kind !== "failed" && check().errors.length === 0,
  });

  const work = (startedAt: number): Execution => {
    execution ??= startExecution({
      batchId: id,
      input: spec.input,
      checked: check(),
      seed: spec.seed,
      shuffle: context.shuffle,
      failedShare: failedShareOf(outcome),
      created: seconds(startedAt),
      respond: context.respond,
    });
    const share = outcome.kind === "expired" ? (outcome.completedShare ?? 0.5) : 1;
    execution.advance(share * progressAt(context.now(), course()));
    return execution;
  };

  const finish = (last: Step): typeof results => {
    if (execution === undefined || !isTerminal(last.status)) return undefined;
    const files = execution.finish(
      last.status === "cancelled"
        ? { code: "batch_cancelled", message: "This request was cancelled before it was executed." }
        : {
            code: "batch_expired",
            message: "This request could not be executed before the completion window expired.",
          },
    );
    const keep = (bytes: Bytes | undefined, kind: string): string | null =>
      bytes === undefined
        ? null
        : context.files.addResult({
            bytes,
            filename: `${id}_${kind}.jsonl`,
            createdAt: last.at,
            lifetimeSeconds: params.output_expires_after?.seconds,
          }).id;
    return { output: keep(files.output, "output"), error: keep(files.error, "error") };
  };

  return {
    id,
    createdAt,
    cancel() {
      cancelledAt ??= context.now();
    },
    view() {
      const steps = stepsUntil(context.now(), course());
      const reached = (status: BatchStatus): number | null => {
        const step = steps.find((candidate) => candidate.status === status);
        return step === undefined ? null : seconds(step.at);
      };
      const started = steps.find((step) => step.status === "in_progress");
      if (started !== undefined) work(started.at);
      const last = steps.at(-1) ?? steps[0];
      results ??= finish(last);
      return {
        id,
        object: "batch",
        endpoint: params.endpoint,
        model: started !== undefined || last.status === "failed" ? check().model : null,
        errors: last.status === "failed" ? { object: "list", data: errors() } : null,
        input_file_id: params.input_file_id,
        completion_window: params.completion_window,
        status: last.status,
        output_file_id: results?.output ?? null,
        error_file_id: results?.error ?? null,
        created_at: seconds(createdAt),
        in_progress_at: reached("in_progress"),
        expires_at: seconds(createdAt + WINDOW_MS),
        finalizing_at: reached("finalizing"),
        completed_at: reached("completed"),
        failed_at: reached("failed"),
        expired_at: reached("expired"),
        cancelling_at: reached("cancelling"),
        cancelled_at: reached("cancelled"),
        request_counts: execution?.counts ?? { total: 0, completed: 0, failed: 0 },
        usage: isTerminal(last.status) ? (execution?.usage ?? null) : null,
        metadata: params.metadata,
      };
    },
  };
}

function failedShareOf(outcome: OutcomePlan): number {
  if (outcome.kind === "all_failed") return 1;
  return outcome.kind === "mixed" ? (outcome.failedShare ?? 0.25) : 0;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
