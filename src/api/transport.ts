import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

import got, { RequestError } from "got";

import type { Advise } from "./advice.ts";
import { agentsByURL } from "./agents.ts";
import { nameOfCall } from "./answer-headers.ts";
import { type AnswerReading, isSuccess, readAnswer } from "./answer.ts";
import type { Clock } from "./clock.ts";
import { codeOf, connectionError } from "./connection-error.ts";
import { decoded } from "./content-encoding.ts";
import { type GotSettings, gotOptions } from "./got-options.ts";
import { refusal } from "./refusal.ts";
import type { UploadBody } from "./upload.ts";

/** One HTTP request of the API; sent once. */
export interface WireRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the base URL, with a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly json?: unknown;
  /** A chunk of the stream is not asked for before the one before it has gone out. */
  readonly upload?: UploadBody | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether the process may end before the answer has come: nobody waits for it. */
  readonly background?: boolean | undefined;
  /** Called right before the request goes out, when its headers and credential are there. */
  readonly onSend?: (() => void) | undefined;
}

/** What debugging may show of a request: neither headers nor bodies. */
export interface CallEvent {
  readonly method: string;
  readonly path: string;
  /** HTTP status, where an answer came. */
  readonly status: number | undefined;
  readonly requestID: string | undefined;
  /** Milliseconds until the answer was read, or its head where the body is streamed. */
  readonly ms: number;
  /** The error's code where no answer came. */
  readonly code?: string | undefined;
}

export interface TransportSettings {
  readonly baseURL: string;
  /** Milliseconds without an answer or a byte after which a request is given up. */
  readonly timeout: number;
  readonly clock: Clock;
  /** Called before each request with its signal, so that a token can be renewed. */
  readonly headers: (signal: AbortSignal | undefined) => Promise<Readonly<Record<string, string>>>;
  /** Takes everything secret out of a text from the server. */
  readonly redact: (text: string) => string;
  /** Takes credentials out of the value of a success. */
  readonly redactValue?: ((value: unknown) => unknown) | undefined;
  /** What to do about a refusal; defaults to the advice for the API's own calls. */
  readonly advise?: Advise | undefined;
  readonly onCall?: ((event: CallEvent) => void) | undefined;
}

/** A successful answer whose body is still to be read. */
export interface OpenAnswer {
  readonly status: number;
  /** As they came: a length is that on the wire, before `content-encoding` is undone. */
  readonly headers: IncomingHttpHeaders;
  readonly requestID: string | undefined;
  /** Decoded by its `content-encoding`. */
  readonly body: Readable;
}

/** The wire under a client: requests go in once, answers come out, nothing is tried again. */
export interface Transport {
  /** Sends a request and reads its answer as JSON. */
  json(request: WireRequest): Promise<unknown>;
  /** Sends a request and hands out the body as a stream once a success has been answered. */
  open(request: WireRequest): Promise<OpenAnswer>;
  /** The error for a stream of `open` that broke: cut, or silent for too long. */
  broken(request: WireRequest, answer: OpenAnswer, error: unknown): Error;
}

/**
 * HTTP on got, one request at a time: no retries here, and no meaning.
 *
 * @throws {APIError} `invalid_proxy` for a proxy of the environment that cannot be used
 */
export function createTransport(settings: TransportSettings): Transport {
  const { timeout, redact } = settings;
  const agentsFor = agentsByURL(timeout);
  // A proxy that cannot be used is an error before anything is done.
  agentsFor(new URL(settings.baseURL));
  const wired = { ...settings, agentsFor };
  return {
    json: async (request) => sendForJson(request, wired),
    open: async (request) => sendForStream(request, wired),
    broken: (request, answer, error) =>
      connectionError(error, { request, timeout, redact, requestID: answer.requestID }),
  };
}

type Wired = TransportSettings & GotSettings;

async function sendForJson(request: WireRequest, settings: Wired): Promise<unknown> {
  const options = await gotOptions(request, settings);
  request.onSend?.();
  const done = tracked(request, settings);
  try {
    const { statusCode, headers, body } = await got(settings.baseURL + request.path, {
      ...options,
      responseType: "text",
    });
    done({ status: statusCode, requestID: nameOfCall(headers, settings.redact) });
    const answer = { call: nameOf(request), status: statusCode, headers, body };
    return readAnswer(answer, readingOf(settings));
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { response } = error;
    const requestID =
      response === undefined ? undefined : nameOfCall(response.headers, settings.redact);
    done({ code: error.code, requestID });
    throw connectionError(error, { ...settings, request, requestID });
  }
}

async function sendForStream(request: WireRequest, settings: Wired): Promise<OpenAnswer> {
  const options = await gotOptions(request, settings);
  request.onSend?.();
  const done = tracked(request, settings);
  const stream = got.stream(settings.baseURL + request.path, {
    ...options,
    // The length that the server names is the length on the wire; it is what got checks.
    headers: { "accept-encoding": "identity", ...options.headers, accept: "*/*" },
    decompress: false,
  });
  const head = await new Promise<{ statusCode: number; headers: IncomingHttpHeaders }>(
    (resolve, reject) => {
      stream.once("response", resolve);
      stream.once("error", reject);
    },
  ).catch((error: unknown) => {
    done({ code: codeOf(error) });
    throw connectionError(error, { ...settings, request });
  });
  const { statusCode: status, headers } = head;
  const requestID = nameOfCall(headers, settings.redact);
  done({ status, requestID });
  const call = nameOf(request);
  const body = decoded(stream, headers, call);
  if (isSuccess(status)) return { status, headers, requestID, body };
  const answer = { call, status, headers, body: await startOf(body) };
  throw refusal(answer, readingOf(settings));
}

function nameOf({ method, path }: WireRequest): string {
  return `${method} ${path}`;
}

function readingOf({ clock, redact, redactValue, advise }: TransportSettings): AnswerReading {
  return { clock, redact, redactValue, advise };
}

/** Tells of a request once its end is known. */
function tracked(
  { method, path }: WireRequest,
  { clock, onCall }: TransportSettings,
): (end: Partial<Pick<CallEvent, "status" | "requestID" | "code">>) => void {
  const started = clock.now();
  return ({ status, requestID, code }) => {
    const ms = clock.now() - started;
    onCall?.({ method, path, status, requestID, ms, ...(code === undefined ? {} : { code }) });
  };
}

/** The body of an error, as far as it is worth reading. */
async function startOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > 65_536) break;
    }
  } catch (error) {
    // A cut error answer still has its status, which says more than the cut.
    if (!(error instanceof Error) || !("code" in error)) throw error;
  }
  return Buffer.concat(chunks).toString("utf8");
}
