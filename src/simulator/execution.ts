import { answerTo, type Answer, failureInTurn } from "./answers.ts";
import { type Charge, Charges } from "./charges.ts";
import { type Bytes, BytesBuilder } from "./bytes.ts";
import { type BatchRequest, type CheckedInput, readRequest } from "./input.ts";
import { createRandom, type Random } from "./random.ts";
import type { BatchUsage } from "./types.ts";
import { spoiled, type UnusableKind } from "./unusable.ts";

/** Answers a request in the simulator's stead. `undefined` leaves it to the batch's outcome. */
export type Respond = (request: BatchRequest & { readonly batch_id: string }) => Answer | undefined;

/** Counts the input tokens of a request, in the place of the rule of thumb. */
export type CountInput = (request: BatchRequest) => number;

/** What has become of a request, and in which result file its line stands. */
export interface Fate {
  readonly outcome: "pending" | "answered" | "failed" | "never_ran";
  readonly line: "output" | "error" | null;
}

const PENDING: Fate = { outcome: "pending", line: null };
const ANSWERED: Fate = { outcome: "answered", line: "output" };
const FAILED: Fate = { outcome: "failed", line: "error" };
const NEVER_RAN: Fate = { outcome: "never_ran", line: "error" };

/** Which of the answers cannot be used. */
export interface Spoiling {
  readonly share: number;
  readonly kinds: readonly UnusableKind[];
}

/** What is settled about an execution at its start. */
interface ExecutionPlan {
  readonly batchId: string;
  readonly input: Bytes;
  readonly checked: CheckedInput;
  readonly seed: number;
  readonly shuffle: boolean;
  /** The share (0…1) of the requests that fail. */
  readonly failedShare: number;
  /** The share (0…1) of the answers that cannot be used, and how they are spoiled, in turn. */
  readonly spoiling: Spoiling;
  /** The answers' time in Unix seconds. */
  readonly created: number;
  readonly respond: Respond | undefined;
  readonly inputTokens: CountInput | undefined;
}

/** A batch at work. It goes as far as the clock has come, and each request is answered once. */
export class Execution {
  readonly #plan: ExecutionPlan;
  readonly #random: Random;
  readonly #order: Uint32Array | undefined;
  readonly #output = new BytesBuilder();
  readonly #errors = new BytesBuilder();
  /** By the request's place in the input. */
  readonly #fates: Fate[] = [];
  #done = 0;
  #failed = 0;
  #simulated = 0;
  #simulatedFailures = 0;
  #answered = 0;
  #spoiled = 0;
  readonly #charges = new Charges();

  constructor(job: ExecutionPlan) {
    this.#plan = job;
    this.#random = createRandom(job.seed);
    this.#order = job.shuffle ? this.#random.permutation(this.#total) : undefined;
  }

  get counts(): { readonly total: number; readonly completed: number; readonly failed: number } {
    return { total: this.#total, completed: this.#done - this.#failed, failed: this.#failed };
  }

  get usage(): BatchUsage {
    return this.#charges.usage();
  }

  /** What the answers so far are charged for, by model. */
  get charges(): readonly Charge[] {
    return this.#charges.list();
  }

  /** What has become of the request at `index` of the input. */
  fateOf(index: number): Fate {
    return this.#fates[index] ?? PENDING;
  }

  /** Answers requests until the share `progress` (0…1) of them is done. */
  advance(progress: number): void {
    const target = Math.floor(this.#total * progress + 1e-9);
    for (; this.#done < target; this.#done += 1) {
      const index = this.#indexAt(this.#done);
      const request = this.#requestAt(index);
      this.#fates[index] = this.#write(request.custom_id, this.#answer(request));
    }
  }

  /** Gives every request left over an error line, and returns what the result files hold; no file when nothing. */
  finish(leftOver: { readonly code: string; readonly message: string }): {
    readonly output: Bytes | undefined;
    readonly error: Bytes | undefined;
  } {
    for (let position = this.#done; position < this.#total; position += 1) {
      const index = this.#indexAt(position);
      this.#errors.append(this.#neverRan(this.#requestAt(index).custom_id, leftOver));
      this.#fates[index] = NEVER_RAN;
    }
    return {
      output: this.#output.empty ? undefined : this.#output.build(),
      error: this.#errors.empty ? undefined : this.#errors.build(),
    };
  }

  get #total(): number {
    return this.#plan.checked.requests.length;
  }

  #indexAt(position: number): number {
    return this.#order?.[position] ?? position;
  }

  #requestAt(index: number): BatchRequest {
    const span = this.#plan.checked.requests[index];
    // Places come from 0…total − 1, so this cannot happen; it keeps the compiler from a guess.
    if (span === undefined) throw new RangeError(`There is no request ${index}.`);
    return readRequest(this.#plan.input, span);
  }

  #answer(request: BatchRequest): Answer {
    const { respond, batchId, failedShare, created } = this.#plan;
    const own = respond?.({ ...request, batch_id: batchId });
    if (own !== undefined) return own;
    // Failures are spread evenly, so that any part of the batch shows its share of them.
    this.#simulated += 1;
    if (Math.ceil(this.#simulated * failedShare - 1e-9) > this.#simulatedFailures) {
      this.#simulatedFailures += 1;
      return failureInTurn(this.#simulatedFailures - 1);
    }
    const { inputTokens } = this.#plan;
    return this.#spoil(answerTo(request, { random: this.#random, created, inputTokens }));
  }

  #spoil(answer: Answer): Answer {
    const { share, kinds } = this.#plan.spoiling;
    this.#answered += 1;
    if (!("body" in answer) || Math.ceil(this.#answered * share - 1e-9) <= this.#spoiled) {
      return answer;
    }
    const kind = kinds[this.#spoiled % kinds.length];
    this.#spoiled += 1;
    return kind === undefined ? answer : { ...answer, body: spoiled(answer.body, kind) };
  }

  #write(customId: string, given: Answer): Fate {
    if ("line" in given) return this.#writeRaw(given);
    if ("error" in given) {
      this.#failed += 1;
      this.#errors.append(this.#neverRan(customId, given.error));
      return NEVER_RAN;
    }
    const { status_code, body } = given;
    const id = `batch_req_${this.#random.hex(32)}`;
    const ran = status_code !== 0;
    const response = { status_code, request_id: ran ? this.#random.hex(32) : "", body };
    const line = `${JSON.stringify({ id, custom_id: customId, response, error: null })}\n`;
    // A status of 0 was seen in an output file while the counts called the request completed (ellmer#830).
    if (ran && (status_code < 200 || status_code >= 300)) {
      this.#failed += 1;
      this.#errors.append(line);
      return FAILED;
    }
    this.#output.append(line);
    this.#charges.add(body);
    return ran ? ANSWERED : { outcome: "failed", line: "output" };
  }

  #writeRaw(given: Extract<Answer, { readonly line: unknown }>): Fate {
    const { line, file = "output", ran = true } = given;
    if (file === "error") this.#failed += 1;
    if (line !== null) {
      const text = typeof line === "string" ? line : JSON.stringify(line);
      (file === "error" ? this.#errors : this.#output).append(`${text}\n`);
    }
    const outcome = !ran ? "never_ran" : file === "error" ? "failed" : "answered";
    return { outcome, line: line === null ? null : file };
  }

  #neverRan(custom_id: string, error: { readonly code: string; readonly message: string }): string {
    const id = `batch_req_${this.#random.hex(32)}`;
    return `${JSON.stringify({ id, custom_id, response: null, error })}\n`;
  }
}
