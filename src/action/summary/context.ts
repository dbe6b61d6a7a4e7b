import type { Spending } from "../../batch/cost/spending.ts";
import type { OperationName } from "../inputs/operation.ts";
import type { Origins } from "../batch-errors.ts";
import type { Facts } from "../facts.ts";
import type { Checked } from "../operations/check.ts";
import type { Report } from "../outputs.ts";

/** All that a summary is made of. */
export interface SummaryContext {
  readonly report: Report;
  readonly operation: OperationName;
  /** Whether the step makes batches, or adopts some instead. */
  readonly makes: boolean;
  readonly baseURL: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly facts: Facts;
  /** Where errors of batches come from, as far as they could be traced. */
  readonly origins: Origins;
  /** Why the step failed, if it did. */
  readonly failure: string | undefined;
  /** Whether the workflow was started again to go on waiting. */
  readonly handedOver?: boolean | undefined;
  /** What the answers cost, as far as that is known. */
  readonly cost?: Spending | undefined;
  /** Dollars that the answers of the cache would have cost, as far as that is known. */
  readonly saved?: number | undefined;
  /** Of `check`: what was found. */
  readonly checked?: Checked | undefined;
}
