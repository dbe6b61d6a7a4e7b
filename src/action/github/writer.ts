import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { type RequestCounts, sumCounts } from "../../batch/status.ts";
import { formatCount, plural } from "../format.ts";
import type { GitHubApi } from "./api.ts";
import {
  batchKey,
  type CommitStatus,
  type StatusEntry,
  entryUrl,
  maxBatches,
  stateOf,
  withEntry,
} from "./record.ts";
import type { CommitRefusal } from "./refusal.ts";
import { type KnownStatuses, type StatusLog, statusLog } from "./status-log.ts";

interface WriterSettings {
  readonly api: GitHubApi;
  readonly statusName: string;
  /** The page of the run that writes. */
  readonly runPage: string;
  /** The run's own commit, for entries of a commit that takes none; `undefined` where it has none. */
  readonly ownCommit: string | undefined;
  /** Called once for each commit whose entries go to the run's own instead. */
  readonly onMoved: (message: string) => void;
}

/** What is to be written of batches, no more than `maxBatches` of them; of none where a step needed none. */
export interface Draft extends Pick<StatusEntry, "phase"> {
  readonly batches: readonly Pick<Batch, "id">[];
  readonly failed?: boolean | undefined;
  readonly claim?: string | undefined;
  /** For people, behind the batches' name. */
  readonly text: string;
}

/** Reads and writes the histories that commits have under one status name. */
export interface StatusWriter {
  /** Where the entries of a commit go: to itself, as far as is known, or to the run's own commit. */
  placeOf(commit: string): string;
  /** What is known of a commit's batches from an earlier read, else what a read says now. */
  known(commit: string, call: CallOptions): Promise<KnownStatuses>;
  /** What a commit's statuses say now. */
  refreshed(commit: string, call: CallOptions): Promise<KnownStatuses>;
  append(
    commit: string,
    draft: Draft,
    state: "pending" | "success" | "failure",
    call: CallOptions,
  ): Promise<CommitStatus>;
  /**
   * Appends entries so that the newest one, which is what GitHub shows, has the state of all batches
   * together. Whoever writes at the same time may not have seen ours, so the newest are read again.
   */
  appendAll(commit: string, drafts: readonly Draft[], call: CallOptions): Promise<void>;
}

export function statusWriter(settings: WriterSettings): StatusWriter {
  const { api, statusName, runPage } = settings;
  const logs = new Map<string, StatusLog>();
  const moved = new Set<string>();

  const placeOf = (commit: string) => (moved.has(commit) ? (settings.ownCommit ?? commit) : commit);
  const logOf = (commit: string) => {
    const log = logs.get(commit) ?? statusLog(api, commit, statusName);
    logs.set(commit, log);
    return log;
  };
  /** Does it at a commit, or at the run's own where that commit takes no status of this name. */
  const at = async <T>(commit: string, action: (place: string) => Promise<T>): Promise<T> => {
    const place = placeOf(commit);
    try {
      return await action(place);
    } catch (error) {
      const { ownCommit } = settings;
      const refusal = error instanceof APIError ? refusalOf(error) : undefined;
      if (refusal === undefined || ownCommit === undefined || place === ownCommit) throw error;
      moved.add(commit);
      settings.onMoved(movedMessage(refusal, { commit, ownCommit, statusName }));
      return action(ownCommit);
    }
  };
  const refreshed = async (commit: string, call: CallOptions) =>
    at(commit, async (place) => logOf(place).refreshed(call));
  const append: StatusWriter["append"] = async (commit, draft, state, call) => {
    const { phase, failed = false, claim } = draft;
    const batchIds = draft.batches.map(({ id }) => id);
    const targetUrl = entryUrl(runPage, { phase, failed, claim, batchIds });
    const status = { state, name: statusName, targetUrl, description: describeEntry(draft) };
    return at(commit, async (place) => api.createStatus(place, status, call));
  };

  return {
    placeOf,
    refreshed,
    append,
    known: async (commit, call) => at(commit, async (place) => logOf(place).known(call)),
    async appendAll(commit, drafts, call) {
      let { history } = await refreshed(commit, call);
      let last: Draft | undefined;
      for (const draft of drafts) {
        const { phase, failed = false, claim, batches } = draft;
        const keys = batches.map(({ id }) => batchKey(id));
        history = withEntry(history, { phase, failed, claim, keys }, 0);
        await append(commit, draft, stateOf(history), call);
        last = draft;
      }
      if (last === undefined) return;
      const now = await refreshed(commit, call);
      const state = stateOf(now.history);
      if (now.shown !== state) await append(commit, last, state, call);
    },
  };
}

function refusalOf({ code }: APIError): CommitRefusal | undefined {
  return code === "commit_gone" || code === "commit_full" ? code : undefined;
}

function movedMessage(
  refusal: CommitRefusal,
  {
    commit,
    ownCommit,
    statusName,
  }: { readonly commit: string; readonly ownCommit: string; readonly statusName: string },
): string {
  const [short, own] = [commit.slice(0, 7), ownCommit.slice(0, 7)];
  const [why, advice] =
    refusal === "commit_gone"
      ? [
          `Commit ${short} is no longer in the repository (as after a force push)`,
          "`match-metadata` can leave such batches out.",
        ]
      : [
          `Commit ${short} has 1,000 statuses named \`${statusName}\` and takes no more`,
          "Choose another name in `commit-status` for new batches.",
        ];
  return `${why}, so the record of its batches is kept at ${own}, the commit of this run. A \`collect\` that runs on another commit does not see it and collects them again. ${advice}`;
}

const longestDescription = 140;

/** `batch_abc: 120 answers, 2 failed`, within what GitHub takes; the text alone where there is no batch. */
function describeEntry({ batches, text }: Pick<Draft, "batches" | "text">): string {
  const [only] = batches;
  if (only === undefined) return text.slice(0, longestDescription);
  const name = batches.length === 1 ? only.id : `${batches.length} batches`;
  const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  return `${shown}: ${text}`.slice(0, longestDescription);
}

/** `120 answers, 2 failed`, of all together. */
export function countsText(counts: readonly RequestCounts[]): string {
  const { completed, failed } = sumCounts(counts);
  const answers = plural(completed, "answer");
  return failed === 0 ? answers : `${answers}, ${formatCount(failed)} failed`;
}

/** Batches in parts that one entry each can name. */
export function inEntries<T>(batches: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < batches.length; start += maxBatches) {
    parts.push(batches.slice(start, start + maxBatches));
  }
  return parts;
}
