import { parseArgs } from "node:util";
import { SimulatorApiError } from "../errors.ts";
import { type OutcomePlan, parseOutcome } from "../outcome.ts";
import type { SimulatorOptions } from "../simulator.ts";
import { readDuration } from "./duration.ts";
import { faultWords, readFault } from "./fault-flag.ts";

/** What was typed: a server to start, a wish for the help text, or mistakes. */
export type Command =
  | { readonly kind: "start"; readonly options: SimulatorOptions }
  | { readonly kind: "help" }
  | { readonly kind: "mistaken"; readonly problems: readonly string[] };

const DEFAULT_PORT = "8321";
const OUTCOMES =
  "completed, mixed, mixed:<share>, all_failed, failed, failed:<code>, expired or expired:<share>";
const FAULTS = `"METHOD PATH FAULT [xN|always]", where FAULT is ${faultWords}`;

export const HELP = `Usage: openai-batch-action-simulator [options]

A Batch API on this machine, for dry runs without a key. Nothing leaves the machine, and nothing is kept.

  --port <number>       the port on 127.0.0.1, 0 for a free one (default ${DEFAULT_PORT})
  --outcome <outcome>   how batches end: completed (default), mixed, mixed:0.1 (the share of requests
                        that fail), all_failed, failed, failed:model_not_found (the error's code),
                        expired, expired:0.9 (the share that is answered)
  --duration <time>     how long a batch takes: 500ms, 30s, 5m, 24h (default 5s)
  --fault <rule>        what goes wrong: "METHOD PATH FAULT [xN|always]", once unless it says more;
                        may be repeated. PATH is what follows /v1, with * for one segment.
                        FAULT is ${faultWords}
  --api-key <key>       the only key that is accepted (default: any)
  --seed <number>       decides ids and the order of results (default 1)
  --control             lets other processes steer it over HTTP, under /_simulator/
  -h, --help            this text

Example:
  openai-batch-action-simulator --duration 30s --outcome mixed:0.1 --fault "POST /batches 503 x2"

Metadata of a batch overrides --outcome: simulator_outcome=expired:0.5. Ctrl-C ends the simulator.
`;

const FLAGS = {
  port: { type: "string" },
  outcome: { type: "string" },
  duration: { type: "string" },
  fault: { type: "string", multiple: true },
  "api-key": { type: "string" },
  seed: { type: "string" },
  control: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the arguments of the command. Every mistake is told, not only the first. */
export function readFlags(args: readonly string[]): Command {
  const parsed = parse(args);
  if (typeof parsed === "string") return { kind: "mistaken", problems: [parsed] };
  if (parsed.help === true) return { kind: "help" };
  const problems: string[] = [];
  const need = <Value>(value: Value | undefined, problem: string): Value | undefined => {
    if (value === undefined) problems.push(problem);
    return value;
  };
  const { port, duration = "5s", outcome = "completed", fault = [], seed = "1" } = parsed;
  const options: SimulatorOptions = {
    port: need(readWhole(port ?? DEFAULT_PORT, 65_535), `--port ${port}: a number up to 65535.`),
    phases: need(phasesOf(duration), `--duration ${duration}: 500ms, 30s, 5m or 24h.`),
    outcome: need(readOutcome(outcome), `--outcome ${outcome}: ${OUTCOMES}.`),
    faults: fault.flatMap((text) => need(readFault(text), `--fault "${text}": ${FAULTS}.`) ?? []),
    seed: need(readWhole(seed), `--seed ${seed}: a whole number.`),
    apiKey: parsed["api-key"],
    control: parsed.control ?? false,
  };
  return problems.length === 0 ? { kind: "start", options } : { kind: "mistaken", problems };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    // `parseArgs` throws for flags that it does not know; its words are for people.
    return error instanceof Error ? error.message : String(error);
  }
}

function readWhole(text: string, max = Number.MAX_SAFE_INTEGER): number | undefined {
  return /^\d+$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

/** Most of the time is spent in progress, as it is with OpenAI. */
function phasesOf(duration: string): SimulatorOptions["phases"] {
  const total = readDuration(duration);
  if (total === undefined) return undefined;
  const edge = total / 10;
  // Whoever cancels a batch of a day does not want to wait hours for its end.
  const cancelling = Math.min(edge, 1000);
  return { validating: edge, inProgress: total - 2 * edge, finalizing: edge, cancelling };
}

function readOutcome(text: string): OutcomePlan | undefined {
  try {
    return parseOutcome(text);
  } catch (error) {
    if (error instanceof SimulatorApiError) return undefined;
    throw error;
  }
}
