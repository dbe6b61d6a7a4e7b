import type { Batch } from "../api/types.ts";
import type { BatchEvent, OnEvent } from "../batch/events.ts";
import type { CostEstimate } from "../batch/cost/estimate.ts";
import type { Creation, KnownBatch } from "../batch/knowledge.ts";
import { wasCancelled } from "../batch/rules.ts";
import { isTerminal, overallStatus } from "../batch/status.ts";
import { tellEstimate } from "./estimate.ts";
import type { Facts } from "./facts.ts";
import type { GitHubContext } from "./github/context.ts";
import type { StatusReporter } from "./github/status-reporter.ts";
import { logEvent } from "./narrate/log.ts";
import {
  failedReport,
  isDue,
  type Report,
  reportOf,
  writeIds,
  writeOutputs,
  writeStatus,
} from "./outputs.ts";
import { progressLog } from "./progress.ts";
import type { Toolkit } from "./runner/toolkit.ts";
import type { StateWriter } from "./state.ts";

/** What an event is turned into: log lines, outputs, saved state, commit status, facts for the summary. */
export interface Narrator {
  readonly onEvent: OnEvent;
  /** Takes on all batches of the step, of which nothing more may be known yet. */
  follow(ids: readonly string[]): void;
  /** Every batch of the step that was ever seen, as last seen. */
  known(): readonly Batch[];
  /** What is known of the step's batches so far. */
  report(): Report;
  facts(): Facts;
  /** Writes the outputs of what is known, at an end that came early: it is no success. */
  flush(): void;
}

interface NarratorSettings {
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
    ids: new Set(),
    allNamed: false,
    batches: new Map(),
    adopted: new Set(),
    requests: new Map(),
    rounds: new Map(),
    round: 0,
    planned: [],
    cached: 0,
    sent: new Set(),
    standing: new Map(),
    showProgress: progressLog(toolkit, settings.now),
    estimate: undefined,
    idsWritten: 0,
    status: undefined,
  };
  const log = logEvent(settings);
  return {
    onEvent(event) {
      remember(story, event);
      log(event);
    },
    follow(named) {
      story.allNamed = true;
      for (const id of named) {
        story.ids.add(id);
        state.batch(id, {});
      }
      writeIds(toolkit, reportFrom(story));
    },
    known: () => knownOf(story),
    report: () => reportFrom(story),
    facts: () => story,
    flush() {
      writeOutputs(toolkit, failedReport(reportFrom(story)));
    },
  };
}

/** What has been told so far, and to whom. */
interface Story extends NarratorSettings {
  /** Ids of batches that were named, seen or not, and of those that were seen. */
  readonly ids: Set<string>;
  /** Whether there are no others to come: before, more may be left to be sent. */
  allNamed: boolean;
  readonly batches: Map<string, Batch>;
  readonly adopted: Set<string>;
  readonly requests: Map<string, number>;
  readonly rounds: Map<string, number>;
  /** The round whose batches are made now. */
  round: number;
  /** How many requests each part of the input has. */
  planned: readonly (number | undefined)[];
  /** How many requests were answered by the cache. */
  cached: number;
  /** The parts of which a batch is there, or may be. */
  readonly sent: Set<number>;
  /** Of each part the batch that stands for it. */
  readonly standing: Map<number, string>;
  readonly showProgress: (batches: readonly Batch[]) => void;
  idsWritten: number;
  status: string | undefined;
  estimate: CostEstimate | undefined;
}

function knownOf({ ids, batches }: Story): readonly Batch[] {
  return [...ids].flatMap((id) => batches.get(id) ?? []);
}

function reportFrom(story: Story): Report {
  const { ids, allNamed, cached } = story;
  const unsent = unsentOf(story);
  const complete = allNamed && unsent === 0;
  return reportOf(knownOf(story), { ids: [...ids], complete, unsent, cached });
}

/** How many requests of the input no batch holds. */
function unsentOf({ planned, sent }: Story): number {
  return planned.reduce<number>((sum, count = 0, part) => sum + (sent.has(part) ? 0 : count), 0);
}

/** A later round begins when all of the input has been sent. */
function plan(story: Story, parts: Story["planned"], round: number): void {
  story.planned = round === 0 ? parts : [];
  story.round = round;
  story.standing.clear();
}

/** The requests of a part that is divided are those of its halves. */
function divide(
  story: Story,
  { part, halves, requests, batch }: Extract<BatchEvent, { readonly type: "halved" }>,
): void {
  if (batch !== undefined) replace(story, batch.id);
  if (story.round > 0) return;
  const planned = [...story.planned];
  planned[part] = 0;
  for (const [at, half] of halves.entries()) planned[half] = requests[at];
  story.planned = planned;
}

/** A batch that was turned away is made again: the new one stands for its part. */
function stand(story: Story, part: number, { id }: Batch): void {
  const before = story.standing.get(part);
  if (before !== undefined && before !== id) replace(story, before);
  story.standing.set(part, id);
}

/** A batch that took nothing along and that others stand for is of no use to a later step. */
function replace(story: Story, id: string): void {
  const { ids, batches, adopted, state, toolkit } = story;
  ids.delete(id);
  batches.delete(id);
  story.idsWritten = batches.size;
  if (adopted.delete(id)) toolkit.setOutput("reused", adopted.size > 0);
  state.batch(id, { open: false });
  toolkit.setOutput("batch-id", [...ids].join(","));
}

/** What an event means for outputs, state and commit status. */
function remember(story: Story, event: BatchEvent): void {
  const { state, toolkit } = story;
  switch (event.type) {
    case "estimated":
      story.estimate = event.estimate;
      tellEstimate(toolkit, event.estimate);
      return;
    case "uploaded":
      toolkit.setOutput("input-file-id", event.file.id);
      return;
    case "cache-read":
      story.cached = event.answered;
      return;
    case "planned":
      plan(story, event.parts, event.round);
      return;
    case "halved":
      divide(story, event);
      return;
    case "creating":
    case "outcome-unknown":
      story.sent.add(event.part);
      state.creation(event.creation);
      return;
    case "refused":
      story.sent.delete(event.part);
      state.settled(event.creation);
      return;
    case "settled":
      state.settled(event.creation);
      return;
    case "created":
    case "adopted":
      story.sent.add(event.part);
      take(story, event, event.type === "created" ? event.creation : event.beside);
      return;
    case "polled":
      poll(story, event.batches);
      return;
    case "unknown-id":
      story.ids.delete(event.batchId);
      state.unknown(event.batchId);
      writeIds(toolkit, reportFrom(story));
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
      noteCancelled(story, event.batch);
      return;
    default:
  }
}

function noteCancelled({ ids, batches, state }: Story, batch: Batch): void {
  // An extra one of a create that was sent twice is none of the job's.
  if (ids.has(batch.id)) batches.set(batch.id, batch);
  state.batch(batch.id, { open: !isTerminal(batch), cancelled: wasCancelled(batch) });
}

function see({ ids, batches, state }: Story, batch: Batch): void {
  ids.add(batch.id);
  batches.set(batch.id, batch);
  state.batch(batch.id, { open: !isTerminal(batch) });
}

function take(
  story: Story,
  { part, known }: { readonly part: number; readonly known: KnownBatch },
  creation?: Creation,
): void {
  const { state, toolkit, reporter, adopted, requests } = story;
  const { batch, provenance } = known;
  stand(story, part, batch);
  see(story, batch);
  // Only once the id is saved is the create no longer needed to find it.
  if (creation !== undefined) state.creation(creation);
  if (known.requests !== undefined) requests.set(batch.id, known.requests);
  if (provenance === "adopted") adopted.add(batch.id);
  story.rounds.set(batch.id, story.round);
  tellIds(story, false);
  toolkit.setOutput("reused", adopted.size > 0);
  reporter.created(batch, provenance === "adopted");
}

function tellIds(story: Story, all: boolean): void {
  const { batches, idsWritten, toolkit } = story;
  if (batches.size === idsWritten || !(all || isDue(batches.size, idsWritten))) return;
  story.idsWritten = batches.size;
  writeIds(toolkit, reportFrom(story));
}

function poll(story: Story, seen: readonly Batch[]): void {
  for (const batch of seen) see(story, batch);
  tellIds(story, true);
  story.showProgress(seen);
  const unsent = unsentOf(story);
  const status = `${overallStatus(seen) ?? ""} ${unsent === 0 ? "" : "unsent"}`;
  if (status === story.status) return;
  story.status = status;
  const { ids, cached } = story;
  writeStatus(story.toolkit, reportOf(seen, { ids: [...ids], complete: false, unsent, cached }));
}
