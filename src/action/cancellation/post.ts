import type { BatchClient } from "../../api/client.ts";
import { messageOf } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import { cancelBatches } from "../../batch/cancel.ts";
import { isOwnCreation } from "../../batch/create/identity.ts";
import type { Reports } from "../../batch/events.ts";
import type { Creation, LookUp } from "../../batch/knowledge.ts";
import { lookForBatches } from "../../batch/look-up.ts";
import { decideCancel } from "../../batch/rules.ts";
import type { Toolkit } from "../runner/toolkit.ts";

/** What the post step works with. */
export interface PostStep extends Reports {
  readonly client: BatchClient;
  readonly toolkit: Pick<Toolkit, "info" | "warning">;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** The post step's moment: cancels at the server's pace until the deadline; gives what was cancelled. */
export async function cancelInPost(
  { client, toolkit, deadline, onEvent }: PostStep,
  ids: readonly string[],
  why: string,
): Promise<readonly Batch[]> {
  const { batches, failures } = await cancelBatches(client, ids, { deadline, why, onEvent });
  for (const [id, error] of failures) {
    toolkit.warning(
      `${id} could not be cancelled and may be running and billed. Cancel it with \`operation: cancel\`. ${messageOf(error)}`,
    );
  }
  return batches;
}

/** What is left of a create that was cut off, or that was sent more than once. */
export interface LostBatches {
  readonly ids: readonly string[];
  /** Whether they are beside the batch that main goes by, so that nobody wants them. */
  readonly extra: boolean;
}

/**
 * Looks for the batches of a create as long as main does; what was not found may still be there.
 *
 * @param known ids of the batches that main knew: where the list shows no metadata, one of another create
 *   may be of the same file
 */
export async function findLost(
  { client, toolkit, deadline }: PostStep,
  creation: Creation,
  known: readonly string[] = [],
): Promise<LostBatches> {
  const { keep, sent = 1, creationId, since } = creation;
  const extra = keep !== undefined;
  const identity = { ...creation, earlier: known.filter((id) => id !== keep) };
  const looked = await lookForBatches(client, (batch) => isOwnCreation(batch, identity), {
    since,
    deadline,
    count: sent,
  });
  const found = looked.state === "found" ? looked.found : [];
  if (found.length < sent) {
    toolkit.warning(
      `${unseenOf(looked, sent)} Look for one with the metadata creation_id ${creationId}.`,
    );
  }
  const open = found.filter(
    (batch) => batch.id !== keep && decideCancel(batch).decision === "cancel",
  );
  return { ids: open.map(({ id }) => id), extra };
}

/** What is not known after a look that showed fewer batches than creates were sent. */
function unseenOf(looked: LookUp<readonly Batch[]>, sent: number): string {
  if (looked.state === "found") {
    const shown = looked.found.map(({ id }) => id).join(", ");
    return `A create was sent ${sent} times because its answer was lost. The list of batches shows ${shown}; whether another batch of it runs is not known.`;
  }
  const why = looked.state === "absent" ? "the list of batches does not show it" : looked.why;
  return `A create was cut off, and whether a batch of it runs is not known: ${why}.`;
}
