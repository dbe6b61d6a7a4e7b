import type { IncomingHttpHeaders } from "node:http";
import { SimulatorApiError } from "./errors.ts";

/**
 * Checks the key of a call: `authorization: Bearer …`, or `api-key` as some servers have it. Any key will do unless
 * `expected` names one. Throws a `SimulatorApiError` with status 401.
 */
export function authorize(headers: IncomingHttpHeaders, expected: string | undefined): void {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const own = headers["api-key"];
  const key = bearer ?? (typeof own === "string" && own !== "" ? own : undefined);
  if (key === undefined) {
    throw new SimulatorApiError(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    );
  }
  if (expected !== undefined && key !== expected) {
    throw new SimulatorApiError(
      401,
      `Incorrect API key provided: ${key.slice(0, 3)}***. You can find your API key at https://platform.openai.com/account/api-keys.`,
      { code: "invalid_api_key" },
    );
  }
}
