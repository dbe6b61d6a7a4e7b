import type { Clock } from "../api/clock.ts";
import { type BodyProblem, readBody } from "./body.ts";
import { type DeliveryStore, memoryStore, sharedById } from "./deliveries.ts";
import { checkedToken, dispatch, dispatchesUrl, kindOf, type Target } from "./dispatch.ts";
import { WebhookError } from "./errors.ts";
import { type WebhookEvent, readEvent } from "./event.ts";
import { inTime } from "./in-time.ts";
import { type Delivery, isFresh, readDelivery, signatureCheck } from "./signature.ts";

/** What turns OpenAI's webhook into a workflow run. */
export interface WebhookOptions {
  /** The webhook's signing secret, `whsec_…`. */
  readonly secret: string;
  /** `owner/name` of the repository whose workflows are started. */
  readonly repository: string;
  /**
   * A token with Contents: write on that repository, or what gives one, for example of a GitHub App.
   * A function is called for each dispatch. Never logged.
   */
  readonly githubToken: string | (() => string | Promise<string>);
  /** The type of the `repository_dispatch` event, at most 100 characters; defaults to `openai-batch`. */
  readonly eventType?: string | undefined;
  /** Defaults to `https://api.github.com`; of GitHub Enterprise Server `https://HOST/api/v3`. */
  readonly githubApiUrl?: string | undefined;
  /** Remembers deliveries; defaults to the newest 10,000 in memory. */
  readonly store?: DeliveryStore | undefined;
  /** Milliseconds for the request's body, for GitHub with its token, and for each call of the store; defaults to 10,000. */
  readonly timeout?: number | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Where time comes from; defaults to the machine's clock. */
  readonly clock?: Pick<Clock, "now" | "timeout"> | undefined;
  /** Called with the reason why a delivery started no workflow, or could not be remembered; the sender is not told. Must not throw. */
  readonly onError?: ((error: WebhookError) => void) | undefined;
}

/** Seconds; OpenAI sends a delivery again for up to 72 hours. */
const remembered = 4 * 24 * 3_600;

/**
 * A handler for OpenAI's webhook on any host that speaks `Request` and `Response`. For a batch that
 * has ended the repository gets a `repository_dispatch` with the payload `{batch_id, type,
 * created_at, webhook_id}` (`created_at` in Unix seconds). The promise of an answer never rejects.
 * OpenAI sends a delivery again for every answer of 400 and more:
 *
 * | status | when |
 * | --- | --- |
 * | 200 | `dispatched`; `repeated` for a delivery that was dispatched before; `ignored` for an event of another kind |
 * | 400 | a header is missing or malformed, the time is more than 300 s from now, the body breaks off, or what was signed is no event |
 * | 401 | the signature is wrong |
 * | 405 | it is no POST |
 * | 408 | the body does not come in time |
 * | 413 | the body is larger than 64 KiB |
 * | 502 | GitHub did not start anything, or not in time, or there was no token: `onError` is called with the reason |
 * | 503 | one of GitHub's limits is reached; `Retry-After` says for how long |
 *
 * A delivery counts as seen once it is dispatched. Two at once are one dispatch in one process; of
 * several processes each may send one, which a workflow that retrieves the batch bears.
 *
 * @throws {TypeError} when an option cannot work, so that a wrong setting is seen at the start
 * @example
 * ```ts
 * import { createWebhookHandler } from "openai-batch-action/webhook";
 *
 * const handle = createWebhookHandler({
 *   secret: process.env.OPENAI_WEBHOOK_SECRET ?? "",
 *   repository: "octo-org/evaluations",
 *   githubToken: process.env.DISPATCH_TOKEN ?? "",
 *   onError: (error) => console.error(error.message),
 * });
 *
 * const answer = await handle(new Request("https://hooks.example/openai"));
 * console.log(answer.status, answer.headers.get("allow")); // 405 POST
 * ```
 */
export function createWebhookHandler(
  options: WebhookOptions,
): (request: Request) => Promise<Response> {
  const { clock = hostClock, timeout = 10_000 } = options;
  const isSigned = signatureCheck(options.secret);
  const carryOut = carrier(options);
  const once = sharedById<Result>();

  return async (request) => {
    if (request.method !== "POST") return answer(405, "not a POST", { allow: "POST" });
    const delivery = readDelivery(request.headers);
    if (delivery === undefined) return answer(400, "a webhook header is missing or malformed");
    if (!isFresh(delivery, clock.now())) return answer(400, "the timestamp is too old or too new");
    const body = await readBody(request, clock.timeout(timeout));
    if (typeof body === "string") return answer(bodyStatus[body], `the body is ${body}`);
    if (!isSigned(delivery, body.text)) return answer(401, "the signature is wrong");
    const event = readEvent(body.text);
    if (event === "unreadable") return answer(400, "the body is no event");
    if (event === "ignored") return answer(200, event);
    return answerTo(await once(delivery.id, async () => carryOut(event, delivery)));
  };
}

const bodyStatus: Readonly<Record<BodyProblem, number>> = {
  "too large": 413,
  "no text": 400,
  "broken off": 400,
  "too slow": 408,
};

/** What became of a delivery. */
type Result = "dispatched" | "repeated" | WebhookError;

function answerTo(result: Result): Response {
  if (typeof result === "string") return answer(200, result);
  return result.retryAfter === undefined
    ? answer(502, "failed")
    : answer(503, "failed", { "retry-after": String(result.retryAfter) });
}

/**
 * What is done for an event, with its options checked.
 *
 * @throws {TypeError} when an option cannot work
 */
function carrier(options: WebhookOptions): (event: WebhookEvent, by: Delivery) => Promise<Result> {
  const { eventType = "openai-batch", store = memoryStore(), clock = hostClock } = options;
  if (eventType === "" || eventType.length > 100) {
    throw new TypeError("eventType must have 1 to 100 characters.");
  }
  const target: Target = {
    url: dispatchesUrl(options.githubApiUrl ?? "https://api.github.com", options.repository),
    eventType,
    token: checkedToken(options.githubToken),
    // Called as a method of anything else, some hosts' fetch throws.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: () => clock.now(),
  };
  return async (event, { id }) => {
    const limit = () => clock.timeout(options.timeout ?? 10_000);
    const storeFailed = (error: unknown) => {
      options.onError?.(storeError(error, event, id));
      return false;
    };
    // A delivery that may have been seen is rather dispatched twice than lost.
    if (await inTime(() => store.has(id), limit()).catch(storeFailed)) return "repeated";
    try {
      await dispatch(target, event, id, limit());
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      options.onError?.(error);
      return error;
    }
    await inTime(() => store.add(id, remembered), limit()).catch(storeFailed);
    return "dispatched";
  };
}

const hostClock = { now: () => Date.now(), timeout: (ms: number) => AbortSignal.timeout(ms) };

function answer(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  });
}

function storeError(error: unknown, { batchId }: WebhookEvent, webhookId: string): WebhookError {
  return new WebhookError(
    `The store of deliveries failed (${kindOf(error)}); a repeat of this one may start a workflow again.`,
    { code: "store_failed", batchId, webhookId },
  );
}
