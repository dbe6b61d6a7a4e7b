import { redactor } from "../api/auth.ts";
import { isLoopback } from "../api/base-url.ts";
import { limitPause } from "../api/github-limit.ts";
import { WebhookError, type WebhookErrorCode } from "./errors.ts";
import type { WebhookEvent } from "./event.ts";
import { inTime } from "./in-time.ts";

/** What a workflow is started with. */
export interface Target {
  /** Where the dispatches of the repository are sent. */
  readonly url: string;
  readonly eventType: string;
  readonly token: GitHubToken;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type GitHubToken = string | (() => string | Promise<string>);

/** The address of a repository's dispatches. @throws {TypeError} when it cannot be one */
export function dispatchesUrl(githubApiUrl: string, repository: unknown): string {
  const base = URL.canParse(githubApiUrl) ? new URL(githubApiUrl) : undefined;
  const secure =
    base?.protocol === "https:" || (base?.protocol === "http:" && isLoopback(base.hostname));
  if (base === undefined || !secure || base.username !== "" || base.search !== "") {
    throw new TypeError(
      "githubApiUrl must be an https URL, as https://api.github.com or https://HOST/api/v3.",
    );
  }
  const name = typeof repository === "string" ? repository : "";
  const parts = name.split("/");
  if (parts.length !== 2 || !parts.every((part) => /^(?!\.{1,2}$)[\w.-]+$/.test(part))) {
    throw new TypeError("repository must be owner/name.");
  }
  return `${base.href.replace(/\/+$/, "")}/repos/${name}/dispatches`;
}

/** A token, or what gives one. @throws {TypeError} when it is neither, as an unset variable is */
export function checkedToken(token: unknown): GitHubToken {
  // What the function gives is looked at with each dispatch.
  if (typeof token === "function") return token as Exclude<GitHubToken, string>;
  if (typeof token === "string" && isToken(token.trim())) return token;
  const what =
    token === undefined || token === null || token === ""
      ? "githubToken is missing"
      : "githubToken is not a token";
  throw new TypeError(
    `${what}. Give it one with Contents: write on the repository (check that the host's secret or variable is set), or a function that gives one.`,
  );
}

/** The platform's own error for a wrong header repeats its value, which is the token. */
function isToken(text: string): boolean {
  return /^[!-~]+$/.test(text);
}

type ErrorMaker = (code: WebhookErrorCode, message: string, answer?: Refused) => WebhookError;

interface Refused {
  readonly status: number;
  readonly requestID: string | undefined;
  /** Milliseconds. */
  readonly pause?: number | undefined;
}

/**
 * Starts the workflows of a repository that listen to `repository_dispatch`.
 *
 * @throws {WebhookError} unless GitHub says that it did
 */
export async function dispatch(
  target: Target,
  event: WebhookEvent,
  webhookId: string,
  signal: AbortSignal,
): Promise<void> {
  const failure: ErrorMaker = (code, message, answer) =>
    new WebhookError(message, {
      code,
      batchId: event.batchId,
      webhookId,
      status: answer?.status,
      requestID: answer?.requestID,
      retryAfter: answer?.pause === undefined ? undefined : Math.ceil(answer.pause / 1000),
    });
  const token = await tokenOf(target, signal, failure);
  const clean = redactor(() => [token]);
  const request = requestOf(target, event, { webhookId, token, signal });
  const answer = await inTime(() => target.fetch(target.url, request), signal).catch(
    (error: unknown) => {
      const why = signal.aborted ? "in time" : `(${clean(reasonOf(error))})`;
      throw failure(
        "github_unreachable",
        `GitHub did not answer ${why}; the delivery comes again.`,
      );
    },
  );
  // The only answer that says that the event was taken.
  if (answer.status === 204) return;
  const said = clean(await messageOf(answer, signal));
  throw refusalOf({ target, answer, said, failure });
}

function requestOf(
  target: Target,
  event: WebhookEvent,
  {
    webhookId,
    token,
    signal,
  }: { readonly webhookId: string; readonly token: string; readonly signal: AbortSignal },
): RequestInit {
  return {
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
  };
}

async function tokenOf(
  { token }: Pick<Target, "token">,
  signal: AbortSignal,
  failure: ErrorMaker,
): Promise<string> {
  let given: unknown;
  try {
    given = typeof token === "string" ? token : await inTime(token, signal);
  } catch (error) {
    const why = signal.aborted ? "in time" : `(${kindOf(error)})`;
    throw failure("no_token", `githubToken gave no token ${why}.`);
  }
  const clean = typeof given === "string" ? given.trim() : "";
  if (!isToken(clean)) {
    throw failure("no_token", "githubToken gave nothing, or more than a token.");
  }
  return clean;
}

function refusalOf({
  target,
  answer,
  said,
  failure,
}: {
  readonly target: Target;
  readonly answer: Response;
  readonly said: string;
  readonly failure: ErrorMaker;
}): WebhookError {
  const { status } = answer;
  const requestID = answer.headers.get("x-github-request-id") ?? undefined;
  const headers = Object.fromEntries(answer.headers);
  const pause = limitPause({ status, said, headers }, target.now());
  const what = `POST ${new URL(target.url).pathname} was answered with ${status}${said === "" ? "" : `: ${said}`}.`;
  return pause === undefined
    ? failure("github_refused", `${what} ${adviceFor(status)}`, { status, requestID })
    : failure(
        "github_limit",
        `${what} GitHub's limit of calls is reached; the delivery comes again.`,
        {
          status,
          requestID,
          pause,
        },
      );
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

/** GitHub's message; empty where the body has none, breaks off or does not end in time. */
async function messageOf(answer: Response, signal: AbortSignal): Promise<string> {
  const text = await inTime(() => answer.text(), signal).catch(() => "");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("message" in value)) return "";
    const line = String(value.message).replaceAll(/\s+/g, " ").slice(0, 300);
    return line.replace(/[.\s]+$/, "");
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
    default:
      if (status === 0 || (status >= 300 && status < 400)) {
        return "The repository has moved; give its new owner/name.";
      }
      return status < 300
        ? "GitHub answers a dispatch with 204, so something else has answered; check githubApiUrl."
        : "GitHub has a problem; the delivery comes again.";
  }
}
