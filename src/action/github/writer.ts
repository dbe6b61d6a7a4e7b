import type { Batch, CallOptions } from "../../api/types.ts";
import { type RequestCounts, sumCounts } from "../../batch/status.ts";
import { formatCount, plural } from "../format.ts";
import type { GitHubApi } from "./api.ts";
import {
  batchKey,
  type Entry,
  entryUrl,
  historyOf,
  type History,
  maxBatches,
  ofContext,
  stateOf,
  withEntry,
} from "./record.ts";

/** Whose history is written: of one commit and context. */
export interface StatusPlace {
  readonly commit: string;
  readonly context: string;
  /** The page of the run that writes. */
  readonly page: string;
}

/** What is to be written of batches, no more than `maxBatches` of them. */
export interface Draft extends Pick<Entry, "phase"> {
  readonly batches: readonly Pick<Batch, "id">[];
  readonly failed?: boolean | undefined;
  readonly claim?: string | undefined;
  /** For people, behind the batches' name. */
  readonly text: string;
}

const longestDescription = 140;

/** `batch_abc: 120 answers, 2 failed`, within what GitHub takes. */
export function describeEntry({ batches, text }: Pick<Draft, "batches" | "text">): string {
  const [only] = batches;
  const name = batches.length === 1 && only !== undefined ? only.id : `${batches.length} batches`;
  const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  return `${shown}: ${text}`.slice(0, longestDescription);
}

/** `120 answers, 2 failed`, of all together. */
export function countsText(counts: readonly RequestCounts[]): string {
  const { completed, failed } = sumCounts(counts);
  const answers = plural(completed, "answer");
  return failed === 0 ? answers : `${answers}, ${formatCount(failed)} failed`;
}

export async function appendEntry(
  api: GitHubApi,
  { commit, context, page }: StatusPlace,
  draft: Draft,
  state: "pending" | "success" | "failure",
  call: CallOptions,
) {
  const { phase, failed = false, claim } = draft;
  const batchIds = draft.batches.map(({ id }) => id);
  const targetUrl = entryUrl(page, { phase, failed, claim, batchIds });
  const status = { state, context, targetUrl, description: describeEntry(draft) };
  return api.createStatus(commit, status, call);
}

export async function readHistory(
  api: GitHubApi,
  { commit, context }: Pick<StatusPlace, "commit" | "context">,
  call: CallOptions,
): Promise<{ readonly history: History; readonly shown: string | undefined }> {
  const statuses = ofContext(await api.statuses(commit, call), context);
  return { history: historyOf(statuses), shown: statuses.at(-1)?.state };
}

/**
 * Appends entries so that the newest one, which is what GitHub shows, has the state of all batches
 * together. Who writes at the same time may not have seen ours, so the history is read once more.
 */
export async function appendEntries(
  api: GitHubApi,
  place: StatusPlace,
  drafts: readonly Draft[],
  call: CallOptions,
): Promise<void> {
  let { history } = await readHistory(api, place, call);
  let last: Draft | undefined;
  for (const draft of drafts) {
    const { phase, failed = false, claim, batches } = draft;
    const keys = batches.map(({ id }) => batchKey(id));
    history = withEntry(history, { phase, failed, claim, keys }, 0);
    await appendEntry(api, place, draft, stateOf(history), call);
    last = draft;
  }
  if (last === undefined) return;
  const now = await readHistory(api, place, call);
  const state = stateOf(now.history);
  if (now.shown !== state) await appendEntry(api, place, last, state, call);
}

/** What is to be told, in parts that one entry each can name. */
export function inEntries<T>(batches: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < batches.length; start += maxBatches) {
    parts.push(batches.slice(start, start + maxBatches));
  }
  return parts;
}
