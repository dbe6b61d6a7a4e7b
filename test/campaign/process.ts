import { isTerminal } from "../../src/batch/status.ts";
import { BatchClient } from "../../src/api/client.ts";
import { isFields } from "../../src/api/json.ts";
import { statusOfWord } from "../../src/api/status-words.ts";
import { cleanUp } from "../../src/action/cleanup.ts";
import type { createClient } from "../../src/action/client.ts";
import type { accessGitHub } from "../../src/action/github/access.ts";
import { settleHeld } from "../../src/action/github/settle.ts";
import { noReporter } from "../../src/action/github/status-reporter.ts";
import { InterruptError } from "../../src/action/runner/interrupt.ts";
import type { Toolkit } from "../../src/action/runner/toolkit.ts";
import { runStep } from "../../src/action/step.ts";
import type { EventClock } from "./event-clock.ts";
import { campaignGitHub } from "./github.ts";
import type { FaultStreak } from "./schedule.ts";
import { routeOf } from "./faults.ts";
import { campaignWire } from "./wire.ts";
import type { World } from "./world.ts";

/** What a process of the action is started with. */
export interface ProcessPlan {
  readonly step: "main" | "post";
  readonly inputs: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
  readonly attempt: number;
  readonly runId: number;
  readonly faults: readonly FaultStreak[];
  readonly signalAt?: number | undefined;
  readonly killAt?: number | undefined;
}

/** A process of the action: what it was told and what it has left behind so far. */
export interface Process {
  /** Counts the processes of a schedule. */
  readonly number: number;
  readonly plan: ProcessPlan;
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  /** Everything said in the log, annotations among it. */
  readonly log: string[];
  summary: string;
  failed: boolean;
  killed: boolean;
  signalledAt: number | undefined;
  /** The `custom_id`s of the requests that its cache answered when it began. */
  readonly cached: ReadonlySet<string>;
  /** The last status of each batch that an answer has shown it. */
  readonly shown: Map<string, string>;
  readonly startedAt: number;
  endedAt: number;
}

/** Milliseconds after a signal at which the runner kills. */
const killAfterSignal = 10_000;
export const commit = "0123456789abcdef0123456789abcdef01234567";

/** Runs a process on the world's clock until it has ended or was killed. */
export async function runProcess(world: World, plan: ProcessPlan): Promise<Process> {
  const { clock } = world;
  const process = world.begin(plan);
  const life = createLife(clock, process);
  const toolkit = toolkitOf(world, process, life);
  const own: EventClock = {
    ...clock,
    async sleep(ms, ending) {
      await life.point();
      try {
        await clock.sleep(ms, ending);
      } finally {
        if (life.isDead()) await life.stuck;
      }
    },
  };
  const connections = connectionsOf(world, { process, life, clock: own });
  const entry = async () => {
    const env = environmentOf(plan);
    if (plan.step === "main") {
      await runStep(toolkit, env, life.interrupt.signal, connections);
      return;
    }
    await cleanUp(toolkit, env, connections.connect, connections.gitHub);
    await settleHeld(toolkit, env, { clock: own, open: () => connections.api });
  };
  const end = await Promise.race([entry().then(() => "ended" as const), life.death]);
  process.killed = end === "killed";
  process.endedAt = clock.now();
  life.die();
  return process;
}

/** The points at which a process can be signalled or killed. */
interface Life {
  readonly interrupt: AbortController;
  readonly death: Promise<"killed">;
  /** Never ends: what awaits it is dead. */
  readonly stuck: Promise<never>;
  isDead(): boolean;
  die(): void;
  point(): Promise<void>;
}

function createLife(clock: EventClock, process: Process): Life {
  const { signalAt, killAt } = process.plan;
  const interrupt = new AbortController();
  const death = Promise.withResolvers<"killed">();
  const stuck = new Promise<never>(() => undefined);
  let dead = false;
  let points = 0;
  const die = () => {
    dead = true;
    death.resolve("killed");
  };
  const signal = () => {
    process.signalledAt = clock.now();
    clock.at(process.signalledAt + killAfterSignal, die);
    interrupt.abort(new InterruptError("The workflow was cancelled."));
  };
  return {
    interrupt,
    death: death.promise,
    stuck,
    isDead: () => dead,
    die,
    async point() {
      if (dead) return stuck;
      points += 1;
      if (points === signalAt) signal();
      if (points === killAt) {
        die();
        return stuck;
      }
    },
  };
}

function toolkitOf(world: World, process: Process, life: Life): Toolkit {
  const { plan, outputs, state, log } = process;
  const alive =
    <T extends unknown[]>(action: (...values: T) => void) =>
    (...values: T) => {
      if (!life.isDead()) action(...values);
    };
  const say = alive((text: string | Error) => {
    log.push(String(text));
    world.hear(process, String(text));
  });
  const toolkit: Toolkit = {
    getInput: (name) => plan.inputs[name] ?? "",
    getState: (name) => plan.state?.[name] ?? "",
    setSecret: () => undefined,
    setOutput: alive((name: string, value: unknown) => {
      outputs[name] = String(value);
    }),
    saveState: alive((name: string, value: unknown) => {
      state[name] = String(value);
    }),
    setFailed: alive((message: string | Error) => {
      process.failed = true;
      say(message);
    }),
    info: say,
    notice: say,
    warning: say,
    error: say,
    debug: () => undefined,
    startGroup: say,
    endGroup: () => undefined,
    summary: {
      addRaw(text) {
        if (!life.isDead()) process.summary += text;
        return toolkit.summary; // Only chained.
      },
      write: () => Promise.resolve(toolkit.summary),
    },
  };
  return toolkit;
}

interface Connecting {
  readonly process: Process;
  readonly life: Life;
  readonly clock: EventClock;
}

function connectionsOf(world: World, { process, life, clock }: Connecting) {
  const { plan } = process;
  let calls = 0;
  const streak = () => {
    const number = calls;
    calls += 1;
    return plan.faults.find(({ call, length }) => number >= call && number < call + length)?.fault;
  };
  const api = campaignGitHub({
    ...world.github,
    clock,
    nextFault: () => world.nextDispatchFault(),
    point: () => life.point(),
    kill() {
      life.die();
      return life.stuck;
    },
  });
  const delivered: string[] = [];
  const connect: typeof createClient = (connection) =>
    new BatchClient({
      apiKey: "sk-campaign",
      baseURL: "http://127.0.0.1/v1",
      maxRetries: connection.maxRetries,
      maxRetryAfter: connection.maxRetryAfter,
      clock,
      random: () => 0.5,
      transport: campaignWire({
        server: world.server,
        plan: world.schedule.server,
        clock,
        requestTimeout: connection.requestTimeout,
        point: () => life.point(),
        nextFault: (route) => streak() ?? world.rules.next(route),
        onCall() {
          for (const id of delivered.splice(0)) world.checkWritten(process, id);
        },
        onProcessed(request, reply) {
          world.note(process, request, reply);
        },
        onAnswer({ method, path }, { status, body }) {
          if (status !== 200 || routeOf(method, path) === "content") return;
          const batch = batchIn(JSON.parse(body.text()));
          if (batch === undefined) return;
          if (!isEnd(process.shown.get(batch.id))) process.shown.set(batch.id, batch.status);
          if (method === "POST" && path === "/batches") delivered.push(batch.id);
        },
      }),
    });
  const gitHub: typeof accessGitHub = (given) =>
    Promise.resolve({ api: given === undefined ? undefined : api, reporter: noReporter });
  return { connect, gitHub, api };
}

/** What has ended does not begin again, whatever a list that lags shows later. */
const isEnd = (status: string | undefined) =>
  status !== undefined && isTerminal({ status: statusOfWord(status) });

/** The batch that an answer shows; a page of the list is read for other batches as well. */
function batchIn(answer: unknown): { readonly id: string; readonly status: string } | undefined {
  const { id, status } = isFields(answer) ? answer : {};
  if (typeof id !== "string" || !id.startsWith("batch_")) return undefined;
  return { id, status: statusOfWord(status) };
}

function environmentOf({ runId, attempt }: ProcessPlan): Readonly<Record<string, string>> {
  return {
    GITHUB_REF: "refs/heads/main",
    GITHUB_WORKFLOW_REF: "octo/campaign/.github/workflows/batch.yml@refs/heads/main",
    GITHUB_REPOSITORY: "octo/campaign",
    GITHUB_SHA: commit,
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_ATTEMPT: String(attempt),
  };
}
