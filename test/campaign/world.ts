import { BatchClient } from "../../src/api/client.ts";
import { isFields } from "../../src/api/normalize.ts";
import { cleanUp } from "../../src/action/cleanup.ts";
import type { createClient } from "../../src/action/client.ts";
import type { accessGitHub } from "../../src/action/github/access.ts";
import { noReporter } from "../../src/action/github/status-reporter.ts";
import { InterruptError } from "../../src/action/runner/interrupt.ts";
import { runStep } from "../../src/action/step.ts";
import type { Toolkit } from "../../src/action/runner/toolkit.ts";
import { creationName, keyName } from "../../src/batch/create/key.ts";
import type { BatchObject } from "../../src/simulator/types.ts";
import { SimulatorCore } from "../../src/simulator/core.ts";
import { type EventClock, eventClock } from "./event-clock.ts";
import type { FaultStreak, Schedule } from "./schedule.ts";
import { campaignGitHub, type StartedRun } from "./github.ts";
import { campaignWire } from "./wire.ts";

/** A process of the action: what it was told and what it left behind. */
export interface Process {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** Everything said in the log, annotations among it. */
  readonly log: readonly string[];
  readonly failed: boolean;
  readonly killed: boolean;
  readonly signalledAt: number | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
}

interface ProcessPlan {
  readonly inputs: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
  readonly attempt: number;
  readonly faults: readonly FaultStreak[];
  readonly signalAt?: number | undefined;
  readonly killAt?: number | undefined;
}

const killAfterSignal = 10_000;
/** Of more, not all ids are written again with each new one; the state holds each at once. */
const firstBatches = 8;
export const inputFile = "test/campaign/requests.jsonl";

/** One account on one clock, and the processes that work on it one after the other. */
export class World {
  readonly clock: EventClock = eventClock();
  readonly core: SimulatorCore;
  /** What must never be; empty at the end of a good schedule. */
  readonly violations: string[] = [];
  /** Runs that were started to go on with batches. */
  readonly runs: StartedRun[] = [];
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.core = new SimulatorCore({
      now: () => this.clock.now(),
      outcome: schedule.outcome,
      phases: {
        validating: 2_000,
        inProgress: schedule.inProgress,
        finalizing: 1_000,
        cancelling: 300_000,
      },
      listLag: schedule.listLag,
      fileLag: schedule.fileLag,
    });
  }

  live(): readonly BatchObject[] {
    return this.core.batches.filter(({ status }) => isLive(status));
  }

  async main(plan: ProcessPlan): Promise<Process> {
    return this.#process(plan, (toolkit, env, signal, connect, gitHub) =>
      runStep(toolkit, env, signal, { connect, gitHub }),
    );
  }

  async post(plan: ProcessPlan): Promise<Process> {
    return this.#process(plan, (toolkit, env, _signal, connect, gitHub) =>
      cleanUp(toolkit, env, connect, gitHub),
    );
  }

  async #process(
    plan: ProcessPlan,
    entry: (
      toolkit: Toolkit,
      env: Readonly<Record<string, string>>,
      signal: AbortSignal,
      connect: typeof createClient,
      gitHub: typeof accessGitHub,
    ) => Promise<void>,
  ): Promise<Process> {
    const { clock, core } = this;
    const startedAt = clock.now();
    const outputs: Record<string, string> = {};
    const state: Record<string, string> = {};
    const log: string[] = [];
    const delivered: string[] = [];
    const interrupt = new AbortController();
    const death = Promise.withResolvers<"killed">();
    const stuck = new Promise<never>(() => undefined);
    let dead = false;
    let failed = false;
    let points = 0;
    let calls = 0;
    let signalledAt: number | undefined;

    const die = () => {
      dead = true;
      death.resolve("killed");
    };
    const signal = () => {
      signalledAt = clock.now();
      clock.at(signalledAt + killAfterSignal, die);
      interrupt.abort(new InterruptError("The workflow was cancelled."));
    };
    const point = async () => {
      if (dead) return stuck;
      points += 1;
      if (points === plan.signalAt) signal();
      if (points === plan.killAt) {
        die();
        return stuck;
      }
    };
    const alive =
      <T extends unknown[]>(action: (...values: T) => void) =>
      (...values: T) => {
        if (!dead) action(...values);
      };
    const say = alive((text: string | Error) => {
      log.push(String(text));
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
        failed = true;
        log.push(String(message));
      }),
      info: say,
      notice: say,
      warning: say,
      error: say,
      debug: () => undefined,
      startGroup: say,
      endGroup: () => undefined,
      summary: {
        addRaw: () => toolkit.summary, // Only chained.
        write: () => Promise.resolve(toolkit.summary),
      },
    };
    const processClock: EventClock = {
      ...clock,
      async sleep(ms, ending) {
        await point();
        try {
          await clock.sleep(ms, ending);
        } finally {
          if (dead) await stuck;
        }
      },
    };
    const connect: typeof createClient = (connection) =>
      new BatchClient({
        apiKey: "sk-campaign",
        baseURL: "http://127.0.0.1/v1",
        maxRetries: connection.maxRetries,
        clock: processClock,
        random: () => 0.5,
        transport: campaignWire({
          core,
          clock: processClock,
          requestTimeout: connection.requestTimeout,
          point,
          nextFault: () => {
            const number = calls;
            calls += 1;
            return plan.faults.find(({ call, length }) => number >= call && number < call + length)
              ?.fault;
          },
          onCall: () => {
            for (const id of delivered) {
              const few = core.batches.length <= firstBatches;
              if (few && outputs["batch-id"]?.includes(id) !== true) {
                this.violations.push(`${id} was known and not in the outputs before the next call`);
              }
              if (!isSaved(state, id)) {
                this.violations.push(`${id} was known and not in the state before the next call`);
              }
            }
            delivered.length = 0;
          },
          onProcessed: ({ method, path }) => {
            if (method === "POST" && path === "/batches") this.#checkCreated();
          },
          onAnswer: ({ method, path }, { status, body }) => {
            if (method !== "POST" || path !== "/batches" || status !== 200) return;
            const batch: unknown = JSON.parse(body.text());
            if (isFields(batch) && typeof batch["id"] === "string") delivered.push(batch["id"]);
          },
        }),
      });

    const gitHub: typeof accessGitHub = (given) => {
      const api =
        given === undefined
          ? undefined
          : campaignGitHub({
              clock: processClock,
              runs: this.runs,
              fault: this.#schedule.dispatchFault ?? "none",
              point,
              kill() {
                die();
                return stuck;
              },
            });
      return Promise.resolve({ api, reporter: noReporter });
    };

    const env = {
      GITHUB_REF: "refs/heads/main",
      GITHUB_WORKFLOW_REF: "octo/campaign/.github/workflows/batch.yml@refs/heads/main",
      GITHUB_REPOSITORY: "octo/campaign",
      GITHUB_RUN_ID: "77",
      GITHUB_RUN_ATTEMPT: String(plan.attempt),
    };
    const end = await Promise.race([
      entry(toolkit, env, interrupt.signal, connect, gitHub).then(() => "ended" as const),
      death.promise,
    ]);
    const killed = end === "killed";
    const endedAt = clock.now();
    dead = true;
    return { outputs, state, log, failed, killed, signalledAt, startedAt, endedAt };
  }

  /** The newest batch must be the only one of its work that runs or has completed. */
  #checkCreated(): void {
    const batches = this.core.batches;
    const newest = batches.at(-1);
    if (newest === undefined) return;
    // Who asks not to reuse asks for work of its own in each run.
    const name = this.#schedule.reuseExisting ? keyName : creationName;
    const same = batches.filter(
      (batch) => isLive(batch.status) && batch.metadata?.[name] === newest.metadata?.[name],
    );
    if (same.length > 1) {
      this.violations.push(
        `paid twice: ${same.map(({ id, status }) => `${id} ${status}`).join(", ")}`,
      );
    }
  }
}

/** Each batch is a value of its own. */
function isSaved(state: Readonly<Record<string, string>>, id: string): boolean {
  return Object.entries(state).some(
    ([name, value]) => name.startsWith("batch_") && value.includes(`"${id}"`),
  );
}

export function isLive(status: string): boolean {
  return ["validating", "in_progress", "finalizing", "completed"].includes(status);
}
