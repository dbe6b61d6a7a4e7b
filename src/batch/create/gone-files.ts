import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { sleepWithin } from "../look-up.ts";
import { decideGone } from "../rules.ts";
import { isTerminal } from "../status.ts";

/** Milliseconds before each look for a file that is not found. */
const pauses = [0, 1_000, 3_000];

/** Whether a result file of a batch that has ended is gone: the server says so, and goes on saying it. */
export async function areFilesGone(
  client: BatchClient,
  batch: Batch,
  call: CallOptions,
): Promise<boolean> {
  if (!isTerminal(batch)) return false;
  for (const id of [batch.output_file_id, batch.error_file_id]) {
    if (id !== undefined && (await isGone(client, { batch, id }, call))) return true;
  }
  return false;
}

/**
 * Whether neither a file nor its content is found, time after time, by a server that shows the batch: some
 * servers tell nothing of files whose content they have, and one that has lost sight of the batch as well,
 * or a page in its place, does not tell what is gone.
 */
async function isGone(
  client: BatchClient,
  { batch, id }: { readonly batch: Batch; readonly id: string },
  call: CallOptions,
): Promise<boolean> {
  for (let looks = 0; decideGone(looks).decision === "look again"; looks += 1) {
    await sleepWithin(client, pauses[looks] ?? 0, call);
    const file = await answerOf(client.files.retrieve(id, call), call);
    if (file !== "missing") return false;
    const content = await answerOf(openAndClose(client, id, call), call);
    if (content !== "missing") return false;
    const shown = await answerOf(client.batches.retrieve(batch.id, call), call);
    if (shown !== "there") return false;
  }
  return true;
}

async function openAndClose(client: BatchClient, id: string, call: CallOptions): Promise<void> {
  const { body } = await client.files.content(id, call);
  await body?.cancel();
}

/** What a server says of a thing; `unknown` where it says something else. */
async function answerOf(
  asked: Promise<unknown>,
  { signal }: CallOptions,
): Promise<"there" | "missing" | "unknown"> {
  try {
    await asked;
    return "there";
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    signal?.throwIfAborted();
    return error.status === 404 ? "missing" : "unknown";
  }
}
