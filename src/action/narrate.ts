import type { Batch } from "../api/types.ts";
import type { BatchEvent, OnEvent } from "../batch/events.ts";
import type { Creation, KnownBatch } from "../batch/knowledge.ts";
import { isTerminal, overallStatus } from "../batch/status.ts";
import type { Facts } from "./facts.ts";
import type { GitHubContext } from "./github/context.ts";
import type { StatusReporter } from "./github/status-reporter.ts";
import { logEvent } from "./narrate/log.ts";
import { isDue, type Report, reportOf, writeIds, writeOutputs, writeStatus } from "./outputs.ts";
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
  facts(): Facts;
  /** Of what is known, at an end that came early: what else there was to do is not done. */
  report(): Report;
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
  const { toolkit, state } = settings;
  const story: Story = {
    ...settings,
    batches: new Map(),
    followed: new Set(),
    adopted: new Set(),
    requests: new Map(),
    showProgress: progressLog(toolkit, settings.now),
    idsWritten: 0,
    status: undefined,
  };
  const log = logEvent(settings);
  const known = () => [...story.batches.values()];
  const report = () => reportOf(known(), { complete: false, named: story.followed.size });
  return {
    onEvent(event) {
      remember(story, event);
      log(event);
    },
    follow(ids) {
      for (const id of ids) {
        story.followed.add(id);
        state.batch(id, {});
      }
      toolkit.setOutput("batch-id", ids.join(","));
    },
    known,
    facts: () => story,
    report,
    flush() {
      writeOutputs(toolkit, report());
    },
  };
}

/** What has been told so far, and to whom. */
interface Story extends NarratorSettings {
  readonly batches: Map<string, Batch>;
  /** Ids that the step was given. */
  readonly followed: Set<string>;
  readonly adopted: Set<string>;
  readonly requests: Map<string, number>;
  readonly showProgress: (batches: readonly Batch[]) => void;
  idsWritten: number;
  status: string | undefined;
}

/** What an event means for outputs, state and commit status. */
function remember(story: Story, event: BatchEvent): void {
  const { state, toolkit } = story;
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
      take(story, event.known, event.creation);
      return;
    case "adopted":
      take(story, event.known);
      return;
    case "polled":
      poll(story, event.batches);
      return;
    case "unknown-id":
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
      cancelled(story, event.batch);
      return;
    default:
  }
}

function see({ batches, state }: Story, batch: Batch): void {
  batches.set(batch.id, batch);
  state.batch(batch.id, { open: !isTerminal(batch) });
}

function cancelled({ batches, followed, state }: Story, batch: Batch): void {
  // An extra batch of a create is none of the step's.
  if (batches.has(batch.id) || followed.has(batch.id)) batches.set(batch.id, batch);
  // What had ended before the cancel came was not cancelled.
  const open = !isTerminal(batch);
  state.batch(batch.id, { open, cancelled: open || batch.status === "cancelled" });
}

function take(story: Story, known: KnownBatch, creation?: Creation): void {
  const { state, toolkit, reporter, adopted, requests } = story;
  const { batch, provenance } = known;
  see(story, batch);
  // Only once the id is saved is the create no longer needed to find it.
  if (creation !== undefined) state.creation(creation);
  if (known.requests !== undefined) requests.set(batch.id, known.requests);
  if (provenance === "adopted") adopted.add(batch.id);
  tellIds(story, false);
  toolkit.setOutput("reused", adopted.size > 0);
  reporter.created(batch, provenance === "adopted");
}

function tellIds(story: Story, all: boolean): void {
  const { batches, idsWritten, toolkit } = story;
  if (batches.size === idsWritten || !(all || isDue(batches.size, idsWritten))) return;
  story.idsWritten = batches.size;
  writeIds(toolkit, [...batches.values()]);
}

function poll(story: Story, seen: readonly Batch[]): void {
  for (const batch of seen) see(story, batch);
  tellIds(story, true);
  story.showProgress(seen);
  const status = overallStatus(seen);
  if (status === story.status) return;
  story.status = status;
  writeStatus(story.toolkit, reportOf(seen, { complete: false }));
}
