/** Where the way from a webhook to a workflow broke. */
export type WebhookErrorCode =
  /** GitHub answered, but not that it started anything. */
  | "github_refused"
  /** GitHub takes no more calls for now; see `retryAfter`. */
  | "github_limit"
  /** GitHub gave no answer in time, or none at all. */
  | "github_unreachable"
  /** `githubToken` gave no token. */
  | "no_token"
  /** The store of deliveries failed. */
  | "store_failed";

/**
 * What went wrong on this side of a delivery. The message says what to do; neither it nor any
 * property holds the webhook's secret or GitHub's token.
 *
 * @example
 * ```ts
 * import { createWebhookHandler, WebhookError } from "openai-batch-action/webhook";
 *
 * createWebhookHandler({
 *   secret: process.env.OPENAI_WEBHOOK_SECRET ?? "",
 *   repository: "octo-org/evaluations",
 *   githubToken: () => Promise.reject(new Error("The vault is closed.")),
 *   onError: (error: WebhookError) => {
 *     console.error(error.code, error.batchId, error.message);
 *   },
 * });
 * ```
 */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
  /** What broke. */
  readonly code: WebhookErrorCode;
  /** GitHub's HTTP status, where it answered. */
  readonly status: number | undefined;
  /** GitHub's `x-github-request-id`; name it to GitHub's support. */
  readonly requestID: string | undefined;
  /** Seconds until GitHub takes calls again, where one of its limits is reached. */
  readonly retryAfter: number | undefined;
  /** The batch that waits for its workflow. */
  readonly batchId: string;
  /** The delivery, which OpenAI sends again unless it was answered with a success. */
  readonly webhookId: string;

  constructor(
    message: string,
    details: {
      readonly code: WebhookErrorCode;
      readonly batchId: string;
      readonly webhookId: string;
      readonly status?: number | undefined;
      readonly requestID?: string | undefined;
      readonly retryAfter?: number | undefined;
    },
  ) {
    super(message);
    this.code = details.code;
    this.status = details.status;
    this.requestID = details.requestID;
    this.retryAfter = details.retryAfter;
    this.batchId = details.batchId;
    this.webhookId = details.webhookId;
  }
}
