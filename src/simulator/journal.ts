import type { IncomingMessage } from "node:http";

/** One call that reached the simulator. */
export interface Call {
  /** The HTTP method, in capitals. */
  readonly method: string;
  /** The path with `/v1`, without the query. */
  readonly path: string;
  /** The values of the query string; of a name that came more than once, the last. */
  readonly query: Readonly<Record<string, string>>;
  /** The status answered; `null` while there is no answer, and forever when a fault withheld it. */
  readonly status: number | null;
  /** The request's headers. Those that hold a key are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a key came with the call, be it right or wrong. */
  readonly authorized: boolean;
  /** How many bytes of the request's body arrived. */
  readonly bodyBytes: number;
  /** When the call arrived, in milliseconds of the simulator's clock. */
  readonly at: number;
  /** The kind of the fault that struck the call. */
  readonly fault: string | null;
}

/** A journal's entry while its call is still going on. */
export type OpenCall = { -readonly [Field in keyof Call]: Call[Field] };

const SECRET_HEADERS = new Set(["authorization", "api-key", "cookie"]);

/** Begins the entry of a call that has just arrived. */
export function openCall(request: IncomingMessage, url: URL, at: number): OpenCall {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (SECRET_HEADERS.has(name) || value === undefined) continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    status: null,
    headers,
    authorized:
      request.headers.authorization !== undefined || request.headers["api-key"] !== undefined,
    bodyBytes: 0,
    at,
    fault: null,
  };
}
