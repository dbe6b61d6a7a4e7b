/**
 * What goes wrong with a call. "Processed" means that the call has had its effect (a batch exists, a file is deleted)
 * although the client may never learn of it.
 */
export type Fault =
  /** The connection breaks before anything is processed. */
  | { readonly kind: "drop-before" }
  /** The call is processed, then the connection breaks without an answer. */
  | { readonly kind: "drop-after" }
  /** An error answer; nothing is processed. Without a body, one in OpenAI's shape is made. */
  | StatusFault<"status">
  /** The call is processed, and answered with an error nonetheless. */
  | StatusFault<"status-after">
  /** The call is processed and answered, `ms` milliseconds of real time late. */
  | { readonly kind: "delay"; readonly ms: number }
  /** No answer ever comes. */
  | { readonly kind: "hang"; readonly processed?: boolean }
  /** Processed and answered with the full `content-length`, yet the body stops after `bytes` (half of it by default). */
  | { readonly kind: "cut-body"; readonly bytes?: number }
  /** A gateway's HTML page in place of JSON; its status is 502 by default. */
  | { readonly kind: "html"; readonly status?: number; readonly processed?: boolean }
  /** An answer of status 200 with no bytes in it. */
  | { readonly kind: "empty"; readonly processed?: boolean };

/** An answer with an error status. */
export interface StatusFault<Kind extends string> {
  readonly kind: Kind;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Which calls go wrong, and how. */
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
  skips: number;
  times: number;
}

/** Makes an empty set of rules on the given clock (milliseconds). */
export function createFaultRules(now: () => number): FaultRules {
  let active: ActiveRule[] = [];
  return {
    add(rule) {
      const entry: ActiveRule = {
        rule,
        from: now() + (rule.after ?? 0),
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
      for (const entry of active) {
        if (entry.times <= 0 || now() < entry.from || !fits(entry.rule, method, path)) continue;
        if (entry.skips > 0) {
          entry.skips -= 1;
          continue;
        }
        entry.times -= 1;
        return entry.rule.fault;
      }
      return undefined;
    },
  };
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
