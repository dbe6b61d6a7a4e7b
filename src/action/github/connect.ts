import type { Clock } from "../../api/clock.ts";
import type { GitHubInputs } from "../inputs.ts";
import type { Toolkit } from "../runner/toolkit.ts";
import { type GitHubApi, openGitHub } from "./api.ts";
import { type GitHubContext, runUrl } from "./context.ts";
import type { HeldBatch } from "./held-batch.ts";
import { openReporter } from "./reporter.ts";
import { noReporter, type StatusReporter } from "./status-reporter.ts";

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
  /** Called with a batch that the post step is to record; without it nothing is left to record. */
  readonly onHeld?: ((batch: HeldBatch) => void) | undefined;
}

/** Makes no call: GitHub's client is loaded with the first one. */
export function connectGitHub(inputs: GitHubInputs, use: GitHubUse): GitHubAccess {
  const { context, clock, signal, toolkit, onHeld } = use;
  const { token, commitStatus } = inputs;
  const { repository, apiUrl, fork, commit } = context;
  const runPage = runUrl(context);
  if (token === "" || repository === undefined || runPage === undefined) {
    toolkit.warning(
      `The commit status cannot be set: ${token === "" ? "`github-token` is empty" : "GITHUB_REPOSITORY and GITHUB_RUN_ID are not set"}.`,
    );
    return { api: undefined, reporter: noReporter };
  }
  const api = openGitHub({ token, apiUrl, repository, fork, clock });
  const reporter =
    commitStatus === undefined
      ? noReporter
      : openReporter({
          api,
          statusName: commitStatus,
          runPage,
          commit,
          clock,
          signal,
          toolkit,
          onHeld,
        });
  return { api, reporter };
}
