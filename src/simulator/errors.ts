/** The body of every error answer. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/**
 * Whether and with what the API refuses a call. The server answers with `status`, `headers` and `body`.
 *
 * @example
 * ```ts
 * import { SimulatorApiError, SimulatorCore } from "openai-batch-action/simulator";
 *
 * try {
 *   new SimulatorCore().retrieveBatch("batch_unknown");
 * } catch (error) {
 *   if (!(error instanceof SimulatorApiError)) throw error;
 *   console.log(error.status, error.body.error.message); // 404 No batch found with id 'batch_unknown'.
 * }
 * ```
 */
export class SimulatorApiError extends Error {
  override readonly name = "SimulatorApiError";
  /** The HTTP status. */
  readonly status: number;
  /** Headers of the answer beside the usual ones. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the answer. */
  readonly body: ErrorBody;

  constructor(
    status: number,
    message: string,
    details: {
      readonly type?: string;
      readonly param?: string | null;
      readonly code?: string | null;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = details.headers ?? {};
    this.body = errorBody(message, details);
  }
}

/** The JSON of an error answer; its type defaults to `invalid_request_error`. */
export function errorBody(
  message: string,
  details: {
    readonly type?: string;
    readonly param?: string | null;
    readonly code?: string | null;
  } = {},
): ErrorBody {
  return {
    error: {
      message,
      type: details.type ?? "invalid_request_error",
      param: details.param ?? null,
      code: details.code ?? null,
    },
  };
}

/** A refusal of one parameter, status 400. */
export function invalidParameter(
  param: string,
  code: string | null,
  message: string,
): SimulatorApiError {
  return new SimulatorApiError(400, message, { param, code });
}

/** A refusal for want of a parameter, status 400. */
export function missingParameter(param: string): SimulatorApiError {
  return invalidParameter(
    param,
    "missing_required_parameter",
    `Missing required parameter: '${param}'.`,
  );
}

/** Status 404 for a file that does not exist, is deleted or has expired. */
export function noSuchFile(id: string): SimulatorApiError {
  return new SimulatorApiError(404, `No such File object: ${id}`, { param: "id" });
}

/** Status 404 for a batch that does not exist. */
export function noSuchBatch(id: string): SimulatorApiError {
  return new SimulatorApiError(404, `No batch found with id '${id}'.`);
}
