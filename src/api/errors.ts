/** What is known of a failed call, all of it safe to print. */
export interface ErrorDetails {
  /** The API's error code, or the system's (`ECONNRESET`), or one of ours (`unreadable_answer`). */
  readonly code?: string | undefined;
  /** HTTP status, where an answer came. */
  readonly status?: number | undefined;
  readonly type?: string | undefined;
  readonly param?: string | undefined;
  /** The server's `x-request-id`; name it to the server's support. */
  readonly requestID?: string | undefined;
  readonly cause?: unknown;
  /** Milliseconds that the server asks to wait before another try. */
  readonly retryAfter?: number | undefined;
  /** The server's own word on another try: `x-should-retry`, or what it says in the body of a 2xx. */
  readonly shouldRetry?: boolean | undefined;
  /** The answer's headers, without cookies, credentials and addresses. */
  readonly headers?: Headers | undefined;
  /** Whether the answer was a web page: that of a gateway or proxy in front of the API. */
  readonly page?: boolean | undefined;
  /** Whether the server may have done what was asked, where the status does not tell. */
  readonly outcomeUnknown?: boolean | undefined;
}

/**
 * A call to the API failed. The message says what was called, what came back and what to do;
 * neither it nor any property holds a key, a prompt or an answer. `requestID` and `headers` are those of
 * the official `openai` package.
 *
 * @example
 * ```ts
 * import { APIError, BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * try {
 *   await client.batches.retrieve("batch_unknown");
 * } catch (error) {
 *   if (!(error instanceof APIError)) throw error;
 *   console.log(error.status); // 404
 *   console.log(error.requestID?.startsWith("req_")); // true
 *   console.log(error.headers?.get("content-type")?.startsWith("application/json")); // true
 * }
 * ```
 */
export class APIError extends Error {
  override readonly name: string = "APIError";
  /** The API's error code, or the system's (`ECONNRESET`), or one of ours (`unreadable_answer`); `undefined` where none is known. */
  readonly code: string | undefined;
  /** HTTP status, or the one that the body of a 2xx names; `undefined` where none is known. */
  readonly status: number | undefined;
  /** The server's own word for the kind of error, for example `invalid_request_error`; `undefined` where it gave none. */
  readonly type: string | undefined;
  /** The parameter that the server names; `undefined` where it named none. */
  readonly param: string | undefined;
  /** The server's name for the call, for its support (`x-request-id`); `undefined` where none came. */
  readonly requestID: string | undefined;
  /** Milliseconds that the server asks to wait before another try; `undefined` where it did not ask. */
  readonly retryAfter: number | undefined;
  /** Whether another try may help, where more than status and code tells it, as `x-should-retry` does; else `undefined`. */
  readonly shouldRetry: boolean | undefined;
  /** The answer's headers, without cookies, credentials and addresses; `undefined` where none are known. */
  readonly headers: Headers | undefined;
  /** Whether a web page came in the place of an answer, so that it was not the API that spoke. */
  readonly page: boolean;
  readonly #outcomeUnknown: boolean | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.status = details.status;
    this.type = details.type;
    this.param = details.param;
    this.requestID = details.requestID;
    this.retryAfter = details.retryAfter;
    this.shouldRetry = details.shouldRetry;
    this.headers = details.headers;
    this.page = details.page ?? false;
    this.#outcomeUnknown = details.outcomeUnknown;
  }

  /**
   * Whether the server may have done what was asked although the call failed. A refusal (4xx) has
   * done nothing; a 5xx, a cut connection or an unreadable answer leaves it open, and so do a 408, a
   * 499 (a proxy has hung up on the server), a 303 (what was done is shown elsewhere) and a 409 that
   * says that it is there already (a proxy may have sent the call twice).
   */
  get outcomeUnknown(): boolean {
    if (this.#outcomeUnknown !== undefined) return this.#outcomeUnknown;
    const { status } = this;
    return status === undefined || status >= 500 || openStatuses.has(status);
  }
}

const openStatuses: ReadonlySet<number> = new Set([303, 408, 499]);

/**
 * No answer came: the connection could not be made, or was lost.
 *
 * `code` is the system's: `ECONNREFUSED`, `ECONNRESET`, `ENOTFOUND`. `outcomeUnknown` tells whether the request had been sent.
 *
 * @example
 * ```ts
 * import { APIConnectionError, BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient({ baseURL: "http://127.0.0.1:1/v1", maxRetries: 0 });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof APIConnectionError && error.code); // ECONNREFUSED
 * ```
 */
export class APIConnectionError extends APIError {
  override readonly name: string = "APIConnectionError";
  readonly #sent: boolean;

  constructor(message: string, details: ErrorDetails & { readonly sent: boolean }) {
    super(message, details);
    this.#sent = details.sent;
  }

  override get outcomeUnknown(): boolean {
    return this.#sent;
  }
}

/**
 * No byte came for as long as the request timeout allows.
 *
 * @example
 * ```ts
 * import { APIConnectionTimeoutError, BatchClient } from "openai-batch-action";
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * await using simulator = await startSimulator({ faults: [{ fault: { kind: "hang" } }] });
 * const client = new BatchClient({ baseURL: simulator.url, timeout: 50, maxRetries: 0 });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof APIConnectionTimeoutError); // true
 * ```
 */
export class APIConnectionTimeoutError extends APIConnectionError {
  override readonly name = "APIConnectionTimeoutError";
}

/**
 * An answer came but is not what the API speaks: HTML, a cut body, nothing.
 *
 * @example
 * ```ts
 * import { BatchClient, UnreadableAnswerError } from "openai-batch-action";
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * await using simulator = await startSimulator({ faults: [{ fault: { kind: "html", status: 200 } }] });
 * const client = new BatchClient({ baseURL: simulator.url, maxRetries: 0 });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof UnreadableAnswerError && error.code); // unreadable_answer
 * ```
 */
export class UnreadableAnswerError extends APIError {
  override readonly name = "UnreadableAnswerError";
  /** Whether it was whole JSON under a 2xx status, only in a shape that we do not know. */
  readonly success: boolean;

  constructor(message: string, details: ErrorDetails & { readonly success: boolean }) {
    super(message, details);
    this.success = details.success;
  }

  override get outcomeUnknown(): boolean {
    return true;
  }
}

/**
 * A batch may or may not have been created, and may already be billed: the API has no idempotency
 * key, so sending the same again could pay twice. `inputFileId` is the input file of the batch.
 *
 * Thrown by `client.batches.create`; `createBatch` solves most of them by looking at the list of batches.
 *
 * @example
 * ```ts
 * import { BatchClient, UnknownOutcomeError } from "openai-batch-action";
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * const lost = { method: "POST", path: "/batches", fault: { kind: "drop-after" } } as const;
 * await using simulator = await startSimulator({ faults: [lost] });
 * const client = new BatchClient({ baseURL: simulator.url });
 * const file = await client.files.create({ file: "requests.jsonl", purpose: "batch" });
 * const params = { endpoint: "/v1/chat/completions", completion_window: "24h" };
 * try {
 *   await client.batches.create({ ...params, input_file_id: file.id });
 * } catch (error) {
 *   if (!(error instanceof UnknownOutcomeError)) throw error;
 *   console.log(error.inputFileId === file.id); // true
 *   console.log(simulator.batches.length); // 1
 * }
 * ```
 */
export class UnknownOutcomeError extends APIError {
  override readonly name = "UnknownOutcomeError";
  /** Id of the input file that the batch was to be made of. */
  readonly inputFileId: string;
  /** Whether the server did say that it created the batch, in words that name no id. */
  readonly created: boolean;

  constructor(inputFileId: string, cause: unknown) {
    const known = cause instanceof APIError ? cause : undefined;
    super(
      `It is not known whether the batch of input file ${inputFileId} was created: ${sentence(messageOf(cause))} ` +
        "It may be running and billed. " +
        `List the batches, and use the one with input_file_id ${inputFileId} if it is there.`,
      {
        code: "unknown_outcome",
        status: known?.status,
        type: known?.type,
        param: known?.param,
        requestID: known?.requestID,
        headers: known?.headers,
        page: known?.page,
        cause,
      },
    );
    this.inputFileId = inputFileId;
    this.created = known instanceof UnreadableAnswerError && known.success;
  }

  override get outcomeUnknown(): boolean {
    return true;
  }
}

/**
 * The caller's deadline came before the call, or a retry that it needs, could end.
 *
 * `code` is `deadline_exceeded`; `cause` is the failure that could not be tried again.
 *
 * @example
 * ```ts
 * import { BatchClient, DeadlineError } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const deadline = Date.now() - 1;
 * const error = await client.batches.retrieve("batch_1", { deadline }).catch((error: unknown) => error);
 * console.log(error instanceof DeadlineError && error.code); // deadline_exceeded
 * ```
 */
export class DeadlineError extends APIError {
  override readonly name = "DeadlineError";
  readonly #inFlight: boolean;

  constructor(message: string, details: ErrorDetails & { readonly inFlight: boolean }) {
    super(message, { ...details, code: "deadline_exceeded" });
    this.#inFlight = details.inFlight;
  }

  override get outcomeUnknown(): boolean {
    return this.#inFlight;
  }
}

/** A text with its full stop, which what others say may lack. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** What something that was thrown says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
