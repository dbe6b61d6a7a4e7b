import { idsIn } from "./claims.ts";
import type { Process } from "./process.ts";
import type { World } from "./world.ts";

/** Milliseconds: a signalled process has this long before the runner sends SIGTERM. */
const signalLimit = 7_500;
/** Milliseconds after the signal at which the runner kills. */
const timeToKill = 10_000;
/** Milliseconds that what follows a timeout may take: cancels, another run's start, results. */
const allowance = 20 * 60_000;
/** Milliseconds; the clean-up bounds itself. */
const postLimit = 290_000;

/** What is wrong with how long a main step has taken. */
export function checkTimes({ schedule }: World, main: Process): readonly string[] {
  const violations: string[] = [];
  const { signalledAt, killed, startedAt, endedAt, plan } = main;
  if (signalledAt !== undefined && !killed && endedAt - signalledAt > signalLimit) {
    violations.push(`the signalled process took ${endedAt - signalledAt} ms`);
  }
  if (signalledAt !== undefined && killed && endedAt - signalledAt >= timeToKill) {
    violations.push("the signalled process had to be killed");
  }
  const waits = plan.inputs["operation"] === "run" || plan.inputs["operation"] === "wait";
  const last = plan.inputs["timeout"] === "1d";
  if (waits && !killed && !last && endedAt - startedAt > schedule.timeout * 1000 + allowance) {
    violations.push("the step went on past its deadline");
  }
  return violations;
}

/** A step that is signalled cancels by itself what it has created, where nothing is in its way. */
export function checkSignalled(world: World, main: Process): readonly string[] {
  const { signalledAt, killed, plan } = main;
  const wanted = world.schedule.cancelOn.includes("cancelled");
  if (signalledAt === undefined || killed || plan.faults.length > 0 || !wanted) return [];
  return world.created.flatMap(({ id, process }) => {
    const { status } = world.batch(id) ?? {};
    const runs = status === "validating" || status === "in_progress" || status === "finalizing";
    return process === main && runs && !isHandedOver(world, id)
      ? [`the signalled step left ${id} to the post step`]
      : [];
  });
}

interface Cleaned {
  readonly main: Process;
  readonly post: Process;
  readonly jobStatus: string;
  /** Whether nothing kept the post step from what it has to do. */
  readonly sound: boolean;
}

/** What is wrong with what a job has left behind: no batch of its own runs that was never reported. */
export function checkClean(
  world: World,
  { main, post, jobStatus, sound }: Cleaned,
): readonly string[] {
  const violations: string[] = [];
  if (post.failed) violations.push("the post step failed");
  if (post.endedAt - post.startedAt > postLimit) violations.push("the post step took too long");
  const told = [...main.log, ...Object.values(main.outputs), ...post.log].join("\n");
  // A process that is killed without a signal has failed: nobody has cancelled the workflow.
  const signalled = main.signalledAt !== undefined;
  const timedOut = !signalled && hasTimedOut(main);
  const { cancelOn } = world.schedule;
  const wanted =
    cancelOn !== "never" &&
    ((signalled && cancelOn.includes("cancelled")) || (cancelOn.includes(jobStatus) && !timedOut));
  for (const { id, creationId, process } of world.created) {
    const { status } = world.batch(id) ?? {};
    const runs = status === "validating" || status === "in_progress" || status === "finalizing";
    if (process !== main || !runs) continue;
    if (!told.includes(id) && !told.includes(creationId)) {
      violations.push(`${id} runs and nobody was told`);
    }
    if (wanted && sound && !isHandedOver(world, id)) {
      violations.push(`${id} runs although it had to be cancelled`);
    }
  }
  violations.push(...extraOnes(world, main, post));
  violations.push(...cancelledForNothing(world, { main, post, jobStatus, sound }));
  for (const { batchIds, at: started } of world.github.runs) {
    // What a re-run has adopted is its own to cancel, whoever else waits for it.
    if (started < main.startedAt) continue;
    for (const id of batchIds) {
      const at = world.cancelled.get(id);
      const ours = idsIn(main.outputs["batch-id"] ?? "").includes(id);
      if (
        ours &&
        at !== undefined &&
        // A call takes time: what was cancelled in the first moment somebody else has cancelled.
        at > main.startedAt &&
        at <= post.endedAt &&
        sound &&
        main.plan.inputs["operation"] !== "cancel"
      ) {
        violations.push(`${id} was cancelled although another run waits for it`);
      }
    }
  }
  return violations;
}

/**
 * Batches that run beside the one of their create that is gone on with, although the list shows them. Where
 * it has pages that cannot be read, saying by which mark the batch may be looked for is all there is to do.
 */
function extraOnes(world: World, main: Process, post: Process): readonly string[] {
  const { created, schedule } = world;
  const { rules, server } = schedule;
  const sound = post.plan.faults.length === 0 && rules.every(({ on }) => on === "create");
  if (!sound || server.noList) return [];
  const named = idsIn(main.outputs["batch-id"] ?? "");
  const isRead = server.after === "honoured" || server.pageSize === 100;
  return created.flatMap((extra) => {
    const isTold = post.log.some((text) => text.includes(extra.creationId));
    const isBeside = created.some(
      ({ id, creationId }) =>
        creationId === extra.creationId && id !== extra.id && named.includes(id),
    );
    const isShown = extra.at + server.listLag < post.startedAt;
    const runs = ["validating", "in_progress"].includes(world.batch(extra.id)?.status ?? "");
    const isUnnamed = !named.includes(extra.id) && (isRead || !isTold);
    return extra.process === main && isBeside && isShown && runs && isUnnamed
      ? [`${extra.id} runs beside another batch of its create`]
      : [];
  });
}

/** Batches that nobody wanted cancelled. */
function cancelledForNothing(world: World, { main, jobStatus }: Cleaned): readonly string[] {
  const { schedule, cancelled } = world;
  const cutShort = main.killed || main.signalledAt !== undefined;
  const kept = schedule.cancelOn === "never" || (jobStatus === "success" && !cutShort);
  const { operation, "on-timeout": onTimeout } = main.plan.inputs;
  const wished = operation === "cancel" || onTimeout === "cancel" || schedule.others.length > 0;
  if (wished || !kept) return [];
  return idsIn(main.outputs["batch-id"] ?? "").flatMap((id) =>
    (cancelled.get(id) ?? 0) > main.startedAt ? [`${id} was cancelled, and nobody wanted it`] : [],
  );
}

/** Whether a step's timeout came: one that goes on with `continue` says nothing of it. */
function hasTimedOut({ plan, log, startedAt, endedAt }: Process): boolean {
  const { operation, timeout } = plan.inputs;
  const waits = operation === "run" || operation === "wait";
  return (
    log.some((line) => line.includes("The time was up")) ||
    (waits && endedAt - startedAt >= Number(timeout) * 1000)
  );
}

function isHandedOver({ github }: World, id: string): boolean {
  return github.runs.some(({ batchIds }) => batchIds.includes(id));
}
