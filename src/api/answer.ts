import type { IncomingHttpHeaders } from "node:http";

import type { Advise } from "./advice.ts";
import type { Clock } from "./clock.ts";
import { pageNamed } from "./error-fields.ts";
import { UnreadableAnswerError } from "./errors.ts";
import { kindOf } from "./foreign-text.ts";
import { parseJson } from "./json.ts";
import { detailsOf, refusal, refusalInSuccess } from "./refusal.ts";

/** An answer as it came, before anything is made of it. */
export interface RawAnswer {
  /** As messages name it: `GET /batches/batch_1`. */
  readonly call: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How answers are read. */
export interface AnswerReading {
  readonly clock: Clock;
  /** Takes secrets out of what the server says. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Takes credentials out of the value of a success; ids it leaves. */
  readonly redactValue?: ((value: unknown) => unknown) | undefined;
  /** Says what to do about an error. */
  readonly advise?: Advise | undefined;
}

/**
 * The JSON of a success.
 *
 * @throws {APIError} for a status that is none, and for an error in the body of a success
 * @throws {UnreadableAnswerError} for a success that is not JSON
 */
export function readAnswer(answer: RawAnswer, reading: AnswerReading): unknown {
  if (!isSuccess(answer.status)) throw refusal(answer, reading);
  const parsed = parseJson(answer.body);
  if (parsed === undefined) throw unreadable(answer, reading);
  const error = refusalInSuccess(answer, parsed.value, reading);
  if (error !== undefined) throw error;
  return reading.redactValue === undefined ? parsed.value : reading.redactValue(parsed.value);
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function unreadable(answer: RawAnswer, reading: AnswerReading): UnreadableAnswerError {
  const { call, status, body } = answer;
  const kind = kindOf(body);
  const page = kind === "a web page (HTML)";
  const what = page
    ? pageNamed(body, reading.redact ?? ((text) => text))
    : kind === "text"
      ? "text that is no whole JSON"
      : kind;
  const details = detailsOf(answer, reading);
  const named =
    details.requestID === undefined ? "no request id" : `request id ${details.requestID}`;
  return new UnreadableAnswerError(
    `${call} was answered with ${status} and ${what} (${named}). ` +
      "Check that the base URL is the API's own address (it usually ends in /v1) and that no proxy answers in its place.",
    { ...details, code: "unreadable_answer", status, success: false, page },
  );
}
