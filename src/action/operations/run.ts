import { identityExpired } from "../../api/auth-errors.ts";
import { APIError, messageOf, UnknownOutcomeError } from "../../api/errors.ts";
import { nothingFor } from "../../batch/cost/spending.ts";
import { decideDone } from "../../batch/rules.ts";
import { runBatch, type RunBatchResult } from "../../batch/run.ts";
import { isTerminal } from "../../batch/status.ts";
import { annotateErrors, traceErrors } from "../batch-errors.ts";
import type { InputFiles } from "../inputs/files.ts";
import type { CostInputs, CreateInputs, ResultInputs, RunInputs, WaitInputs } from "../inputs.ts";
import { plural } from "../format.ts";
import { failedReport, reportOf } from "../outputs.ts";
import { readRequestFiles } from "../request-file.ts";
import { tellModels } from "../models.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { unsentWords } from "../verdict.ts";
import { openCache } from "./cache.ts";
import { createFrom, createOptions } from "./create.ts";
import { handOver, notStarted } from "./hand-over.ts";
import { isWanted, tellResults } from "./results.ts";
import { ended, waitFor } from "./wait.ts";

/** What `run` works by: what it creates, and how it waits. */
export interface RunWork {
  readonly create: CreateInputs;
  readonly cost: CostInputs;
  readonly run: RunInputs;
  readonly waiting: WaitInputs;
  readonly results: ResultInputs;
}

/** `run`: `create`, then `wait`, in one step and under one timeout. */
export async function run(step: Step, work: RunWork): Promise<StepOutcome> {
  const { create, cost, waiting, results } = work;
  const { clock } = step.client;
  const deadline = clock.now() + waiting.timeout;
  if ("files" in create.input) return runFiles(step, work, create.input);
  const known = await createFrom(step, create, { deadline, cost }).catch((error: unknown) => {
    // The batch of a create that was looked for until the time was up may run.
    if (error instanceof UnknownOutcomeError && clock.now() >= deadline) {
      const cancels = waiting.onTimeout === "cancel";
      step.narrator.onEvent({ type: "timed-out", unfinished: [], unsent: 0, cancels });
    }
    throw error;
  });
  const timeout = Math.max(1, deadline - clock.now());
  const ids = known.map(({ batch }) => batch.id);
  return waitFor(step, { ids, known }, { waiting: { ...waiting, timeout }, results });
}

async function runFiles(step: Step, work: RunWork, files: InputFiles): Promise<StepOutcome> {
  const { client, toolkit } = step;
  const { create, run: running, waiting, results } = work;
  const deadline = client.clock.now() + waiting.timeout;
  const cached = running.cacheFile !== undefined;
  const read = await readRequestFiles(step, files, create.endpoint, { cached });
  const { endpoint } = read;
  await using scan = read.scan;
  await tellModels(step, scan.models);
  const cache = await openCache(step, running.cacheFile);
  const options = createOptions(step, create, endpoint);
  const done = await runBatch(client, {
    ...options,
    ...work.cost,
    input: scan,
    cache: cache?.cache,
    ...cache?.listening(options),
    limits: create.limits,
    maxActive: running.maxActive,
    retryFailed: running.retryFailed,
    timeout: Math.max(1, deadline - client.clock.now()),
    onTimeout: waiting.onTimeout === "cancel" ? "cancel" : "leave",
    pollInterval: waiting.pollInterval,
    maxPollInterval: waiting.maxPollInterval,
    outputFile: results.outputFile,
    errorFile: results.errorFile,
    answersFile: results.answersFile,
    rejectAnswers: results.rejectAnswers,
    order: results.order,
    temporaryFolder: process.env["RUNNER_TEMP"],
  });
  await cache?.tellUnreadable();
  tellResults(toolkit, done.results);
  const origins = traceErrors(done.batches, scan, done.parts);
  const tell = results.failOn.includes("failed") ? toolkit.error : toolkit.warning;
  annotateErrors(tell, done.batches, origins);
  return await judge(step, work, done, { origins, models: scan.models });
}

/** What the input tells of a run. */
interface About {
  readonly origins: ReturnType<typeof traceErrors>;
  readonly models: readonly string[];
}

/** The run that goes on has no cache: what this one took from it is here only. */
function tellLeftBehind(
  { toolkit }: Step,
  { cached }: RunBatchResult,
  results: ResultInputs,
): void {
  if (cached === 0) return;
  const where = isWanted(results) ? "the files of this run only" : "the cache only";
  toolkit.warning(
    `${plural(cached, "answer")} from the cache ${cached === 1 ? "is" : "are"} in ${where}: the run that goes on has those of its batches.`,
  );
}

async function judge(
  step: Step,
  { waiting, results }: RunWork,
  done: RunBatchResult,
  { origins, models }: About,
): Promise<StepOutcome> {
  const { batches, superseded, unsent, unknown } = done;
  // Without an identity this run can wait no longer; another one has six hours of its own.
  const isExpired = (error: Error) =>
    waiting.onTimeout === "dispatch" && error instanceof APIError && error.code === identityExpired;
  const timedOut = done.timedOut || done.failures.some(isExpired);
  const { cached, parts } = done;
  const seen = decideDone({ batches, complete: unsent + unknown === 0, cached });
  const complete = done.done || (!timedOut && seen.decision === "done");
  // A batch that nobody has seen may be paid for.
  const isFree = batches.length === 0 && cached > 0 && unknown === 0;
  const spent = isFree ? nothingFor(models) : undefined;
  const reported = { results: done.results, superseded, complete, unsent, cached, spent, parts };
  const whole = reportOf(batches, reported);
  // Batches that have ended well are no success as long as none of their results could be read.
  const unread = isWanted(results) && done.results === undefined && batches.some(isTerminal);
  const report = unread ? failedReport(whole) : whole;
  const failures = done.failures.filter((error) => !isExpired(error)).map(messageOf);
  if (!timedOut) failures.push(...unsentWords(unsent));
  if (timedOut && !done.done && waiting.onTimeout === "dispatch") {
    const why =
      unsent > 0
        ? notStarted("not all requests have been sent, and only this run has them.")
        : await handOver(step, { ids: batches.map(({ id }) => id), batches }, waiting.dispatch);
    if (why === undefined) tellLeftBehind(step, done, results);
    if (why === undefined && failures.length === 0) return { report, origins, handedOver: true };
    if (why !== undefined) failures.push(why);
  }
  return ended(step, report, results, {
    timedOut: timedOut ? { ...waiting, cancelled: done.cancelled } : undefined,
    failures,
    origins,
  });
}
