/**
 * What goes wrong with a call. "Processed" means that the call has had its effect (a batch exists, a file is deleted)
 * although the client may never learn of it.
 */
export type Fault =
  /** The connection breaks before anything is processed. */
  | { readonly kind: "drop-before" }
  /** The call is processed, then the connection breaks without an answer. */
  | { readonly kind: "drop-after" }
  /** This answer instead of the usual one, mostly an error; nothing is processed. */
  | StatusFault<"status">
  /** The call is processed, and given this answer nonetheless. */
  | StatusFault<"status-after">
  /** The call is processed, and the JSON of its answer is changed. For what a server always does, see `Dialect`. */
  | {
      readonly kind: "rewrite";
      /** Makes what is answered of what would have been. */
      readonly rewrite: (answer: unknown) => unknown;
    }
  /** The call is held for `ms` milliseconds of real time, or until a promise is settled, then processed and answered. */
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "delay"; readonly until: Promise<unknown> }
  /** No answer ever comes. */
  | { readonly kind: "hang"; readonly processed?: boolean }
  | CutFault
  /** Processed, the answer's body compressed, with `content-encoding: gzip`. */
  | { readonly kind: "gzip" }
  /** A gateway's HTML page in place of JSON; its status is 502 by default. */
  | { readonly kind: "html"; readonly status?: number; readonly processed?: boolean }
  /** An answer of status 200 with no bytes in it. */
  | { readonly kind: "empty"; readonly processed?: boolean };

/** An answer of any status, 200 included. */
export interface StatusFault<Kind extends string> {
  readonly kind: Kind;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, as `text/plain`, anything else as JSON. By default, an error in OpenAI's shape. */
  readonly body?: unknown;
}

/** Processed, yet the answer's body stops after `bytes`, or else after so many `lines`, or else half-way. */
export interface CutFault {
  readonly kind: "cut-body";
  readonly bytes?: number;
  readonly lines?: number;
  /**
   * Whether nothing tells the client: there is no `content-length`, and the body ends as a whole one does. By default the
   * full `content-length` is named and the connection breaks.
   */
  readonly silent?: boolean;
}

/**
 * Which calls go wrong, and how.
 *
 * @example
 * ```ts
 * import { type FaultRule, startSimulator } from "openai-batch-action/simulator";
 *
 * const content = { method: "GET", path: "/files/*\/content" };
 * const faults: readonly FaultRule[] = [
 *   // The create is answered with 502, and the batch exists.
 *   { method: "POST", path: "/batches", fault: { kind: "html", processed: true } },
 *   // Results cannot be read twice; then, what comes is no result file; then five lines of it, and no word of the rest.
 *   { ...content, times: 2, fault: { kind: "status", status: 404 } },
 *   { ...content, fault: { kind: "status", status: 200, body: "upstream is starting up\n" } },
 *   { ...content, fault: { kind: "cut-body", lines: 5, silent: true } },
 *   // More than four cancels a second are too many.
 *   {
 *     path: "/batches/*\/cancel",
 *     times: Infinity,
 *     beyond: { calls: 4, ms: 1000 },
 *     fault: { kind: "status", status: 429, headers: { "retry-after": "1" } },
 *   },
 *   // One page of the list says that there is more, and not where.
 *   {
 *     path: "/batches",
 *     fault: { kind: "rewrite", rewrite: () => ({ object: "list", data: [], has_more: true }) },
 *   },
 * ];
 * await using simulator = await startSimulator({ faults });
 * const headers = { authorization: "Bearer any" };
 * const page = await fetch(`${simulator.url}/batches`, { headers });
 * console.log(await page.text()); // {"object":"list","data":[],"has_more":true}
 * ```
 */
export interface FaultRule {
  /** An HTTP method; any when absent. */
  readonly method?: string;
  /**
   * The path behind `/v1`: in full, with `*` for any one segment (`/batches`, `/files/*`), or as a regular expression. Any
   * path when absent.
   */
  readonly path?: string | RegExp;
  /** How many calls go wrong; 1 by default, `Infinity` for all. */
  readonly times?: number;
  /** How many matching calls pass unharmed first; 0 by default. */
  readonly skip?: number;
  /** The rule sleeps for this many milliseconds of the simulator's clock, counted from its addition; 0 by default. */
  readonly after?: number;
  /** How long the rule is awake then, in milliseconds of the simulator's clock; without end by default. */
  readonly for?: number;
  /** Calls are let pass while there are no more than so many matching ones within `ms`, as a rate limit does. */
  readonly beyond?: { readonly calls: number; readonly ms: number };
  readonly fault: Fault;
}

/** The rules in force. */
export interface FaultRules {
  /** Adds a rule behind those in force, and returns a function that removes it. */
  readonly add: (rule: FaultRule) => () => void;
  readonly clear: () => void;
  /** The fault of this call. The first rule that fits decides, and uses up one of its times. */
  readonly next: (method: string, path: string) => Fault | undefined;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly from: number;
  readonly until: number;
  /** When the latest matching calls were let pass, as far as `beyond` asks. */
  passed: readonly number[];
  skips: number;
  times: number;
}

/** Makes an empty set of rules on the given clock (milliseconds). */
export function createFaultRules(now: () => number): FaultRules {
  let active: ActiveRule[] = [];
  return {
    add(rule) {
      const from = now() + (rule.after ?? 0);
      const entry: ActiveRule = {
        rule,
        from,
        until: from + (rule.for ?? Infinity),
        passed: [],
        skips: rule.skip ?? 0,
        times: rule.times ?? 1,
      };
      active.push(entry);
      return () => {
        active = active.filter((other) => other !== entry);
      };
    },
    clear() {
      active = [];
    },
    next(method, path) {
      return active.find((entry) => fits(entry.rule, method, path) && strikes(entry, now()))?.rule
        .fault;
    },
  };
}

/** Whether a rule strikes a matching call that comes now, which uses up one of its times. */
function strikes(entry: ActiveRule, now: number): boolean {
  if (entry.times <= 0 || now < entry.from || now >= entry.until) return false;
  if (entry.skips > 0) {
    entry.skips -= 1;
    return false;
  }
  const { beyond } = entry.rule;
  if (beyond !== undefined) {
    entry.passed = entry.passed.filter((at) => at > now - beyond.ms);
    if (entry.passed.length < beyond.calls) {
      entry.passed = [...entry.passed, now];
      return false;
    }
  }
  entry.times -= 1;
  return true;
}

function fits(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
  if (rule.path === undefined) return true;
  if (typeof rule.path !== "string") return path.search(rule.path) !== -1;
  const wanted = rule.path.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => segment === "*" || segment === given[index])
  );
}
