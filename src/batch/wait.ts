import type { BatchClient } from "../api/client.ts";
import { APIError, DeadlineError } from "../api/errors.ts";
import { isPassing } from "../api/retry.ts";
import type { Batch } from "../api/types.ts";
import { nextInterval } from "./interval.ts";
import { isTerminal } from "./status.ts";

export interface WaitOptions {
  /** Milliseconds to wait in all; for ever unless given. */
  readonly timeout?: number | undefined;
  /** Milliseconds; 5,000 unless given. */
  readonly pollInterval?: number | undefined;
  /** Milliseconds; 60,000 unless given. */
  readonly maxPollInterval?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is known of the batches already; a 404 of one of these is taken for a passing fault. */
  readonly known?: readonly Batch[] | undefined;
  /** Between 0 and 1, for the jitter of the interval. */
  readonly random?: (() => number) | undefined;
  /** Told after each round of looks, in the order of the ids. */
  readonly onProgress?: ((batches: readonly Batch[]) => void) | undefined;
  /** Told of a look that failed in passing; the wait goes on. */
  readonly onPollError?: ((error: APIError, batchId: string) => void) | undefined;
}

export interface WaitResult {
  /** As last seen, in the order of the ids; a batch that was never seen is missing. */
  readonly batches: readonly Batch[];
  /** Whether every batch is in a terminal status; `false` when the timeout came first. */
  readonly done: boolean;
}

/**
 * Follows batches until each is `completed`, `failed`, `expired` or `cancelled`, or until the
 * timeout. The first look comes at once. Errors that pass (see `isPassing`) never end the wait.
 *
 * @param client whose clock the wait goes by
 * @param batchIds at least one
 * @throws {APIError} for an id that does not exist, or a credential that is refused
 * @throws the signal's reason when it aborts
 */
export async function waitForBatches(
  client: BatchClient,
  batchIds: readonly string[],
  options: WaitOptions = {},
): Promise<WaitResult> {
  const { clock } = client;
  const { signal, random = Math.random, pollInterval = 5_000, maxPollInterval = 60_000 } = options;
  const started = clock.now();
  const deadline = options.timeout === undefined ? undefined : started + options.timeout;
  const ids = [...new Set(batchIds)];
  const seen = new Map((options.known ?? []).map((batch) => [batch.id, batch]));
  const batches = () => ids.flatMap((id) => seen.get(id) ?? []);
  const answered = new Set<string>();
  const pending = () =>
    ids.filter((id) => {
      const batch = seen.get(id);
      return batch === undefined || !isTerminal(batch) || !answered.has(id);
    });

  for (;;) {
    for (const id of pending()) {
      try {
        seen.set(id, await client.batches.retrieve(id, { signal, deadline }));
        answered.add(id);
      } catch (error) {
        if (error instanceof DeadlineError) return { batches: batches(), done: false };
        if (!survives(error, seen.has(id))) throw error;
        options.onPollError?.(error, id);
      }
    }
    options.onProgress?.(batches());
    if (pending().length === 0) return { batches: batches(), done: true };

    const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - clock.now();
    const interval = nextInterval(
      youngestRun(batches(), clock.now(), started),
      { pollInterval, maxPollInterval },
      random,
    );
    await clock.sleep(Math.max(0, Math.min(interval, left)), signal);
    if (interval >= left) return { batches: batches(), done: false };
  }
}

/** A batch that was there before is taken to be there still, whatever a gateway says in between. */
function survives(error: unknown, seenBefore: boolean): error is APIError {
  if (isPassing(error)) return true;
  return (
    seenBefore &&
    error instanceof APIError &&
    error.status !== 401 &&
    error.status !== 403 &&
    error.status !== 429
  );
}

/** Milliseconds that the youngest unfinished batch has run; a server that names no time counts from the wait's start. */
function youngestRun(batches: readonly Batch[], now: number, started: number): number {
  const created = batches
    .filter((batch) => !isTerminal(batch))
    .map((batch) => (batch.created_at === 0 ? started : batch.created_at * 1000));
  return Math.max(now - started, created.length === 0 ? 0 : now - Math.max(...created));
}
