import type { CostEstimate } from "../batch/cost/estimate.ts";

/** What a step has learned on its way that its summary tells beside the report. */
export interface Facts {
  /** Ids of batches that were adopted instead of created. */
  readonly adopted: ReadonlySet<string>;
  /** How many requests each batch was made of, by its id, as far as this step made it. */
  readonly requests: ReadonlyMap<string, number>;
  /** The round that each batch is of, by its id, as far as this step made or adopted it; the first one is 0. */
  readonly rounds: ReadonlyMap<string, number>;
  /** What the requests would cost, where somebody has asked for it. */
  readonly estimate?: CostEstimate | undefined;
}
