import type { Clock } from "../../api/clock.ts";
import type { Batch } from "../../api/types.ts";
import type { RequestCounts } from "../../batch/status.ts";
import type { GitHubInputs } from "../inputs.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import type { GitHubApi } from "./api.ts";
import type { GitHubContext } from "./context.ts";

/** How a batch ended, as its commit's status is to show it. */
export interface EndedBatch {
  readonly batch: Batch;
  readonly failed: boolean;
  /** Whether its results have been written; else `collect` still finds it. */
  readonly collected: boolean;
  /** Of its requests, where they are known. */
  readonly counts: RequestCounts | undefined;
}

/** Follows the batches of a step with a commit status. Nothing here throws, or holds up what is paid for. */
export interface StatusReporter {
  /** Tells of a batch that was created, or adopted, in the background. */
  created(batch: Batch, adopted: boolean): void;
  ended(batches: readonly EndedBatch[]): void;
  /** Waits, for seconds at most, until all has been written that was told. */
  settled(): Promise<void>;
}

export const noReporter: StatusReporter = {
  created: () => undefined,
  ended: () => undefined,
  settled: () => Promise.resolve(),
};

/** What a step has of GitHub. */
export interface GitHubAccess {
  /** `undefined` where nothing asks for it, or where there is no token or repository. */
  readonly api: GitHubApi | undefined;
  readonly reporter: StatusReporter;
}

export interface GitHubUse {
  readonly context: GitHubContext;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly toolkit: Pick<Toolkit, "warning">;
}

/** What a step has of GitHub; what does the calls is loaded only where the inputs ask for it. */
export async function accessGitHub(
  inputs: GitHubInputs | undefined,
  use: GitHubUse,
): Promise<GitHubAccess> {
  if (inputs === undefined) return { api: undefined, reporter: noReporter };
  const { connectGitHub } = await import("./connect.ts");
  return connectGitHub(inputs, use);
}
