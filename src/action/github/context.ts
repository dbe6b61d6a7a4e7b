import { readFileSync } from "node:fs";

import type { Environment } from "../../api/environment.ts";
import { type Fields, isFields } from "../../api/json.ts";
import { prefixOfCreation } from "../../batch/create/key.ts";
import type { Batch } from "../../api/types.ts";

/** Where the step runs, from the runner's variables. */
export interface GitHubContext {
  /** `owner/name`. */
  readonly repository: string | undefined;
  readonly runId: string | undefined;
  /** From 1; more for a re-run. */
  readonly runAttempt: number;
  /** What the run is about: of a pull request the head, not the merge that GitHub makes of it. */
  readonly commit: string | undefined;
  /**
   * Whether the run is about a fork's pull request, whose token can only read; a fork that was
   * deleted counts. Also of `pull_request_target`, whose token may write where it is allowed to.
   */
  readonly fork: boolean;
  /** Without a trailing slash, as the server's URL; GitHub Enterprise has others. */
  readonly apiUrl: string;
  readonly serverUrl: string;
}

export function githubContext(env: Environment): GitHubContext {
  const attempt = Number(env["GITHUB_RUN_ATTEMPT"] ?? 1);
  const repository = env["GITHUB_REPOSITORY"] || undefined;
  const head = pullRequestHead(env);
  return {
    repository,
    runId: env["GITHUB_RUN_ID"] || undefined,
    runAttempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
    commit: head?.commit ?? (env["GITHUB_SHA"] || undefined),
    fork: head !== undefined && head.repository !== repository,
    apiUrl: url(env["GITHUB_API_URL"], "https://api.github.com"),
    serverUrl: url(env["GITHUB_SERVER_URL"], "https://github.com"),
  };
}

/** The page of the run; `undefined` outside of a workflow. */
export function runUrl({ serverUrl, repository, runId }: GitHubContext): string | undefined {
  if (repository === undefined || runId === undefined) return undefined;
  return `${serverUrl}/${repository}/actions/runs/${runId}`;
}

const commitShape = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The commit that a batch was created for, where this action created it. */
export function commitOf(batch: Pick<Batch, "metadata">): string | undefined {
  const prefix = prefixOfCreation(batch);
  return prefix !== undefined && commitShape.test(prefix) ? prefix : undefined;
}

function pullRequestHead(
  env: Environment,
): { readonly commit: string; readonly repository: string | null } | undefined {
  if (env["GITHUB_EVENT_NAME"]?.startsWith("pull_request") !== true) return undefined;
  const event = readEvent(env["GITHUB_EVENT_PATH"]);
  const head = fieldsOf(fieldsOf(event, "pull_request"), "head");
  const commit = head["sha"];
  if (typeof commit !== "string" || !commitShape.test(commit)) return undefined;
  // `repo` is null when the fork has been deleted.
  const repository = fieldsOf(head, "repo")["full_name"];
  return { commit, repository: typeof repository === "string" ? repository : null };
}

/** A run whose event cannot be read goes by its variables. */
export function readEvent(path: string | undefined): unknown {
  if (path === undefined || path === "") return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown, name: string): Fields {
  const inner = isFields(value) ? value[name] : undefined;
  return isFields(inner) ? inner : {};
}

function url(given: string | undefined, otherwise: string): string {
  return (given || otherwise).replace(/\/+$/, "");
}
