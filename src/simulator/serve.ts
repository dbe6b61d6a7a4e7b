import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { authorize } from "./authorize.ts";
import { Bytes } from "./bytes.ts";
import type { SimulatorCore } from "./core.ts";
import { errorBody, SimulatorApiError } from "./errors.ts";
import type { Fault, FaultRules } from "./faults.ts";
import { openCall, type OpenCall } from "./journal.ts";
import { errorReply, htmlReply, jsonReply, type Reply, sendReply } from "./reply.ts";
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
  if (fault?.kind === "delay") await sleep(fault.ms, undefined, { signal: context.signal });

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
  const cut = fault?.kind === "cut-body" ? (fault.bytes ?? sent.body.size >>> 1) : undefined;
  await sendReply(response, sent, cut);
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
    case "status-after":
      return jsonReply(
        fault.body ?? errorBody("Simulated: the server had an error.", { type: "server_error" }),
        fault.status,
        fault.headers,
      );
    case "html":
      return htmlReply(fault.status ?? 502);
    case "empty":
      return EMPTY;
    default:
      return reply;
  }
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
