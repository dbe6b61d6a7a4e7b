import { gzipSync } from "node:zlib";

import { isSuccess } from "../../src/api/answer.ts";
import { Bytes } from "../../src/simulator/bytes.ts";
import { isJsonObject } from "../../src/simulator/json.ts";
import type { Reply } from "../../src/simulator/reply.ts";
import {
  type CallFault,
  contentFaults,
  type FaultRule,
  pageFaults,
  type Route,
} from "./schedule.ts";

/** Which kind of call this is. */
export function routeOf(method: string, path: string): Route {
  if (path === "/batches") return method === "POST" ? "create" : "list";
  if (path === "/files") return method === "POST" ? "upload" : "files";
  if (path.endsWith("/content")) return "content";
  if (path.endsWith("/cancel")) return "cancel";
  return path.startsWith("/files/") ? "file" : "retrieve";
}

/** The faults that are the server's own, whoever calls. */
export function createRules(rules: readonly FaultRule[]): {
  next(route: Route): CallFault | undefined;
  clear(): void;
} {
  let active = rules.map((rule) => ({ ...rule }));
  return {
    next(route) {
      for (const rule of active) {
        if (rule.on !== route || rule.times <= 0) continue;
        if (rule.skip > 0) {
          rule.skip -= 1;
          continue;
        }
        rule.times -= 1;
        return rule.fault;
      }
      return undefined;
    },
    clear() {
      active = [];
    },
  };
}

/** A fault of content or of a page does nothing to other calls. */
export function isApplicable(fault: CallFault, route: Route): boolean {
  if (contentFaults.some((name) => name === fault)) return route === "content";
  if (pageFaults.some((name) => name === fault)) return route === "list";
  return true;
}

/** An answer on the wire. */
export interface WireReply extends Reply {
  /** Whether the connection breaks behind the body. */
  readonly breaks?: boolean;
}

export const made = (
  status: number,
  text: string,
  headers: Record<string, string> = {},
): WireReply => ({ status, headers, body: Bytes.from(text) });

const error = (code: string) => JSON.stringify({ error: { message: "Simulated.", code } });
const page = "<html><body>Bad Gateway</body></html>";

/** Answers to calls that were not processed. */
export const refusals: Partial<Record<CallFault, WireReply>> = {
  "500": made(500, error("server_error")),
  "408": made(408, error("timeout")),
  "429": made(429, error("rate_limit_exceeded"), { "retry-after": "2" }),
  "429-long": made(429, error("rate_limit_exceeded"), { "retry-after": "300" }),
  "429-hours": made(429, error("rate_limit_exceeded"), { "retry-after": "9000" }),
  "401": made(401, error("invalid_api_key")),
  "404": made(404, error("not_found")),
  html: made(502, page),
  "html-403": made(403, page),
  "page-refused": made(400, error("invalid_cursor")),
  "json-error": made(200, error("server_error")),
  link: made(200, JSON.stringify({ url: "https://files.example/1?sig=x" })),
  text: made(200, "upstream is starting up\n"),
  object: made(200, "{}"),
  array: made(200, "[]"),
};

/**
 * What becomes of the answer to a call that was processed.
 *
 * @param number of the answers of this address that were cut: chance does not cut at the same place
 *   twice in a row. Of a server that names no length anywhere two downloads of the same length count as
 *   whole, which `docs/guarantees.md` says.
 */
export function garble(fault: CallFault, reply: Reply, number: number): WireReply | undefined {
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
      return made(reply.status, reply.body.text().slice(0, middle(reply.body.size, number)));
    case "shape-after":
      return isSuccess(reply.status) ? made(200, JSON.stringify({ ok: true })) : reply;
    default:
      return isSuccess(reply.status) ? garbleContent(fault, reply, number) : undefined;
  }
}

const middle = (size: number, number: number) => Math.max(0, (size >>> 1) - (number % 2));

function garbleContent(fault: CallFault, reply: Reply, number: number): WireReply | undefined {
  const { body, headers } = reply;
  switch (fault) {
    case "gzip": {
      const length = String(gzipSync(body.read()).length);
      return {
        ...reply,
        headers: { ...headers, "content-encoding": "gzip", "content-length": length },
      };
    }
    case "no-length":
      return withoutLength(reply);
    case "cut-lines": {
      const lines = [...body.lines()];
      const last = lines[middle(lines.length, number)];
      return withoutLength({ ...reply, body: Bytes.from(body.read(0, last?.start ?? 0)) });
    }
    case "cut-silent":
      return withoutLength({
        ...reply,
        body: Bytes.from(body.read(0, middle(body.size, number))),
      });
    case "cut-broken":
      return { ...reply, body: Bytes.from(body.read(0, body.size >>> 1)), breaks: true };
    case "page-without-more":
      return rewritten(reply, (answer) => without(answer, "has_more"));
    case "page-lost-way":
      return rewritten(reply, (answer) => ({ ...answer, data: [], has_more: true, last_id: null }));
    default:
      return undefined;
  }
}

export function withoutLength(reply: WireReply): WireReply {
  return { ...reply, headers: without(reply.headers, "content-length") };
}

function without<T>(fields: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

function rewritten(
  reply: Reply,
  rewrite: (answer: Readonly<Record<string, unknown>>) => unknown,
): WireReply {
  const answer: unknown = JSON.parse(reply.body.text());
  if (!isJsonObject(answer)) return reply;
  return { ...reply, body: Bytes.from(JSON.stringify(rewrite(answer))) };
}
