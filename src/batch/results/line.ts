import { isSuccess } from "../../api/answer.ts";
import { isErrorBody } from "../../api/error-in-success.ts";
import { kindOf } from "../../api/foreign-text.ts";
import { type Fields, isFields } from "../../api/json.ts";
import { statusOfWord } from "../../api/status-words.ts";
import { errorWords, type Failure, failureBy, statusOf } from "./failure.ts";
import { jsonOf } from "./json.ts";
import { type TokenUsage, usageOf } from "./usage.ts";

/** What one line of an output or error file says about its request. */
export interface ResultLine {
  readonly customId: string | undefined;
  /** `undefined` for an answered request. */
  readonly failure: Failure | undefined;
  readonly usage: TokenUsage | undefined;
  /** What the line, or its response, answers with; a body that is a JSON text is opened. */
  readonly body: unknown;
  /** What stands under the line's `error`. */
  readonly error: unknown;
  /** The model that answered, as the answer names it. */
  readonly model: string | undefined;
  /** Whether anything of a result was found: an id, a response, or an error beside an id. */
  readonly readable: boolean;
}

const unreadable: ResultLine = {
  customId: undefined,
  failure: {
    state: "unknown",
    code: "unreadable_line",
    message: "Its line could not be read.",
  },
  usage: undefined,
  body: undefined,
  error: undefined,
  model: undefined,
  readable: false,
};

/** A line taken apart, as the tests below see it. */
interface Parts {
  /** What stands under `error`. */
  readonly error: unknown;
  /** `undefined` where there is none. */
  readonly response: Fields | undefined;
  readonly status: number | undefined;
  /** As the server sent it; a JSON text is opened. */
  readonly body: unknown;
}

/**
 * Reads one result line. A request succeeded when its HTTP status is 2xx and neither the line nor its
 * body holds an error, whichever file the line is in: servers put failures into the output file too,
 * count a status of 0 as completed (ellmer#830), and answer 200 for what failed behind them.
 *
 * @param text the same line, where it has been read as text
 */
export function readResultLine(bytes: Buffer, text = bytes.toString("utf8")): ResultLine {
  const line = jsonOf(text);
  if (!isFields(line)) return unreadable;
  const customId = lineIdOf(line, text);
  const parts = partsOf(line);
  if (customId === undefined && parts.response === undefined) return unreadable;
  if (saysNothing(line, parts)) return { ...unreadable, customId };
  const { body, error } = parts;
  return {
    customId,
    failure: failureOf(parts),
    usage: usageOf(body),
    model: modelOf(body),
    body,
    error,
    readable: true,
  };
}

function modelOf(body: unknown): string | undefined {
  const model = isFields(body) ? body["model"] : undefined;
  return typeof model === "string" ? model : undefined;
}

/** The `custom_id` of a line, of a request or of a result; `undefined` where none can be read. */
export function customIdOf(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  const line = jsonOf(text);
  return isFields(line) ? lineIdOf(line, text) : undefined;
}

/** Some servers make a number of an id that looks like one, also of one with more digits than a number keeps. */
function lineIdOf({ custom_id: id }: Fields, text: string): string | undefined {
  if (typeof id === "string") return id;
  if (typeof id !== "number") return undefined;
  if (Number.isSafeInteger(id)) return String(id);
  const digits = [...text.matchAll(/"custom_id"\s*:\s*(-?\d+)(?![\d.eE])/g)].map(([, all]) => all);
  return digits.find((all) => Number(all) === id) ?? String(id);
}

/**
 * Whether a line tells nothing of how its request went: neither a response nor an error, or a response
 * that nobody can read. A line of the input is one of these; what it names may well be answered.
 */
function saysNothing(line: Fields, { response, error }: Parts): boolean {
  if (response !== undefined || errorWords(error) !== undefined) return false;
  return !("response" in line || "error" in line) || !isEmpty(line["response"]);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function partsOf(line: Fields): Parts {
  const response = responseOf(line);
  const body = response === undefined ? undefined : opened(response["body"]);
  return {
    error: line["error"] ?? line["errors"],
    response,
    status: response === undefined ? undefined : statusOf(response),
    body: body === undefined && isAnswer(response) ? response : body,
  };
}

/** The response, which some servers write as a text, or without the object around its fields. */
function responseOf(line: Fields): Fields | undefined {
  const response = opened(line["response"]);
  if (isFields(response)) return response;
  return line["body"] !== undefined &&
    (statusOf(line) !== undefined || isAnswer(opened(line["body"])))
    ? line
    : undefined;
}

/** llama-stack sends the body as a JSON text inside the JSON. */
function opened(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const inner = jsonOf(value);
  return isFields(inner) ? inner : value;
}

const answerFields = ["choices", "output", "data", "results"] as const;

/** Whether a body is what one of the endpoints answers with. */
function isAnswer(body: unknown): boolean {
  return isFields(body) && answerFields.some((name) => Array.isArray(body[name]));
}

/** Whether it has the form of an answer and nothing in it. */
function isHollow(body: unknown): boolean {
  return (
    isFields(body) &&
    answerFields.every((name) => !Array.isArray(body[name]) || body[name].length === 0)
  );
}

/** In this order: the first that finds a failure names it. */
const tests: readonly ((parts: Parts) => Failure | undefined)[] = [
  failsByError,
  failsWithoutResponse,
  failsByStatus,
  failsWithoutBody,
  failsByBody,
  failsByState,
  failsByChoices,
];

function failureOf(parts: Parts): Failure | undefined {
  for (const test of tests) {
    const failure = test(parts);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function failsByError({ error, status }: Parts): Failure | undefined {
  const words = errorWords(error);
  if (words === undefined) return undefined;
  const known = status === undefined || isSuccess(status) ? words.status : status;
  return failureBy(
    words.code ?? (words.status === undefined ? "error" : `http_${words.status}`),
    known,
  );
}

function failsWithoutResponse({ response }: Parts): Failure | undefined {
  return response === undefined
    ? { state: "failed", code: "no_response", transient: true }
    : undefined;
}

function failsByStatus({ status, body }: Parts): Failure | undefined {
  if (status !== undefined && isSuccess(status)) return undefined;
  const none = status === undefined || status === 0;
  // What is answered is not paid again for a status that was lost.
  if (none && isAnswer(body) && !(status === 0 && isHollow(body))) return undefined;
  const words = isFields(body) ? errorWords(body["error"] ?? body) : errorWords(body);
  if (none) {
    return words?.code === undefined
      ? { state: "failed", code: "status_0", transient: true }
      : failureBy(words.code, words.status);
  }
  return failureBy(words?.code ?? `http_${status}`, status);
}

function failsWithoutBody({ body }: Parts): Failure | undefined {
  return isEmpty(body) || isNoAnswer(body)
    ? { state: "failed", code: "no_body", transient: false }
    : undefined;
}

/** What no endpoint answers with: nothing, in any type, or the page of a gateway. */
function isNoAnswer(body: unknown): boolean {
  if (typeof body === "string") return kindOf(body) === "a web page (HTML)";
  if (Array.isArray(body)) return body.length === 0;
  return !isFields(body) || Object.keys(body).length === 0;
}

/** An error object in the place of an answer, as gateways and vLLM give with 200. */
function failsByBody({ body }: Parts): Failure | undefined {
  if (!isFields(body)) return undefined;
  const words = errorWords(body["error"] ?? (isErrorItself(body) ? wordsIn(body) : undefined));
  return words === undefined ? undefined : failureBy(words.code ?? "error", words.status);
}

function isErrorItself(body: Fields): boolean {
  if (body["object"] === "error" || body["type"] === "error") return true;
  return !isAnswer(body) && body["id"] === undefined && isErrorBody(body);
}

function wordsIn(body: Fields): unknown {
  return isFields(body["detail"]) ? body["detail"] : (body["errors"] ?? body);
}

/** A Responses object says by its own status how it went. */
function failsByState({ body }: Parts): Failure | undefined {
  const state = isFields(body) ? body["status"] : undefined;
  const known = typeof state === "string" ? statusOfWord(state) : undefined;
  if (known !== "failed" && known !== "cancelled") return undefined;
  return failureBy(`response_${known}`, undefined);
}

function failsByChoices({ body }: Parts): Failure | undefined {
  const choices: unknown = isFields(body) ? body["choices"] : undefined;
  if (!Array.isArray(choices) || choices.length === 0) return undefined;
  const failed = choices.filter(isFailedChoice);
  if (failed.length < choices.length) return undefined;
  const [first] = failed as readonly unknown[];
  const words = isFields(first) ? errorWords(first["error"]) : undefined;
  return failureBy(words?.code ?? "finish_reason_error", words?.status);
}

/** OpenRouter puts the reason beside the message, also without a word for the end. */
function isFailedChoice(choice: unknown): boolean {
  if (!isFields(choice)) return false;
  return choice["finish_reason"] === "error" || errorWords(choice["error"]) !== undefined;
}
