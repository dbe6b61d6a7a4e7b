import type { Environment } from "../../api/environment.ts";
import type { InputFields } from "./fields.ts";
import type { OperationName } from "./operation.ts";
import type { Problem } from "./problem.ts";

/** What features need that call GitHub. */
export interface GitHubInputs {
  readonly token: string;
  /** Name of the commit status that follows the batches; `undefined` for none. */
  readonly commitStatus: string | undefined;
}

/** Under which `collect` remembers, unless told otherwise. */
const defaultContext = "openai-batch";
const longestContext = 255;
const followed: readonly OperationName[] = ["create", "run", "wait", "collect", "cancel"];

/** `undefined` where nothing calls GitHub. */
export function readGitHub(
  fields: InputFields,
  env: Environment,
  operation: OperationName | undefined,
  problem: Problem,
): GitHubInputs | undefined {
  const token = fields.text("github-token") ?? "";
  const named = fields.text("commit-status");
  if (operation === undefined) return undefined;
  const collects = operation === "collect";
  const commitStatus = followed.includes(operation)
    ? (named ?? (collects ? defaultContext : undefined))
    : undefined;
  const dispatches =
    (operation === "wait" || operation === "run") && fields.text("on-timeout") === "dispatch";
  if (commitStatus !== undefined && commitStatus.length > longestContext) {
    problem(`\`commit-status\` has ${commitStatus.length} characters but may have 255.`);
  }
  if ((collects || dispatches) && token === "") {
    problem(
      `\`github-token\` is empty, but ${collects ? "`operation: collect`" : "`on-timeout: dispatch`"} needs it; the job's own is taken unless it is given.`,
    );
  }
  if (collects && !(env["GITHUB_REPOSITORY"] && env["GITHUB_RUN_ID"] && env["GITHUB_SHA"])) {
    problem(
      "`operation: collect` needs GitHub Actions: GITHUB_REPOSITORY, GITHUB_RUN_ID and GITHUB_SHA tell whose batches are collected.",
    );
  }
  return commitStatus === undefined && !dispatches ? undefined : { token, commitStatus };
}
