import { randomUUID } from "node:crypto";

import type { Clock } from "../../api/clock.ts";
import { messageOf } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { hasNothingToLose } from "../../batch/rules.ts";
import type { RequestCounts } from "../../batch/status.ts";
import { plural } from "../format.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import type { GitHubApi } from "./api.ts";
import { commitOf } from "./context.ts";
import type { HeldBatch } from "./held-batch.ts";
import { batchKey, type History } from "./record.ts";
import type { EndedBatch, StatusReporter } from "./status-reporter.ts";
import { countsText, type Draft, inEntries, type StatusWriter, statusWriter } from "./writer.ts";

interface ReporterSettings {
  readonly api: GitHubApi;
  readonly statusName: string;
  /** The page of the run. */
  readonly runPage: string;
  /** For batches that name none of their own. */
  readonly commit: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly toolkit: Pick<Toolkit, "warning">;
  /** Called with a batch whose results are written, which the post step is to record. */
  readonly onHeld?: ((batch: HeldBatch) => void) | undefined;
}

/** Milliseconds that one call, and the end of a step, may take. */
const timeLimit = 5_000;
/** Milliseconds between entries, so that batches made meanwhile share one: GitHub takes 80 a minute. */
const gathering = 2_000;

/** One thing that the commit status is to say of a batch. */
interface BatchNews {
  readonly commit: string;
  readonly batch: Batch;
  readonly adopted: boolean;
  readonly failed: boolean;
  /** Of results that are written and not recorded yet, so that no `collect` brings them meanwhile. */
  readonly claim: string | undefined;
  readonly counts: RequestCounts | undefined;
}

type CreatedNews = BatchNews & { readonly phase: "created" };
type EndedNews = BatchNews & { readonly phase: "ended" };

type News =
  | CreatedNews
  | EndedNews
  | { readonly phase: "cached"; readonly commit: string; readonly answers: number };

/** A commit status that follows the batches of a step. */
export function openReporter(settings: ReporterSettings): StatusReporter {
  const { clock, onHeld } = settings;
  const claim = randomUUID().slice(0, 13);
  const queue = newsQueue(settings);
  const homeOf = (batch: Batch) => commitOf(batch) ?? settings.commit;

  const tellEnd = ({ batch, failed, written, counts }: EndedBatch) => {
    const commit = homeOf(batch);
    if (commit === undefined) return;
    const held = written && onHeld !== undefined;
    if (held) {
      const results = {
        failed,
        counts: counts ?? batch.request_counts,
        empty: hasNothingToLose(batch),
      };
      onHeld({ batchId: batch.id, commit, claim, written: results });
    }
    const ended = { phase: "ended", adopted: false, claim: held ? claim : undefined } as const;
    queue.add({ ...ended, commit, batch, failed, counts });
  };

  return {
    created(batch, adopted) {
      const commit = homeOf(batch);
      if (commit === undefined) return;
      const created = { phase: "created", failed: false, claim: undefined } as const;
      queue.add({ ...created, commit, batch, adopted, counts: undefined });
    },
    ended(batches) {
      for (const batch of batches) tellEnd(batch);
    },
    cached(answers) {
      const { commit } = settings;
      if (commit !== undefined) queue.add({ phase: "cached", commit, answers });
    },
    settled: async () => queue.emptied(clock.now() + timeLimit),
  };
}

/** Writes news in the background, together with whatever comes meanwhile: many batches must not be as many calls. */
function newsQueue(settings: ReporterSettings) {
  const { statusName, clock, signal, toolkit } = settings;
  const writer = statusWriter({
    ...settings,
    ownCommit: settings.commit,
    onMoved: toolkit.warning,
  });
  let waiting: News[] = [];
  let working: Promise<void> | undefined;
  let lastCall: number | undefined;
  let over = false;
  const ending = new AbortController();
  const hurry = AbortSignal.any([signal, ending.signal]);

  const gather = async () => {
    if (hurry.aborted) return;
    await clock.sleep(gathering, hurry).catch((error: unknown) => {
      if (!hurry.aborted) throw error;
    });
  };
  const work = async (): Promise<void> => {
    while (waiting.length > 0 && !over) {
      const news = waiting;
      waiting = [];
      try {
        for (const [commit, some] of Map.groupBy(news, (one) => one.commit)) {
          const deadline = lastCall ?? clock.now() + timeLimit;
          await write(writer, commit, some, { signal, deadline, maxRetries: 2 });
        }
        await gather();
      } catch (error) {
        over = true;
        if (signal.aborted) return;
        toolkit.warning(
          `The commit status \`${statusName}\` could not be set; the batch is not touched by that. ${messageOf(error)}`,
        );
      }
    }
  };

  return {
    add(news: News) {
      if (over) return;
      waiting.push(news);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    /** Waits until everything is written, or the time is up. */
    async emptied(deadline: number) {
      lastCall = deadline;
      ending.abort();
      while (working !== undefined) await working;
    },
  };
}

async function write(
  writer: StatusWriter,
  commit: string,
  news: readonly News[],
  call: CallOptions,
): Promise<void> {
  const created = news.filter((one) => one.phase === "created");
  const ended = news.filter((one) => one.phase === "ended");
  const known: History = created.some(({ adopted }) => adopted)
    ? (await writer.refreshed(commit, call)).history
    : new Map();
  // An adopted batch may have been collected long ago; only one that nobody has shown is shown.
  const batches = created
    .filter(({ batch, adopted }) => !adopted || !known.has(batchKey(batch.id)))
    .map(({ batch }) => batch);
  for (const some of inEntries(batches)) {
    const text = some.length === 1 ? "waiting for its results" : "waiting for their results";
    await writer.append(commit, { phase: "created", batches: some, text }, "pending", call);
  }
  const cached = news
    .filter((one) => one.phase === "cached")
    .map(({ answers }) => draftOf(answers));
  const drafts = [...draftsOf(ended), ...cached];
  if (drafts.length > 0) await writer.appendAll(commit, drafts, call);
}

/** Without a batch there is still a check to pass. */
function draftOf(answers: number): Draft {
  const text = `${plural(answers, "answer")}, all from the cache`;
  return { phase: "ended", batches: [], text };
}

/** Entries for as many batches at once as ended alike. */
function draftsOf(ended: readonly EndedNews[]): Draft[] {
  const groups = Map.groupBy(ended, ({ failed, claim }) => `${failed} ${claim ?? ""}`);
  return [...groups.values()].flatMap(inEntries).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { phase, failed, claim } = first;
    return [
      { phase, failed, claim, batches: group.map(({ batch }) => batch), text: textOf(group) },
    ];
  });
}

function textOf(group: readonly BatchNews[]): string {
  const counts = group.flatMap((news) => news.counts ?? []);
  if (counts.length < group.length)
    return [...new Set(group.map(({ batch }) => batch.status))].join(", ");
  return countsText(counts);
}
