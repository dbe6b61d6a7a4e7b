import type { Batch } from "../../api/types.ts";
import { type CollectedResults, type CollectOptions, collectResults } from "../../batch/results.ts";
import { runBatch } from "../../batch/run.ts";
import { isTerminal } from "../../batch/status.ts";
import { annotateErrors, traceErrors } from "../batch-errors.ts";
import { formatDuration, plural } from "../format.ts";
import type { CreateInputs, ResultInputs, RunInputs, WaitInputs } from "../inputs.ts";
import { reportOf } from "../outputs.ts";
import { readRequestFiles } from "../request-file.ts";
import type { Outcome, Step } from "../operation.ts";
import { createFrom, createOptions, createTeller, keysOf } from "./create.ts";
import { handOver, notStarted } from "./hand-over.ts";
import { isWanted, tellResults } from "./results.ts";
import { cancelAtTimeout, ended, latest, waitFor, watch } from "./wait.ts";

/** `run`: `create`, then `wait`, in one step and under one timeout. */
export async function run(
  step: Step,
  create: CreateInputs,
  running: RunInputs,
  waiting: WaitInputs,
  results: ResultInputs,
): Promise<Outcome> {
  const { client, toolkit } = step;
  const deadline = client.clock.now() + waiting.timeout;
  const left = () => Math.max(1, deadline - client.clock.now());
  if ("fileId" in create.input) {
    const batches = await createFrom(step, create, deadline);
    const ids = batches.map(({ id }) => id);
    return waitFor(step, ids, { ...waiting, timeout: left() }, results, batches);
  }

  const { files } = create.input;
  const { scan, endpoint } = await readRequestFiles(files, create.endpoint, toolkit, step.signal);
  const flown = await runBatch(client, {
    ...createOptions(step, create, endpoint),
    ...watch(step),
    input: scan,
    endpoint,
    limits: create.limits,
    maxActive: running.maxActive,
    retryFailed: running.retryFailed,
    keyOf: keysOf(step, create)(endpoint),
    timeout: left(),
    pollInterval: waiting.pollInterval,
    maxPollInterval: waiting.maxPollInterval,
    outputFile: results.outputFile,
    errorFile: results.errorFile,
    order: results.order,
    temporaryFolder: process.env["RUNNER_TEMP"],
    onBatch: createTeller(step),
    onHeldBack(load, pause) {
      toolkit.info(
        `The server has no room for batch ${load + 1} now; trying again when another has finished, or in ${formatDuration(pause)}.`,
      );
    },
    onRound(round, requests) {
      toolkit.info(
        `Round ${round}: ${plural(requests, "request")} that failed for a transient reason ${requests === 1 ? "is" : "are"} sent again.`,
      );
    },
  });
  tellResults(toolkit, flown.results);
  const origins = traceErrors(flown.batches, scan, flown.parts);
  for (const [id, part] of flown.parts) step.notes.requests.set(id, part.requests);
  for (const [error, origin] of origins) step.notes.origins.set(error, origin);
  const tell = results.failOn.includes("failed") ? toolkit.error : toolkit.warning;
  annotateErrors(tell, flown.batches, origins);
  const failures = flown.failure === undefined ? [] : [flown.failure.message];
  if (create.idempotencyKey !== undefined && flown.reused && (flown.results?.unexpected ?? 0) > 0) {
    failures.push(
      `\`idempotency-key\` (${create.idempotencyKey}) names a batch that was made of other requests. Let the key change with them, for example by \`hashFiles\` of the request file.`,
    );
  }
  let { batches, results: found } = flown;
  const timedOut =
    flown.batches.some((batch) => !isTerminal(batch)) ||
    (!flown.done && flown.failure === undefined);
  if (timedOut && waiting.onTimeout === "cancel") {
    const cancelled = await cancelAtTimeout(step, results, batches);
    batches = latest(
      batches.map(({ id }) => id),
      batches,
      cancelled.batches,
    );
    failures.push(...cancelled.failures);
    if (isWanted(results) && cancelled.batches.some(isTerminal)) {
      found = await collectAgain(step, batches, { input: scan, parts: flown.parts }, results);
    }
  }
  const complete = !timedOut || (flown.unsent === 0 && batches.every(isTerminal));
  const report = reportOf(batches, found, flown.superseded, complete);
  if (timedOut && waiting.onTimeout === "dispatch") {
    const why =
      flown.unsent > 0
        ? notStarted("not all requests have been sent, and only this run has them.")
        : await handOver(step, { ids: batches.map(({ id }) => id), batches }, waiting.dispatch);
    if (why === undefined) return { report };
    failures.push(why);
  }
  return ended(step, report, results, timedOut ? waiting : undefined, failures);
}

/** What the cancelled batches had was paid for; it joins what has been written of the others. */
async function collectAgain(
  { client, toolkit, signal }: Step,
  batches: readonly Batch[],
  requests: Pick<CollectOptions, "input" | "parts">,
  { outputFile, errorFile, order }: ResultInputs,
): Promise<CollectedResults> {
  const temporaryFolder = process.env["RUNNER_TEMP"];
  const files = { outputFile, errorFile, order, temporaryFolder };
  const found = await collectResults(client, batches, { ...requests, ...files, signal });
  tellResults(toolkit, found);
  return found;
}
