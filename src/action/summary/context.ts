import type { OperationName } from "../inputs/operation.ts";
import type { Notes } from "../notes.ts";
import type { Report } from "../outputs.ts";

/** All that a summary is made of. */
export interface SummaryContext {
  readonly report: Report;
  readonly operation: OperationName;
  readonly baseURL: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly notes: Notes;
  /** Why the step failed, if it did. */
  readonly failure: string | undefined;
}
