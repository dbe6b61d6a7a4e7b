import { adviceFor } from "./advice.ts";
import { nameOfCall, retryAfterOf, shouldRetryOf } from "./answer-headers.ts";
import type { AnswerReading, RawAnswer } from "./answer.ts";
import { type ErrorFields, errorFields, errorFieldsOfText, pageNamed } from "./error-fields.ts";
import { errorInSuccess, severityOf } from "./error-in-success.ts";
import { APIError, type ErrorDetails } from "./errors.ts";
import { kindOf } from "./foreign-text.ts";
import { parseJson } from "./json.ts";
import { safeHeaders } from "./safe-headers.ts";

const same = (text: string) => text;

/** The error that an answer with another status than a success stands for. */
export function refusal(answer: RawAnswer, reading: AnswerReading): APIError {
  const { redact = same, advise = adviceFor } = reading;
  const { call, status, body } = answer;
  const parsed = parseJson(body);
  const page = parsed === undefined && kindOf(body) === "a web page (HTML)";
  const fields =
    parsed === undefined ? errorFieldsOfText(body, redact) : errorFields(parsed.value, redact);
  const named = [status, fields.code ?? fields.type].filter((part) => part !== undefined).join(" ");
  const what = page ? `${named} and ${pageNamed(body, redact)}` : named;
  const advice =
    page && (status === 401 || status === 403)
      ? "That is no answer of the API but of a gateway or proxy in front of it; check the base URL and the network, and run again."
      : advise(status, fields.code, fields.message);
  const details = detailsOf(answer, reading);
  return new APIError(
    `${call} was answered with ${what}${identified(details)}${said(fields)} ${advice}`,
    {
      ...details,
      ...wordsOf(fields),
      status,
      page,
      ...(isDoneAlready(status, fields) ? { outcomeUnknown: true } : {}),
    },
  );
}

/** A conflict with what is there already: a proxy that has sent the same call twice made the first one. */
function isDoneAlready(status: number, { code, type, message }: ErrorFields): boolean {
  const words = [code, type, message].join(" ");
  return status === 409 && /\balready\b|duplicat|\bexists\b|idempoten/i.test(words);
}

/**
 * The error that stands in the body of a success, if there is one. Its status is the one that the
 * body names, else that of the answer.
 */
export function refusalInSuccess(
  answer: RawAnswer,
  value: unknown,
  reading: AnswerReading,
): APIError | undefined {
  const { redact = same, advise = adviceFor } = reading;
  const fields = errorInSuccess(value, redact);
  if (fields === undefined) return undefined;
  const details = { ...detailsOf(answer, reading), ...wordsOf(fields) };
  const known = [fields.status?.toString(), fields.code ?? fields.type];
  const named = [...new Set(known)].filter((part) => part !== undefined).join(" ");
  const what = named === "" ? "" : ` (${named})`;
  const text = (advice: string) =>
    `${answer.call} was answered with ${answer.status}, but its body is an error${what}${identified(details)}${said(fields)} ${advice}`;
  if (fields.status !== undefined) {
    return new APIError(text(advise(fields.status, fields.code, fields.message)), {
      ...details,
      status: fields.status,
    });
  }
  const { transient, refused } = severityOf(fields);
  return new APIError(text(advise(transient ? 500 : 400, fields.code, fields.message)), {
    ...details,
    status: answer.status,
    shouldRetry: details.shouldRetry ?? transient,
    outcomeUnknown: !refused,
  });
}

function identified({ requestID }: ErrorDetails): string {
  return requestID === undefined ? "" : ` (request id ${requestID})`;
}

/** What every error of an answer carries of it. */
export function detailsOf(
  answer: RawAnswer,
  { clock, redact = same }: AnswerReading,
): ErrorDetails {
  const { headers } = answer;
  return {
    requestID: nameOfCall(headers, redact),
    headers: safeHeaders(headers, redact),
    retryAfter: retryAfterOf(headers, clock),
    shouldRetry: shouldRetryOf(headers),
  };
}

function wordsOf({ code, type, param }: ErrorFields): ErrorDetails {
  return { code, type, param };
}

function said({ message }: ErrorFields): string {
  if (message === undefined) return ".";
  return /[.!?]$/.test(message) ? `: ${message}` : `: ${message}.`;
}
