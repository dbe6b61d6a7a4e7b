import type { ManualClock } from "./clock.ts";
import type { SimulatorCore } from "./core.ts";
import { invalidParameter, SimulatorApiError } from "./errors.ts";
import type { Fault, FaultRule, FaultRules } from "./faults.ts";
import type { Call } from "./journal.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import { parseOutcome } from "./outcome.ts";
import { jsonReply, type Reply } from "./reply.ts";
import { readJson } from "./routes.ts";

/** What another process may see and change of a running simulator. */
interface ControlContext {
  readonly core: SimulatorCore;
  readonly rules: FaultRules;
  readonly calls: readonly Call[];
  readonly clock: ManualClock | undefined;
}

/** Every kind that JSON can express. */
const FAULT_KINDS: Readonly<Record<Exclude<Fault["kind"], "rewrite">, true>> = {
  "drop-before": true,
  "drop-after": true,
  status: true,
  "status-after": true,
  delay: true,
  hang: true,
  "cut-body": true,
  gzip: true,
  html: true,
  empty: true,
};

/** Answers one call to `/_simulator/…`. Throws a `SimulatorApiError` for an error answer. */
export async function controlRoute(
  context: ControlContext,
  request: {
    readonly method: string;
    readonly path: string;
    readonly body: AsyncIterable<Buffer>;
  },
): Promise<Reply> {
  const { core, rules, calls, clock } = context;
  switch (`${request.method} ${request.path}`) {
    case "POST /_simulator/faults": {
      const body = await readJson(request.body);
      const added = (Array.isArray(body) ? body : [body]).map(readRule);
      for (const rule of added) rules.add(rule);
      return jsonReply({ added: added.length });
    }
    case "DELETE /_simulator/faults":
      rules.clear();
      return jsonReply({});
    case "POST /_simulator/plan": {
      const { outcome, scope } = await readObject(request.body);
      if (typeof outcome !== "string") {
        throw invalidParameter("outcome", null, "The outcome is text, such as 'mixed:0.5'.");
      }
      core.plan(parseOutcome(outcome), scope === "all" ? "all" : "next");
      return jsonReply({});
    }
    case "POST /_simulator/advance":
      return jsonReply({ now: advance(clock, await readObject(request.body)) });
    case "POST /_simulator/cancel":
      return jsonReply(core.cancelBatch(await readId(request.body)));
    case "POST /_simulator/remove":
      core.remove(await readId(request.body));
      return jsonReply({});
    case "GET /_simulator/calls":
      return jsonReply(calls);
    case "GET /_simulator/batches":
      return jsonReply(core.batches);
    case "GET /_simulator/files":
      return jsonReply(core.files);
    case "GET /_simulator/ledger":
      return jsonReply(core.ledger());
    default:
      throw new SimulatorApiError(404, `Invalid URL (${request.method} ${request.path})`);
  }
}

function advance(clock: ManualClock | undefined, { ms }: JsonObject): number {
  if (clock === undefined) {
    throw new SimulatorApiError(409, "Start the simulator with a manual clock to advance it.");
  }
  if (typeof ms !== "number" || ms < 0) {
    throw invalidParameter("ms", null, "The time to advance by is a number of milliseconds.");
  }
  clock.advance(ms);
  return clock.now();
}

async function readId(body: AsyncIterable<Buffer>): Promise<string> {
  const { id } = await readObject(body);
  if (typeof id === "string") return id;
  throw invalidParameter("id", null, "The id of a batch or a file is text.");
}

async function readObject(body: AsyncIterable<Buffer>): Promise<JsonObject> {
  const value = await readJson(body);
  if (isJsonObject(value)) return value;
  throw new SimulatorApiError(400, "Expected a JSON object.");
}

function readRule(value: unknown): FaultRule {
  const fault = isJsonObject(value) ? value["fault"] : undefined;
  const kind = isJsonObject(fault) ? fault["kind"] : undefined;
  if (!isJsonObject(value) || typeof kind !== "string" || !Object.hasOwn(FAULT_KINDS, kind)) {
    throw invalidParameter(
      "fault.kind",
      "invalid_value",
      `Every rule has a fault, its kind one of: ${Object.keys(FAULT_KINDS).join(", ")}.`,
    );
  }
  const { times, ...rule } = value;
  // A local caller's rule is trusted beyond its kind: a wrong field makes a test fail, and nothing else. JSON knows no
  // Infinity, so null stands for it.
  return {
    ...rule,
    ...(times !== undefined && { times: times ?? Infinity }),
  } as unknown as FaultRule;
}
