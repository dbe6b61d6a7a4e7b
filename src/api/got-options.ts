import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

import type { OptionsInit } from "got";

import type { Agents } from "./agents.ts";
import type { TransportSettings, WireRequest } from "./transport.ts";

export interface GotSettings extends Pick<TransportSettings, "baseURL" | "timeout" | "headers"> {
  /** Connections for a URL. */
  readonly agentsFor: (url: URL) => Agents;
}

/** What another origin may be sent. */
const keptOnRedirect: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "user-agent",
  "range",
  "if-range",
]);

/** A request in the words of got. */
export async function gotOptions(request: WireRequest, settings: GotSettings) {
  const { baseURL, timeout, agentsFor } = settings;
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
    agent: agentsFor(new URL(baseURL)),
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
        (next: Redirected, response: { url: string }) => {
          redirect(next, response.url, agentsFor);
        },
      ],
    },
  } satisfies OptionsInit;
}

/** What a redirect is followed with; got's own type has all of its options. */
interface Redirected {
  url?: unknown;
  headers: Record<string, unknown>;
  agent: unknown;
}

/** Another origin gets no credential, and may be reached another way. */
function redirect(next: Redirected, from: string, agentsFor: GotSettings["agentsFor"]): void {
  const to = new URL(String(next.url));
  if (to.origin === new URL(from).origin) return;
  next.agent = agentsFor(to);
  for (const name of Object.keys(next.headers)) {
    if (!keptOnRedirect.has(name)) Reflect.deleteProperty(next.headers, name);
  }
}

/** A request whose connection does not keep the process alive. */
const requestInBackground: NonNullable<OptionsInit["request"]> = (url, options, onResponse) => {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return send(url, options, onResponse).on("socket", (socket) => {
    socket.unref();
  });
};
