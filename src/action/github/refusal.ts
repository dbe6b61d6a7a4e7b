/** A call to GitHub, as messages speak of it. */
export interface GitHubCall {
  /** What it was to do: `set the commit status of ffac537`. */
  readonly purpose: string;
  /** What the token needs for it: `statuses: write`. */
  readonly permission: string;
  /** What may be missing where GitHub says 404. */
  readonly absent: string;
  /** What to check where GitHub says 422. */
  readonly check: string;
}

/** How GitHub refused a call. */
interface Refusal {
  readonly status: number;
  /** GitHub's own words. */
  readonly said: string;
  /** Whether the run is a fork's pull request. */
  readonly fork: boolean;
}

/** A commit that takes no status of this name: it is no longer there, or has 1,000 of them. */
export type CommitRefusal = "commit_gone" | "commit_full";

/** What a 422 means for the commit that a status was for. */
export function refusalCode(status: number, said: string): CommitRefusal | undefined {
  if (status !== 422) return undefined;
  if (/no commit found/i.test(said)) return "commit_gone";
  return /maximum number of statuses/i.test(said) ? "commit_full" : undefined;
}

/** Why GitHub refused a call, and how to fix it. */
export function refusalMessage(
  { purpose, permission, absent, check }: GitHubCall,
  { status, said, fork }: Refusal,
): string {
  const what = `GitHub did not ${purpose}: ${status}${said === "" ? "" : ` (${said})`}.`;
  const grant = `Give the job \`permissions:\` with \`${permission}\`.`;
  switch (status) {
    case 401:
      return `${what} The token is wrong or has expired; \`github-token\` defaults to the job's own.`;
    case 403:
      return fork
        ? `${what} The token lacks \`${permission}\`, and a pull request from a fork never gets it, except by \`pull_request_target\` with \`permissions:\`; do this in a run that is not the fork's.`
        : `${what} The token lacks \`${permission}\`. ${grant}`;
    case 404:
      return `${what} ${absent}, or the token may not see it. ${grant}`;
    case 422:
      return `${what} ${adviceOn(refusalCode(status, said)) ?? check}`;
    default:
      return what;
  }
}

function adviceOn(code: CommitRefusal | undefined): string | undefined {
  switch (code) {
    case "commit_gone":
      return "The commit is no longer in this repository, as after a force push.";
    case "commit_full":
      return "A commit takes 1,000 statuses of one name; choose another name in `commit-status`.";
    case undefined:
      return undefined;
  }
}
