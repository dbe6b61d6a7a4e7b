import { creationName } from "../../src/batch/create/key.ts";
import { isTerminal } from "../../src/batch/status.ts";
import type { Schedule } from "./schedule.ts";
import { inputFile, type Process, World } from "./world.ts";

/** Milliseconds: a signalled process has this long before the runner sends SIGTERM. */
const signalLimit = 7_500;
const timeout = 10 * 60_000;
/** Of one call, where nothing else is said. */
const tries = 6;
/** Milliseconds that a cancel at the deadline may take, and the wait for what the cancelled has. */
const cancelAllowance = 5 * 60_000;
/** Milliseconds that the start of another run may take, with the looks for one whose answer was lost. */
const dispatchAllowance = 3 * 60_000;
/** Milliseconds that GitHub gives all clean-up of a cancelled job; this one bounds itself. */
const postLimit = 5 * 60_000;

/**
 * Plays a step, its clean-up and a re-run of the workflow, and returns what must never be.
 *
 * @param batches how many the two requests are split into
 */
export async function play(schedule: Schedule, batches: 1 | 2 = 1): Promise<readonly string[]> {
  const world = new World(schedule);
  const { violations } = world;
  const inputs: Record<string, string> = {
    operation: schedule.operation,
    "api-key": "sk-campaign",
    "base-url": "http://127.0.0.1/v1",
    "input-file": inputFile,
    timeout: `${timeout / 1000}`,
    "on-timeout": schedule.onTimeout,
    "cancel-on": schedule.cancelOn,
    "reuse-existing": String(schedule.reuseExisting),
    "fail-on": "never",
    "github-token": "ghs_campaign",
    "max-requests-per-batch": String(2 / batches),
    ...(schedule.ownKey ? { "idempotency-key": "nightly" } : {}),
  };

  const main = await world.main({
    inputs,
    attempt: 1,
    faults: schedule.faults,
    signalAt: schedule.signalAt,
    killAt: schedule.killAt,
  });
  checkTimes(main, schedule, violations);
  const refused =
    schedule.onTimeout === "dispatch" && (schedule.dispatchFault ?? "none") !== "none";
  const undisturbed = schedule.faults.length === 0 && !main.killed && !refused;
  if (
    undisturbed &&
    main.signalledAt === undefined &&
    main.failed &&
    !mayTimeOut(schedule, batches)
  ) {
    violations.push(`the step failed without a fault: ${main.log.join(" / ")}`);
  }
  if (undisturbed && main.signalledAt !== undefined && schedule.cancelOn.includes("cancelled")) {
    const own = world.live().filter(({ id }) => !isHandedOver(world, id));
    if (own.some(({ status }) => status !== "completed")) {
      violations.push("a signalled step left its batch to the post step");
    }
  }

  const jobStatus = jobStatusOf(main, schedule);
  let told = [...main.log, ...Object.values(main.outputs)].join("\n");
  if (!schedule.runnerLost) {
    const post = await world.post({
      inputs: { ...inputs, "job-status": jobStatus },
      state: main.state,
      attempt: 1,
      faults: schedule.postFaults,
    });
    told += post.log.join("\n");
    if (post.failed) violations.push("the post step failed");
    if (post.endedAt - post.startedAt > postLimit) violations.push("the post step took too long");
    const mustCancel = hasToCancel(main, schedule, jobStatus);
    for (const batch of world.core.batches) {
      if (isTerminal(batch) || batch.status === "cancelling") continue;
      const warned =
        told.includes(batch.id) || told.includes(batch.metadata?.[creationName] ?? batch.id);
      if (!warned) violations.push(`${batch.id} runs and nobody was told`);
      if (mustCancel && schedule.postFaults.length === 0 && !isHandedOver(world, batch.id)) {
        violations.push(`${batch.id} runs although it had to be cancelled`);
      }
    }
  }

  const saidHandedOver = main.log.some((line) => line.includes("was started again on"));
  if (saidHandedOver && world.runs.length === 0) {
    violations.push("the step said that another run goes on, and there is none");
  }
  if (world.runs.length > 1) violations.push(`${world.runs.length} runs were started to go on`);
  for (const { id, status } of world.core.batches) {
    if (isHandedOver(world, id) && ["cancelling", "cancelled"].includes(status)) {
      violations.push(`${id} was cancelled although another run waits for it`);
    }
  }

  await world.clock.sleep(60_000);
  const before = world.live();
  const again = await world.main({ inputs: { ...inputs, timeout: "1d" }, attempt: 2, faults: [] });
  if (again.failed) violations.push(`the re-run failed: ${again.log.join(" / ")}`);
  // One that ended badly while the re-run was starting is not adopted, and need not be.
  const stillThere = world.live().some(({ id }) => before.some((batch) => batch.id === id));
  if (schedule.reuseExisting && stillThere) {
    if (again.outputs["reused"] !== "true") violations.push("the re-run did not adopt the batch");
  }
  const uploads = world.core.files.filter(({ purpose }) => purpose === "batch").length;
  if (schedule.reuseExisting && uploads > batches && !losesCalls(schedule))
    violations.push(`${uploads} uploads of ${batches} files`);
  if (before.length === 0 && again.outputs["reused"] === "true") {
    violations.push("the re-run adopted a batch that had ended badly");
  }
  if (again.outputs["batch-id"] === undefined) violations.push("the re-run told of no batch");
  return violations;
}

/** Whether the post step has to cancel; a step that was killed without a signal goes by the job. */
function hasToCancel(main: Process, { cancelOn, onTimeout }: Schedule, jobStatus: string): boolean {
  const signalled = main.signalledAt !== undefined;
  // What the timeout leaves running on purpose, the job's failure for it does not cancel.
  const left = onTimeout !== "cancel" && main.endedAt - main.startedAt >= timeout;
  if (jobStatus === "failure" && left && !signalled) return false;
  return cancelOn.includes(jobStatus) || (signalled && cancelOn.includes("cancelled"));
}

/**
 * Whether the faults last for all tries of a call. A look for an upload that is lost so is followed by
 * another upload, which costs time and no money.
 */
function losesCalls({ faults }: Schedule): boolean {
  const hit = new Set(
    faults.flatMap(({ call, length }) => Array.from({ length }, (_, at) => call + at)),
  );
  return [...hit].some((first) =>
    Array.from({ length: tries }).every((_, at) => hit.has(first + at)),
  );
}

function isHandedOver({ runs }: World, id: string): boolean {
  return runs.some(({ batchIds }) => batchIds.includes(id));
}

function mayTimeOut({ operation, inProgress, outcome }: Schedule, batches: number): boolean {
  // One of several batches that finds no room is tried again, for longer than the timeout.
  const holdsBack = batches > 1 && outcome === "failed";
  return operation === "run" && (inProgress >= timeout || holdsBack);
}

function jobStatusOf(main: Process, schedule: Schedule): string {
  if (main.signalledAt !== undefined) return schedule.stepTimeout ? "failure" : "cancelled";
  if (schedule.laterCancel === true) return "cancelled";
  return main.killed || main.failed || schedule.laterFailure ? "failure" : "success";
}

function checkTimes(main: Process, schedule: Schedule, violations: string[]): void {
  if (main.signalledAt !== undefined && !main.killed) {
    const took = main.endedAt - main.signalledAt;
    if (took > signalLimit) violations.push(`the signalled process took ${took} ms`);
  }
  if (main.signalledAt !== undefined && main.killed && schedule.killAt === undefined) {
    violations.push("the signalled process had to be killed");
  }
  if (schedule.operation !== "run" || main.killed) return;
  const allowances: Partial<Record<Schedule["onTimeout"], number>> = {
    cancel: cancelAllowance,
    dispatch: dispatchAllowance,
  };
  const allowed = timeout + (allowances[schedule.onTimeout] ?? 0);
  if (main.endedAt - main.startedAt > allowed) violations.push("the run went on past its deadline");
}
