import type { BatchClient } from "../api/client.ts";
import type { GitHubApi } from "./github/api.ts";
import type { GitHubContext } from "./github/context.ts";
import type { StatusReporter } from "./github/status-reporter.ts";
import type { Origins } from "./batch-errors.ts";
import type { Narrator } from "./narrate.ts";
import type { Checked } from "./operations/check.ts";
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
  /** Shows the batches as a commit status. */
  readonly reporter: StatusReporter;
  /** What the post step will know. */
  readonly state: StateWriter;
  /** Turns what happens to batches into log, outputs, state and commit status. */
  readonly narrator: Narrator;
  /** Aborts when the runner asks the step to end. */
  readonly signal: AbortSignal;
}

/** What an operation found: the report of its batches, and why the step fails, if it does. */
export interface StepOutcome {
  readonly report: Report;
  readonly failure?: string | undefined;
  /** Whether the workflow was started again to go on waiting. */
  readonly handedOver?: boolean | undefined;
  /** Of `check`: what was found, and no batch. */
  readonly checked?: Checked | undefined;
  /** Where errors of batches come from, as far as they could be traced. */
  readonly origins?: Origins | undefined;
}
