import type { BatchClient } from "../api/client.ts";
import type { Environment } from "../api/environment.ts";
import { messageOf } from "../api/errors.ts";
import type { Batch } from "../api/types.ts";
import { lookAt } from "../batch/look-at.ts";
import { decideCancelAfterJob, decideCancelLost } from "../batch/rules.ts";
import { cancelInPost, findLost, type PostStep } from "./cancellation/post.ts";
import { takenOver } from "./cancellation/taken-over.ts";
import { createClient } from "./client.ts";
import { accessGitHub } from "./github/access.ts";
import { githubContext } from "./github/context.ts";
import { cancelledEnding } from "./github/ending.ts";
import { noReporter, type StatusReporter } from "./github/status-reporter.ts";
import { dispatchTarget } from "./github/target.ts";
import { type CleanupInputs, readCleanupInputs } from "./inputs.ts";
import { logEvent } from "./narrate/log.ts";
import { maskSecrets } from "./secrets.ts";
import { readState, type SavedBatch, type StepState } from "./state.ts";
import type { Toolkit } from "./runner/toolkit.ts";

export type CleanupToolkit = Pick<
  Toolkit,
  "getInput" | "setSecret" | "info" | "notice" | "warning" | "debug" | "getState"
>;

/** Milliseconds for all that the post step does with batches; after a cancel all clean-up shares five minutes. */
const timeLimit = 240_000;
const requestTimeout = 5_000;
const timeToLook = 2_000;

/**
 * The post step: the net below main. It cancels what main was answerable for and could not cancel,
 * and says why where it does nothing. It warns and never fails, because a post step that throws
 * fails the job.
 */
export async function cleanUp(
  toolkit: CleanupToolkit,
  env: Environment,
  connect: typeof createClient = createClient,
  gitHub: typeof accessGitHub = accessGitHub,
): Promise<void> {
  try {
    maskSecrets(toolkit, env);
    const state = readState(toolkit.getState);
    const open = openBatches(state);
    // After a signal main has no time to show on the commit status what it cancelled.
    const unshown = state.interrupted ? state.batches.filter(({ cancelled }) => cancelled) : [];
    if (open.length === 0 && state.creations.length === 0) {
      toolkit.info(nothingToClean(state));
      if (unshown.length === 0 || toolkit.getInput("commit-status") === "") return;
    }
    const inputs = readCleanupInputs(toolkit.getInput, env);
    const client = connect({ ...inputs.connection, requestTimeout }, toolkit);
    const context = githubContext(env);
    const { signal } = new AbortController();
    const use = { context, clock: client.clock, signal, toolkit };
    const { api, reporter } = await gitHub(inputs.github, use);
    const workflow = { api, target: dispatchTarget(env), own: context.runId };
    const onEvent = logEvent({ toolkit, github: context });
    const post = { client, toolkit, deadline: client.clock.now() + timeLimit, onEvent };
    const cancelled = await clean(post, state, inputs, workflow);
    await showCancelled(client, reporter, cancelled, unshown);
  } catch (error) {
    toolkit.warning(`The clean-up could not be done: ${messageOf(error)}`);
  }
}

/** Batches that may run and that neither main nor another run of the workflow answers for. */
function openBatches({ batches, handOver }: StepState): readonly SavedBatch[] {
  const handedOver = handOver?.done === true ? handOver.ids : [];
  return batches.filter(
    ({ id, open, cancelled }) => open && !cancelled && !handedOver.includes(id),
  );
}

function nothingToClean({ batches, handOver }: StepState): string {
  if (handOver?.done === true) {
    return `Nothing to clean up: another run of the workflow waits for ${handOver.ids.join(", ")}.`;
  }
  const cancelled = batches.filter((batch) => batch.cancelled).map(({ id }) => id);
  return cancelled.length > 0
    ? `Nothing to clean up: the step itself has cancelled ${cancelled.join(", ")}.`
    : "Nothing to clean up: the step left no unfinished batch.";
}

/** Cancels what is to be cancelled, then looks for what main never learned the id of; gives what was cancelled. */
async function clean(
  post: PostStep,
  state: StepState,
  { cancelOn, jobStatus }: CleanupInputs,
  workflow: Parameters<typeof takenOver>[2],
): Promise<readonly Batch[]> {
  const { toolkit } = post;
  const end = { ...state, jobStatus, cancelOn };
  const cancelled: Batch[] = [];
  for (const { decision, why, ids } of decided(openBatches(state), end)) {
    if (decision === "leave") toolkit.info(`Not cancelled, because ${why}: ${ids.join(", ")}.`);
    else {
      const taken = await takenOver(post, state.handOver, workflow);
      const ours = ids.filter((id) => !taken.includes(id));
      cancelled.push(...(await cancelInPost(post, ours, why)));
    }
  }
  const known = state.batches.map(({ id }) => id);
  for (const creation of state.creations) {
    const { ids, extra } = await findLost(post, creation, known);
    const { decision, why } = decideCancelLost(end, extra);
    if (decision === "cancel") cancelled.push(...(await cancelInPost(post, ids, why)));
    else if (ids.length > 0) {
      // A batch that main never learned the id of is nobody's unless it is named here.
      toolkit.warning(`Not cancelled, because ${why}: ${ids.join(", ")}.`);
    }
  }
  return cancelled;
}

/** What is decided of the batches; those of one decision and one reason together. */
function decided(batches: readonly SavedBatch[], end: Parameters<typeof decideCancelAfterJob>[0]) {
  const all = batches.map(({ id, left }) => ({ id, ...decideCancelAfterJob(end, left) }));
  return [...Map.groupBy(all, ({ decision }) => decision)].flatMap(([decision, same]) =>
    [...Map.groupBy(same, ({ why }) => why)].map(([why, group]) => ({
      decision,
      why,
      ids: group.map(({ id }) => id),
    })),
  );
}

async function showCancelled(
  client: BatchClient,
  reporter: StatusReporter,
  cancelled: readonly Batch[],
  unshown: readonly SavedBatch[],
): Promise<void> {
  if (reporter === noReporter) return;
  const deadline = client.clock.now() + timeToLook;
  const seen = await Promise.all(unshown.map(async ({ id }) => lookAt(client, id, { deadline })));
  reporter.ended(cancelledEnding([...cancelled, ...seen.filter((batch) => batch !== undefined)]));
  await reporter.settled();
}
