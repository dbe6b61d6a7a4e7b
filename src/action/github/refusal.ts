/** A call to GitHub, as messages speak of it. */
export interface GitHubCall {
  /** What it was to do: `set the commit status of ffac537`. */
  readonly purpose: string;
  /** What the token needs for it: `statuses: write`. */
  readonly permission: string;
  /** What may be missing where GitHub says 404. */
  readonly absent: string;
  /** What is to be looked at where GitHub says 422. */
  readonly check: string;
}

/** Why GitHub refused a call, and what mends it. */
export function refusalMessage(
  { purpose, permission, absent, check }: GitHubCall,
  status: number,
  said: string,
  fork: boolean,
): string {
  const what = `GitHub did not ${purpose}: ${status}${said === "" ? "" : ` (${said})`}.`;
  const grant = `Give the job \`permissions:\` with \`${permission}\`.`;
  switch (status) {
    case 401:
      return `${what} The token is wrong or has run out; \`github-token\` defaults to the job's own.`;
    case 403:
      return fork
        ? `${what} The token lacks \`${permission}\`, and a pull request from a fork never gets it; do this in a run that is not the fork's.`
        : `${what} The token lacks \`${permission}\`. ${grant}`;
    case 404:
      return `${what} ${absent}, or the token may not see it. ${grant}`;
    case 422:
      return `${what} ${check}`;
    default:
      return what;
  }
}
