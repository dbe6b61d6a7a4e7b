import { createHash } from "node:crypto";

/** One entry of a commit's append-only history of statuses. */
export interface CommitStatus {
  /** Grows with time. */
  readonly id: number;
  readonly state: string;
  readonly name: string;
  readonly targetUrl: string;
  /** Milliseconds since the epoch, by GitHub's clock. */
  readonly createdAt: number;
}

/**
 * What an entry says of its batches: `created`; `collecting`, a claim; `released`, the claim's end
 * without a record; `ended`, with a claim where the same step has written the results; `collected`.
 */
const phases = ["created", "collecting", "released", "ended", "collected"] as const;
type EntryPhase = (typeof phases)[number];

export interface StatusEntry {
  readonly phase: EntryPhase;
  /** Of the batches; see `batchKey`. */
  readonly keys: readonly string[];
  /** Whether the batch failed the step; of `released` too, so that no later step fails for it again. */
  readonly failed: boolean;
  /** Who is at it, in an entry that claims or releases. */
  readonly claim: string | undefined;
}

/** What the entries of one commit and name say of a batch. */
export interface RecordedBatch {
  /** Whether it has ended; a batch that is only created has not. */
  readonly ended: boolean;
  readonly collected: boolean;
  readonly failed: boolean;
  /** Whether a step that could not record it has failed for it already. */
  readonly reported: boolean;
  /** Oldest first. */
  readonly claims: readonly Claim[];
}

interface Claim {
  readonly claim: string;
  /** Milliseconds since the epoch, by GitHub's clock. */
  readonly at: number;
}

export type History = ReadonlyMap<string, RecordedBatch>;

/**
 * Milliseconds for which a claim holds. It is answered by a record or a release at the end of the
 * job, so it has to outlive any job of GitHub's own runners, which have six hours. When a job is lost
 * with its runner, another one takes its batches over after this time.
 */
export const claimLife = 6 * 3_600_000;

/** So many batches one entry names: its URL stays short. */
export const maxBatches = 10;
const longestId = 100;

/** A batch's id as the record has it: short, whatever the server's ids are. */
export function batchKey(batchId: string): string {
  return createHash("sha256").update(batchId).digest("base64url").slice(0, 12);
}

/** The `target_url` of an entry: the run's page, and behind the `#` what the entry says. */
export function entryUrl(
  runPage: string,
  entry: Omit<StatusEntry, "keys"> & { readonly batchIds: readonly string[] },
): string {
  const [only = ""] = entry.batchIds;
  const fragment = new URLSearchParams();
  if (entry.batchIds.length === 1 && encodeURIComponent(only).length <= longestId) {
    fragment.set("batch", only);
  } else fragment.set("batches", entry.batchIds.map(batchKey).join("."));
  fragment.set("phase", entry.phase);
  if (entry.failed) fragment.set("failed", "true");
  if (entry.claim !== undefined) fragment.set("claim", entry.claim);
  return `${runPage}#${fragment.toString()}`;
}

/** What an entry says; `undefined` of one that is not ours. */
export function readStatusEntry(targetUrl: string): StatusEntry | undefined {
  const start = targetUrl.indexOf("#");
  if (start === -1) return undefined;
  const fragment = new URLSearchParams(targetUrl.slice(start + 1));
  const phase = phases.find((known) => known === fragment.get("phase"));
  const id = fragment.get("batch");
  const keys =
    id === null ? (fragment.get("batches") ?? "").split(".").filter(Boolean) : [batchKey(id)];
  if (phase === undefined || keys.length === 0) return undefined;
  return {
    phase,
    keys,
    failed: fragment.get("failed") === "true",
    claim: fragment.get("claim") ?? undefined,
  };
}

/** Those of a commit's statuses that have this name, oldest first. GitHub ignores the case of names. */
export function ofName(statuses: Iterable<CommitStatus>, name: string): CommitStatus[] {
  return [...statuses]
    .filter((status) => status.name.toLowerCase() === name.toLowerCase())
    .sort((a, b) => a.id - b.id);
}

/** What statuses of one name, oldest first, say of each batch. */
export function historyOf(statuses: readonly CommitStatus[]): History {
  let history: History = new Map();
  for (const { targetUrl, createdAt } of statuses) {
    const entry = readStatusEntry(targetUrl);
    if (entry !== undefined) history = withEntry(history, entry, createdAt);
  }
  return history;
}

const unseen: RecordedBatch = {
  ended: false,
  collected: false,
  failed: false,
  reported: false,
  claims: [],
};

/** The history with one more entry. */
export function withEntry(history: History, entry: StatusEntry, at: number): History {
  const next = new Map(history);
  for (const key of entry.keys) next.set(key, recordWith(next.get(key) ?? unseen, entry, at));
  return next;
}

function recordWith(
  record: RecordedBatch,
  { phase, failed, claim }: StatusEntry,
  at: number,
): RecordedBatch {
  const claims = claim === undefined ? record.claims : [...record.claims, { claim, at }];
  switch (phase) {
    // One that is adopted again stays what it was.
    case "created":
      return record;
    case "collecting":
      return { ...record, claims };
    case "released":
      return {
        ...record,
        reported: record.reported || failed,
        claims: record.claims.filter((other) => other.claim !== claim),
      };
    case "ended":
      return { ...record, ended: true, failed, claims: record.collected ? [] : claims };
    case "collected":
      return { ...record, ended: true, collected: true, failed, claims: [] };
  }
}

/** Whose turn it is to collect: the oldest claim that still holds. */
export function holderOf(record: RecordedBatch, now: number): string | undefined {
  return record.claims.find(({ at }) => now - at < claimLife)?.claim;
}

/** One state for all batches of a commit and name: `pending` until all have ended. */
export function stateOf(history: History): "pending" | "success" | "failure" {
  const records = [...history.values()];
  if (records.some(({ ended }) => !ended)) return "pending";
  return records.some(({ failed }) => failed) ? "failure" : "success";
}
