import type { BatchClientOptions } from "../../src/api/client.ts";
import type { Clock } from "../../src/api/clock.ts";
import { APIError } from "../../src/api/errors.ts";
import type { Transport, WireRequest } from "../../src/api/transport.ts";

/** An account in memory on a clock that jumps: batches of no bytes, and a count of the calls. */
export interface VirtualAccount {
  readonly options: Pick<BatchClientOptions, "clock" | "transport" | "apiKey">;
  readonly clock: Clock;
  readonly calls: () => number;
  /** Milliseconds since the epoch at which a batch is over. */
  readonly endOf: (id: string) => number;
  /** Adds a batch without a call, as if it had been created now. */
  readonly add: () => string;
}

const start = Date.UTC(2026, 0, 1);

/**
 * @param runTime milliseconds that each batch runs, called with its number, from 0
 * @param requests how many requests each has
 */
export function virtualAccount(
  runTime: (index: number) => number,
  requests: number,
): VirtualAccount {
  let now = start;
  let calls = 0;
  const created: { readonly id: string; readonly at: number; readonly body: object }[] = [];
  const numberOf = (id: string) => Number(id.slice("batch_".length));
  const endOf = (id: string) => (created[numberOf(id)]?.at ?? start) + runTime(numberOf(id));

  const clock: Clock = {
    now: () => now,
    sleep(ms) {
      now += ms;
      return Promise.resolve();
    },
    timeout: () => new AbortController().signal,
  };
  const add = (body: object = {}) => {
    const id = `batch_${created.length}`;
    created.push({ id, at: now, body });
    return id;
  };
  const view = (id: string) => {
    const record = created[numberOf(id)];
    if (record === undefined) throw new APIError(`There is no ${id}.`, { status: 404 });
    const share = Math.min(1, (now - record.at) / runTime(numberOf(id)));
    const completed = Math.floor(requests * share);
    return {
      ...record.body,
      id,
      object: "batch",
      status: share === 1 ? "completed" : "in_progress",
      created_at: Math.floor(record.at / 1000),
      request_counts: { total: requests, completed, failed: 0 },
    };
  };
  const answer = ({ method, path, query, json }: WireRequest): unknown => {
    calls += 1;
    if (method === "POST" && typeof json === "object" && json !== null) return view(add(json));
    const id = path.split("/")[2];
    if (id !== undefined) return view(id);
    const after = query?.["after"];
    const from = typeof after === "string" ? numberOf(after) : created.length;
    const first = Math.max(0, from - Number(query?.["limit"] ?? 20));
    const data = created.slice(first, from).map((record) => view(record.id));
    return { object: "list", data: data.reverse(), has_more: first > 0 };
  };
  const unused = () => new Error("No bytes are sent or read here.");
  const transport: Transport = {
    // In a promise, so that what `answer` throws is a rejection.
    json: (request) =>
      new Promise((resolve) => {
        resolve(answer(request));
      }),
    open: () => Promise.reject(unused()),
    broken: unused,
  };
  return {
    options: { clock, transport, apiKey: "sk-bench" },
    clock,
    calls: () => calls,
    endOf,
    add,
  };
}
