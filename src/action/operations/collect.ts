import type { Batch } from "../../api/types.ts";
import { collectFinished } from "../../batch/collect.ts";
import type { OnEvent } from "../../batch/events.ts";
import type { CollectedResults } from "../../batch/results.ts";
import type { GitHubApi } from "../github/api.ts";
import { runUrl } from "../github/context.ts";
import { type GitHubLedger, gitHubLedger, type LedgerSettings } from "../github/ledger.ts";
import { type CollectInputs, type GitHubInputs, pathFor, type ResultInputs } from "../inputs.ts";
import { mergeResults } from "./merged-results.ts";
import { failedReport, isDue, type Report, reportOf, writeOutputs } from "../outputs.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { verdict } from "../verdict.ts";
import { nothingToDo, warnOfMissed } from "./choose.ts";
import { collectWith } from "./collect-with.ts";
import { tellResults, timeToCollect } from "./results.ts";

/** Milliseconds: a hosted job has six hours, and what comes behind the step needs some of them. */
const timeLimit = 5.5 * 3_600_000;

/** `collect`: writes the results of this repository's finished batches that nobody has collected yet. */
export async function collect(
  step: Step,
  inputs: CollectInputs,
  results: ResultInputs,
  access: { readonly api: GitHubApi; readonly commitStatus: string },
): Promise<StepOutcome> {
  const { client, toolkit, github, signal } = step;
  const judge = (batch: Batch, found: CollectedResults) =>
    verdict(reportOf([batch], { results: found }), results);
  const ledger = ledgerOf(step, access, (batch, found) => judge(batch, found) !== undefined);
  const reported = new Set<string>();
  const { collected, failures, incomplete } = await collectFinished(client, {
    statuses: inputs.filter.statuses,
    metadata: { ...inputs.filter.metadata, github_repository: github.repository ?? "" },
    ledger,
    signal,
    deadline: client.clock.now() + timeLimit,
    filesOf: (batch) => ({
      outputFile: pathFor(inputs.outputFile, batch),
      errorFile: pathFor(inputs.errorFile, batch),
      answersFile: pathFor(inputs.answersFile, batch),
    }),
    async collect(batch, files) {
      if (await ledger.isReported(batch)) reported.add(batch.id);
      const deadline = client.clock.now() + timeToCollect;
      return collectWith(step, [batch], results, { ...files, deadline });
    },
    onEvent: listener(step),
  });
  warnOfMissed(toolkit, { incomplete });
  if (collected.length === 0 && failures.length === 0) {
    toolkit.notice("No finished batch of this repository is left to collect, as far as is known.");
    return { report: nothingToDo(incomplete) };
  }
  const verdicts = collected.flatMap(({ batch, results: found }) => {
    // Results that could not be downloaded are among the failures.
    const why = found.problems.length === 0 ? judge(batch, found) : undefined;
    if (why === undefined) return [];
    const named = collected.length === 1 || why.startsWith(batch.id) ? why : `${batch.id}: ${why}`;
    return tellVerdict(step, named, { reported: reported.has(batch.id) });
  });
  const report = collected.length === 0 ? nothingToDo(incomplete) : reportOfAll(collected);
  return {
    // What could not be collected is still to be done.
    report: failures.length === 0 ? report : { ...failedReport(report), done: false },
    failure: [...verdicts, ...failures].join("\n") || undefined,
  };
}

interface Collected {
  readonly batch: Batch;
  readonly results: CollectedResults;
}

/** Says what is collected as it comes; the outputs are written again as their number grows. */
function listener({ toolkit, narrator }: Step): OnEvent {
  const done: Collected[] = [];
  let written = 0;
  return (event) => {
    if (event.type === "collected") {
      done.push(event);
      tellResults(toolkit, event.results);
      if (isDue(done.length, written)) {
        written = done.length;
        writeOutputs(toolkit, reportOfAll(done));
      }
    } else if (event.type === "taken") {
      toolkit.notice(
        `${event.batch.id} is being collected by another run, or was by another step of this job, so it was left alone.`,
      );
    } else narrator.onEvent(event);
  };
}

function ledgerOf(
  { client, toolkit, github, signal, state }: Step,
  { api, commitStatus }: { readonly api: GitHubApi; readonly commitStatus: string },
  isFailure: LedgerSettings["isFailure"],
): GitHubLedger {
  return gitHubLedger({
    api,
    statusName: commitStatus,
    // The reader of inputs has seen that these are there.
    runPage: runUrl(github) ?? "",
    commit: github.commit ?? "",
    clock: client.clock,
    signal,
    toolkit,
    isFailure,
    onHeld: state.held,
    onReleased: state.released,
  });
}

/** What fails the step: a batch does so once, since a job that fails each time could never record it. */
function tellVerdict(
  { toolkit }: Step,
  why: string,
  { reported }: { readonly reported: boolean },
): readonly string[] {
  if (!reported) return [why];
  toolkit.warning(`${why} An earlier run has failed for this, so this one does not.`);
  return [];
}

/** What `collect` needs of GitHub; the reader of inputs has seen that it is there. */
export function ledgerAccess(
  step: Step,
  github: GitHubInputs | undefined,
): { readonly api: GitHubApi; readonly commitStatus: string } {
  const { api } = step;
  if (api === undefined || github?.commitStatus === undefined) {
    throw new TypeError("`collect` was started without access to GitHub.");
  }
  return { api, commitStatus: github.commitStatus };
}

function reportOfAll(collected: readonly Collected[]): Report {
  return reportOf(
    collected.map(({ batch }) => batch),
    { results: mergeResults(collected.map(({ results }) => results)) },
  );
}
