import { APIError, DeadlineError } from "./errors.ts";

/** A call, or the retry that it needs, does not fit before its deadline. */
export function deadlineError(
  call: string,
  {
    inFlight,
    cause,
    delay = 0,
  }: { readonly inFlight: boolean; readonly cause?: APIError; readonly delay?: number },
): DeadlineError {
  const asked =
    cause?.retryAfter === undefined ? "" : ` The server asks to wait ${durationOf(delay)}.`;
  const why = cause === undefined ? "" : `${asked} The last answer: ${cause.message}`;
  return new DeadlineError(`${call} could not be done before the deadline.${why}`, {
    status: cause?.status,
    requestID: cause?.requestID,
    headers: cause?.headers,
    page: cause?.page,
    cause,
    inFlight,
  });
}

/** Nobody set a deadline, and yet nobody expects that a call takes hours. */
export function pauseTooLong(cause: APIError, delay: number): APIError {
  return new APIError(
    `${cause.message} It asks to wait ${durationOf(delay)} before another try, which is longer than a call without a deadline waits. Run again then.`,
    {
      code: cause.code ?? "retry_after_too_long",
      status: cause.status,
      type: cause.type,
      param: cause.param,
      requestID: cause.requestID,
      headers: cause.headers,
      page: cause.page,
      retryAfter: delay,
      shouldRetry: false,
      outcomeUnknown: cause.outcomeUnknown,
      cause,
    },
  );
}

function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
