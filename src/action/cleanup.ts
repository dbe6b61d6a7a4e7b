import type { BatchClient } from "../api/client.ts";
import { APIError, messageOf } from "../api/errors.ts";
import { cancelBatch } from "../batch/cancel.ts";
import { findBatches, isOwnCreation } from "../batch/create/lookup.ts";
import { isTerminal } from "../batch/status.ts";
import type { Batch } from "../api/types.ts";
import { createClient } from "./client.ts";
import type { GitHubApi } from "./github/api.ts";
import { accessGitHub } from "./github/access.ts";
import { githubContext } from "./github/context.ts";
import { cancelledEnding } from "./github/ending.ts";
import { lookForRun } from "./github/started-run.ts";
import { noReporter } from "./github/status-reporter.ts";
import { dispatchTarget } from "./github/target.ts";
import { type CancelOn, type CleanupInputs, readCleanupInputs } from "./inputs.ts";
import { maskSecrets } from "./secrets.ts";
import { type HandOver, readState, type StepState } from "./state.ts";
import type { Toolkit } from "./runner/toolkit.ts";

export type CleanupToolkit = Pick<
  Toolkit,
  "getInput" | "setSecret" | "info" | "warning" | "debug" | "getState"
>;

/** Milliseconds for all that the post step does; it shares its time with every other clean-up. */
const timeLimit = 20_000;
const requestTimeout = 5_000;
const timeToLook = 2_000;
/** Milliseconds between looks for a batch whose create was cut off; the list may lag. */
const looks = [0, 1_000, 2_000, 3_000, 5_000];

/** Whether the post step cancels, and why or why not. */
export interface CleanupDecision {
  readonly cancel: boolean;
  readonly why: string;
}

/** The rule: a step that was cut short, or a job that ended in a way that `cancel-on` names. */
export function decideCleanup(
  state: StepState,
  jobStatus: string,
  cancelOn: readonly CancelOn[],
): CleanupDecision {
  if (state.cancelWanted) {
    return { cancel: true, why: "the step's timeout came and `on-timeout` is `cancel`" };
  }
  if (cancelOn.includes("never")) {
    return { cancel: false, why: "`cancel-on` is `never`" };
  }
  if (state.interrupted || !state.ended) {
    return { cancel: true, why: "the step was cut short" };
  }
  const status = cancelOn.find((name) => name === jobStatus);
  return status === undefined
    ? { cancel: false, why: `the job's status is ${jobStatus || "not known"}` }
    : { cancel: true, why: `the job's status is ${jobStatus}` };
}

/**
 * The post step: the net below main. It cancels what main was answerable for and could not cancel,
 * and says why where it does nothing. It warns and never fails, because a post step that throws
 * fails the job.
 */
export async function cleanUp(
  toolkit: CleanupToolkit,
  env: Readonly<Record<string, string | undefined>>,
  connect: typeof createClient = createClient,
  gitHub: typeof accessGitHub = accessGitHub,
): Promise<void> {
  try {
    maskSecrets(toolkit, env);
    const state = readState(toolkit.getState);
    const handedOver = state.handOver?.done === true ? state.handOver.ids : [];
    const open = state.unfinished.filter(
      (id) => !state.cancelled.includes(id) && !handedOver.includes(id),
    );
    // After a signal main has no time to tell the commit status of what it cancelled.
    const untold = state.interrupted ? state.cancelled : [];
    if (open.length === 0 && state.creation === undefined) {
      toolkit.info(nothingToClean(state, handedOver));
      if (untold.length === 0 || toolkit.getInput("commit-status") === "") return;
    }
    const inputs = readCleanupInputs(toolkit.getInput, env);
    const client = connect({ ...inputs.connection, requestTimeout }, toolkit);
    const context = githubContext(env);
    const { signal } = new AbortController();
    const use = { context, clock: client.clock, signal, toolkit };
    const { api, reporter } = await gitHub(inputs.github, use);
    const cancelled = await cancelOpen({ client, toolkit }, state, open, inputs, {
      own: context.runId,
      target: dispatchTarget(env),
      api,
    });
    if (reporter === noReporter) return;
    const deadline = client.clock.now() + timeToLook;
    const seen = await Promise.all(
      untold.map(async (id) => client.batches.retrieve(id, { deadline }).catch(leaveAPIError)),
    );
    reporter.ended(cancelledEnding([...cancelled, ...seen.filter((batch) => batch !== undefined)]));
    await reporter.settled();
  } catch (error) {
    toolkit.warning(`The clean-up could not be done: ${messageOf(error)}`);
  }
}

function nothingToClean({ cancelled }: StepState, handedOver: readonly string[]): string {
  if (handedOver.length > 0) {
    return `Nothing to clean up: another run of the workflow waits for ${handedOver.join(", ")}.`;
  }
  return cancelled.length > 0
    ? `Nothing to clean up: ${cancelled.join(", ")} was cancelled by the step itself.`
    : "Nothing to clean up: the step left no unfinished batch.";
}

interface Clean {
  readonly client: BatchClient;
  readonly toolkit: CleanupToolkit;
}

/** Cancels what is open, or says why it is left, and gives what it has cancelled. */
async function cancelOpen(
  { client, toolkit }: Clean,
  state: StepState,
  open: readonly string[],
  { cancelOn, jobStatus }: CleanupInputs,
  workflow: Workflow,
): Promise<readonly Batch[]> {
  let deadline = client.clock.now() + timeLimit;
  const decision = decideCleanup(state, jobStatus, cancelOn);
  const lost =
    state.creation === undefined ? [] : await findLost(client, state.creation, deadline, toolkit);
  let ids = [...new Set([...open, ...lost])];
  if (ids.length === 0) return [];
  if (decision.cancel && state.handOver?.done === false) {
    const taken = await takenOver({ client, toolkit }, state.handOver, workflow);
    ids = ids.filter((id) => !taken.includes(id));
    // However long GitHub took to answer, what is left has to be cancelled.
    deadline = client.clock.now() + timeLimit;
  }
  if (!decision.cancel) {
    // A batch that main never learned the id of is nobody's unless it is told of here.
    const tell = lost.length > 0 ? toolkit.warning : toolkit.info;
    tell(`Left running, because ${decision.why}: ${ids.join(", ")}.`);
    return [];
  }
  const cancelled = await Promise.all(
    ids.map(async (id) => cancelOne(client, id, deadline, decision, toolkit)),
  );
  return cancelled.filter((batch) => batch !== undefined);
}

interface Workflow {
  readonly api: GitHubApi | undefined;
  readonly target: ReturnType<typeof dispatchTarget>;
  /** The id of this run. */
  readonly own: string | undefined;
}

/**
 * The batches of a hand-over that was cut off, if the run that goes on with them did start. Where
 * that cannot be found out they count as ours: a run whose batch is cancelled says so, and a batch
 * that nobody waits for would not.
 */
async function takenOver(
  { client, toolkit }: Clean,
  handOver: HandOver,
  { api, target, own }: Workflow,
): Promise<readonly string[]> {
  if (api === undefined || "problem" in target) return [];
  const { clock } = client;
  const { ids, since } = handOver;
  const after = Math.max(handOver.after, Number(own ?? 0));
  const call = { clock, deadline: clock.now() + timeLimit };
  const known = await lookForRun(api, { target, ids, since, after }, call);
  if (known.state === "started") {
    toolkit.info(
      `Left to ${known.run?.url ?? "a run"}, which was started for them: ${ids.join(", ")}.`,
    );
    return ids;
  }
  toolkit.warning(
    `Whether a run was started to go on with ${ids.join(", ")} could not be found out. ${known.why}`,
  );
  return [];
}

async function cancelOne(
  client: BatchClient,
  id: string,
  deadline: number,
  { why }: CleanupDecision,
  toolkit: CleanupToolkit,
): Promise<Batch | undefined> {
  try {
    const soon = client.clock.now() + timeToLook;
    const now = await client.batches.retrieve(id, { deadline: soon }).catch(leaveAPIError);
    if (now !== undefined && isTerminal(now)) {
      toolkit.info(`${id} had already ended: ${now.status}.`);
      return undefined;
    }
    const batch = await cancelBatch(client, id, { deadline });
    toolkit.info(`Cancelled ${id}, because ${why}: it is ${batch.status}.`);
    return batch;
  } catch (error) {
    toolkit.warning(
      `${id} could not be cancelled and may be running and billed. Cancel it with \`operation: cancel\`. ${messageOf(error)}`,
    );
    return undefined;
  }
}

/** A look that fails keeps nobody from cancelling. */
function leaveAPIError(error: unknown): undefined {
  if (!(error instanceof APIError)) throw error;
}

async function findLost(
  client: BatchClient,
  creation: NonNullable<StepState["creation"]>,
  deadline: number,
  toolkit: CleanupToolkit,
): Promise<readonly string[]> {
  const { creationId, key, since } = creation;
  try {
    for (const pause of looks) {
      await client.clock.sleep(pause);
      const found = await findBatches(client, (batch) => isOwnCreation(batch, creation), since, {
        deadline,
      });
      if (found.length > 0) return found.filter((batch) => !isTerminal(batch)).map(({ id }) => id);
    }
    toolkit.info(`A create was cut off, and no batch of it is there (creation_id ${creationId}).`);
  } catch (error) {
    toolkit.warning(
      `A create was cut off, and whether a batch of it runs could not be found out. Look for one with the metadata idempotency_key ${key}. ${messageOf(error)}`,
    );
  }
  return [];
}
