/** Where the step runs, from the runner's variables. */
export interface GitHubContext {
  readonly repository: string | undefined;
  readonly runId: string | undefined;
  /** From 1; more for a re-run. */
  readonly runAttempt: number;
}

export function githubContext(env: Readonly<Record<string, string | undefined>>): GitHubContext {
  const attempt = Number(env["GITHUB_RUN_ATTEMPT"] ?? 1);
  return {
    repository: env["GITHUB_REPOSITORY"] || undefined,
    runId: env["GITHUB_RUN_ID"] || undefined,
    runAttempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
  };
}
