import type { Clock } from "../../api/clock.ts";
import { APIConnectionError, APIError } from "../../api/errors.ts";
import { isFields } from "../../api/json.ts";
import { type RetriedCall, withRetries } from "../../api/retry.ts";
import type { CallOptions } from "../../api/types.ts";
import { askedPause, limitPause } from "../../api/github-limit.ts";
import { loadOctokit, type Octokit } from "./octokit.ts";
import { type GitHubCall, refusalCode, refusalMessage } from "./refusal.ts";

/** How calls to GitHub are made. */
export interface CallerSettings {
  readonly token: string;
  readonly apiUrl: string;
  /** Whether the run is a fork's pull request. */
  readonly fork: boolean;
  readonly clock: Clock;
  /** Tries after the first, per call; defaults to 4. */
  readonly maxRetries?: number | undefined;
}

type SendOptions = CallOptions & Pick<RetriedCall, "retry" | "grace">;

/**
 * Makes one call, with retries.
 *
 * @throws {APIError} when GitHub refuses, in words that say what is missing
 */
export type Send = <T>(
  call: GitHubCall,
  options: SendOptions,
  request: (octokit: Octokit, ending: { readonly signal: AbortSignal }) => Promise<T>,
) => Promise<T>;

/** Milliseconds without an answer after which a call is given up. */
const attemptTimeout = 15_000;

/** Calls GitHub. Its client is loaded with the first call. */
export function gitHubCaller(settings: CallerSettings): Send {
  const { clock, token, apiUrl } = settings;
  let loaded: Promise<Octokit> | undefined;
  return async (call, options, request) => {
    let limited = 0;
    return withRetries(
      async (signal) => {
        loaded ??= loadOctokit(token, apiUrl);
        const octokit = await loaded;
        const silence = clock.timeout(attemptTimeout);
        const ending = AbortSignal.any([silence, ...(signal === undefined ? [] : [signal])]);
        try {
          return await request(octokit, { signal: ending });
        } catch (error) {
          signal?.throwIfAborted();
          const failure = failureOf(call, error, settings, limited);
          if (failure instanceof APIError && failure.code === limitCode) limited += 1;
          throw failure;
        }
      },
      { ...options, call: `GitHub: ${call.purpose}` },
      { clock, random: Math.random, maxRetries: settings.maxRetries ?? 4 },
    );
  };
}

const limitCode = "github_limit";
const longestMessage = 300;

/** Octokit's errors hold the request with its token, so only what they say goes on. */
function failureOf(
  call: GitHubCall,
  error: unknown,
  { fork, clock }: Pick<CallerSettings, "fork" | "clock">,
  limited: number,
): unknown {
  if (!(error instanceof Error)) return error;
  const response = "response" in error && isFields(error.response) ? error.response : undefined;
  const status = response?.["status"];
  if (typeof status !== "number") {
    const code = codeOf(error) ?? "no answer";
    const sent = !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code);
    return new APIConnectionError(
      `GitHub could not be asked to ${call.purpose} (${code}). Check the network.`,
      { code, sent },
    );
  }
  const said = wordsOf(response?.["data"]);
  const headers = isFields(response?.["headers"]) ? response["headers"] : {};
  const pause = limitPause({ status, said, headers }, clock.now(), limited);
  if (pause !== undefined) {
    return new APIError(
      `GitHub did not ${call.purpose}: its limit of calls is reached (${[status, said].filter(Boolean).join(": ")}).`,
      { status, code: limitCode, retryAfter: pause, shouldRetry: true },
    );
  }
  return new APIError(refusalMessage(call, { status, said, fork }), {
    status,
    code: refusalCode(status, said),
    retryAfter: askedPause(headers),
  });
}

/** GitHub's message, with those of the single errors that `Validation Failed` stands for. */
function wordsOf(body: unknown): string {
  if (!isFields(body)) return "";
  const details: readonly unknown[] = Array.isArray(body["errors"]) ? body["errors"] : [];
  const words = [body, ...details].map((part) =>
    isFields(part) && typeof part["message"] === "string" ? part["message"] : "",
  );
  return words.filter(Boolean).join(": ").replace(/\s+/g, " ").slice(0, longestMessage);
}

/** The system's code of a failed connection, which stands some causes down. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
    if (cause.name === "TimeoutError") return "ETIMEDOUT";
  }
  return undefined;
}
