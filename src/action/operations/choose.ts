import { type ChosenBatches, chooseBatches } from "../../batch/choose.ts";
import type { Batch } from "../../api/types.ts";
import { decideNothingToDo } from "../../batch/rules.ts";
import { plural } from "../format.ts";
import type { BatchChoice } from "../inputs.ts";
import { type Report, reportOf } from "../outputs.ts";
import type { Step } from "../operation.ts";

export interface Chosen {
  readonly ids: readonly string[];
  /** What the list said of them; nothing of those that the user named. */
  readonly batches: readonly Batch[];
  /** What to say where batches that match may have been missed. */
  readonly incomplete: string | undefined;
}

/** Milliseconds that reading the list may take. */
const timeLimit = 30 * 60_000;

/** The batches that an operation works on: those that are named, or those that the filter picks. */
export async function choose(
  { client, toolkit, signal }: Step,
  choice: BatchChoice,
  wanted?: (batch: Batch) => boolean,
): Promise<Chosen> {
  if ("ids" in choice) return { ids: choice.ids, batches: [], incomplete: undefined };
  const deadline = client.clock.now() + timeLimit;
  const chosen = await chooseBatches(client, { ...choice.match, wanted, signal, deadline });
  const incomplete = warnOfMissed(toolkit, chosen);
  const { batches } = chosen;
  toolkit.info(`${plural(batches.length, "batch matches", "batches match")}.`);
  return { ids: batches.map(({ id }) => id), batches, incomplete };
}

/** A list that was not read to its end is no secret. */
export function warnOfMissed(
  toolkit: Step["toolkit"],
  { incomplete }: Pick<ChosenBatches, "incomplete">,
): string | undefined {
  if (incomplete === undefined) return undefined;
  const missed = `Batches that match may have been missed: ${incomplete}.`;
  toolkit.warning(missed);
  return missed;
}

/** The report of an operation that found nothing to do: a success, where nothing can have been missed. */
export function nothingToDo(incomplete?: string): Report {
  const report = reportOf([]);
  const { decision } = decideNothingToDo(incomplete);
  return decision === "success" ? { ...report, done: true, conclusion: decision } : report;
}
