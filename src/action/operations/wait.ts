import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import { isTerminal } from "../../batch/status.ts";
import { waitForBatches } from "../../batch/wait.ts";
import type { BatchChoice, ResultInputs, WaitInputs } from "../inputs.ts";
import { type Report, reportOf, writeOutputs } from "../outputs.ts";
import { progressLog } from "../progress.ts";
import type { Outcome, Step } from "../operation.ts";
import { verdict } from "../verdict.ts";
import { endingOf } from "../github/ending.ts";
import { cancelAll } from "./cancel.ts";
import { choose } from "./choose.ts";
import { handOver } from "./hand-over.ts";
import { isWanted, withResults } from "./results.ts";

/**
 * `wait`: follows existing batches to their end, then collects their results if asked.
 *
 * @throws {APIError} `nothing_matches` when a filter is to choose them and picks none
 */
export async function wait(
  step: Step,
  choice: BatchChoice,
  inputs: WaitInputs,
  results: ResultInputs,
): Promise<Outcome> {
  const { ids, batches } = await choose(step, choice);
  if (ids.length === 0) {
    throw new APIError(
      "No batch of the last 30 days matches `match-metadata` and `match-status`, so there is nothing to wait for.",
      { code: "nothing_matches" },
    );
  }
  return waitFor(step, ids, inputs, results, batches);
}

/**
 * @param known what is known of the batches already, for the case that the server never answers
 */
export async function waitFor(
  step: Step,
  batchIds: readonly string[],
  inputs: WaitInputs,
  results: ResultInputs,
  known: readonly Batch[] = [],
): Promise<Outcome> {
  const { client, toolkit, state, signal } = step;
  state.following(batchIds);
  toolkit.setOutput("batch-id", batchIds.join(","));
  const waited = await waitForBatches(client, batchIds, {
    ...watch(step, batchIds.length),
    timeout: inputs.timeout,
    pollInterval: inputs.pollInterval,
    maxPollInterval: inputs.maxPollInterval,
    signal,
    known,
  });
  const seen = latest(batchIds, known, waited.batches);
  const failures = [...waited.unknown.values()].map(({ message }) => message);
  const existing = batchIds.filter((id) => !waited.unknown.has(id));
  if (waited.done) {
    return ended(step, await withResults(step, seen, results), results, undefined, failures);
  }
  if (inputs.onTimeout === "dispatch") {
    const why = await handOver(step, { ids: existing, batches: seen }, inputs.dispatch);
    const report = await withResults(step, seen, results);
    // How the batches end is for the run that goes on to judge.
    if (why === undefined && failures.length === 0) return { report };
    if (why === undefined) return ended(step, report, results, undefined, failures);
    return ended(step, report, results, inputs, [...failures, why]);
  }
  if (inputs.onTimeout !== "cancel") {
    return ended(step, await withResults(step, seen, results), results, inputs, failures);
  }
  const unseen = existing.filter((id) => !seen.some((batch) => batch.id === id));
  const cancelled = await cancelAtTimeout(step, results, seen, unseen);
  const report = await withResults(step, latest(batchIds, seen, cancelled.batches), results);
  return ended(step, report, results, inputs, [...failures, ...cancelled.failures]);
}

/** The outcome of a report, with all that speaks against it; the commit status says the same. */
export function ended(
  { reporter, notes }: Step,
  report: Report,
  results: ResultInputs,
  timedOut?: WaitInputs,
  failures: readonly string[] = [],
): Outcome {
  const all = [verdict(report, results, timedOut, notes.origins), ...failures];
  const failure = all.filter(Boolean).join("\n") || undefined;
  reporter.ended(endingOf(report, results, failure));
  return { report, failure };
}

/**
 * What a wait tells as it goes: state and outputs whenever a status changed, the log, and looks that
 * failed.
 *
 * @param expected how many batches have to be seen before the outputs are written
 */
export function watch(step: Step, expected = 0) {
  const { client, toolkit, state } = step;
  const log = progressLog(toolkit, () => client.clock.now());
  let statuses = "";
  let unknown = 0;
  return {
    onProgress(batches: readonly Batch[]) {
      state.batches(batches);
      log(batches);
      const now = batches.map((batch) => batch.status).join(",");
      if (now === statuses || batches.length + unknown < expected) return;
      statuses = now;
      writeOutputs(toolkit, reportOf(batches));
    },
    onPollError(error: APIError, id: string) {
      toolkit.warning(`A look at ${id} failed; waiting on. ${error.message}`);
    },
    onUnknownId(error: APIError, id: string) {
      unknown += 1;
      state.unknown(id);
      toolkit.warning(`Waiting for the other batches. ${error.message}`);
    },
  };
}

/** Cancels what has not ended when the timeout has come; what cannot be cancelled is left to the post step. */
export async function cancelAtTimeout(
  step: Step,
  results: ResultInputs,
  batches: readonly Batch[],
  unseen: readonly string[] = [],
): ReturnType<typeof cancelAll> {
  const { client, state, signal } = step;
  const unfinished = [
    ...batches.filter((batch) => !isTerminal(batch)).map(({ id }) => id),
    ...unseen,
  ];
  state.cancelWanted();
  const deadline = client.clock.now() + timeToCancel;
  const cancelled = await cancelAll(step, unfinished, { signal, deadline });
  state.batches(cancelled.batches);
  state.cancelled(cancelled.batches.map(({ id }) => id));
  if (!isWanted(results)) return cancelled;
  return { ...cancelled, batches: await settled(step, cancelled.batches) };
}

/** What a cancelled batch has was paid for, and is there once it has ended: within ten minutes, often within seconds. */
async function settled(
  { client, state, signal }: Step,
  batches: readonly Batch[],
): Promise<readonly Batch[]> {
  const ids = batches.filter(({ status }) => status === "cancelling").map(({ id }) => id);
  if (ids.length === 0) return batches;
  const waited = await waitForBatches(client, ids, {
    timeout: timeToSettle,
    pollInterval: 1_000,
    maxPollInterval: 5_000,
    signal,
    known: batches,
  });
  state.batches(waited.batches);
  return latest(
    batches.map(({ id }) => id),
    batches,
    waited.batches,
  );
}

/** Milliseconds that a step waits beyond its timeout for the results of what it has cancelled. */
const timeToSettle = 120_000;

/** Milliseconds that the cancel at the timeout may take; what it cannot do, the post step tries again. */
const timeToCancel = 120_000;

/** The newest of what is known of each batch, in the order of the ids. */
export function latest(ids: readonly string[], ...known: readonly (readonly Batch[])[]): Batch[] {
  const batches = new Map(known.flat().map((batch) => [batch.id, batch]));
  return ids.flatMap((id) => batches.get(id) ?? []);
}
