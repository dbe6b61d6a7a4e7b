import type { APIError } from "../../api/errors.ts";
import type { Model } from "../../api/models.ts";
import type { Decision } from "../knowledge.ts";

/** What a look at a model found. */
export type ModelSight = { readonly found: Model } | { readonly error: APIError };

const day = 86_400_000;
/** A batch may take a day, and nobody wants to hear of it on the last one. */
const near = 30 * day;

/**
 * Whether requests to a model may be sent.
 *
 * - `refuse`: the server knows no such model
 * - `warn`: it may not be usable, now or soon
 * - `stop`: the credential is refused, so that nothing can be called
 * - `send`: it is there, or this key may not ask
 *
 * @param now milliseconds since the epoch
 */
export function decideModel(
  sight: ModelSight,
  now: number,
): Decision<"send" | "warn" | "refuse" | "stop"> {
  if ("found" in sight) return decideShutdown(sight.found, now);
  const { status, code, message } = sight.error;
  if (status === 404) return { decision: "refuse", why: "the server knows no such model" };
  if (code === "model_not_found" || code === "model_not_available") {
    return { decision: "warn", why: `it may not be usable: ${message}` };
  }
  if (status === 401 && !/\bscopes?\b|\bpermissions?\b/i.test(message)) {
    return { decision: "stop", why: "the server refuses the key" };
  }
  if (status === 401 || status === 403) {
    return { decision: "send", why: "this key may not read models" };
  }
  return { decision: "warn", why: `whether it is there could not be seen: ${message}` };
}

function decideShutdown({ shutdown_date: date }: Model, now: number): Decision<"send" | "warn"> {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at) || at - now > near) return { decision: "send", why: "it is there" };
  return at <= now
    ? { decision: "warn", why: `it was to be shut down on ${date ?? ""}; take another model` }
    : { decision: "warn", why: `it will be shut down on ${date ?? ""}; take another model soon` };
}
