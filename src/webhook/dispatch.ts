import { redactor } from "../api/auth.ts";
import { isLoopback } from "../api/base-url.ts";
import { WebhookError, type WebhookErrorCode } from "./errors.ts";
import type { BatchEvent } from "./event.ts";

/** What a workflow is started with. */
export interface Target {
  /** Where the dispatches of the repository are sent. */
  readonly url: string;
  readonly eventType: string;
  readonly token: string | (() => string | Promise<string>);
  readonly fetch: typeof globalThis.fetch;
}

/** The address of a repository's dispatches. @throws {TypeError} when it cannot be one */
export function dispatchesUrl(githubApiUrl: string, repository: string): string {
  const base = URL.canParse(githubApiUrl) ? new URL(githubApiUrl) : undefined;
  const secure =
    base?.protocol === "https:" || (base?.protocol === "http:" && isLoopback(base.hostname));
  if (base === undefined || !secure || base.username !== "" || base.search !== "") {
    throw new TypeError(
      "githubApiUrl must be an https URL, as https://api.github.com or https://HOST/api/v3.",
    );
  }
  const parts = repository.split("/");
  if (parts.length !== 2 || !parts.every((part) => /^(?!\.{1,2}$)[\w.-]+$/.test(part))) {
    throw new TypeError("repository must be owner/name.");
  }
  return `${base.href.replace(/\/+$/, "")}/repos/${repository}/dispatches`;
}

/**
 * Starts the workflows of a repository that listen to `repository_dispatch`.
 *
 * @throws {WebhookError} when GitHub did not say that it did
 */
export async function dispatch(
  target: Target,
  event: BatchEvent,
  webhookId: string,
  signal: AbortSignal,
): Promise<void> {
  const failure = (code: WebhookErrorCode, message: string, answer?: Response) =>
    new WebhookError(message, {
      code,
      batchId: event.batchId,
      webhookId,
      status: answer?.status,
      requestID: answer?.headers.get("x-github-request-id") ?? undefined,
    });
  const token = await tokenOf(target, signal, (why) => failure("no_token", why));
  const clean = redactor(() => [token]);
  const answer = await target
    .fetch(target.url, {
      method: "POST",
      // A redirect to another host would take the token along on some hosts.
      redirect: "manual",
      signal,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "user-agent": "openai-batch-action",
        "x-github-api-version": "2022-11-28",
      },
      body: JSON.stringify({
        event_type: target.eventType,
        client_payload: {
          batch_id: event.batchId,
          type: event.type,
          created_at: event.createdAt,
          webhook_id: webhookId,
        },
      }),
    })
    .catch((error: unknown) => {
      const why = signal.aborted ? "in time" : `(${clean(reasonOf(error))})`;
      throw failure(
        "github_unreachable",
        `GitHub did not answer ${why}; the delivery comes again.`,
      );
    });
  if (answer.ok) {
    await answer.body?.cancel();
    return;
  }
  const said = clean(await messageOf(answer));
  throw failure(
    "github_refused",
    `POST ${new URL(target.url).pathname} was answered with ${answer.status}${said}. ${adviceFor(answer.status)}`,
    answer,
  );
}

async function tokenOf(
  { token }: Target,
  signal: AbortSignal,
  failure: (why: string) => WebhookError,
): Promise<string> {
  let given: string;
  try {
    given = typeof token === "string" ? token : await inTime(token(), signal);
  } catch (error) {
    const why = signal.aborted ? "in time" : `(${kindOf(error)})`;
    throw failure(`githubToken gave no token ${why}.`);
  }
  const clean = given.trim();
  // The platform's own error for a wrong header repeats its value, which is the token.
  if (!/^[!-~]+$/.test(clean)) throw failure("githubToken is empty or holds more than a token.");
  return clean;
}

/** Settles as the work does, or rejects when the signal aborts before it. */
export async function inTime<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const end = new Promise<never>((_, reject) => {
    stop = () => {
      reject(new Error("The time was up."));
    };
    signal.addEventListener("abort", stop);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, end]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Of an error that a caller's own code threw, which may hold anything. */
export function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return kindOf(error);
  const { cause } = error;
  const code: unknown = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : error.message;
}

async function messageOf(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => "");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("message" in value)) return "";
    const line = String(value.message).replaceAll(/\s+/g, " ").slice(0, 300);
    return `: ${line.replace(/[.\s]+$/, "")}`;
  } catch {
    return "";
  }
}

function adviceFor(status: number): string {
  switch (status) {
    case 401:
      return "The token is wrong, expired or revoked; make a new one.";
    case 403:
    case 404:
      return "Check the repository's name, and that the token may write to its contents (Contents: write), which repository_dispatch needs; an organization may have to approve the token.";
    case 422:
      return "Check the event type (at most 100 characters), and that the token has Contents: write.";
    case 429:
      return "GitHub asks for fewer calls; the delivery comes again.";
    default:
      return status === 0 || (status >= 300 && status < 400)
        ? "The repository has moved; give its new owner/name."
        : "GitHub has a problem; the delivery comes again.";
  }
}
