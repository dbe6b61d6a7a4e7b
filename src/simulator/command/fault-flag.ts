import type { Fault, FaultRule } from "../faults.ts";

/** The faults that need nothing but their name. */
const PLAIN = ["drop-before", "drop-after", "hang", "cut-body", "gzip", "html", "empty"] as const;

const SHAPE =
  /^(?<method>[A-Z]+) (?<path>\/\S*) (?<what>\S+)(?: (?:x(?<times>[1-9]\d*)|(?<always>always)))?$/;

/** The word that a fault may be, for people. */
export const faultWords = `a status such as 503, ${PLAIN.join(", ")}`;

/**
 * Reads `METHOD PATH FAULT [xN|always]`, such as `POST /batches 503 x2` or `GET /files/*\/content cut-body`: the next call that
 * fits goes wrong, or the next N, or all.
 *
 * @returns the rule, or `undefined` for a text of another shape
 */
export function readFault(text: string): FaultRule | undefined {
  const { method, path, what = "", times, always } = SHAPE.exec(text)?.groups ?? {};
  const fault = faultOf(what);
  if (method === undefined || path === undefined || fault === undefined) return undefined;
  return { method, path, fault, times: always === undefined ? Number(times ?? 1) : Infinity };
}

function faultOf(what: string): Fault | undefined {
  const kind = PLAIN.find((known) => known === what);
  if (kind !== undefined) return { kind };
  const status = /^[2-5]\d\d$/.test(what) ? Number(what) : undefined;
  return status === undefined ? undefined : { kind: "status", status };
}
