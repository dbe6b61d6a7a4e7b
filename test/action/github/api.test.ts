import { describe, expect, it } from "vitest";

import { type GitHubApi, openGitHub } from "../../../src/action/github/api.ts";
import type { CommitStatus } from "../../../src/action/github/record.ts";
import { failureOf } from "../../support/account.ts";
import { type FakeGitHub, fakeGitHub, type FakeGitHubOptions } from "../../support/github.ts";
import { virtualClock, type VirtualClock } from "../../support/virtual-clock.ts";

const token = "ghs_0123456789abcdefghijklmnopqrstuvwxyz";
const commit = "f".repeat(40);
const target = { file: "batch.yml", ref: "main" };
const status = {
  state: "pending",
  name: "batch",
  targetUrl: "https://github.com/octocat/hello-world/actions/runs/7#phase=created",
  description: "batch_1: waiting",
} as const;

interface Opened extends AsyncDisposable {
  readonly github: FakeGitHub;
  readonly api: GitHubApi;
  readonly clock: VirtualClock;
}

async function open(
  options: FakeGitHubOptions = {},
  settings: Partial<Parameters<typeof openGitHub>[0]> = {},
): Promise<Opened> {
  const github = await fakeGitHub(options);
  const clock = virtualClock();
  const repository = "octocat/hello-world";
  const api = openGitHub({
    token,
    apiUrl: github.url,
    repository,
    fork: false,
    clock,
    ...settings,
  });
  return { github, api, clock, [Symbol.asyncDispose]: () => github[Symbol.asyncDispose]() };
}

describe("commit statuses", () => {
  it("are set and read back, over as many pages as there are", async () => {
    await using opened = await open();
    const { api, github } = opened;
    for (let count = 0; count < 230; count += 1) github.addStatus(commit, { state: "pending" });
    const created = await api.createStatus(commit, status, {});
    const read: CommitStatus[] = [];
    for await (const page of api.statuses(commit, {})) read.push(...page);
    expect(read).toHaveLength(231);
    expect(read[0]).toEqual(created);
    expect(created).toMatchObject({
      state: "pending",
      name: "batch",
      targetUrl: status.targetUrl,
    });
    expect(github.statusesOf(commit).at(-1)).toMatchObject({ description: "batch_1: waiting" });
    expect(github.requests.filter(({ method }) => method === "GET")).toHaveLength(3);
  });

  it("are read no further than somebody looks at them", async () => {
    await using opened = await open();
    for (let count = 0; count < 230; count += 1)
      opened.github.addStatus(commit, { state: "pending" });
    for await (const page of opened.api.statuses(commit, {})) {
      expect(page).toHaveLength(100);
      break;
    }
    expect(opened.github.requests).toHaveLength(1);
  });

  it.each<[string, FakeGitHubOptions, string, RegExp]>([
    ["gone", { goneCommits: [commit] }, "commit_gone", /no longer in this repository/],
    ["full", { maxStatuses: 0 }, "commit_full", /1,000 statuses .*another name in `commit-status`/],
  ])(
    "of a commit that is %s are refused so that the caller can tell",
    async (_, options, code, told) => {
      await using opened = await open(options);
      const error = await failureOf(opened.api.createStatus(commit, status, {}));
      expect(error).toMatchObject({ code, status: 422 });
      expect(error.message).toMatch(told);
    },
  );

  it.each<[number, RegExp]>([
    [401, /token is wrong or has expired/],
    [403, /403 \(Resource not accessible.*lacks `statuses: write`.*permissions:/],
    [404, /no such commit.*`statuses: write`/],
    [422, /422 \(.*1,000 statuses/],
  ])("that GitHub refuses with %i say what is missing", async (code, told) => {
    await using opened = await open();
    opened.github.fail("create-status", {
      status: code,
      message: "Resource not accessible by integration",
    });
    const error = await failureOf(opened.api.createStatus(commit, status, {}));
    expect(error.message).toMatch(told);
    expect(error.message).toContain("fffffff");
    expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(token);
    expect(opened.github.requests).toHaveLength(1);
  });

  it("that a fork's pull request may not set say so", async () => {
    await using opened = await open({}, { fork: true });
    opened.github.fail("create-status", { status: 403, message: "Resource not accessible" });
    const error = await failureOf(opened.api.createStatus(commit, status, {}));
    expect(error.message).toMatch(/a pull request from a fork never gets it/);
  });

  it.each([
    "drop",
    { status: 502, message: "Bad Gateway" },
    { status: 429, message: "Slow" },
  ] as const)("are set in spite of a fault that passes (%j)", async (fault) => {
    await using opened = await open();
    opened.github.fail("create-status", fault, 3);
    await opened.api.createStatus(commit, status, {});
    expect(opened.github.statusesOf(commit)).toHaveLength(1);
    expect(opened.clock.pauses).toHaveLength(3);
  });

  it("are given up after a bounded number of tries, and at the deadline", async () => {
    await using opened = await open();
    const { api, github, clock } = opened;
    github.fail("create-status", "drop", 100);
    const error = await failureOf(api.createStatus(commit, status, {}));
    expect(error.message).toMatch(
      /could not be asked to set the commit status .*ECONNRESET|other side closed|UND_ERR/,
    );
    expect(github.requests).toHaveLength(5);
    const late = await failureOf(api.createStatus(commit, status, { deadline: clock.now() }));
    expect(late.code).toBe("deadline_exceeded");
  });

  it("wait for GitHub's limit of calls, and not past the deadline", async () => {
    await using opened = await open();
    const { api, github, clock } = opened;
    const message = "You have exceeded a secondary rate limit";
    github.fail("create-status", { status: 403, message, headers: { "retry-after": "60" } }, 2);
    await api.createStatus(commit, status, {});
    expect(clock.pauses).toEqual([60_000, 60_000]);
    const headers = {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": `${clock.now() / 1000 + 900}`,
    };
    github.fail("create-status", { status: 403, message, headers });
    const deadline = clock.now() + 5_000;
    const error = await failureOf(api.createStatus(commit, status, { deadline }));
    expect(error.message).toMatch(/could not be done before the deadline.*limit of calls/);
  });

  it.each([
    [403, "You have exceeded a secondary rate limit. Please wait a few minutes."],
    [403, "You have triggered an abuse detection mechanism."],
    [429, "Too many requests"],
  ])("wait a minute and longer for a limit that names no time: %i %s", async (code, message) => {
    await using opened = await open();
    const { api, github, clock } = opened;
    github.fail("create-status", { status: code, message }, 2);
    await api.createStatus(commit, status, {});
    expect(clock.pauses).toEqual([60_000, 120_000]);
    github.fail("create-status", { status: code, message });
    const deadline = clock.now() + 30_000;
    const error = await failureOf(api.createStatus(commit, status, { deadline }));
    expect(error.message).toMatch(/before the deadline.*limit of calls/);
    expect(error.message).not.toContain("permission");
  });

  it("end at once with the caller's signal", async () => {
    await using opened = await open();
    const signal = AbortSignal.abort(new Error("The workflow was cancelled."));
    await expect(opened.api.createStatus(commit, status, { signal })).rejects.toThrow("cancelled");
    expect(opened.github.requests).toEqual([]);
  });
});

describe("starting a workflow", () => {
  it("sends its ref and inputs, and its runs are found", async () => {
    await using opened = await open();
    const { api, github } = opened;
    const before = Date.now() - 1_000;
    const run = await api.dispatch(target, { "batch-id": "batch_1" }, {});
    expect(run).toEqual({ id: github.runs[0]?.id, url: github.runs[0]?.html_url });
    expect(github.dispatches).toEqual([{ ref: "main", inputs: { "batch-id": "batch_1" } }]);
    const runs = await api.dispatchedRuns(target, before, {});
    expect(runs).toMatchObject([{ id: github.runs[0]?.id, url: github.runs[0]?.html_url }]);
    expect(await api.dispatchedRuns({ ...target, ref: "other" }, before, {})).toEqual([]);
    expect(await api.dispatchedRuns(target, Date.now() + 60_000, {})).toEqual([]);
  });

  it.each([
    ["ignores", "ignored", 1],
    ["refuses", "refused", 2],
  ] as const)(
    "is done once by a server that %s the question for the run",
    async (_, runDetails, posts) => {
      await using opened = await open({ runDetails });
      expect(await opened.api.dispatch(target, { "batch-id": "batch_1" }, {})).toBeUndefined();
      expect(opened.github.dispatches).toHaveLength(1);
      expect(opened.github.requests).toHaveLength(posts);
    },
  );

  it.each([
    ["a page of a proxy", "<html>Sign in</html>"],
    ["nothing", ""],
    ["another thing", '{"message":"ok"}'],
  ])("is not known to have started a run where a success is answered with %s", async (_, page) => {
    await using opened = await open();
    opened.github.fail("dispatch", { status: 200, page });
    const error = await failureOf(opened.api.dispatch(target, {}, {}));
    expect(error).toMatchObject({ code: "unreadable_answer", outcomeUnknown: true });
    expect(error.message).toContain("is not one of GitHub's");
  });

  it("and lists are not read from an answer that is none", async () => {
    await using opened = await open();
    const page = "<html>Sign in</html>";
    opened.github.fail("list-runs", { status: 200, page });
    opened.github.fail("list-statuses", { status: 200, page });
    const runs = await failureOf(opened.api.dispatchedRuns(target, 0, {}));
    expect(runs).toMatchObject({ code: "unreadable_answer" });
    const statuses = opened.api.statuses("c0ffee", {})[Symbol.asyncIterator]();
    expect(await failureOf(statuses.next())).toMatchObject({ code: "unreadable_answer" });
  });

  it("waits for a limit, which has started nothing", async () => {
    await using opened = await open();
    opened.github.fail("dispatch", {
      status: 403,
      message: "You have exceeded a secondary rate limit",
    });
    await opened.api.dispatch(target, {}, {});
    expect(opened.clock.pauses).toEqual([60_000]);
    expect(opened.github.dispatches).toHaveLength(1);
  });

  it.each<[string, FakeGitHubOptions, RegExp]>([
    [
      "no such workflow",
      { workflow: "other.yml" },
      /404.*no workflow batch\.yml.*`actions: write`/,
    ],
    [
      "no trigger",
      { inputs: undefined },
      /'workflow_dispatch' trigger.*`workflow_dispatch` with an input `batch-id`/,
    ],
    ["no such input", { inputs: [] }, /Unexpected inputs.*input `batch-id`/],
  ])("is refused with words that say how to fix it: %s", async (_, options, told) => {
    await using opened = await open(options);
    const error = await failureOf(opened.api.dispatch(target, { "batch-id": "batch_1" }, {}));
    expect(error.message).toMatch(told);
    expect(error.outcomeUnknown).toBe(false);
  });

  it("is refused without the permission in words that name it", async () => {
    await using opened = await open();
    opened.github.fail("dispatch", { status: 403, message: "Resource not accessible" });
    const error = await failureOf(opened.api.dispatch(target, {}, {}));
    expect(error.message).toMatch(/lacks `actions: write`/);
  });

  it.each(["lost", "drop", { status: 500, message: "Oops" }] as const)(
    "is not sent again after an answer that leaves it open (%j)",
    async (fault) => {
      await using opened = await open();
      opened.github.fail("dispatch", fault);
      const error = await failureOf(opened.api.dispatch(target, {}, {}));
      expect(error.outcomeUnknown).toBe(true);
      expect(opened.github.requests).toHaveLength(1);
    },
  );
});
