import type { BatchClient } from "../api/client.ts";
import type { GitHubApi } from "./github/api.ts";
import type { GitHubContext } from "./github/context.ts";
import type { StatusReporter } from "./github/status-reporter.ts";
import type { Notes } from "./notes.ts";
import type { Report } from "./outputs.ts";
import type { StateWriter } from "./state.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** What an operation works with. */
export interface Step {
  readonly client: BatchClient;
  readonly toolkit: Toolkit;
  readonly github: GitHubContext;
  /** `undefined` where nothing asks for it. */
  readonly api: GitHubApi | undefined;
  /** Tells the commit status of the batches. */
  readonly reporter: StatusReporter;
  /** What the post step will know. */
  readonly state: StateWriter;
  /** What the summary will know. */
  readonly notes: Notes;
  /** Aborts when the runner asks the step to end. */
  readonly signal: AbortSignal;
}

/** What an operation found: the report of its batches, and why the step fails, if it does. */
export interface Outcome {
  readonly report: Report;
  readonly failure?: string | undefined;
}
