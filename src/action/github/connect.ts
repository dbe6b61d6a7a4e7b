import type { GitHubInputs } from "../inputs.ts";
import { type GitHubAccess, type GitHubUse, noReporter } from "./access.ts";
import { openGitHub } from "./api.ts";
import { runUrl } from "./context.ts";
import { openReporter } from "./reporter.ts";

/** Makes no call: GitHub's client is loaded with the first one. */
export function connectGitHub(inputs: GitHubInputs, use: GitHubUse): GitHubAccess {
  const { context, clock, signal, toolkit } = use;
  const { token, commitStatus } = inputs;
  const { repository, apiUrl, fork, commit } = context;
  const page = runUrl(context);
  if (token === "" || repository === undefined || page === undefined) {
    toolkit.warning(
      `The commit status cannot be set: ${token === "" ? "`github-token` is empty" : "GITHUB_REPOSITORY and GITHUB_RUN_ID are not set"}.`,
    );
    return { api: undefined, reporter: noReporter };
  }
  const api = openGitHub({ token, apiUrl, repository, fork, clock });
  const reporter =
    commitStatus === undefined
      ? noReporter
      : openReporter({ api, context: commitStatus, page, commit, clock, signal, toolkit });
  return { api, reporter };
}
