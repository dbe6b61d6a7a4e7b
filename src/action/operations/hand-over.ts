import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import { windowEnd } from "../../batch/follow/window.ts";
import { lookAt } from "../../batch/look-at.ts";
import { isTerminal } from "../../batch/status.ts";
import type { DispatchTarget, GitHubApi } from "../github/api.ts";
import { decideDispatch, knownByFailure, lookForRun, newestRun } from "../github/started-run.ts";
import type { Step } from "../operation.ts";

/** What is handed over: every batch of the step, so that the run that goes on has all results. */
export interface HandedWork {
  readonly ids: readonly string[];
  /** As last seen; one that was never seen is missing. */
  readonly batches: readonly Batch[];
}

/** Milliseconds behind the end of a batch's window in which a run may still wait for it. */
const windowGrace = 3_600_000;
/** Milliseconds that a look at batches may take that were never seen. */
const timeToLook = 30_000;
/** Milliseconds that all calls of a hand-over may take. */
const timeLimit = 120_000;

/**
 * Starts the workflow again with these batches, so that another run goes on waiting. From then on they are
 * that run's: neither the end of this job nor its clean-up cancels them.
 *
 * @returns why it could not be done, or `undefined` when it was
 * @throws the signal's reason when it aborts: what is being cancelled is not handed over
 */
export async function handOver(
  step: Step,
  { ids, batches }: HandedWork,
  target: DispatchTarget | undefined,
): Promise<string | undefined> {
  const { client, toolkit, state, signal, api } = step;
  signal.throwIfAborted();
  if (api === undefined || target === undefined) return notStarted("there is no `github-token`.");
  const unfinished = ids.filter((id) => !batches.some((one) => one.id === id && isTerminal(one)));
  const seen = [...batches, ...(await lookOnce(step, unfinished, batches))];
  const late = tooLate(unfinished, seen, client.clock.now());
  if (late !== undefined) return notStarted(late);

  const since = client.clock.now();
  const after = await lookBefore(step, api, target, since);
  // Written first: after a kill the post step has to find out whether a run has started.
  state.handingOver({ ids: unfinished, since, after });
  const failure = await start(step, api, target, { ids, since, after });
  if (failure === undefined) {
    state.handedOver();
    toolkit.notice(
      `The time was up, so ${target.file} was started again on ${target.ref}, to go on waiting for ${unfinished.join(", ")}.`,
    );
    return undefined;
  }
  if (!failure.unknown) state.notHandedOver();
  return failure.why;
}

/** A wait may have been too short, or the server too busy, for any look to have come through. */
async function lookOnce(
  { client, signal }: Step,
  ids: readonly string[],
  batches: readonly Batch[],
): Promise<readonly Batch[]> {
  const deadline = client.clock.now() + timeToLook;
  const found: Batch[] = [];
  for (const id of ids.filter((one) => !batches.some((batch) => batch.id === one))) {
    const batch = await lookAt(client, id, { signal, deadline });
    if (batch !== undefined) found.push(batch);
  }
  return found;
}

/** The runs that are there are looked at first: a later look has to tell ours from another job's. */
async function lookBefore(
  { client, github, signal }: Step,
  api: GitHubApi,
  target: DispatchTarget,
  since: number,
): Promise<number> {
  try {
    const call = { signal, deadline: client.clock.now() + timeToLook };
    return await newestRun(api, target, { since, own: github.runId }, call);
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return Number(github.runId ?? 0);
  }
}

interface DispatchFailure {
  readonly why: string;
  /** Whether a run may have been started all the same. */
  readonly unknown: boolean;
}

async function start(
  { client, signal, toolkit }: Step,
  api: GitHubApi,
  target: DispatchTarget,
  {
    ids,
    since,
    after,
  }: { readonly ids: readonly string[]; readonly since: number; readonly after: number },
): Promise<DispatchFailure | undefined> {
  const { clock } = client;
  const call = { signal, deadline: since + timeLimit };
  for (let tries = 1; ; tries += 1) {
    try {
      await api.dispatch(target, { "batch-id": ids.join(",") }, call);
      return undefined;
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      const known = knownByFailure(error);
      if (known.state === "not-started") return { why: notStarted(known.why), unknown: tries > 1 };
      toolkit.warning(`${error.message} Looking whether the run was started all the same.`);
    }
    const known = await lookForRun(api, { target, ids, since, after }, { ...call, clock });
    const { decision, why } = decideDispatch(known, tries);
    toolkit.info(`${decision === "dispatch-again" ? "Dispatching again: " : ""}${why}`);
    if (decision === "done") return undefined;
    if (decision === "give-up") return { why: `${unclear} ${why}`, unknown: true };
  }
}

const unclear =
  "Whether the workflow was started again (`on-timeout: dispatch`) is not known; look among its runs before you start it by hand.";

/** Says why the workflow was not started again. */
export function notStarted(why: string): string {
  return `The workflow could not be started again (\`on-timeout: dispatch\`): ${why}`;
}

/** Why no further run may wait for these batches: each of their windows has an end, and so has the chain of runs. */
function tooLate(
  ids: readonly string[],
  batches: readonly Batch[],
  now: number,
): string | undefined {
  const ends = ids.map((id) => {
    const batch = batches.find((one) => one.id === id);
    return batch === undefined ? undefined : windowEnd(batch);
  });
  const known = ends.filter((end) => end !== undefined);
  if (known.length === 0) {
    return `it is not known when the window of ${ids.join(", ")} ends, so runs might follow each other for ever.`;
  }
  return now > Math.max(...known) + windowGrace
    ? `the completion window of ${ids.join(", ")} is over, and the server has not ended it.`
    : undefined;
}
