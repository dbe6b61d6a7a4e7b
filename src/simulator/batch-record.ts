import type { Bytes } from "./bytes.ts";
import type { Charge } from "./charges.ts";
import { type CountInput, Execution, type Fate, type Respond, type Spoiling } from "./execution.ts";
import type { FileStore } from "./files.ts";
import { type BatchRequest, type CheckedInput, checkInput, readRequest } from "./input.ts";
import { type OutcomePlan, tokenLimitExceeded } from "./outcome.ts";
import type { BatchParams } from "./params.ts";
import { type Course, type Phases, progressAt, type StatusStep, stepsUntil } from "./timeline.ts";
import type { BatchError, BatchObject, BatchStatus } from "./types.ts";
import { UNUSABLE_KINDS } from "./unusable.ts";

/** What a batch needs of the world around it. */
export interface BatchContext {
  readonly now: () => number;
  readonly files: FileStore;
  readonly shuffle: boolean;
  readonly maxRequests: number;
  readonly respond: Respond | undefined;
  readonly inputTokens: CountInput | undefined;
  /** How long the ids of the result files are missing after the end, in milliseconds. */
  readonly resultLag: number;
}

/** What is settled about a batch at its creation. */
interface BatchSpec {
  readonly id: string;
  readonly params: BatchParams;
  readonly input: Bytes;
  readonly outcome: OutcomePlan;
  readonly phases: Phases;
  /** How long the completion window is, in milliseconds. */
  readonly windowMs: number;
  readonly seed: number;
}

interface ResultFileIds {
  readonly output: string | null;
  readonly error: string | null;
}

const PENDING: Fate = { outcome: "pending", line: null };

const CANCELLED = {
  code: "batch_cancelled",
  message: "This request was cancelled before it was executed.",
};
const EXPIRED = {
  code: "batch_expired",
  message: "This request could not be executed before the completion window expired.",
};

const TERMINAL: readonly BatchStatus[] = ["completed", "failed", "expired", "cancelled"];

/** Whether a batch of this status stays as it is forever. */
export function isTerminal(status: BatchStatus): boolean {
  return TERMINAL.includes(status);
}

/** One batch of the account. Its state follows from the clock alone, worked out whenever it is looked at. */
export class BatchRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly #context: BatchContext;
  readonly #spec: BatchSpec;
  #cancelledAt: number | undefined;
  #overturnedAt: number | undefined;
  #removed = false;
  #checked: CheckedInput | undefined;
  #execution: Execution | undefined;
  #results: ResultFileIds | undefined;

  /** Makes a batch that begins now. */
  constructor(context: BatchContext, spec: BatchSpec) {
    this.id = spec.id;
    this.createdAt = context.now();
    this.#context = context;
    this.#spec = spec;
  }

  /** Whether the batch is gone; see `remove`. */
  get removed(): boolean {
    return this.#removed;
  }

  /** Whether the batch fails at its validation, or has. */
  get isTurnedAway(): boolean {
    return this.#spec.outcome.kind === "failed";
  }

  /** Cancels the batch as of now. Without effect on one that is being cancelled. */
  cancel(): void {
    this.#cancelledAt ??= this.#context.now();
  }

  /** Calls a batch that has ended `cancelled`; its result files stay. */
  overturn(): void {
    this.#overturnedAt ??= this.#context.now();
  }

  /** Takes the batch off the account and stops its work. */
  remove(): void {
    this.view();
    this.cancel();
    this.#removed = true;
  }

  /** The batch as it is now. */
  view(): BatchObject {
    const steps = stepsUntil(this.#context.now(), this.#course());
    const started = steps.find((step) => step.status === "in_progress");
    if (started !== undefined) this.#work(started.at);
    const last = steps.at(-1) ?? steps[0];
    this.#results ??= this.#finish(last);
    return this.#describe(steps, last);
  }

  /**
   * Every request that the batch has run or may run, with what has become of it; its line is null until the batch names the
   * file. There are none when the input does not pass validation.
   */
  *requests(): Generator<readonly [BatchRequest, Fate]> {
    const { status, output_file_id: output, error_file_id: error } = this.view();
    const { errors, requests } = this.#check();
    if (errors.length > 0) return;
    const named = { output: output !== null, error: error !== null };
    for (const [index, span] of requests.entries()) {
      const { outcome, line } = this.#execution?.fateOf(index) ?? PENDING;
      const stopped = outcome === "pending" && isTerminal(status);
      yield [
        readRequest(this.#spec.input, span),
        {
          outcome: stopped ? "never_ran" : outcome,
          line: line !== null && named[line] ? line : null,
        },
      ];
    }
  }

  /** What its answers so far are charged for, by model. */
  charges(): readonly Charge[] {
    this.view();
    return this.#execution?.charges ?? [];
  }

  #describe(steps: readonly StatusStep[], last: StatusStep): BatchObject {
    const { id, params, windowMs } = this.#spec;
    const reached = (status: BatchStatus): number | null => {
      const step = steps.find((candidate) => candidate.status === status);
      return step === undefined ? null : seconds(step.at);
    };
    const checked = reached("in_progress") !== null || last.status === "failed";
    const results = this.#context.now() < last.at + this.#context.resultLag ? null : this.#results;
    const overturned = this.#overturnedAt === undefined ? null : seconds(this.#overturnedAt);
    return {
      id,
      object: "batch",
      endpoint: params.endpoint,
      model: checked ? this.#check().model : null,
      errors: last.status === "failed" ? { object: "list", data: this.#errors() } : null,
      input_file_id: params.input_file_id,
      completion_window: params.completion_window,
      status: overturned === null ? last.status : "cancelled",
      output_file_id: results?.output ?? null,
      error_file_id: results?.error ?? null,
      created_at: seconds(this.createdAt),
      in_progress_at: reached("in_progress"),
      expires_at: seconds(this.createdAt + windowMs),
      finalizing_at: reached("finalizing"),
      completed_at: reached("completed"),
      failed_at: reached("failed"),
      expired_at: reached("expired"),
      cancelling_at: reached("cancelling"),
      cancelled_at: overturned ?? reached("cancelled"),
      request_counts: this.#execution?.counts ?? { total: 0, completed: 0, failed: 0 },
      usage: isTerminal(last.status) ? (this.#execution?.usage ?? null) : null,
      metadata: params.metadata,
    };
  }

  #check(): CheckedInput {
    return (this.#checked ??= checkInput(this.#spec.input, {
      endpoint: this.#spec.params.endpoint,
      maxRequests: this.#context.maxRequests,
    }));
  }

  #errors(): readonly BatchError[] {
    const found = this.#check().errors;
    const { outcome } = this.#spec;
    if (found.length > 0 || outcome.kind !== "failed") return found;
    return outcome.errors ?? [tokenLimitExceeded()];
  }

  #course(): Course {
    const { outcome, phases, windowMs } = this.#spec;
    return {
      createdAt: this.createdAt,
      expiresAt: this.createdAt + windowMs,
      phases,
      cancelledAt: this.#cancelledAt,
      expires: outcome.kind === "expired",
      valid: () => outcome.kind !== "failed" && this.#check().errors.length === 0,
    };
  }

  #work(startedAt: number): void {
    const { id, input, seed, outcome } = this.#spec;
    this.#execution ??= new Execution({
      batchId: id,
      input,
      checked: this.#check(),
      seed,
      shuffle: this.#context.shuffle,
      failedShare: failedShareOf(outcome),
      spoiling: spoilingOf(outcome),
      created: seconds(startedAt),
      respond: this.#context.respond,
      inputTokens: this.#context.inputTokens,
    });
    const share = outcome.kind === "expired" ? (outcome.completedShare ?? 0.5) : 1;
    this.#execution.advance(share * progressAt(this.#context.now(), this.#course()));
  }

  #finish(last: StatusStep): ResultFileIds | undefined {
    if (this.#execution === undefined || this.#removed || !isTerminal(last.status)) {
      return undefined;
    }
    const files = this.#execution.finish(last.status === "cancelled" ? CANCELLED : EXPIRED);
    const keep = (bytes: Bytes | undefined, kind: string): string | null =>
      bytes === undefined
        ? null
        : this.#context.files.addResult({
            bytes,
            filename: `${this.id}_${kind}.jsonl`,
            createdAt: last.at,
            lifetimeSeconds: this.#spec.params.output_expires_after?.seconds,
          }).id;
    return { output: keep(files.output, "output"), error: keep(files.error, "error") };
  }
}

function spoilingOf(outcome: OutcomePlan): Spoiling {
  if (outcome.kind !== "unusable") return { share: 0, kinds: [] };
  return { share: outcome.share ?? 1, kinds: outcome.kinds ?? UNUSABLE_KINDS };
}

function failedShareOf(outcome: OutcomePlan): number {
  if (outcome.kind === "all_failed") return 1;
  return outcome.kind === "mixed" ? (outcome.failedShare ?? 0.25) : 0;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
