import { identityExpired } from "../../api/auth-errors.ts";
import { APIError, messageOf } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { KnownBatch } from "../../batch/knowledge.ts";
import { cancelAtTimeout } from "../../batch/run/cancel-at-timeout.ts";
import { isTerminal } from "../../batch/status.ts";
import { waitForBatches, type WaitResult } from "../../batch/wait.ts";
import { latest } from "../cancellation/main.ts";
import { endingOf } from "../github/ending.ts";
import type { BatchChoice, ResultInputs, WaitInputs } from "../inputs.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { type Report, reportOf } from "../outputs.ts";
import { type TimedOut, verdict } from "../verdict.ts";
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
): Promise<StepOutcome> {
  const { ids, batches, incomplete } = await choose(step, choice);
  if (ids.length === 0) {
    throw new APIError(
      incomplete ??
        "No batch of the last 30 days matches `match-metadata` and `match-status`, so there is nothing to wait for.",
      { code: "nothing_matches" },
    );
  }
  const known = batches.map((batch) => given(batch));
  return waitFor(step, { ids, known }, { waiting: inputs, results });
}

/** What is waited for, and what is known of it already. */
export interface Awaited {
  readonly ids: readonly string[];
  readonly known: readonly KnownBatch[];
}

export interface WaitAndCollect {
  readonly waiting: WaitInputs;
  readonly results: ResultInputs;
}

export async function waitFor(
  step: Step,
  { ids, known }: Awaited,
  { waiting, results }: WaitAndCollect,
): Promise<StepOutcome> {
  const { client, signal, narrator } = step;
  narrator.follow(ids);
  const before = known.map(({ batch }) => batch);
  const waited = await waitForBatches(client, ids, {
    timeout: waiting.timeout,
    pollInterval: waiting.pollInterval,
    maxPollInterval: waiting.maxPollInterval,
    signal,
    known: before,
    onEvent: narrator.onEvent,
  });
  // Without an identity this run can wait no longer; another one has six hours of its own.
  const expired = waiting.onTimeout === "dispatch" && waited.stopped?.code === identityExpired;
  const stopped = expired ? undefined : waited.stopped;
  const failures = [...waited.lost.values(), stopped ?? []].flat().map(messageOf);
  const seen = latest(ids, before, waited.batches);
  const isSeen = (id: string) => seen.some((batch) => batch.id === id);
  /** But for those that the server does not know. */
  const told = ids.filter((id) => !waited.lost.has(id) || isSeen(id));
  if (!waited.timedOut && !expired) {
    const found = await withResults(step, seen, results);
    const report = reportOf(seen, { ids: told, results: found, complete: waited.done });
    return ended(step, report, results, { failures });
  }
  const existing = ids.filter((id) => !waited.lost.has(id));
  const open = existing.filter((id) => !seen.some((batch) => batch.id === id && isTerminal(batch)));
  const cancels = waiting.onTimeout === "cancel";
  narrator.onEvent({ type: "timed-out", unfinished: open, unsent: 0, cancels });
  const late = { step, seen, told, existing, known, waited, waiting, results, failures };
  return cancels ? cancelLate(late) : leaveLate(late);
}

interface Late extends WaitAndCollect {
  readonly step: Step;
  readonly seen: readonly Batch[];
  /** Ids of all batches that the outputs name. */
  readonly told: readonly string[];
  readonly existing: readonly string[];
  readonly known: readonly KnownBatch[];
  readonly waited: WaitResult;
  readonly failures: readonly string[];
}

/** The time was up, and what has not ended keeps running; another run may go on with it. */
async function leaveLate({
  step,
  seen,
  told,
  existing,
  waiting,
  results,
  failures,
}: Late): Promise<StepOutcome> {
  const why =
    waiting.onTimeout === "dispatch"
      ? await handOver(step, { ids: existing, batches: seen }, waiting.dispatch)
      : undefined;
  const found = await withResults(step, seen, results);
  const report = reportOf(seen, { ids: told, results: found, complete: false });
  if (waiting.onTimeout !== "dispatch") {
    return ended(step, report, results, {
      timedOut: { ...waiting, cancelled: new Set() },
      failures,
    });
  }
  if (why !== undefined) {
    return ended(step, report, results, {
      timedOut: { ...waiting, cancelled: new Set() },
      failures: [...failures, why],
    });
  }
  // How the batches end is for the run that goes on to judge.
  return failures.length === 0
    ? { report, handedOver: true }
    : ended(step, report, results, { failures });
}

/** The time was up, and what has not ended is cancelled; what it has is waited for and collected. */
async function cancelLate({
  step,
  seen,
  told,
  existing,
  known,
  waited,
  waiting,
  results,
  failures,
}: Late): Promise<StepOutcome> {
  const { client, signal, narrator, github } = step;
  const provenance = new Map(known.map((one) => [one.batch.id, one.provenance]));
  const unseen = existing.filter((id) => !seen.some((batch) => batch.id === id));
  const cancelled = await cancelAtTimeout(
    client,
    seen
      .filter(({ id }) => !waited.lost.has(id))
      .map((batch) => ({ ...given(batch), provenance: provenance.get(batch.id) ?? "given" })),
    {
      signal,
      unseen,
      metadata: github.runId === undefined ? {} : { github_run_id: github.runId },
      settle: isWanted(results),
      onEvent: narrator.onEvent,
    },
  );
  const now = latest([...existing, ...waited.lost.keys()], seen, cancelled.batches);
  const found = await withResults(step, now, results);
  const complete = waited.lost.size === 0 && now.length >= existing.length;
  const report = reportOf(now, { ids: told, results: found, complete });
  const all = [...failures, ...[...cancelled.failures.values()].map(messageOf)];
  return ended(step, report, results, {
    timedOut: { ...waiting, cancelled: new Set(cancelled.cancelled) },
    failures: all,
  });
}

function given(batch: Batch): KnownBatch {
  return { batch, provenance: "given", takenAs: batch.status, requests: undefined, round: 0 };
}

/** What speaks against a report beside what it says itself. */
export interface Against {
  readonly timedOut?: TimedOut | undefined;
  readonly failures?: readonly string[] | undefined;
  readonly origins?: StepOutcome["origins"];
}

/** The outcome of a report, with all that speaks against it; the commit status says the same. */
export function ended(
  { reporter }: Pick<Step, "reporter">,
  report: Report,
  results: ResultInputs,
  { timedOut, failures = [], origins }: Against = {},
): StepOutcome {
  const judged = verdict(report, results, { timedOut, origins });
  // What the verdict says already is not said again.
  const more = failures.filter((failure) => judged?.includes(failure) !== true);
  const failure = [judged, ...more].filter(Boolean).join("\n") || undefined;
  reporter.ended(endingOf(report, results, failure));
  const { ids, cached } = report;
  if (ids.length === 0 && cached > 0 && failure === undefined) reporter.cached(cached);
  return { report, failure, origins };
}
