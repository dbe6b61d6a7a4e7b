import type { getOctokit } from "@actions/github";

export type Octokit = ReturnType<typeof getOctokit>;

const silent = () => undefined;

/** GitHub's own client. Loaded only where it is used: it takes longer to load than all the rest. */
export async function loadOctokit(token: string, baseUrl: string): Promise<Octokit> {
  const github = await import("@actions/github");
  return github.getOctokit(token, {
    baseUrl,
    // Its log goes past the action's own, which foreign text cannot break out of.
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
}
