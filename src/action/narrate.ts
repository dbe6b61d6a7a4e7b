import type { Batch } from "../api/types.ts";
import type { BatchEvent, OnEvent } from "../batch/events.ts";
import type { Creation, KnownBatch } from "../batch/knowledge.ts";
import { isTerminal, overallStatus } from "../batch/status.ts";
import type { Facts } from "./facts.ts";
import type { GitHubContext } from "./github/context.ts";
import type { StatusReporter } from "./github/status-reporter.ts";
import { logEvent } from "./narrate/log.ts";
import { type Report, reportOf, writeIds, writeOutputs, writeStatus } from "./outputs.ts";
import { progressLog } from "./progress.ts";
import type { Toolkit } from "./runner/toolkit.ts";
import type { StateWriter } from "./state.ts";

/** What an event is turned into: log lines, outputs, saved state, commit status, facts for the summary. */
export interface Narrator {
  readonly onEvent: OnEvent;
  /** Takes on batches that were named, of which nothing more is known yet. */
  follow(ids: readonly string[]): void;
  /** Every batch of the step that was ever seen, as last seen. */
  known(): readonly Batch[];
  /** What is known of the step's batches so far. */
  report(): Report;
  facts(): Facts;
  /** Writes the outputs of what is known, at an end that came early. */
  flush(): void;
}

export interface NarratorSettings {
  readonly toolkit: Toolkit;
  readonly state: StateWriter;
  readonly reporter: StatusReporter;
  readonly github: GitHubContext;
  readonly now: () => number;
}

/** The one place where it is told what happens to the batches of a step. */
export function createNarrator(settings: NarratorSettings): Narrator {
  const { toolkit, state, reporter } = settings;
  const batches = new Map<string, Batch>();
  /** Ids of batches that were named, seen or not, and of those that were seen. */
  const ids = new Set<string>();
  const adopted = new Set<string>();
  const requests = new Map<string, number>();
  const showProgress = progressLog(toolkit, settings.now);
  const log = logEvent(settings);
  let idsWritten = 0;
  let status: string | undefined;

  const see = (batch: Batch) => {
    ids.add(batch.id);
    batches.set(batch.id, batch);
    state.batch(batch.id, { open: !isTerminal(batch) });
  };
  const known = () => [...ids].flatMap((id) => batches.get(id) ?? []);
  const report = () => reportOf(known(), { ids: [...ids] });
  /** The file of outputs is only ever added to, so that all ids are not written with each new one. */
  const tellIds = (all: boolean) => {
    const due = idsWritten < few || batches.size >= idsWritten * growth;
    if (idsWritten === batches.size || !(all || due)) return;
    idsWritten = batches.size;
    writeIds(toolkit, report());
  };
  const take = (taken: KnownBatch, creation?: Creation) => {
    const { batch, provenance } = taken;
    see(batch);
    // Only once the id is saved is the create no longer needed to find it.
    if (creation !== undefined) state.creation(creation);
    if (taken.requests !== undefined) requests.set(batch.id, taken.requests);
    if (provenance === "adopted") adopted.add(batch.id);
    tellIds(false);
    toolkit.setOutput("reused", adopted.size > 0);
    reporter.created(batch, provenance === "adopted");
  };
  const poll = (seen: readonly Batch[]) => {
    for (const batch of seen) see(batch);
    tellIds(true);
    showProgress(seen);
    const now = overallStatus(seen);
    if (now === status) return;
    status = now;
    writeStatus(toolkit, reportOf(seen, { ids: [...ids], complete: false }));
  };

  return {
    onEvent(event) {
      remember(event);
      log(event);
    },
    follow(named) {
      for (const id of named) {
        ids.add(id);
        state.batch(id, {});
      }
      writeIds(toolkit, report());
    },
    known,
    report,
    facts: () => ({ adopted, requests }),
    flush() {
      writeOutputs(toolkit, report());
    },
  };

  function remember(event: BatchEvent): void {
    switch (event.type) {
      case "uploaded":
        toolkit.setOutput("input-file-id", event.file.id);
        return;
      case "creating":
      case "outcome-unknown":
        state.creation(event.creation);
        return;
      case "refused":
      case "settled":
        state.settled(event.creation);
        return;
      case "created":
        take(event.known, event.creation);
        return;
      case "adopted":
        take(event.known);
        return;
      case "polled":
        poll(event.batches);
        return;
      case "unknown-id":
        ids.delete(event.batchId);
        state.unknown(event.batchId);
        writeIds(toolkit, report());
        return;
      case "gone":
        state.unknown(event.batchId);
        return;
      case "timed-out":
        if (event.cancels) state.cancelWanted();
        else for (const id of event.unfinished) state.batch(id, { left: true });
        return;
      case "left-running":
        state.batch(event.batchId, { left: true });
        return;
      case "cancelled":
        // An extra one of a create that was sent twice is none of the job's.
        if (ids.has(event.batch.id)) batches.set(event.batch.id, event.batch);
        state.batch(event.batch.id, { open: !isTerminal(event.batch), cancelled: true });
        return;
      default:
    }
  }
}

/** So many batches have all their ids written with each new one; then only as their number grows by half. */
const few = 8;
const growth = 1.5;
