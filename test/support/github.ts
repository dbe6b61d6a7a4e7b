import type { Endpoints } from "@octokit/types";

import { type RawServer, rawServer, reply, type SeenRequest } from "./raw-server.ts";

type Answer<Route extends keyof Endpoints> = Endpoints[Route]["response"]["data"];
type Body<Route extends keyof Endpoints> = Endpoints[Route]["parameters"];

type StatusesRoute = "GET /repos/{owner}/{repo}/commits/{ref}/statuses";
type CreateRoute = "POST /repos/{owner}/{repo}/statuses/{sha}";
type DispatchRoute = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
type RunsRoute = "GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs";

/** The fields of GitHub's own answers that anybody here reads, in the types of its client. */
export type FakeStatus = Pick<
  Answer<StatusesRoute>[number],
  "id" | "state" | "context" | "target_url" | "description" | "created_at"
>;
export type FakeRun = Pick<
  Answer<RunsRoute>["workflow_runs"][number],
  "id" | "html_url" | "event" | "head_branch" | "created_at" | "display_title"
>;
type StatusBody = Pick<Body<CreateRoute>, "state" | "context" | "target_url" | "description">;
export type DispatchBody = Pick<Body<DispatchRoute>, "ref" | "inputs">;
/** With the field that GitHub takes since 2026 and that the types do not have yet. */
type DispatchRequest = DispatchBody & { readonly return_run_details?: boolean };

/** How one call goes wrong: an answer of GitHub's, none at all, or one that is lost after the deed. */
export type GitHubFault =
  | {
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A text in the place of JSON, as a proxy answers. */
  | { readonly status: number; readonly page: string }
  | "drop"
  | "lost";

type Call = "list-statuses" | "create-status" | "dispatch" | "list-runs";

export interface FakeGitHub extends AsyncDisposable {
  /** For GITHUB_API_URL. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Of a commit, oldest first. */
  readonly statusesOf: (commit: string) => readonly FakeStatus[];
  readonly addStatus: (commit: string, status: StatusBody) => FakeStatus;
  readonly dispatches: readonly DispatchBody[];
  readonly runs: readonly FakeRun[];
  /** A run of somebody else; its title defaults to `Batch`. */
  readonly addRun: (run: Omit<FakeRun, "display_title"> & Partial<FakeRun>) => void;
  /** Makes the next calls of this kind go wrong, so often. */
  readonly fail: (call: Call, fault: GitHubFault, times?: number) => void;
  /** Lets the next such call wait for its answer, after the deed; `onArrival` is called when it comes. */
  readonly hold: (call: Call, ms: number, onArrival: () => void) => void;
  /** Done before each call is answered; to let another act between. */
  before: ((request: SeenRequest) => void) | undefined;
}

export interface FakeGitHubOptions {
  /** `owner/name`. */
  readonly repository?: string;
  /** Inputs that the workflow has; none has no `workflow_dispatch` at all. */
  readonly inputs?: readonly string[] | undefined;
  readonly workflow?: string;
  /** Title of a run, as the workflow's `run-name` makes it of its inputs; defaults to `Batch`. */
  readonly runName?: (inputs: DispatchBody["inputs"]) => string;
  /**
   * What becomes of `return_run_details`: the run is named, as github.com does; or the field is
   * ignored, or refused, as older servers do. Defaults to `named`.
   */
  readonly runDetails?: "named" | "ignored" | "refused";
  /** So many statuses of one name a commit takes; defaults to 1,000. */
  readonly maxStatuses?: number;
  /** Commits that take no more statuses of any name. */
  readonly fullCommits?: readonly string[];
  /** Commits that are no longer there. */
  readonly goneCommits?: readonly string[];
  readonly token?: string;
  readonly now?: () => number;
}

const paths = {
  "list-statuses": /^GET \/repos\/(.+?)\/commits\/([^/]+)\/statuses$/,
  "create-status": /^POST \/repos\/(.+?)\/statuses\/([^/]+)$/,
  dispatch: /^POST \/repos\/(.+?)\/actions\/workflows\/([^/]+)\/dispatches$/,
  "list-runs": /^GET \/repos\/(.+?)\/actions\/workflows\/([^/]+)\/runs$/,
} as const;
const callNames = ["list-statuses", "create-status", "dispatch", "list-runs"] as const;

/** The few endpoints of GitHub that the action calls, on loopback. */
export async function fakeGitHub(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
  const { repository = "octocat/hello-world", workflow = "batch.yml", now = Date.now } = options;
  const { runName = () => "Batch", runDetails = "named", maxStatuses = 1_000 } = options;
  const inputs = "inputs" in options ? options.inputs : ["batch-id"];
  const statuses = new Map<string, FakeStatus[]>();
  const dispatches: DispatchBody[] = [];
  const runs: FakeRun[] = [];
  const faults: { readonly call: Call; readonly fault: GitHubFault; left: number }[] = [];
  const holds = new Map<Call, { readonly ms: number; readonly onArrival: () => void }>();
  let nextId = 2_000_000_000;

  const addStatus = (commit: string, { state, context, target_url, description }: StatusBody) => {
    const status: FakeStatus = {
      id: (nextId += 1),
      state,
      context: context ?? "default",
      target_url: target_url ?? "",
      description: description ?? "",
      created_at: new Date(now()).toISOString(),
    };
    statuses.set(commit, [...(statuses.get(commit) ?? []), status]);
    return status;
  };

  const answer = (
    call: Call,
    name: string,
    query: URLSearchParams,
    body: unknown,
  ): { readonly status: number; readonly value: unknown } => {
    const page = Number(query.get("page") ?? 1);
    const size = Number(query.get("per_page") ?? 30);
    switch (call) {
      case "list-statuses": {
        const newest = (statuses.get(name) ?? []).toReversed();
        return { status: 200, value: newest.slice((page - 1) * size, page * size) };
      }
      case "create-status": {
        // What the client's types let through; the checks below are GitHub's.
        const wanted = body as StatusBody;
        if ((wanted.description ?? "").length > 140) {
          return { status: 422, value: { message: "Validation Failed: description is too long" } };
        }
        if (options.goneCommits?.includes(name) === true) {
          return { status: 422, value: { message: `No commit found for SHA: ${name}` } };
        }
        const alike = (statuses.get(name) ?? []).filter(
          ({ context }) => context === wanted.context,
        );
        if (alike.length >= maxStatuses || options.fullCommits?.includes(name) === true) {
          const message = "This SHA and context has reached the maximum number of statuses.";
          return { status: 422, value: { message: "Validation Failed", errors: [{ message }] } };
        }
        return { status: 201, value: addStatus(name, wanted) };
      }
      case "dispatch": {
        const { return_run_details: details, ...wanted } = body as DispatchRequest; // As above.
        if (name !== workflow) return { status: 404, value: { message: "Not Found" } };
        if (inputs === undefined) {
          return {
            status: 422,
            value: { message: "Workflow does not have 'workflow_dispatch' trigger" },
          };
        }
        const unknown = Object.keys(wanted.inputs ?? {}).filter((key) => !inputs.includes(key));
        if (unknown.length > 0) {
          const message = `Unexpected inputs provided: ${JSON.stringify(unknown)}`;
          return { status: 422, value: { message } };
        }
        if (details === true && runDetails === "refused") {
          const message = 'Invalid request. "return_run_details" is not a permitted key.';
          return { status: 422, value: { message } };
        }
        dispatches.push(wanted);
        const id = (nextId += 1);
        runs.unshift({
          id,
          html_url: `https://github.com/${repository}/actions/runs/${id}`,
          event: "workflow_dispatch",
          head_branch: wanted.ref,
          created_at: new Date(now()).toISOString(),
          display_title: runName(wanted.inputs),
        });
        if (details !== true || runDetails !== "named") return { status: 204, value: undefined };
        return { status: 200, value: { workflow_run_id: id, html_url: runs[0]?.html_url } };
      }
      case "list-runs": {
        const since = Date.parse((query.get("created") ?? "").replace(">=", ""));
        const found = runs.filter(
          (run) =>
            run.event === query.get("event") &&
            run.head_branch === query.get("branch") &&
            Date.parse(run.created_at) >= since,
        );
        return { status: 200, value: { total_count: found.length, workflow_runs: found } };
      }
    }
  };

  const server: RawServer = await rawServer((request, response, { socket }) => {
    fake.before?.(request);
    const url = new URL(request.url, "http://127.0.0.1");
    const route = `${request.method} ${decodeURIComponent(url.pathname)}`;
    const call = callNames.find((known) => paths[known].test(route));
    const [, repo, name = ""] = call === undefined ? [] : (paths[call].exec(route) ?? []);
    if (call === undefined || repo !== repository) {
      reply(response, 404, { message: "Not Found" });
      return;
    }
    const { authorization } = request.headers;
    if (authorization !== `token ${options.token ?? "ghs_0123456789abcdefghijklmnopqrstuvwxyz"}`) {
      reply(response, 401, { message: "Bad credentials" });
      return;
    }
    const planned = faults.find((one) => one.call === call && one.left > 0);
    if (planned !== undefined) planned.left -= 1;
    const fault = planned?.fault;
    if (fault === "drop") {
      socket.destroy();
      return;
    }
    if (typeof fault === "object" && "page" in fault) {
      response.writeHead(fault.status, { "content-type": "text/html" }).end(fault.page);
      return;
    }
    if (typeof fault === "object") {
      reply(response, fault.status, { message: fault.message }, fault.headers);
      return;
    }
    const body: unknown = request.body === "" ? undefined : JSON.parse(request.body);
    const { status, value } = answer(call, name, url.searchParams, body);
    if (fault === "lost") {
      socket.destroy();
      return;
    }
    const respond = () => {
      if (status === 204) response.writeHead(204).end();
      else reply(response, status, value);
    };
    const held = holds.get(call);
    if (held === undefined) {
      respond();
      return;
    }
    holds.delete(call);
    setTimeout(respond, held.ms);
    held.onArrival();
  });

  const fake: FakeGitHub = {
    url: server.origin,
    requests: server.requests,
    statusesOf: (commit) => statuses.get(commit) ?? [],
    addStatus,
    dispatches,
    runs,
    addRun: (run) => runs.unshift({ display_title: "Batch", ...run }),
    fail(call, fault, times = 1) {
      faults.push({ call, fault, left: times });
    },
    hold(call, ms, onArrival) {
      holds.set(call, { ms, onArrival });
    },
    before: undefined,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return fake;
}
