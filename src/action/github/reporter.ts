import type { Clock } from "../../api/clock.ts";
import { messageOf } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { RequestCounts } from "../../batch/status.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import type { StatusReporter } from "./status-reporter.ts";
import type { GitHubApi } from "./api.ts";
import { commitOf } from "./context.ts";
import { batchKey, type History } from "./record.ts";
import {
  appendEntries,
  appendEntry,
  countsText,
  type Draft,
  inEntries,
  readHistory,
} from "./writer.ts";

export interface ReporterSettings {
  readonly api: GitHubApi;
  /** The status's name. */
  readonly context: string;
  /** The page of the run. */
  readonly page: string;
  /** For batches that name none of their own. */
  readonly commit: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly toolkit: Pick<Toolkit, "warning">;
}

/** Milliseconds that one call, and the end of a step, may take. */
const timeLimit = 5_000;
/** Milliseconds between entries, so that batches made meanwhile are told together: GitHub takes 80 a minute. */
const gathering = 2_000;

interface Told {
  readonly commit: string;
  readonly batch: Batch;
  readonly phase: "created" | "ended" | "collected";
  readonly adopted: boolean;
  readonly failed: boolean;
  readonly counts: RequestCounts | undefined;
}

/** Drafts for as many batches at once as ended alike. */
function draftsOf(told: readonly Told[]): Draft[] {
  const groups = Map.groupBy(told, ({ phase, failed }) => `${phase} ${failed}`);
  return [...groups.values()].flatMap(inEntries).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { phase, failed } = first;
    return [{ phase, failed, batches: group.map(({ batch }) => batch), text: textOf(group) }];
  });
}

function textOf(group: readonly Told[]): string {
  const counts = group.flatMap((told) => told.counts ?? []);
  if (counts.length < group.length)
    return [...new Set(group.map(({ batch }) => batch.status))].join(", ");
  return countsText(counts);
}

export function openReporter(settings: ReporterSettings): StatusReporter {
  const { api, context, page, clock, signal, toolkit } = settings;
  let queue: Told[] = [];
  let working: Promise<void> | undefined;
  let lastCall: number | undefined;
  let over = false;
  const ending = new AbortController();
  const hurry = AbortSignal.any([signal, ending.signal]);

  const ignoreHurry = (error: unknown) => {
    if (!hurry.aborted) throw error;
  };
  const place = (commit: string) => ({ commit, context, page });
  const call = () => ({
    signal,
    deadline: lastCall ?? clock.now() + timeLimit,
    maxRetries: 2,
  });

  const write = async (drafts: readonly Told[], commit: string): Promise<void> => {
    const created = drafts.filter(({ phase }) => phase === "created");
    const ended = drafts.filter(({ phase }) => phase !== "created");
    const known: History = created.some(({ adopted }) => adopted)
      ? (await readHistory(api, place(commit), call())).history
      : new Map();
    // An adopted batch may have been collected long ago; it is told of where nobody has.
    const batches = created
      .filter(({ batch, adopted }) => !adopted || !known.has(batchKey(batch.id)))
      .map(({ batch }) => batch);
    for (const some of inEntries(batches)) {
      const text = some.length === 1 ? "waiting for its results" : "waiting for their results";
      const draft = { phase: "created", batches: some, text } as const;
      await appendEntry(api, place(commit), draft, "pending", call());
    }
    if (ended.length > 0) await appendEntries(api, place(commit), draftsOf(ended), call());
  };

  const work = async (): Promise<void> => {
    while (queue.length > 0 && !over) {
      // Whatever was told meanwhile goes together: many batches must not be as many calls.
      const told = queue;
      queue = [];
      try {
        for (const commit of new Set(told.map((draft) => draft.commit))) {
          await write(
            told.filter((draft) => draft.commit === commit),
            commit,
          );
        }
        if (!hurry.aborted) await clock.sleep(gathering, hurry).catch(ignoreHurry);
      } catch (error) {
        over = true;
        if (signal.aborted) return;
        toolkit.warning(
          `The commit status \`${context}\` could not be set; the batch is not touched by that. ${messageOf(error)}`,
        );
      }
    }
  };

  const tell = (told: Omit<Told, "commit">) => {
    const commit = commitOf(told.batch) ?? settings.commit;
    if (commit === undefined || over) return;
    queue.push({ ...told, commit });
  };
  const start = () => {
    working ??= work().finally(() => {
      working = undefined;
    });
  };

  return {
    created(batch, adopted) {
      tell({ batch, adopted, phase: "created", failed: false, counts: undefined });
      start();
    },
    ended(batches) {
      for (const { batch, failed, collected, counts } of batches) {
        tell({ batch, adopted: false, phase: collected ? "collected" : "ended", failed, counts });
      }
      start();
    },
    async settled() {
      lastCall = clock.now() + timeLimit;
      ending.abort();
      while (working !== undefined) await working;
    },
  };
}
