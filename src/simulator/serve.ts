import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { authorize } from "./authorize.ts";
import { Bytes } from "./bytes.ts";
import type { SimulatorCore } from "./core.ts";
import { errorBody, SimulatorApiError } from "./errors.ts";
import type { Fault, FaultRules } from "./faults.ts";
import { openCall, type OpenCall } from "./journal.ts";
import {
  type Cut,
  errorReply,
  gzipReply,
  htmlReply,
  jsonReply,
  type Reply,
  sendReply,
  textReply,
} from "./reply.ts";
import { route, type RouteOptions } from "./routes.ts";

const BASE = "/v1";

const EMPTY: Reply = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: Bytes.from(""),
};

/** What the serving of a call needs. `now` is in milliseconds; `signal` ends delays when the server closes. */
export interface ServeContext extends RouteOptions {
  readonly core: SimulatorCore;
  readonly rules: FaultRules;
  readonly calls: OpenCall[];
  readonly now: () => number;
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal;
}

/** Serves one call of the API, or lets it go wrong as the rules say. Rejects when the connection breaks meanwhile. */
export async function serve(
  context: ServeContext,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const call = openCall(request, url, context.now());
  context.calls.push(call);
  const inside = call.path.startsWith(`${BASE}/`);
  const path = inside ? call.path.slice(BASE.length) : call.path;
  const body = countedBody(request, call);

  const fault = context.rules.next(call.method, path);
  call.fault = fault?.kind ?? null;
  if (fault?.kind === "drop-before") {
    request.socket.destroy();
    return;
  }
  if (fault?.kind === "delay") await hold(fault, context.signal);

  let reply = EMPTY;
  if (isProcessed(fault)) {
    try {
      authorize(request.headers, context.apiKey);
      if (!inside) throw new SimulatorApiError(404, `Invalid URL (${call.method} ${path})`);
      const { method, query } = call;
      reply = await route(
        context.core,
        { method, path, query, headers: request.headers, body },
        context,
      );
    } catch (error) {
      reply = errorReply(error);
    }
  }
  // A client that is still sending would take an early answer for a broken connection.
  await drain(request, call);

  if (fault?.kind === "hang") return;
  if (fault?.kind === "drop-after") {
    // A request that has been read to its end no longer takes its connection along.
    request.socket.destroy();
    return;
  }
  const sent = replyUnder(fault, reply);
  call.status = sent.status;
  await sendReply(response, sent, cutUnder(fault, sent.body));
}

/** Rejects when the server closes meanwhile. */
async function hold(fault: Extract<Fault, { readonly kind: "delay" }>, signal: AbortSignal) {
  if ("ms" in fault) return sleep(fault.ms, undefined, { signal });
  const closed = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(new Error("The simulator was closed."));
    });
  });
  return Promise.race([Promise.allSettled([fault.until]), closed]);
}

function isProcessed(fault: Fault | undefined): boolean {
  switch (fault?.kind) {
    case "status":
      return false;
    case "hang":
    case "html":
    case "empty":
      return fault.processed ?? false;
    default:
      return true;
  }
}

function replyUnder(fault: Fault | undefined, reply: Reply): Reply {
  switch (fault?.kind) {
    case "status":
    case "status-after": {
      const { status, headers, body } = fault;
      if (typeof body === "string") return textReply(body, status, headers);
      if (status === 204) return textReply("", status, headers);
      const usual = errorBody("Simulated: the server had an error.", { type: "server_error" });
      return jsonReply(body ?? usual, status, headers);
    }
    case "rewrite": {
      const answer: unknown = JSON.parse(reply.body.text());
      return jsonReply(fault.rewrite(answer), reply.status, reply.headers);
    }
    case "gzip":
      return gzipReply(reply);
    case "html":
      return htmlReply(fault.status ?? 502);
    case "empty":
      return EMPTY;
    default:
      return reply;
  }
}

function cutUnder(fault: Fault | undefined, body: Bytes): Cut | undefined {
  if (fault?.kind !== "cut-body") return undefined;
  const { bytes, lines, silent = false } = fault;
  const half = body.size >>> 1;
  return { at: bytes ?? (lines === undefined ? half : endOfLine(body, lines)), silent };
}

/** Where the first `count` lines end, their last newline included. */
function endOfLine(body: Bytes, count: number): number {
  const next = [...body.lines()][count];
  return next?.start ?? body.size;
}

async function* countedBody(request: IncomingMessage, call: OpenCall): AsyncGenerator<Buffer> {
  // Leaving a body half read must not break the connection: the error answer still has to go out on it.
  const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    call.bodyBytes += chunk.length;
    yield chunk;
  }
}

async function drain(request: IncomingMessage, call: OpenCall): Promise<void> {
  const rest = countedBody(request, call);
  while (!request.readableEnded && (await rest.next()).done !== true);
}
