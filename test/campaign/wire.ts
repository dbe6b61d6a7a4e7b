import { Readable } from "node:stream";

import { requestIdOf } from "../../src/api/answer-headers.ts";
import { isSuccess, readAnswer } from "../../src/api/answer.ts";
import type { Clock } from "../../src/api/clock.ts";
import { APIConnectionError, APIConnectionTimeoutError } from "../../src/api/errors.ts";
import { refusal } from "../../src/api/refusal.ts";
import type { Transport, WireRequest } from "../../src/api/transport.ts";
import type { SimulatorCore } from "../../src/simulator/core.ts";
import { Bytes } from "../../src/simulator/bytes.ts";
import { createWriter } from "../../src/simulator/dialect.ts";
import { errorReply, type Reply } from "../../src/simulator/reply.ts";
import { route } from "../../src/simulator/routes.ts";
import type { CallFault } from "./schedule.ts";

export interface WireSettings {
  readonly core: SimulatorCore;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly requestTimeout: number;
  /** The fault of the next call. */
  readonly nextFault: () => CallFault | undefined;
  /** Passed before and after each call is processed. */
  readonly point: () => Promise<void>;
  readonly onCall: (request: WireRequest) => void;
  /** A call has been processed, whatever becomes of its answer. */
  readonly onProcessed: (request: WireRequest) => void;
  /** An answer reaches the client as it is. */
  readonly onAnswer: (request: WireRequest, reply: Reply) => void;
}

const latency = 40;

/** The client's transport on the simulator's core: no sockets, and time passes on the clock alone. */
export function campaignWire(settings: WireSettings): Transport {
  const { core, clock, point } = settings;
  const write = createWriter();
  const nameOf = ({ method, path }: WireRequest) => `${method} ${path}`;
  const lost = (request: WireRequest) =>
    new APIConnectionError(`${nameOf(request)} got no whole answer (ECONNRESET).`, {
      code: "ECONNRESET",
      sent: true,
    });

  const process = async (request: WireRequest): Promise<Reply> => {
    const body =
      request.upload?.stream ??
      Readable.from(request.json === undefined ? [] : [Buffer.from(JSON.stringify(request.json))]);
    // A request that is not processed must not be read on by somebody later.
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(Buffer.from(chunk as Buffer)); // Only buffers are sent.
    request.signal?.throwIfAborted();
    const query = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    );
    try {
      return await route(
        core,
        {
          method: request.method,
          path: request.path,
          query: Object.fromEntries(query),
          headers: { "content-type": request.upload?.headers["content-type"] },
          body: Readable.from(chunks),
        },
        { ranges: true, write },
      );
    } catch (error) {
      return errorReply(error);
    } finally {
      settings.onProcessed(request);
    }
  };

  const hang = async (request: WireRequest): Promise<never> => {
    await clock.sleep(settings.requestTimeout, request.signal);
    throw new APIConnectionTimeoutError(`${nameOf(request)} had no answer.`, {
      code: "ETIMEDOUT",
      sent: true,
    });
  };

  const exchange = async (request: WireRequest): Promise<Reply> => {
    settings.onCall(request);
    request.onSend?.();
    const fault = settings.nextFault();
    await point();
    await clock.sleep(latency, request.signal);
    if (fault === "drop-before") throw lost(request);
    if (fault === "hang") return hang(request);
    const refused = fault === undefined ? undefined : refusals[fault];
    if (refused !== undefined) return refused;
    const reply = await process(request);
    await point();
    await clock.sleep(latency, request.signal);
    if (fault === "drop-after") throw lost(request);
    if (fault === "hang-after") return hang(request);
    const garbled = fault === undefined ? undefined : garble(fault, reply);
    if (garbled !== undefined) return garbled;
    settings.onAnswer(request, reply);
    return reply;
  };

  return {
    async json(request) {
      const { status, headers, body } = await exchange(request);
      return readAnswer({ call: nameOf(request), status, headers, body: body.text() }, { clock });
    },
    async open(request) {
      const { status, headers, body } = await exchange(request);
      if (!isSuccess(status)) {
        throw refusal({ call: nameOf(request), status, headers, body: body.text() }, { clock });
      }
      return {
        status,
        headers,
        requestID: requestIdOf(headers),
        body: Readable.from([body.read()]),
      };
    },
    broken: (request) => lost(request),
  };
}

const made = (status: number, text: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: Bytes.from(text),
});

const error = (code: string) => JSON.stringify({ error: { message: "Simulated.", code } });
const page = "<html><body>Bad Gateway</body></html>";

/** Answers to calls that were not processed. */
const refusals: Partial<Record<CallFault, Reply>> = {
  "500": made(500, error("server_error")),
  "408": made(408, error("timeout")),
  "429": made(429, error("rate_limit_exceeded"), { "retry-after": "2" }),
  "429-long": made(429, error("rate_limit_exceeded"), { "retry-after": "300" }),
  html: made(502, page),
};

/** What becomes of the answer to a call that was processed. */
function garble(fault: CallFault, reply: Reply): Reply | undefined {
  switch (fault) {
    case "500-after":
      return made(500, error("server_error"));
    case "503-after":
      return made(503, error("overloaded"));
    case "html-after":
      return made(502, page);
    case "html-200-after":
      return made(200, page);
    case "empty-after":
      return made(200, "");
    case "cut-after":
      return made(reply.status, reply.body.text().slice(0, reply.body.size >>> 1));
    case "shape-after":
      return isSuccess(reply.status) ? made(200, JSON.stringify({ ok: true })) : reply;
    default:
      return undefined;
  }
}
