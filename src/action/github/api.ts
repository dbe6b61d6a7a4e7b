import { APIError } from "../../api/errors.ts";
import { isFields } from "../../api/json.ts";
import type { CallOptions } from "../../api/types.ts";
import { type CallerSettings, gitHubCaller, type Send } from "./call.ts";
import type { CommitStatus } from "./record.ts";
import type { GitHubCall } from "./refusal.ts";

interface GitHubSettings extends CallerSettings {
  /** `owner/name`. */
  readonly repository: string;
}

interface NewStatus {
  readonly state: "pending" | "success" | "failure";
  /** The status's name, which GitHub calls its context. */
  readonly name: string;
  readonly targetUrl: string;
  /** At most 140 characters. */
  readonly description: string;
}

/** Which workflow starts again, and where. */
export interface DispatchTarget {
  /** The workflow's file name: `batch.yml`. */
  readonly file: string;
  /** A branch or tag. */
  readonly ref: string;
}

export interface DispatchedRun {
  readonly id: number;
  readonly url: string;
  /** As GitHub's list shows it: the workflow's `run-name`, if it has one. */
  readonly title: string;
}

/** What the action uses of GitHub's API. Errors name the permission that is missing. */
export interface GitHubApi {
  /**
   * The statuses of a commit, whatever their names, newest first, in pages of 100. A page is asked
   * for when the one before it has been looked at, so whoever has seen enough makes no more calls.
   */
  statuses(commit: string, options: CallOptions): AsyncIterable<readonly CommitStatus[]>;
  /** @throws {APIError} with the code `commit_gone` or `commit_full` for a commit that takes no status of this name */
  createStatus(commit: string, status: NewStatus, options: CallOptions): Promise<CommitStatus>;
  /**
   * Starts a workflow. Sent once: after an answer that was lost the error's `outcomeUnknown` is
   * true, and the workflow may have started.
   *
   * @returns the run, where this GitHub tells which one it has started (github.com does, since 2026)
   */
  dispatch(
    target: DispatchTarget,
    inputs: Readonly<Record<string, string>>,
    options: CallOptions,
  ): Promise<Pick<DispatchedRun, "id" | "url"> | undefined>;
  /** Runs that were started by a dispatch on this ref since then (milliseconds since the epoch). */
  dispatchedRuns(
    target: DispatchTarget,
    since: number,
    options: CallOptions,
  ): Promise<readonly DispatchedRun[]>;
}

/** Milliseconds that a dispatch on the wire still gets for its answer after a signal. */
const answerGrace = 3_000;
const pageSize = 100;
/** A commit has at most 1,000 statuses of one name, and it has other names too. */
const maxPages = 30;

interface Repository {
  readonly send: Send;
  readonly place: { readonly owner: string; readonly repo: string };
}

/** GitHub's API for one repository. The client is loaded with the first call. */
export function openGitHub(settings: GitHubSettings): GitHubApi {
  const [owner = "", repo = ""] = settings.repository.split("/");
  const repository = { send: gitHubCaller(settings), place: { owner, repo } };
  return {
    statuses: (commit, options) => statuses(repository, commit, options),
    createStatus: async (commit, status, options) =>
      createStatus(repository, commit, status, options),
    dispatch: async (target, inputs, options) => dispatch(repository, target, inputs, options),
    dispatchedRuns: async (target, since, options) =>
      dispatchedRuns(repository, target, since, options),
  };
}

async function* statuses(
  { send, place }: Repository,
  commit: string,
  options: CallOptions,
): AsyncGenerator<readonly CommitStatus[]> {
  const call = statusCall(`read the commit statuses of ${short(commit)}`);
  for (let page = 1; page <= maxPages; page += 1) {
    const { status, data } = await send(call, options, async ({ rest }, request) =>
      rest.repos.listCommitStatusesForRef({
        ...place,
        ref: commit,
        per_page: pageSize,
        page,
        request,
      }),
    );
    if (!isList(data)) throw odd(call, status);
    yield data.map(statusOf);
    if (data.length < pageSize) return;
  }
}

async function createStatus(
  { send, place }: Repository,
  commit: string,
  { state, name, targetUrl, description }: NewStatus,
  options: CallOptions,
): Promise<CommitStatus> {
  const call = statusCall(`set the commit status of ${short(commit)}`);
  const { data } = await send(call, options, async ({ rest }, request) =>
    rest.repos.createCommitStatus({
      ...place,
      sha: commit,
      state,
      context: name,
      target_url: targetUrl,
      description,
      request,
    }),
  );
  return statusOf(data);
}

async function dispatch(
  { send, place }: Repository,
  { file, ref }: DispatchTarget,
  inputs: Readonly<Record<string, string>>,
  options: CallOptions,
): Promise<Pick<DispatchedRun, "id" | "url"> | undefined> {
  const call = dispatchCall(`start ${file} on ${ref}`, "actions: write", file);
  const start = async (details: object) =>
    send(
      call,
      { ...options, retry: "refusals", grace: answerGrace },
      async ({ request: ask }, request) => {
        // The client may have been loaded since; what is not on the wire yet stays here.
        options.signal?.throwIfAborted();
        return ask("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
          ...place,
          workflow_id: file,
          ref,
          inputs,
          ...details,
          request,
        });
      },
    );
  try {
    return startedRun(call, await start({ return_run_details: true }));
  } catch (error) {
    // An older GitHub Enterprise Server refuses the field; a refusal has started nothing.
    const isUnknownField =
      error instanceof APIError &&
      (error.status === 400 || error.status === 422) &&
      error.message.includes("return_run_details");
    if (!isUnknownField) throw error;
    return startedRun(call, await start({}));
  }
}

/**
 * The run that GitHub's answer names: none with a 204, which knows no `return_run_details`.
 *
 * @throws {APIError} for any other answer, as a proxy's page: it does not tell whether a run was started
 */
function startedRun(
  call: GitHubCall,
  { status, data }: { readonly status: number; readonly data: unknown },
): Pick<DispatchedRun, "id" | "url"> | undefined {
  if (status === 204) return undefined;
  const id = isFields(data) ? data["workflow_run_id"] : undefined;
  if (!isFields(data) || typeof id !== "number") throw odd(call, status);
  const url = data["html_url"];
  return { id, url: typeof url === "string" ? url : "" };
}

/** The types promise a list; a proxy's page is none. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

/** The error of a success that is none of GitHub's. */
function odd({ purpose }: GitHubCall, status: number): APIError {
  return new APIError(
    `GitHub was asked to ${purpose}, and the answer (${status}) is not one of GitHub's. Check that no proxy answers in its place.`,
    { code: "unreadable_answer", status, outcomeUnknown: true },
  );
}

async function dispatchedRuns(
  { send, place }: Repository,
  { file, ref }: DispatchTarget,
  since: number,
  options: CallOptions,
): Promise<readonly DispatchedRun[]> {
  const call = dispatchCall(`list the runs of ${file}`, "actions: read", file);
  const { status, data } = await send(call, options, async ({ rest }, request) =>
    rest.actions.listWorkflowRuns({
      ...place,
      workflow_id: file,
      event: "workflow_dispatch",
      branch: ref,
      created: `>=${new Date(since).toISOString().slice(0, 19)}Z`,
      per_page: pageSize,
      request,
    }),
  );
  if (!isList((data as Partial<typeof data> | undefined)?.workflow_runs)) throw odd(call, status);
  // The types promise a title; servers that stand in for GitHub may leave it out.
  return data.workflow_runs.map((run) => ({
    id: run.id,
    url: run.html_url,
    title: (run.display_title as string | undefined) ?? "",
  }));
}

/** A status as the record reads it. */
function statusOf(status: {
  readonly id: number;
  readonly state: string;
  readonly context: string;
  readonly target_url: string | null;
  readonly created_at: string;
}): CommitStatus {
  return {
    id: status.id,
    state: status.state,
    name: status.context,
    targetUrl: status.target_url ?? "",
    createdAt: Date.parse(status.created_at),
  };
}

function short(commit: string): string {
  return commit.slice(0, 7);
}

function statusCall(purpose: string): GitHubCall {
  return {
    purpose,
    permission: "statuses: write",
    absent: "There is no such commit in this repository",
    check: "Check `commit-status`: a commit takes 1,000 statuses of one name.",
  };
}

function dispatchCall(purpose: string, permission: string, file: string): GitHubCall {
  return {
    purpose,
    permission,
    absent: `The default branch has no workflow ${file}`,
    check:
      "The workflow needs the trigger `workflow_dispatch` with an input `batch-id`, on its branch and on the default branch.",
  };
}
