import { type ChosenBatches, chooseBatches } from "../../batch/choose.ts";
import type { Batch } from "../../api/types.ts";
import { plural } from "../format.ts";
import type { BatchChoice } from "../inputs.ts";
import { type Report, reportOf } from "../outputs.ts";
import type { Step } from "../operation.ts";

export interface Chosen {
  readonly ids: readonly string[];
  /** What the list said of them; nothing of those that the user named. */
  readonly batches: readonly Batch[];
}

/** The batches that an operation works on: those that are named, or those that the filter picks. */
export async function choose(
  { client, toolkit, signal }: Step,
  choice: BatchChoice,
  wanted?: (batch: Batch) => boolean,
): Promise<Chosen> {
  if ("ids" in choice) return { ids: choice.ids, batches: [] };
  const chosen = await chooseBatches(client, { ...choice.match, wanted, signal });
  warnOfCut(toolkit, chosen);
  const { batches } = chosen;
  toolkit.info(`${plural(batches.length, "batch matches", "batches match")}.`);
  return { ids: batches.map(({ id }) => id), batches };
}

/** A list that is too long to be read to its end is no secret. */
export function warnOfCut(toolkit: Step["toolkit"], { cut }: Pick<ChosenBatches, "cut">): void {
  if (!cut) return;
  toolkit.warning(
    "Only the newest 2,000 batches of the organization were looked at; older ones that match may have been missed.",
  );
}

/** The report of an operation that found nothing to do: that is a success. */
export function nothingToDo(): Report {
  return { ...reportOf([]), done: true, conclusion: "success" };
}
