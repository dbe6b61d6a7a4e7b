import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import { cancelBatch } from "../batch/cancel.ts";
import { findBatches, isOwnCreation } from "../batch/lookup.ts";
import { isTerminal } from "../batch/status.ts";
import { createClient } from "./client.ts";
import { type CancelOn, readCleanupInputs } from "./inputs.ts";
import { maskSecrets } from "./secrets.ts";
import { readState, type StepState } from "./state.ts";
import type { Toolkit } from "./toolkit.ts";

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
): Promise<void> {
  try {
    maskSecrets(toolkit, env);
    const state = readState(toolkit.getState);
    const open = state.unfinished.filter((id) => !state.cancelled.includes(id));
    if (open.length === 0 && state.creation === undefined) {
      toolkit.info(
        state.cancelled.length > 0
          ? `Nothing to clean up: ${state.cancelled.join(", ")} was cancelled by the step itself.`
          : "Nothing to clean up: the step left no unfinished batch.",
      );
      return;
    }
    const { connection, cancelOn, jobStatus } = readCleanupInputs(toolkit.getInput, env);
    const client = connect({ ...connection, requestTimeout }, toolkit);
    const deadline = client.clock.now() + timeLimit;
    const decision = decideCleanup(state, jobStatus, cancelOn);
    const lost =
      state.creation === undefined ? [] : await findLost(client, state.creation, deadline, toolkit);
    const ids = [...new Set([...open, ...lost])];
    if (ids.length === 0) return;
    if (!decision.cancel) {
      // A batch that main never learned the id of is nobody's unless it is told of here.
      const tell = lost.length > 0 ? toolkit.warning : toolkit.info;
      tell(`Left running, because ${decision.why}: ${ids.join(", ")}.`);
      return;
    }
    await Promise.all(ids.map(async (id) => cancelOne(client, id, deadline, decision, toolkit)));
  } catch (error) {
    toolkit.warning(`The clean-up could not be done: ${messageOf(error)}`);
  }
}

async function cancelOne(
  client: BatchClient,
  id: string,
  deadline: number,
  { why }: CleanupDecision,
  toolkit: CleanupToolkit,
): Promise<void> {
  try {
    const soon = client.clock.now() + timeToLook;
    const now = await client.batches.retrieve(id, { deadline: soon }).catch(passing);
    if (now !== undefined && isTerminal(now)) {
      toolkit.info(`${id} had already ended: ${now.status}.`);
      return;
    }
    const batch = await cancelBatch(client, id, { deadline });
    toolkit.info(`Cancelled ${id}, because ${why}: it is ${batch.status}.`);
  } catch (error) {
    toolkit.warning(
      `${id} could not be cancelled and may be running and billed. Cancel it with \`operation: cancel\`. ${messageOf(error)}`,
    );
  }
}

/** A look that fails keeps nobody from cancelling. */
function passing(error: unknown): undefined {
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
