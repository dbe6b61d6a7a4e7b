import type { IncomingHttpHeaders } from "node:http";

import { adviceFor } from "./advice.ts";
import type { Clock } from "./clock.ts";
import { type APIError, answerError, UnreadableAnswerError } from "./errors.ts";

/** An answer as it came, before anything is made of it. */
export interface RawAnswer {
  /** As messages name it: `GET /batches/batch_1`. */
  readonly call: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One sentence on what to do about an answer with a status and an error code. */
export type Advise = (status: number, code: string | undefined) => string;

/**
 * The JSON of a success.
 *
 * @param redact takes secrets out of what the server says
 * @param advise says what to do about a status that is none
 * @throws {APIError} for a status that is none
 * @throws {UnreadableAnswerError} for a success that is not JSON
 */
export function readAnswer(
  answer: RawAnswer,
  clock: Clock,
  redact: (text: string) => string = (text) => text,
  advise: Advise = adviceFor,
): unknown {
  const { call, status, headers, body } = answer;
  if (!isSuccess(status)) throw refusal(answer, clock, redact, advise);
  const parsed = parseJson(body);
  if (parsed !== undefined) return parsed.value;
  const requestID = requestIdOf(headers);
  const named = requestID === undefined ? "no request id" : `request id ${requestID}`;
  throw new UnreadableAnswerError(
    `${call} was answered with ${status} and ${kindOf(body)} (${named}). ` +
      "Check that the base URL is the API's own address (it usually ends in /v1) and that no proxy answers in its place.",
    { code: "unreadable_answer", status, requestID, success: false },
  );
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** The error that an answer with another status than a success stands for. */
export function refusal(
  { call, status, headers, body }: RawAnswer,
  clock: Clock,
  redact: (text: string) => string = (text) => text,
  advise: Advise = adviceFor,
): APIError {
  return answerError(
    call,
    status,
    parseJson(body)?.value,
    { redact, advise },
    {
      requestID: requestIdOf(headers),
      retryAfter: retryAfterOf(headers, clock),
      shouldRetry: shouldRetryOf(headers),
    },
  );
}

export function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers["x-request-id"] ?? headers["apim-request-id"];
  return Array.isArray(id) ? id[0] : id;
}

function kindOf(body: string): string {
  if (body.trim() === "") return "nothing";
  return /^\s*</.test(body) ? "a web page (HTML)" : "text that is no whole JSON";
}

function parseJson(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}

function shouldRetryOf(headers: IncomingHttpHeaders): boolean | undefined {
  const value = headers["x-should-retry"];
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** Milliseconds; `retry-after` is a number of seconds or a date. */
function retryAfterOf(headers: IncomingHttpHeaders, clock: Clock): number | undefined {
  const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const after = headers["retry-after"];
  if (after === undefined) return undefined;
  const wait = /^[\d.]+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - clock.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
