import { checkCost } from "../../batch/cost/budget.ts";
import { type CostEstimate, estimateCost } from "../../batch/cost/estimate.ts";
import { splitInput } from "../../batch/split.ts";
import { hasNoCredential } from "../client.ts";
import { explain } from "../explain.ts";
import { tellEstimate } from "../estimate.ts";
import { plural } from "../format.ts";
import type { CheckInputs, ConnectionInputs, CostInputs } from "../inputs.ts";
import { tellModels } from "../models.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { nothingToDo } from "./choose.ts";
import { readRequestFiles } from "../request-file.ts";

/** What `check` found; nothing was uploaded. */
export interface Checked {
  readonly endpoint: string;
  readonly batches: number;
  readonly estimate: CostEstimate;
}

export interface CheckWork {
  readonly check: CheckInputs;
  readonly cost: CostInputs;
  readonly connection: ConnectionInputs;
}

/** `check`: reads the requests as `create` does, and says what they would make and cost. Nothing is sent. */
export async function check(step: Step, work: CheckWork): Promise<StepOutcome> {
  const { toolkit, client, signal } = step;
  const { input, endpoint: given, limits } = work.check;
  const read = await readRequestFiles(step, input, given);
  const { endpoint } = read;
  await using scan = read.scan;
  const batches = splitInput(scan, limits).length;
  toolkit.setOutput("request-total", scan.requests);
  toolkit.setOutput("batch-count", batches);
  toolkit.info(`They would make ${plural(batches, "batch", "batches")}.`);
  const { prices, maxCost } = work.cost;
  const now = client.clock.now();
  const estimate = await estimateCost(scan, { prices, endpoint, now, signal });
  tellEstimate(toolkit, estimate);
  const against = [
    await problemOf(async () => {
      if (!hasNoCredential(work.connection)) await tellModels(step, scan.models);
    }, signal),
    await problemOf(() => {
      if (maxCost !== undefined) checkCost(estimate, maxCost);
    }, signal),
  ];
  return {
    report: nothingToDo(undefined),
    checked: { endpoint, batches, estimate },
    failure: against.filter((why) => why !== undefined).join("\n") || undefined,
  };
}

/** What speaks against the input: all of it is told, not only the first. */
async function problemOf(
  look: () => Promise<void> | void,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return explain(error);
  }
}
