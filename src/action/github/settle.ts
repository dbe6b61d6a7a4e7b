import { type Clock, systemClock } from "../../api/clock.ts";
import type { Environment } from "../../api/environment.ts";
import { messageOf } from "../../api/errors.ts";
import { fieldsOf } from "../inputs/fields.ts";
import { readGitHub } from "../inputs/github.ts";
import { operationNames } from "../inputs/operation.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import { readState, type StepState } from "../state.ts";
import { type GitHubApi, openGitHub } from "./api.ts";
import { githubContext, runUrl } from "./context.ts";
import { settlementOf, type HeldBatch } from "./held-batch.ts";
import { countsText, type Draft, inEntries, statusWriter } from "./writer.ts";

type SettleToolkit = Pick<Toolkit, "getInput" | "getState" | "info" | "warning">;

/** Milliseconds for a job that has succeeded; GitHub's limits ask for minutes. */
const timeToRecord = 300_000;
/** Milliseconds for any other job: after a cancel all clean-up shares five minutes. */
const timeToRelease = 20_000;

/**
 * The post step's part of `collect`, and of `run` and `wait` with a commit status: records what the
 * job has collected, and gives back what it has not. Warns and never throws: a post step that throws
 * fails the job. A claim that could not be given back runs out by itself (`claimLife`).
 */
export async function settleHeld(
  toolkit: SettleToolkit,
  env: Environment,
  { clock = systemClock, open = openGitHub }: { clock?: Clock; open?: typeof openGitHub } = {},
): Promise<void> {
  try {
    const state = readState(toolkit.getState);
    if (state.held.length === 0) return;
    const context = githubContext(env);
    const [runPage, { repository }] = [runUrl(context), context];
    const inputs = readInputs(toolkit, env);
    if (inputs?.commitStatus === undefined || runPage === undefined || repository === undefined) {
      toolkit.warning(
        `${namesOf(state.held)} could not be recorded as collected: GitHub's token, repository or run is not known.`,
      );
      return;
    }
    const api = open({ ...context, repository, token: inputs.token, clock });
    const jobStatus = toolkit.getInput("job-status");
    await settleAll({ ...inputs, commitStatus: inputs.commitStatus, api, runPage }, state, {
      toolkit,
      clock,
      jobStatus,
      ownCommit: context.commit,
    });
  } catch (error) {
    toolkit.warning(`What was collected could not be recorded: ${messageOf(error)}`);
  }
}

function readInputs(toolkit: SettleToolkit, env: Environment): ReturnType<typeof readGitHub> {
  // Main has told what is wrong with the inputs.
  const problem = () => undefined;
  const fields = fieldsOf(toolkit.getInput, problem);
  const operation = operationNames.find((known) => known === fields.text("operation"));
  return readGitHub(fields, env, operation, problem);
}

interface StatusPlace {
  readonly api: GitHubApi;
  readonly commitStatus: string;
  readonly runPage: string;
}

interface WorkflowJob {
  readonly toolkit: SettleToolkit;
  readonly clock: Clock;
  readonly jobStatus: string;
  readonly ownCommit: string | undefined;
}

async function settleAll(place: StatusPlace, state: StepState, job: WorkflowJob): Promise<void> {
  const { toolkit, clock, jobStatus, ownCommit } = job;
  const writer = statusWriter({
    ...place,
    statusName: place.commitStatus,
    ownCommit,
    onMoved: toolkit.warning,
  });
  const deadline = clock.now() + (jobStatus === "success" ? timeToRecord : timeToRelease);
  for (const [commit, held] of Map.groupBy(state.held, ({ commit }) => commit)) {
    const settled = held.map((one) => ({ ...one, ...settlementOf(one, state, jobStatus) }));
    try {
      await writer.appendAll(commit, draftsOf(settled), { deadline });
      for (const group of Map.groupBy(settled, ({ why }) => why).values()) tell(toolkit, group);
    } catch (error) {
      toolkit.warning(
        `${namesOf(held)} could not be recorded at commit ${commit.slice(0, 7)}; a later \`collect\` may bring the results again. ${messageOf(error)}`,
      );
    }
  }
}

type Settled = HeldBatch & ReturnType<typeof settlementOf>;

/** Entries for as many batches at once as end alike. */
function draftsOf(settled: readonly Settled[]): Draft[] {
  const alike = ({ decision, claim, written }: Settled) =>
    [decision, claim, written?.failed, written?.counts === undefined].join();
  return [...Map.groupBy(settled, alike).values()].flatMap(inEntries).flatMap((group): Draft[] => {
    const [first] = group;
    if (first === undefined) return [];
    const batches = group.map(({ batchId }) => ({ id: batchId }));
    const failed = first.written?.failed ?? false;
    if (first.decision === "release") {
      return [
        { phase: "released", batches, failed, claim: first.claim, text: "not collected yet" },
      ];
    }
    const counts = group.flatMap(({ written }) => written?.counts ?? []);
    const text = counts.length === 0 ? "results are gone" : countsText(counts);
    return [{ phase: "collected", batches, failed, text }];
  });
}

function tell(toolkit: SettleToolkit, group: readonly Settled[]): void {
  const [first] = group;
  if (first === undefined) return;
  toolkit.info(
    first.decision === "record"
      ? `Recorded as collected, because ${first.why}: ${namesOf(group)}.`
      : `Not recorded as collected, because ${first.why}: ${namesOf(group)}. A later \`collect\` brings the results again.`,
  );
}

function namesOf(held: readonly HeldBatch[]): string {
  return held.map(({ batchId }) => batchId).join(", ");
}
