import { randomUUID } from "node:crypto";

import type { Clock } from "../../api/clock.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { Ledger } from "../../batch/collect.ts";
import type { CollectedResults } from "../../batch/results.ts";
import type { GitHubApi } from "./api.ts";
import { commitOf } from "./context.ts";
import { batchKey, type History, holderOf } from "./record.ts";
import { appendEntries, appendEntry, countsText, readHistory, type StatusPlace } from "./writer.ts";

export interface LedgerSettings {
  readonly api: GitHubApi;
  /** The status's name. */
  readonly context: string;
  /** The page of the run. */
  readonly page: string;
  /** For batches that name none of their own: the run's. */
  readonly commit: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether a batch's commit is shown as failed. */
  readonly isFailure: (batch: Batch, results: CollectedResults) => boolean;
}

/** Milliseconds that one call may take with all its retries. */
const timeLimit = 120_000;
/** Milliseconds between reads of a history that lags behind our own entry. */
const lags = [0, 1_000, 2_000, 4_000];

/** The statuses of each batch's commit as the memory of what has been collected. */
export function gitHubLedger(settings: LedgerSettings): Ledger {
  const { api, context, page, clock, signal } = settings;
  // GitHub may ask to wait for an hour, which no runner should be held for.
  const call = () => ({ signal, deadline: clock.now() + timeLimit });
  const histories = new Map<string, History>();
  const claims = new Map<string, string>();

  const placeOf = (batch: Batch): StatusPlace => ({
    commit: commitOf(batch) ?? settings.commit,
    context,
    page,
  });

  const release = async (batch: Batch, text: string) => {
    const draft = {
      phase: "released",
      batches: [batch],
      claim: claims.get(batch.id),
      text,
    } as const;
    await appendEntries(api, placeOf(batch), [draft], call());
  };

  return {
    async isCollected(batch) {
      const place = placeOf(batch);
      // The batches of a commit are asked for one after the other; a claim reads the newest again.
      const history =
        histories.get(place.commit) ?? (await readHistory(api, place, call())).history;
      histories.set(place.commit, history);
      return history.get(batchKey(batch.id))?.collected === true;
    },

    async claim(batch) {
      const place = placeOf(batch);
      const claim = randomUUID().slice(0, 13);
      claims.set(batch.id, claim);
      const draft = {
        phase: "collecting",
        batches: [batch],
        claim,
        text: "being collected",
      } as const;
      const own = await appendEntry(api, place, draft, "pending", call());
      for (const lag of lags) {
        await clock.sleep(lag, signal);
        const { history } = await readHistory(api, place, call());
        const record = history.get(batchKey(batch.id));
        if (record?.collected === true) {
          await release(batch, "collected by another run");
          return false;
        }
        if (record?.claims.some((other) => other.claim === claim) !== true) continue;
        if (holderOf(record, own.createdAt) === claim) return true;
        await release(batch, "being collected by another run");
        return false;
      }
      throw new APIError(
        `GitHub does not show the claim on ${batch.id} that was just made; nothing was downloaded. Try again later.`,
        { code: "claim_not_seen" },
      );
    },

    async record(batch, results) {
      const failed = results === undefined || settings.isFailure(batch, results);
      const text = results === undefined ? "results are gone" : countsText([results.counts]);
      const draft = { phase: "collected", batches: [batch], failed, text } as const;
      await appendEntries(api, placeOf(batch), [draft], call());
    },

    async release(batch) {
      await release(batch, "not collected yet");
    },
  };
}
