import pRetry from "p-retry";

import type { Clock } from "./clock.ts";
import { finalCodes } from "./final-codes.ts";
import { APIConnectionError, APIError, UnreadableAnswerError } from "./errors.ts";
import { deadlineError, pauseTooLong } from "./retry-errors.ts";
import type { CallOptions } from "./types.ts";

/** A failed attempt that is followed by another one. */
export interface RetryEvent {
  /** The call as messages name it: `GET /batches/batch_1`. */
  readonly call: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly delay: number;
  readonly error: APIError;
}

/** What the rule of trying again goes by. */
export interface RetrySettings {
  readonly clock: Clock;
  /** Between 0 and 1, as `Math.random`. */
  readonly random: () => number;
  readonly maxRetries: number;
  /** Milliseconds that a call waits at most because the server asks for it; by default ten minutes, or until its deadline. */
  readonly maxRetryAfter?: number | undefined;
  /** Called with every failed attempt that is followed by another. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

export interface RetriedCall extends CallOptions {
  readonly call: string;
  /**
   * `refusals` for a call that costs money each time it is done: it is sent again only after an
   * answer, or a failure to connect, that shows that nothing was done.
   */
  readonly retry?: "always" | "refusals" | undefined;
  /**
   * Milliseconds for which an attempt on the wire still gets its answer after the signal has
   * aborted; no further one is made.
   */
  readonly grace?: number | undefined;
  /** 409 is final for a call whose conflict does not go away, such as the cancel of a finished batch. */
  readonly conflictIsFinal?: boolean | undefined;
}

const firstPause = 500;
const longestPause = 30_000;
const defaultMaxRetryAfter = 600_000;

/** A certificate that is wrong, or a header that cannot be sent, is so on the next attempt too. */
export function isFinal({ code = "" }: APIError): boolean {
  return (
    finalCodes.has(code) ||
    /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_INVALID|ERR_HTTP_INVALID)/.test(code)
  );
}

/**
 * The one place that decides whether a failed call is sent again.
 *
 * 408, 409, 429, 5xx but for 501 (the server has no such call), network faults and unreadable answers are
 * transient, and so is a 401 or 403 that is a gateway's web page and not the API's answer. `x-should-retry` wins over the status, and a used-up
 * quota (a 429 too) over both.
 */
export function isTransient(error: unknown): error is APIError {
  if (!(error instanceof APIError)) return false;
  if (isFinal(error)) return false;
  if (error.shouldRetry !== undefined) return error.shouldRetry;
  if (error instanceof APIConnectionError || error instanceof UnreadableAnswerError) return true;
  const { status = 0 } = error;
  if (error.page && (status === 401 || status === 403)) return true;
  if (status === 501) return false;
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * Milliseconds to wait before the next attempt: what the server asks for, else a
 * random part of a bound that doubles with each attempt (full jitter).
 */
export function pauseBefore(error: APIError, attempt: number, random: () => number): number {
  if (error.retryAfter !== undefined) return error.retryAfter;
  return Math.round(random() * Math.min(longestPause, firstPause * 2 ** (attempt - 1)));
}

/**
 * Runs `attempt` until it succeeds, fails with a permanent error, has used up its tries, or would have to wait
 * past the deadline. The attempt gets a signal that ends it when the caller's signal aborts or the
 * deadline comes.
 */
export async function withRetries<T>(
  attempt: (signal: AbortSignal | undefined) => Promise<T>,
  call: RetriedCall,
  settings: RetrySettings,
): Promise<T> {
  const { clock, random, onRetry } = settings;
  const { signal, deadline } = call;
  const retries = call.maxRetries ?? settings.maxRetries;

  const mayRepeat = (error: APIError): boolean => {
    if (!isTransient(error)) return false;
    if (error.status === 409 && call.conflictIsFinal === true) return false;
    return call.retry !== "refusals" || !error.outcomeUnknown;
  };

  // The signal is kept from p-retry: it would throw away the answer of a call that was done.
  return pRetry(async () => attemptUntil(attempt, call, clock), {
    retries,
    minTimeout: 0,
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!(error instanceof APIError) || !mayRepeat(error)) return false;
      const delay = pauseBefore(error, attemptNumber, random);
      if (clock.now() + delay >= (deadline ?? Number.POSITIVE_INFINITY)) {
        throw deadlineError(call.call, { inFlight: error.outcomeUnknown, cause: error, delay });
      }
      if (delay > longestPauseOf(settings, deadline)) throw pauseTooLong(error, delay);
      onRetry?.({ call: call.call, attempt: attemptNumber, delay, error });
      await clock.sleep(delay, signal);
      return true;
    },
  });
}

/** A deadline bounds every pause, so only a bound of the caller's own holds beside it. */
function longestPauseOf({ maxRetryAfter }: RetrySettings, deadline: number | undefined): number {
  if (maxRetryAfter !== undefined) return maxRetryAfter;
  return deadline === undefined ? defaultMaxRetryAfter : Number.POSITIVE_INFINITY;
}

async function attemptUntil<T>(
  attempt: (signal: AbortSignal | undefined) => Promise<T>,
  { call, signal, deadline, grace = 0 }: RetriedCall,
  clock: Clock,
): Promise<T> {
  signal?.throwIfAborted();
  if (clock.now() >= (deadline ?? Number.POSITIVE_INFINITY)) {
    throw deadlineError(call, { inFlight: false });
  }
  const settled = new AbortController();
  const byCaller =
    grace > 0 && signal !== undefined ? afterGrace(signal, grace, clock, settled.signal) : signal;
  const byDeadline = deadline === undefined ? undefined : clock.timeout(deadline - clock.now());
  const signals = [byCaller, byDeadline].filter((one) => one !== undefined);
  try {
    return await attempt(signals.length > 1 ? AbortSignal.any(signals) : signals[0]);
  } catch (error) {
    if (byDeadline?.aborted === true && signal?.aborted !== true) {
      throw deadlineError(call, { inFlight: true });
    }
    throw error;
  } finally {
    settled.abort();
  }
}

/** A signal that follows another one `grace` milliseconds later, as long as `until` has not aborted. */
export function afterGrace(
  signal: AbortSignal,
  grace: number,
  clock: Clock,
  until: AbortSignal = new AbortController().signal,
): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    controller.abort(signal.reason);
  };
  const follow = () => {
    clock.timeout(grace).addEventListener("abort", abort);
  };
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { signal: until });
  return controller.signal;
}
