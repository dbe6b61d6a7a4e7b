import type { Clock } from "../../api/clock.ts";
import { APIConnectionError, APIError } from "../../api/errors.ts";
import { isFields } from "../../api/normalize.ts";
import { type RetriedCall, withRetries } from "../../api/retry.ts";
import type { CallOptions } from "../../api/types.ts";
import { loadOctokit, type Octokit } from "./octokit.ts";
import type { CommitStatus } from "./record.ts";
import { type GitHubCall, refusalMessage } from "./refusal.ts";

export interface GitHubSettings {
  readonly token: string;
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Whether the run is a fork's pull request. */
  readonly fork: boolean;
  readonly clock: Clock;
  /** Tries after the first, per call; defaults to 4. */
  readonly maxRetries?: number | undefined;
}

export interface NewStatus {
  readonly state: "pending" | "success" | "failure";
  readonly context: string;
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
}

/** What the action uses of GitHub's API. Errors name the permission that is missing. */
export interface GitHubApi {
  /** Every status of a commit, in whatever context, newest first. */
  statuses(commit: string, options: CallOptions): Promise<readonly CommitStatus[]>;
  createStatus(commit: string, status: NewStatus, options: CallOptions): Promise<CommitStatus>;
  /**
   * Starts a workflow. Sent once: after an answer that was lost the error's `outcomeUnknown` is
   * true, and the workflow may have started.
   */
  dispatch(
    target: DispatchTarget,
    inputs: Readonly<Record<string, string>>,
    options: CallOptions,
  ): Promise<void>;
  /** Runs that were started by a dispatch on this ref since then (milliseconds since the epoch). */
  dispatchedRuns(
    target: DispatchTarget,
    since: number,
    options: CallOptions,
  ): Promise<readonly DispatchedRun[]>;
}

/** Milliseconds without an answer after which a call is given up. */
const attemptTimeout = 15_000;
/** Milliseconds that a dispatch on the wire still gets for its answer after a signal. */
const answerGrace = 3_000;
const pageSize = 100;
/** A commit and context have at most 1,000 statuses, and a commit has other contexts too. */
const maxPages = 30;

/** GitHub's API for one repository. The client is loaded with the first call. */
export function openGitHub(settings: GitHubSettings): GitHubApi {
  const { clock, token, apiUrl } = settings;
  const [owner = "", repo = ""] = settings.repository.split("/");
  const place = { owner, repo };
  let loaded: Promise<Octokit> | undefined;

  const send = async <T>(
    call: GitHubCall,
    options: CallOptions & Pick<RetriedCall, "retry" | "grace">,
    request: (octokit: Octokit, ending: { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> =>
    withRetries(
      async (signal) => {
        loaded ??= loadOctokit(token, apiUrl);
        const octokit = await loaded;
        const silence = clock.timeout(attemptTimeout);
        const ending = AbortSignal.any([silence, ...(signal === undefined ? [] : [signal])]);
        try {
          return await request(octokit, { signal: ending });
        } catch (error) {
          signal?.throwIfAborted();
          throw failureOf(call, error, settings.fork, clock);
        }
      },
      { ...options, call: `GitHub: ${call.purpose}` },
      { clock, random: Math.random, maxRetries: settings.maxRetries ?? 4 },
    );

  return {
    async statuses(commit, options) {
      const call = statusCall(`read the commit statuses of ${short(commit)}`);
      const found: CommitStatus[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const { data } = await send(call, options, async ({ rest }, request) =>
          rest.repos.listCommitStatusesForRef({
            ...place,
            ref: commit,
            per_page: pageSize,
            page,
            request,
          }),
        );
        found.push(...data.map(statusOf));
        if (data.length < pageSize) break;
      }
      return found;
    },

    async createStatus(commit, { state, context, targetUrl, description }, options) {
      const call = statusCall(`set the commit status of ${short(commit)}`);
      const { data } = await send(call, options, async ({ rest }, request) =>
        rest.repos.createCommitStatus({
          ...place,
          sha: commit,
          state,
          context,
          target_url: targetUrl,
          description,
          request,
        }),
      );
      return statusOf(data);
    },

    async dispatch({ file, ref }, inputs, options) {
      const call = dispatchCall(`start ${file} on ${ref}`, "actions: write", file);
      await send(
        call,
        { ...options, retry: "refusals", grace: answerGrace },
        async ({ rest }, request) => {
          // The client may have been loaded since; what is not on the wire yet stays here.
          options.signal?.throwIfAborted();
          return rest.actions.createWorkflowDispatch({
            ...place,
            workflow_id: file,
            ref,
            inputs,
            request,
          });
        },
      );
    },

    async dispatchedRuns({ file, ref }, since, options) {
      const call = dispatchCall(`list the runs of ${file}`, "actions: read", file);
      const { data } = await send(call, options, async ({ rest }, request) =>
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
      return data.workflow_runs.map(({ id, html_url }) => ({ id, url: html_url }));
    },
  };
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
    context: status.context,
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

const longestMessage = 300;

/** Octokit's errors hold the request with its token, so only what they say goes on. */
function failureOf(call: GitHubCall, error: unknown, fork: boolean, clock: Clock): unknown {
  if (!(error instanceof Error)) return error;
  const response = "response" in error && isFields(error.response) ? error.response : undefined;
  const status = response?.["status"];
  if (typeof status !== "number") {
    const code = codeOf(error) ?? "no answer";
    const sent = !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code);
    return new APIConnectionError(
      `GitHub could not be asked to ${call.purpose} (${code}). Check the network.`,
      { code, sent },
    );
  }
  const body = response?.["data"];
  const text = isFields(body) && typeof body["message"] === "string" ? body["message"] : "";
  const said = text.replace(/\s+/g, " ").slice(0, longestMessage);
  const headers = isFields(response?.["headers"]) ? response["headers"] : {};
  const pause = pauseOf(headers, clock);
  // GitHub's limits of calls are a 403 too.
  const limited = status === 403 && pause !== undefined;
  return new APIError(
    limited
      ? `GitHub did not ${call.purpose}: its limit of calls is reached (${said}).`
      : refusalMessage(call, status, said, fork),
    { status, retryAfter: pause, shouldRetry: limited ? true : undefined },
  );
}

/** Milliseconds until GitHub takes calls again, where it says so. */
function pauseOf(headers: Readonly<Record<string, unknown>>, clock: Clock): number | undefined {
  const after = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isFinite(after)) return after * 1000;
  if (String(headers["x-ratelimit-remaining"]) !== "0") return undefined;
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(0, reset * 1000 - clock.now()) : undefined;
}

/** The system's code of a failed connection, which stands some causes down. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
    if (cause.name === "TimeoutError") return "ETIMEDOUT";
  }
  return undefined;
}
