import type { CallOptions } from "../../api/types.ts";
import type { GitHubApi } from "./api.ts";
import { type CommitStatus, type History, historyOf, ofName } from "./record.ts";

/** What the statuses of one commit and name say. */
export interface KnownStatuses {
  readonly history: History;
  /** The state that GitHub shows: the newest entry's. */
  readonly shown: string | undefined;
}

/** What has been read of one commit's statuses. */
export interface StatusLog {
  /** Reads what is new, newest first, up to what an earlier read has seen. */
  refreshed(call: CallOptions): Promise<KnownStatuses>;
  /** What is known from an earlier read, else what a read says now. */
  known(call: CallOptions): Promise<KnownStatuses>;
}

/**
 * A commit has up to 1,000 statuses of each name, and a token 1,000 calls an hour: the first read goes
 * to the end, each later one is mostly a single page.
 */
export function statusLog(
  api: Pick<GitHubApi, "statuses">,
  commit: string,
  name: string,
): StatusLog {
  const statuses = new Map<number, CommitStatus>();
  let seenTo: number | undefined;

  const knownStatuses = (): KnownStatuses => {
    const mine = ofName(statuses.values(), name);
    return { history: historyOf(mine), shown: mine.at(-1)?.state };
  };
  const refreshed = async (call: CallOptions): Promise<KnownStatuses> => {
    const end = seenTo ?? 0;
    let newest = end;
    for await (const page of api.statuses(commit, call)) {
      for (const status of page) {
        statuses.set(status.id, status);
        newest = Math.max(newest, status.id);
      }
      if (page.some(({ id }) => id <= end)) break;
    }
    // Only now: a read that broke off has not seen what is older.
    seenTo = newest;
    return knownStatuses();
  };
  return {
    refreshed,
    known: async (call) => (seenTo === undefined ? refreshed(call) : knownStatuses()),
  };
}
