import type { GitHubInputs } from "../inputs.ts";
import type { GitHubAccess, GitHubUse } from "./connect.ts";
import { noReporter } from "./status-reporter.ts";

/** What a step has of GitHub; what does the calls is loaded only where the inputs ask for it. */
export async function accessGitHub(
  inputs: GitHubInputs | undefined,
  use: GitHubUse,
): Promise<GitHubAccess> {
  if (inputs === undefined) return { api: undefined, reporter: noReporter };
  const { connectGitHub } = await import("./connect.ts");
  return connectGitHub(inputs, use);
}
