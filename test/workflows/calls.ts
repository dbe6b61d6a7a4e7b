import type { Simulator } from "../../src/simulator/index.ts";

/** A key that is good for nothing. */
export const KEY = "sk-test-0123456789-of-nobody";

type Kind = readonly [method: string, path: RegExp];

export const creates: Kind = ["POST", /^\/v1\/batches$/];
export const cancels: Kind = ["POST", /^\/v1\/batches\/[^/]+\/cancel$/];
export const uploads: Kind = ["POST", /^\/v1\/files$/];
export const downloads: Kind = ["GET", /^\/v1\/files\/[^/]+\/content$/];

/** How often a kind of call reached the server. */
export function count({ calls }: Pick<Simulator, "calls">, [method, path]: Kind): number {
  return calls.filter((call) => call.method === method && path.test(call.path)).length;
}
