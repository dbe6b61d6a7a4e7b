import { randomUUID } from "node:crypto";

import type { Clock } from "../../api/clock.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { Ledger } from "../../batch/collect.ts";
import type { CollectedResults } from "../../batch/results.ts";
import { hasNothingToLose } from "../../batch/rules.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import type { GitHubApi } from "./api.ts";
import { commitOf } from "./context.ts";
import type { HeldBatch } from "./held-batch.ts";
import { batchKey, type RecordedBatch, type CommitStatus, holderOf } from "./record.ts";
import type { KnownStatuses } from "./status-log.ts";
import { statusWriter } from "./writer.ts";

export interface LedgerSettings {
  readonly api: GitHubApi;
  readonly statusName: string;
  /** The page of the run. */
  readonly runPage: string;
  /** For batches that name none of their own: the run's. */
  readonly commit: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly toolkit: Pick<Toolkit, "warning">;
  /** Whether a batch fails the step. */
  readonly isFailure: (batch: Batch, results: CollectedResults) => boolean;
  /** Called with a batch that is claimed from here on, and again when its results are written. */
  readonly onHeld: (batch: HeldBatch) => void;
  /** Called with the id of a batch whose claim has been given back. */
  readonly onReleased: (batchId: string) => void;
}

/** A ledger that only claims: the post step records, once the job has succeeded (`settle.ts`). */
export interface GitHubLedger extends Ledger {
  /** Whether an earlier step has failed for this batch and could not record it. */
  isReported(batch: Batch): Promise<boolean>;
}

/** Milliseconds that one call may take with all its retries; GitHub's limits ask for minutes. */
const timeLimit = 300_000;
/** Milliseconds between reads of a history that lags behind our own entry. */
const lags = [0, 1_000, 2_000, 4_000];

/** The statuses of each batch's commit as the memory of what has been collected. */
export function gitHubLedger(settings: LedgerSettings): GitHubLedger {
  const { clock, signal, onHeld } = settings;
  const { recordOf, newestRecordOf, claimed, released, held } = entriesOf(settings);

  const turnOf = async (batch: Batch, own: CommitStatus) => {
    for (const lag of lags) {
      await clock.sleep(lag, signal);
      const turn = turnIn(await newestRecordOf(batch), held(batch).claim, own.createdAt);
      if (turn !== "unseen") return turn;
    }
    throw new APIError(
      `GitHub does not show the claim on ${batch.id} that was just made; nothing was downloaded. Try again later.`,
      { code: "claim_not_seen" },
    );
  };
  const release = async (batch: Batch, text: string) => {
    await released(batch, text);
    settings.onReleased(batch.id);
  };

  return {
    isCollected: async (batch) => (await recordOf(batch))?.collected === true,
    isReported: async (batch) => (await recordOf(batch))?.reported === true,

    async claim(batch) {
      // Written first: after a kill the post step has to give back what may have been claimed.
      onHeld(held(batch));
      const own = await claimed(batch);
      // The claim may have gone to another commit.
      onHeld(held(batch));
      const turn = await turnOf(batch, own);
      if (turn === "ours") return true;
      await release(batch, `${turn} by another run`);
      return false;
    },

    record(batch, results) {
      const failed = results === undefined || settings.isFailure(batch, results);
      const empty = results === undefined || hasNothingToLose(batch);
      onHeld({ ...held(batch), written: { failed, counts: results?.counts, empty } });
      return Promise.resolve();
    },

    release: async (batch) => release(batch, "not collected yet"),
  };
}

/** What a ledger reads and writes of a batch at its commit. */
function entriesOf(settings: LedgerSettings) {
  const { clock, signal } = settings;
  // One for the step: what it holds at the end can be given back together.
  const claim = randomUUID().slice(0, 13);
  const writer = statusWriter({
    ...settings,
    ownCommit: settings.commit,
    onMoved: settings.toolkit.warning,
  });
  // GitHub may ask to wait for an hour, which no runner should be held for.
  const call = () => ({ signal, deadline: clock.now() + timeLimit });
  const homeOf = (batch: Batch) => commitOf(batch) ?? settings.commit;
  const recordIn = (batch: Batch, { history }: KnownStatuses) => history.get(batchKey(batch.id));

  return {
    /** By what is known of the commit: its batches are asked for one after the other. */
    recordOf: async (batch: Batch) => recordIn(batch, await writer.known(homeOf(batch), call())),
    newestRecordOf: async (batch: Batch) =>
      recordIn(batch, await writer.refreshed(homeOf(batch), call())),
    claimed: async (batch: Batch) => {
      const text = "being collected";
      const draft = { phase: "collecting", batches: [batch], claim, text } as const;
      return writer.append(homeOf(batch), draft, "pending", call());
    },
    released: async (batch: Batch, text: string) => {
      const draft = { phase: "released", batches: [batch], claim, text } as const;
      await writer.appendAll(homeOf(batch), [draft], call());
    },
    held: (batch: Batch): HeldBatch => ({
      batchId: batch.id,
      commit: writer.placeOf(homeOf(batch)),
      claim,
      written: undefined,
    }),
  };
}

/** Whose turn a claim finds it to be; `unseen` while the history does not show the claim. */
function turnIn(
  record: RecordedBatch | undefined,
  claim: string,
  now: number,
): "ours" | "unseen" | "collected" | "being collected" {
  if (record?.collected === true) return "collected";
  if (record?.claims.some((other) => other.claim === claim) !== true) return "unseen";
  return holderOf(record, now) === claim ? "ours" : "being collected";
}
