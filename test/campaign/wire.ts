import { Readable } from "node:stream";

import { requestIdOf } from "../../src/api/answer-headers.ts";
import { isSuccess, readAnswer } from "../../src/api/answer.ts";
import type { Clock } from "../../src/api/clock.ts";
import { APIConnectionError, APIConnectionTimeoutError } from "../../src/api/errors.ts";
import { refusal } from "../../src/api/refusal.ts";
import type { Transport, WireRequest } from "../../src/api/transport.ts";
import { noSuchBatch } from "../../src/simulator/errors.ts";
import { errorReply, type Reply } from "../../src/simulator/reply.ts";
import { route } from "../../src/simulator/routes.ts";
import {
  garble,
  isApplicable,
  made,
  refusals,
  routeOf,
  type WireReply,
  withoutLength,
} from "./faults.ts";
import type { CallFault, Route, ServerPlan } from "./schedule.ts";
import type { Server } from "./server.ts";

export interface WireSettings {
  readonly server: Server;
  readonly plan: ServerPlan;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly requestTimeout: number;
  /** The fault of the next call. */
  readonly nextFault: (route: Route) => CallFault | undefined;
  /** Passed before and after each call is processed. */
  readonly point: () => Promise<void>;
  readonly onCall: (request: WireRequest) => void;
  /** A call has been processed, whatever becomes of its answer. */
  readonly onProcessed: (request: WireRequest, reply: Reply) => void;
  /** An answer reaches the client as it is. */
  readonly onAnswer: (request: WireRequest, reply: Reply) => void;
}

const latency = 40;

/** The client's transport on the simulator's core: no sockets, and time passes on the clock alone. */
export function campaignWire(settings: WireSettings): Transport {
  const { clock, point, plan } = settings;
  const cutsOf = new Map<string, number>();

  const exchange = async (request: WireRequest): Promise<WireReply> => {
    settings.onCall(request);
    request.onSend?.();
    const name = routeOf(request.method, request.path);
    const next = settings.nextFault(name);
    const fault = next !== undefined && isApplicable(next, name) ? next : undefined;
    await point();
    await clock.sleep(latency, request.signal);
    if (fault === "drop-before") throw lost(request);
    if (fault === "hang") return hang(request, settings);
    const refused = fault === undefined ? undefined : refusals[fault];
    if (refused !== undefined) return refused;
    const reply = await processed(request, settings);
    await point();
    await clock.sleep(latency, request.signal);
    if (fault === "drop-after") throw lost(request);
    if (fault === "hang-after") return hang(request, settings);
    // Other harm in between must not bring a cut to the place of the one before.
    const cuts = (cutsOf.get(request.path) ?? 0) + (fault?.startsWith("cut") === true ? 1 : 0);
    cutsOf.set(request.path, cuts);
    const spoilt = fault === undefined ? undefined : garble(fault, reply, cuts);
    if (spoilt !== undefined) return spoilt;
    settings.onAnswer(request, reply);
    return name === "content" && !plan.lengths ? withoutLength(reply) : reply;
  };

  return {
    async json(request) {
      const { status, headers, body } = await exchange(request);
      return readAnswer({ call: nameOf(request), status, headers, body: body.text() }, { clock });
    },
    async open(request) {
      const { status, headers, body, breaks } = await exchange(request);
      if (!isSuccess(status)) {
        throw refusal({ call: nameOf(request), status, headers, body: body.text() }, { clock });
      }
      return {
        status,
        headers,
        requestID: requestIdOf(headers),
        body: Readable.from(chunksOf(body.read(), breaks === true)),
      };
    },
    broken: (request) => lost(request),
  };
}

function* chunksOf(bytes: Buffer, breaks: boolean): Generator<Buffer> {
  yield bytes;
  if (breaks) throw new Error("The connection broke.");
}

const nameOf = ({ method, path }: WireRequest) => `${method} ${path}`;

function lost(request: WireRequest): APIConnectionError {
  return new APIConnectionError(`${nameOf(request)} got no whole answer (ECONNRESET).`, {
    code: "ECONNRESET",
    sent: true,
  });
}

async function hang(request: WireRequest, { clock, requestTimeout }: WireSettings): Promise<never> {
  await clock.sleep(requestTimeout, request.signal);
  throw new APIConnectionTimeoutError(`${nameOf(request)} had no answer.`, {
    code: "ETIMEDOUT",
    sent: true,
  });
}

async function processed(
  request: WireRequest,
  { server, plan, onProcessed }: WireSettings,
): Promise<Reply> {
  const body =
    request.upload?.stream ??
    Readable.from(request.json === undefined ? [] : [Buffer.from(JSON.stringify(request.json))]);
  // A request that is not processed must not be read on by somebody later.
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Buffer)); // Only buffers are sent.
  request.signal?.throwIfAborted();
  const { method, path } = request;
  const reply = await answerOf(request, chunks, server, plan).catch(errorReply);
  onProcessed(request, reply);
  if (routeOf(method, path) !== "content") return reply;
  return {
    ...reply,
    headers: { ...reply.headers, "content-length": String(reply.body.size) },
  };
}

async function answerOf(
  request: WireRequest,
  chunks: readonly Buffer[],
  { core, write }: Server,
  { noList, pageSize }: ServerPlan,
): Promise<Reply> {
  const { method, path, query = {}, upload, headers } = request;
  const name = routeOf(method, path);
  if (name === "list" && noList) return made(404, JSON.stringify(noSuchBatch("").body));
  const asked = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  );
  const limit = Math.min(pageSize, Number(query["limit"] ?? 20));
  return route(
    core,
    {
      method,
      path,
      query: { ...Object.fromEntries(asked), ...(name === "list" && { limit: String(limit) }) },
      headers: { "content-type": upload?.headers["content-type"], range: headers?.["range"] },
      body: Readable.from(chunks),
    },
    { ranges: true, write },
  );
}
