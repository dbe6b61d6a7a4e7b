import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";

import got, { RequestError, TimeoutError, UploadError, type OptionsInit } from "got";

import { type Advise, isSuccess, readAnswer, refusal, requestIdOf } from "./answer.ts";
import { isLoopback } from "./base-url.ts";
import type { Clock } from "./clock.ts";
import { APIConnectionError, APIConnectionTimeoutError } from "./errors.ts";
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
  readonly requestId: string | undefined;
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
  /** What to do about a refusal; defaults to the advice for the API's own calls. */
  readonly advise?: Advise | undefined;
  readonly onCall?: ((event: CallEvent) => void) | undefined;
}

/** A successful answer whose body is still to be read. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string | undefined;
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

/** What another origin may be sent. */
const keptOnRedirect: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "user-agent",
  "range",
  "if-range",
]);

/** HTTP on got, one request at a time: no retries here, and no meaning. */
export function createTransport(settings: TransportSettings): Transport {
  const { baseURL, timeout, clock, redact, advise, onCall } = settings;
  // got does not read the proxy variables; Node's own agent does.
  // A loopback server is called directly: plain http through a proxy would show it the key.
  const direct = isLoopback(new URL(baseURL).hostname);
  const agentOptions = { keepAlive: true, ...(direct ? {} : { proxyEnv: process.env }) };
  const agent = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };

  const optionsFor = async (request: WireRequest) => {
    const query = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined);
    return {
      method: request.method,
      searchParams: Object.fromEntries(query),
      headers: {
        accept: "application/json",
        ...(await settings.headers(request.signal)),
        ...request.headers,
        ...request.upload?.headers,
      },
      ...(request.json === undefined ? {} : { json: request.json }),
      ...(request.upload === undefined ? {} : { body: request.upload.stream }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      agent,
      ...(request.background === true ? { request: requestInBackground } : {}),
      retry: { limit: 0 },
      throwHttpErrors: false,
      // A redirected POST could be done twice, or turn into a GET.
      followRedirect: request.method === "GET",
      timeout: {
        lookup: timeout,
        connect: timeout,
        secureConnect: timeout,
        socket: timeout,
        response: timeout,
      },
      hooks: {
        beforeRedirect: [
          (
            next: { url?: unknown; headers: Record<string, unknown> },
            response: { url: string },
          ) => {
            if (new URL(String(next.url)).origin === new URL(response.url).origin) return;
            for (const name of Object.keys(next.headers)) {
              if (!keptOnRedirect.has(name)) {
                Reflect.deleteProperty(next.headers, name);
              }
            }
          },
        ],
      },
    } satisfies OptionsInit;
  };

  const nameOf = (request: WireRequest) => `${request.method} ${request.path}`;

  const connectionError = (request: WireRequest, error: unknown, requestId?: string): Error => {
    request.signal?.throwIfAborted();
    // The file could not be read: no fault of the network, and no retry mends it.
    if (error instanceof UploadError && error.cause instanceof Error) return error.cause;
    const { code, message, cause } = reasonOf(error);
    const status = error instanceof RequestError ? error.response?.statusCode : undefined;
    const known = [
      ...(status === undefined ? [] : [`status ${status}`]),
      ...(requestId === undefined ? [] : [`request id ${requestId}`]),
    ];
    const answered = known.length === 0 ? "" : ` (${known.join(", ")})`;
    const call = nameOf(request);
    if (error instanceof TimeoutError) {
      return new APIConnectionTimeoutError(
        `${call} had no answer for ${timeout / 1000} s. Check the network and the base URL, or raise the request timeout.`,
        { code, requestId, sent: wasSent(error) },
      );
    }
    return new APIConnectionError(
      `${call} got no whole answer${answered}: ${redact(message)} (${code}). Check the network, the proxy settings and the base URL.`,
      { code, requestId, cause, sent: wasSent(error) },
    );
  };

  const track = (request: WireRequest) => {
    const started = clock.now();
    return (answer: { status?: number; requestId?: string | undefined; code?: string }) => {
      onCall?.({
        method: request.method,
        path: request.path,
        status: answer.status,
        requestId: answer.requestId,
        ms: clock.now() - started,
        ...(answer.code === undefined ? {} : { code: answer.code }),
      });
    };
  };

  return {
    async json(request) {
      const options = await optionsFor(request);
      request.onSend?.();
      const done = track(request);
      try {
        const { statusCode, headers, body } = await got(baseURL + request.path, {
          ...options,
          responseType: "text",
        });
        done({ status: statusCode, requestId: requestIdOf(headers) });
        const call = nameOf(request);
        return readAnswer({ call, status: statusCode, headers, body }, clock, redact, advise);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        const requestId =
          error.response === undefined ? undefined : requestIdOf(error.response.headers);
        done({ code: error.code, requestId });
        throw connectionError(request, error, requestId);
      }
    },

    async open(request) {
      const options = await optionsFor(request);
      const done = track(request);
      const stream = got.stream(baseURL + request.path, {
        ...options,
        // The length that the server names is the length on the wire; it is what we check.
        headers: { "accept-encoding": "identity", ...options.headers, accept: "*/*" },
        decompress: false,
      });
      const head = await new Promise<{ statusCode: number; headers: IncomingHttpHeaders }>(
        (resolve, reject) => {
          stream.once("response", resolve);
          stream.once("error", reject);
        },
      ).catch((error: unknown) => {
        done({ code: reasonOf(error).code });
        throw connectionError(request, error);
      });
      const { statusCode: status, headers } = head;
      const requestId = requestIdOf(headers);
      done({ status, requestId });
      if (isSuccess(status)) return { status, headers, requestId, body: stream };
      const body = await readStart(stream);
      throw refusal({ call: nameOf(request), status, headers, body }, clock, redact, advise);
    },

    broken: (request, answer, error) => connectionError(request, error, answer.requestId),
  };
}

/** A request whose connection does not keep the process alive. */
const requestInBackground: NonNullable<OptionsInit["request"]> = (url, options, onResponse) => {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return send(url, options, onResponse).on("socket", (socket) => {
    socket.unref();
  });
};

/** The body of an error, as far as it is worth reading. */
async function readStart(stream: AsyncIterable<unknown>): Promise<string> {
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
    if (!(error instanceof RequestError)) throw error;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Whether the whole request went out, so that the server may have acted on it. */
function wasSent(error: unknown): boolean {
  return error instanceof RequestError && error.timings?.upload !== undefined;
}

function reasonOf(error: unknown): { code: string; message: string; cause: unknown } {
  if (!(error instanceof Error))
    return { code: "unknown", message: String(error), cause: undefined };
  const code = "code" in error && typeof error.code === "string" ? error.code : "unknown";
  // got's own error holds the request with its headers, so only what it stands for goes on.
  return {
    code,
    message: error.message,
    cause: error instanceof RequestError ? error.cause : error,
  };
}
