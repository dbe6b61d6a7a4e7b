import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request as forward,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * What goes wrong on the way: the call arrives and its answer is `lost`, or `cut` in the middle; or
 * the call is `refused` with 503 before it arrives.
 */
export type Fault = "lost" | "cut" | "refused";

export interface FaultRule {
  readonly method: string;
  readonly path: RegExp;
  readonly fault: Fault;
}

/** A call that came by. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** What the server answered; undefined where the call never reached it. */
  readonly status: number | undefined;
  readonly fault: Fault | undefined;
}

export interface FaultyProxy extends AsyncDisposable {
  /** The base URL of the server behind it, but through the proxy. */
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** Lets the next call that matches go wrong. */
  readonly failNext: (rule: FaultRule) => void;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A proxy in front of a server, for faults of the network that the server itself does not make. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { origin, pathname } = new URL(target);
  const exchanges: Exchange[] = [];
  const rules: FaultRule[] = [];

  const pass = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url: path = "/" } = incoming;
    const body = await buffer(incoming);
    const index = rules.findIndex((rule) => rule.method === method && rule.path.test(path));
    const fault = index < 0 ? undefined : rules.splice(index, 1)[0]?.fault;
    const answer = fault === "refused" ? undefined : await ask(origin, incoming, body);
    exchanges.push({ method, path, status: answer?.status, fault });
    reply(response, answer, fault);
  };
  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    exchanges,
    failNext: (rule) => rules.push(rule),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function ask(origin: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method, headers, url = "/" } = incoming;
  const sized = body.length > 0 || method === "POST" ? { "content-length": body.length } : {};
  const onward = forward(new URL(url, origin), {
    method,
    headers: {
      ...withoutFraming(headers),
      host: new URL(origin).host,
      connection: "close",
      ...sized,
    },
  });
  onward.end(body);
  const responded: unknown[] = await once(onward, "response");
  // The event's one argument.
  const answer = responded[0] as IncomingMessage;
  return {
    status: answer.statusCode ?? 502,
    headers: answer.headers,
    body: await buffer(answer),
  };
}

function reply(response: ServerResponse, answer: Answer | undefined, fault?: Fault): void {
  if (answer === undefined) {
    response.writeHead(503, { "content-type": "application/json" });
    response.end('{"error":{"message":"The server is overloaded.","type":"server_error"}}');
    return;
  }
  if (fault === "lost") {
    response.socket?.destroy();
    return;
  }
  const headers = withoutFraming(answer.headers);
  response.writeHead(answer.status, { ...headers, "content-length": answer.body.length });
  if (fault === "cut") {
    response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => {
      response.socket?.destroy();
    });
    return;
  }
  response.end(answer.body);
}

/** The headers of a message whose body is passed on in one piece, on a connection of its own. */
function withoutFraming(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const framing = ["transfer-encoding", "content-length", "connection", "keep-alive"];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !framing.includes(name)));
}
