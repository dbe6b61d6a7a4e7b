import type { IncomingHttpHeaders } from "node:http";

import type { Clock } from "./clock.ts";
import { plainText } from "./foreign-text.ts";

/** The server's name for a call; Azure has a header of its own. */
export function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers["x-request-id"] ?? headers["apim-request-id"];
  return Array.isArray(id) ? id[0] : id;
}

const longestName = 200;

/** The server's name for a call as messages and logs have it; a gateway may put anything into it. */
export function nameOfCall(
  headers: IncomingHttpHeaders,
  redact: (text: string) => string,
): string | undefined {
  const id = requestIdOf(headers);
  return id === undefined ? undefined : plainText(redact(id), longestName) || undefined;
}

/** The server's own word on another try. */
export function shouldRetryOf(headers: IncomingHttpHeaders): boolean | undefined {
  const value = headers["x-should-retry"];
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** Milliseconds; `retry-after` is a number of seconds or a date. */
export function retryAfterOf(headers: IncomingHttpHeaders, clock: Clock): number | undefined {
  const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const after = headers["retry-after"];
  if (after === undefined) return undefined;
  const wait = /^[\d.]+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - clock.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
