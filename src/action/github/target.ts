import type { Environment } from "../../api/environment.ts";
import type { DispatchTarget } from "./api.ts";

/** The workflow that runs, as one that can be started again; else why it cannot be. */
export function dispatchTarget(env: Environment): DispatchTarget | { readonly problem: string } {
  const workflow = env["GITHUB_WORKFLOW_REF"] ?? "";
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  const ref = env["GITHUB_REF"] ?? "";
  if (workflow === "" || repository === "" || ref === "") {
    return {
      problem:
        "it needs GitHub Actions: GITHUB_REPOSITORY, GITHUB_WORKFLOW_REF and GITHUB_REF tell which workflow to start again.",
    };
  }
  // `owner/repo/.github/workflows/file.yml@refs/heads/main`, where file and branch may hold an `@`.
  const end = workflow.indexOf("@refs/");
  const path = end === -1 ? workflow : workflow.slice(0, end);
  const file = path.split("/").at(-1) ?? "";
  if (!path.toLowerCase().startsWith(`${repository.toLowerCase()}/`) || file === "") {
    return { problem: `the workflow ${path} is not one of ${repository}, which has to start it.` };
  }
  const name = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref)?.[1];
  if (name === undefined) return { problem: notDispatchable(ref) };
  if (name.startsWith("gh-readonly-queue/") && ref.startsWith("refs/heads/")) {
    return {
      problem: `a run of a merge queue cannot be started again: its branch is deleted when the queue has merged or dropped it. ${instead}`,
    };
  }
  return { file, ref: name };
}

const instead = "Use `on-timeout: continue`, and `operation: collect` on a schedule.";

function notDispatchable(ref: string): string {
  return ref.startsWith("refs/pull/")
    ? `a run of a pull request cannot be started again by \`workflow_dispatch\`, which takes branches and tags only. ${instead}`
    : `${ref} is no branch or tag, which \`workflow_dispatch\` needs.`;
}
