import { join } from "node:path";

import { idsIn } from "./claims.ts";
import { checkEnd, isPlain } from "./oracle.ts";
import { type Process, runProcess } from "./process.ts";
import { calm } from "./once-failed.ts";
import type { Fortune, LaterJob, Schedule } from "./schedule.ts";
import { checkKept, harmCache } from "./cache.ts";
import { checkClean, checkSignalled, checkTimes } from "./clean.ts";
import { World } from "./world.ts";

export const inputFile = "test/campaign/requests.jsonl";
const maxChain = 3;
/** The run of the workflow beside. */
const besideRun = 88;

/** Plays a workflow with all that comes behind it, and returns what must never be. */
export async function play(schedule: Schedule): Promise<readonly string[]> {
  const world = new World(schedule);
  try {
    await new Workflow(world).play();
    return [...world.violations];
  } finally {
    world.close();
  }
}

/** The jobs of one workflow, one after the other. */
class Workflow {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #plain: boolean;
  #attempt = 1;
  #jobs = 0;
  #dispatched = 0;

  constructor(world: World) {
    this.#world = world;
    this.#schedule = world.schedule;
    this.#plain = isPlain(world.schedule);
  }

  async play(): Promise<void> {
    const { fortune, beside, later } = this.#schedule;
    const jobs = [this.#job(this.#create(), fortune)];
    if (beside !== undefined) jobs.push(this.#job(this.#createBeside(), beside, besideRun));
    const [main, other] = await Promise.all(jobs);
    if (main !== undefined) this.#checkCalm(main, fortune);
    if (other !== undefined && beside !== undefined) this.#checkCalm(other, beside);
    for (const [index, job] of later.entries()) {
      harmCache(this.#cacheFile, this.#schedule.cache?.[index] ?? "kept");
      await this.#later(job);
    }
    await this.#end();
  }

  /** What the workflow creates, or adopts. */
  #create(): Record<string, string> {
    const { operation, retryFailed, onTimeout, maxRequests, maxActive } = this.#schedule;
    const runs = operation === "run";
    return {
      ...this.#common(),
      ...(runs ? this.#waiting() : {}),
      operation,
      "input-file": inputFile,
      "reuse-existing": String(this.#schedule.reuseExisting),
      "max-requests-per-batch": String(maxRequests),
      "max-active-batches": String(maxActive),
      ...this.#cache(),
      ...(runs && onTimeout !== "dispatch" ? { "retry-failed": String(retryFailed) } : {}),
      ...(this.#schedule.ownKey ? { "idempotency-key": "nightly" } : {}),
    };
  }

  /** The same requests in another workflow. */
  #createBeside(): Record<string, string> {
    const inputs = this.#create();
    return this.#schedule.ownKey ? { ...inputs, "idempotency-key": "weekly" } : inputs;
  }

  /** A run that starts itself again takes none. */
  #cache(): Record<string, string> {
    const { operation, onTimeout, cache } = this.#schedule;
    const takes = cache !== undefined && operation === "run" && onTimeout !== "dispatch";
    return takes ? { "cache-file": this.#cacheFile } : {};
  }

  get #cacheFile(): string {
    return join(this.#world.folder, "cache.jsonl");
  }

  #common(): Record<string, string> {
    return {
      "api-key": "sk-campaign",
      "base-url": "http://127.0.0.1/v1",
      "cancel-on": this.#schedule.cancelOn,
      "fail-on": "never",
      "github-token": "ghs_campaign",
    };
  }

  #waiting(): Record<string, string> {
    const { timeout, onTimeout } = this.#schedule;
    return {
      timeout: String(timeout),
      "on-timeout": onTimeout,
      "poll-interval": "10s",
      "max-poll-interval": "10m",
      ...(this.#schedule.outputFile ? this.#files() : {}),
    };
  }

  #files(): Record<string, string> {
    const folder = join(this.#world.folder, String(this.#jobs));
    return {
      "output-file": join(folder, "answers.jsonl"),
      "error-file": join(folder, "errors.jsonl"),
      "output-order": this.#schedule.order,
    };
  }

  async #later({ work, gap, fortune }: LaterJob): Promise<void> {
    const { clock } = this.#world;
    if (gap > 0) await clock.sleep(gap);
    if (work === "rerun") this.#attempt += 1;
    if (work === "again" || work === "rerun") {
      await this.#job(this.#create(), fortune);
      return;
    }
    const collect = () =>
      this.#job({ ...this.#common(), ...this.#files(), operation: "collect" }, fortune);
    if (work === "collect") await collect();
    else if (work === "collect twice") await Promise.all([collect(), collect()]);
    else {
      const ids = this.#known().join(",");
      if (ids === "") return;
      const inputs = { ...this.#common(), operation: work, "batch-id": ids };
      if (work === "wait") await this.#job({ ...inputs, ...this.#waiting() }, fortune);
      else if (work === "retrieve") await this.#job({ ...inputs, ...this.#files() }, fortune);
      else await this.#job(inputs, fortune);
    }
  }

  /** The batches that the jobs so far have named. */
  #known(): readonly string[] {
    return [
      ...new Set(this.#world.processes.flatMap(({ outputs }) => idsIn(outputs["batch-id"] ?? ""))),
    ];
  }

  /** A main step, its post step, and the runs that it has started. */
  async #job(inputs: Record<string, string>, fortune: Fortune, runId = 77): Promise<Process> {
    this.#jobs += 1;
    const world = this.#world;
    const attempt = runId === 77 ? this.#attempt : 1;
    const main = await runProcess(world, { step: "main", inputs, attempt, runId, ...fortune });
    const checks = [checkEnd, checkTimes, checkKept];
    for (const violation of checks.flatMap((check) => check(world, main))) {
      world.violations.add(`process ${main.number}: ${violation}`);
    }
    if (this.#plain) {
      for (const violation of checkSignalled(world, main)) {
        world.violations.add(`process ${main.number}: ${violation}`);
      }
    }
    if (!fortune.runnerLost) await this.#post(main, fortune);
    await this.#chain();
    return main;
  }

  async #post(main: Process, fortune: Fortune): Promise<void> {
    const world = this.#world;
    const jobStatus = jobStatusOf(main, fortune);
    const { inputs, attempt, runId } = main.plan;
    const post = await runProcess(world, {
      step: "post",
      inputs: { ...inputs, "job-status": jobStatus },
      state: main.state,
      attempt,
      runId,
      faults: fortune.postFaults,
    });
    const sound = this.#plain && fortune.postFaults.length === 0;
    for (const violation of checkClean(world, { main, post, jobStatus, sound })) {
      world.violations.add(`process ${post.number}: ${violation}`);
    }
  }

  /** Runs that were started to go on with batches, as the workflow has them. */
  async #chain(): Promise<void> {
    const { runs } = this.#world.github;
    while (this.#dispatched < Math.min(maxChain, runs.length)) {
      const run = runs[this.#dispatched];
      this.#dispatched += 1;
      if (run === undefined) return;
      const inputs = {
        ...this.#create(),
        ...this.#waiting(),
        operation: "run",
        "batch-id": run.batchIds.join(","),
      };
      await this.#job(inputs, calm, run.id);
    }
  }

  /** On a good day a job without any fault does what it is for. */
  #checkCalm(main: Process, { faults, signalAt, killAt }: Fortune): void {
    const calmly = faults.length === 0 && signalAt === undefined && killAt === undefined;
    const refused =
      this.#schedule.onTimeout === "dispatch" && this.#schedule.dispatchFault !== "none";
    const late = main.log.some((line) => line.includes("The time was up"));
    if (this.#plain && calmly && !refused && main.failed && !late) {
      this.#world.violations.add(`the step failed without a fault: ${main.log.join(" / ")}`);
    }
  }

  /** When all is well again the work can be finished, by what is there. */
  async #end(): Promise<void> {
    const world = this.#world;
    await world.clock.sleep(Math.max(60_000, this.#schedule.server.cancelling));
    world.rules.clear();
    this.#attempt += 1;
    // What the run beside has made is under a key of its own.
    const others = new Set(
      world.created.flatMap(({ id, process }) => (process.plan.runId === besideRun ? [id] : [])),
    );
    const before = world.batches.filter(({ id, status }) => isLive(status) && !others.has(id));
    const inputs = { ...this.#create(), timeout: "1d", "on-timeout": "fail" };
    const again = await this.#job(inputs, calm);
    if (!this.#plain) return;
    // What a round has sent before in another mix is not sent again.
    if (again.log.some((line) => line.includes("may hold some of these"))) return;
    if (again.failed) {
      world.violations.add(`the last run failed: ${again.log.join(" / ")}`);
    }
    // What the cache has answered needs no batch.
    if (Number(again.outputs["request-cached"] ?? 0) > 0) return;
    const there = before.filter(({ id }) => {
      const { status } = world.batch(id) ?? {};
      return status !== undefined && isLive(status);
    });
    if (this.#schedule.reuseExisting && there.length > 0 && again.outputs["reused"] !== "true") {
      world.violations.add("the last run did not adopt what is there");
    }
    if (again.outputs["batch-id"] === undefined)
      world.violations.add("the last run names no batch");
  }
}

function isLive(status: string): boolean {
  return ["validating", "in_progress", "finalizing", "completed"].includes(status);
}

function jobStatusOf(main: Process, { stepTimeout, laterFailure }: Fortune): string {
  if (main.signalledAt !== undefined) return stepTimeout ? "failure" : "cancelled";
  return main.killed || main.failed || laterFailure ? "failure" : "success";
}
