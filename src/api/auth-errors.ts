import { APIError, type ErrorDetails } from "./errors.ts";

/**
 * No access token was given for the workload's own one. The call that needed it was not made.
 * Transient errors have been retried before, so nothing retries this.
 *
 * `status` and `code` are those of the exchange: 400, 401 and 403 are final.
 *
 * @example
 * ```ts
 * import { BatchClient, OAuthError } from "openai-batch-action";
 *
 * const client = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => Promise.resolve("a token of the workload") },
 *     tokenURL: "http://127.0.0.1:1/oauth/token", // where nobody listens
 *   },
 *   maxRetries: 0,
 * });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof OAuthError); // true
 * ```
 */
export class OAuthError extends APIError {
  override readonly name: string = "OAuthError";

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { ...details, shouldRetry: false });
  }

  override get outcomeUnknown(): boolean {
    return false;
  }
}

/**
 * The workload has no token of its own, so there was nothing to exchange.
 *
 * What `getToken` itself throws goes through as it is.
 *
 * @example
 * ```ts
 * import { BatchClient, SubjectTokenProviderError } from "openai-batch-action";
 *
 * const client = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => Promise.resolve("") },
 *   },
 *   maxRetries: 0,
 * });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof SubjectTokenProviderError); // true
 * ```
 */
export class SubjectTokenProviderError extends OAuthError {
  override readonly name = "SubjectTokenProviderError";
}

/** The code of an error that says that the workload may not ask for an identity any longer. */
export const identityExpired = "identity_expired";
