import type { BatchClient } from "../../api/client.ts";
import { messageOf } from "../../api/errors.ts";
import { afterGrace } from "../../api/retry.ts";
import type { Batch } from "../../api/types.ts";
import { type CancelledBatches, cancelBatches } from "../../batch/cancel.ts";
import { type CancelOn, decideCancelOnSignal } from "../../batch/rules.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { unsentWords } from "../verdict.ts";

/** Milliseconds of the 7.5 seconds that a signalled process has. */
const timeToFinish = 5_000;
/** Milliseconds that a sweep of hundreds may take, at the pace of a server that limits calls. */
const timeLimit = 30 * 60_000;

/**
 * The operation's moment: what was asked for is cancelled at the server's pace. A workflow that is
 * cancelled while it cancels batches wants them cancelled all the more.
 */
export async function cancelOrDeadline(
  { client, signal, narrator }: Step,
  ids: readonly string[],
): Promise<CancelledBatches> {
  return cancelBatches(client, ids, {
    signal: afterGrace(signal, timeToFinish, client.clock),
    deadline: client.clock.now() + timeLimit,
    onEvent: narrator.onEvent,
    why: "`operation` is `cancel`",
  });
}

/** Milliseconds. A signalled process has 7.5 seconds, of which a create on the wire may take three. */
const timeToCancel = 3_500;

/**
 * The signal's moment: what has not ended is cancelled as far as `cancel-on` and the time allow; the
 * post step does the rest.
 *
 * @param hurried a client whose calls give up soon
 */
export async function cancelOnSignal(
  { state, narrator }: Step,
  cancelOn: readonly CancelOn[],
  hurried: () => BatchClient,
  outcome: StepOutcome,
): Promise<StepOutcome> {
  const unfinished = state.unfinished();
  const unsent = unsentWords(narrator.report().unsent);
  if (unfinished.length === 0) return outcome;
  const { decision, why } = decideCancelOnSignal(cancelOn);
  if (decision === "leave") {
    const left = `The step was interrupted. Not cancelled, because ${why}: ${unfinished.join(", ")}.`;
    return { report: narrator.report(), failure: [left, ...unsent].join("\n") };
  }
  const client = hurried();
  const { failures } = await cancelBatches(client, unfinished, {
    deadline: client.clock.now() + timeToCancel,
    onEvent: narrator.onEvent,
    why,
  });
  const open = [...failures].map(
    ([id, error]) =>
      `${id} could not be cancelled yet; the post step tries again. ${messageOf(error)}`,
  );
  return {
    report: narrator.report(),
    failure: ["The step was interrupted.", ...open, ...unsent].join("\n"),
  };
}

/** The newest of what is known of each batch, in the order of the ids. */
export function latest(ids: readonly string[], ...known: readonly (readonly Batch[])[]): Batch[] {
  const batches = new Map(known.flat().map((batch) => [batch.id, batch]));
  return ids.flatMap((id) => batches.get(id) ?? []);
}
