import type { BatchClient } from "../../api/client.ts";
import type { Batch } from "../../api/types.ts";
import { cancelBatches, type CancelManyOptions } from "../cancel.ts";
import { keyName, creationName } from "../create/key.ts";
import type { Reports } from "../events.ts";
import { emptyQueue, follow } from "../follow.ts";
import { createWatch } from "../follow/watch.ts";
import type { KnownBatch } from "../knowledge.ts";
import { decideCancelAtTimeout } from "../rules.ts";
import { isTerminal } from "../status.ts";

/** Milliseconds that the cancels at a timeout may take. */
const timeToCancel = 120_000;
/** Milliseconds that a job waits beyond its timeout for the results of what it has cancelled. */
const timeToSettle = 120_000;

interface CancelAtTimeoutOptions extends Reports {
  readonly signal?: AbortSignal | undefined;
  /** Ids of batches that were never seen: they may run. */
  readonly unseen?: readonly string[] | undefined;
  /** The metadata that this job gives its own batches. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Whether the results of what is cancelled are waited for. */
  readonly settle: boolean;
}

/** What became of the cancels at a timeout. */
interface CancelledAtTimeout {
  /** What was cancelled, as it is now; it may have ended otherwise. */
  readonly batches: readonly Batch[];
  /** Ids of those that the timeout has cancelled; others were being cancelled before. */
  readonly cancelled: readonly string[];
  /** Why some could not be cancelled, by id: they may be running. */
  readonly failures: ReadonlyMap<string, Error>;
}

/** Cancels what of a job has not ended when its timeout has come, and waits for what they have. */
export async function cancelAtTimeout(
  client: BatchClient,
  known: readonly KnownBatch[],
  options: CancelAtTimeoutOptions,
): Promise<CancelledAtTimeout> {
  const { signal, unseen = [], metadata = {}, settle, onEvent } = options;
  const ids = [...unseen];
  for (const one of known) {
    if (isTerminal(one.batch)) continue;
    const { decision, why } = decideCancelAtTimeout(one, hasAll(one.batch, metadata));
    if (decision === "cancel") ids.push(one.batch.id);
    else if (one.batch.status !== "cancelling") {
      onEvent?.({ type: "left-running", batchId: one.batch.id, why });
    }
  }
  const deadline = client.clock.now() + timeToCancel;
  const cancel: CancelManyOptions = { signal, deadline, onEvent, why: "the time was up" };
  const { batches, failures } = await cancelBatches(client, ids, cancel);
  const open = known.filter(({ batch }) => batch.status === "cancelling");
  const all = [...batches, ...open.map(({ batch }) => batch)];
  return {
    cancelled: batches.map(({ id }) => id),
    batches: settle ? await settled(client, all, { signal, onEvent }) : all,
    failures,
  };
}

/** Whether a batch carries what this job would give it, its key and the value of its create apart. */
function hasAll(batch: Batch, metadata: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(metadata).filter(
    ([name]) => name !== keyName && name !== creationName,
  );
  return wanted.length > 0 && wanted.every(([name, value]) => batch.metadata?.[name] === value);
}

/** What a cancelled batch has was paid for, and is there once it has ended: within ten minutes, often within seconds. */
async function settled(
  client: BatchClient,
  batches: readonly Batch[],
  { signal, onEvent }: Reports & { readonly signal?: AbortSignal | undefined },
): Promise<readonly Batch[]> {
  if (batches.every(isTerminal)) return batches;
  const watch = createWatch(client, onEvent);
  for (const batch of batches) watch.add(batch.id, batch);
  await follow(client, watch, emptyQueue, {
    signal,
    deadline: client.clock.now() + timeToSettle,
    pollInterval: 1_000,
    maxPollInterval: 5_000,
  });
  return watch.batches();
}
