import { answerTo, type Answer, failureInTurn } from "./answers.ts";
import { type Bytes, BytesBuilder } from "./bytes.ts";
import { type BatchRequest, type CheckedInput, readRequest } from "./input.ts";
import { isJsonObject } from "./json.ts";
import { createRandom } from "./random.ts";
import type { BatchUsage } from "./types.ts";

/** Answers a request in the simulator's stead. `undefined` leaves it to the batch's outcome. */
export type Respond = (request: BatchRequest & { readonly batch_id: string }) => Answer | undefined;

/** A batch at work. It goes as far as the clock has come, and each request is answered once. */
export interface Execution {
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly usage: BatchUsage;
  /** Answers requests until the share `progress` (0…1) of them is done. */
  readonly advance: (progress: number) => void;
  /** Gives every request left over an error line, and returns what the result files hold; no file when nothing. */
  readonly finish: (leftOver: { readonly code: string; readonly message: string }) => {
    readonly output: Bytes | undefined;
    readonly error: Bytes | undefined;
  };
}

/** Sets a checked input to work. `created` is the answers' time in Unix seconds, `failedShare` (0…1) how many fail. */
export function startExecution(job: {
  readonly batchId: string;
  readonly input: Bytes;
  readonly checked: CheckedInput;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly failedShare: number;
  readonly created: number;
  readonly respond: Respond | undefined;
}): Execution {
  const { requests } = job.checked;
  const total = requests.length;
  const random = createRandom(job.seed);
  const order = job.shuffle ? random.permutation(total) : undefined;
  const output = new BytesBuilder();
  const errors = new BytesBuilder();
  let done = 0;
  let failed = 0;
  let simulated = 0;
  let simulatedFailures = 0;
  let inputTokens = 0;
  let outputTokens = 0;

  const requestAt = (position: number): BatchRequest => {
    const span = requests[order?.[position] ?? position];
    // Positions come from 0…total − 1, so this cannot happen; it keeps the compiler from a guess.
    if (span === undefined) throw new RangeError(`There is no request ${position}.`);
    return readRequest(job.input, span);
  };

  const answer = (request: BatchRequest): Answer => {
    const own = job.respond?.({ ...request, batch_id: job.batchId });
    if (own !== undefined) return own;
    // Failures are spread evenly, so that any part of the batch shows its share of them.
    simulated += 1;
    if (Math.ceil(simulated * job.failedShare - 1e-9) > simulatedFailures) {
      simulatedFailures += 1;
      return failureInTurn(simulatedFailures - 1);
    }
    return answerTo(request, { random, created: job.created });
  };

  const write = (request: BatchRequest, given: Answer): void => {
    const id = `batch_req_${random.hex(32)}`;
    const { custom_id } = request;
    if ("error" in given) {
      failed += 1;
      errors.append(`${JSON.stringify({ id, custom_id, response: null, error: given.error })}\n`);
      return;
    }
    const { status_code, body } = given;
    const ran = status_code !== 0;
    const response = { status_code, request_id: ran ? random.hex(32) : "", body };
    const line = `${JSON.stringify({ id, custom_id, response, error: null })}\n`;
    // A status of 0 was seen in an output file while the counts called the request completed (ellmer#830).
    if (!ran || (status_code >= 200 && status_code < 300)) {
      output.append(line);
      const used = tokensOf(body);
      inputTokens += used.input;
      outputTokens += used.output;
    } else {
      failed += 1;
      errors.append(line);
    }
  };

  return {
    get counts() {
      return { total, completed: done - failed, failed };
    },
    get usage() {
      return {
        input_tokens: inputTokens,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: outputTokens,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: inputTokens + outputTokens,
      };
    },
    advance(progress) {
      const target = Math.floor(total * progress + 1e-9);
      while (done < target) {
        const request = requestAt(done);
        write(request, answer(request));
        done += 1;
      }
    },
    finish(leftOver) {
      for (let position = done; position < total; position += 1) {
        const id = `batch_req_${random.hex(32)}`;
        const { custom_id } = requestAt(position);
        errors.append(`${JSON.stringify({ id, custom_id, response: null, error: leftOver })}\n`);
      }
      return {
        output: output.empty ? undefined : output.build(),
        error: errors.empty ? undefined : errors.build(),
      };
    },
  };
}

function tokensOf(body: unknown): { readonly input: number; readonly output: number } {
  const usage = isJsonObject(body) ? body["usage"] : undefined;
  if (!isJsonObject(usage)) return { input: 0, output: 0 };
  const count = (value: unknown): number => (typeof value === "number" ? value : 0);
  return {
    input: count(usage["input_tokens"] ?? usage["prompt_tokens"]),
    output: count(usage["output_tokens"] ?? usage["completion_tokens"]),
  };
}
