import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

import { commitOf, githubContext, runUrl } from "../../../src/action/github/context.ts";
import { openFolder } from "../../support/folder.ts";

const merge = "1".repeat(40);
const head = "2".repeat(40);

/** The context of a run of an event. */
async function contextOf(event: unknown, env: Readonly<Record<string, string>> = {}) {
  await using folder = await openFolder();
  const path = folder.at("event.json");
  await writeFile(path, typeof event === "string" ? event : JSON.stringify(event));
  return githubContext({
    GITHUB_REPOSITORY: "octocat/hello-world",
    GITHUB_SHA: merge,
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_EVENT_PATH: path,
    ...env,
  });
}

const pullRequest = (repository: string) => ({
  pull_request: { head: { sha: head, repo: { full_name: repository } } },
});

describe("the commit of a run", () => {
  it("is the head of a pull request and not the merge that GitHub makes of it", async () => {
    const own = await contextOf(pullRequest("octocat/hello-world"));
    expect(own).toMatchObject({ commit: head, fork: false });
    const target = await contextOf(pullRequest("mona/hello-world"), {
      GITHUB_EVENT_NAME: "pull_request_target",
    });
    expect(target).toMatchObject({ commit: head, fork: true });
  });

  it.each([
    "pull_request",
    "pull_request_target",
    "pull_request_review",
    "pull_request_review_comment",
  ])("is known to be a fork's, whose token can only read (%s)", async (name) => {
    const env = { GITHUB_EVENT_NAME: name };
    expect(await contextOf(pullRequest("mona/hello-world"), env)).toMatchObject({ fork: true });
    const deleted = { pull_request: { head: { sha: head, repo: null } } };
    expect(await contextOf(deleted, env)).toMatchObject({ commit: head, fork: true });
    expect(await contextOf(pullRequest("octocat/hello-world"), env)).toMatchObject({ fork: false });
  });

  it.each<[string, unknown, Readonly<Record<string, string>>]>([
    ["of another event", pullRequest("x/y"), { GITHUB_EVENT_NAME: "push" }],
    ["of an event without a head", { pull_request: {} }, {}],
    ["of an event that is no JSON", "{", {}],
    ["of an event that is not there", {}, { GITHUB_EVENT_PATH: "/nowhere/event.json" }],
    ["of an event with a strange head", { pull_request: { head: { sha: "main" } } }, {}],
  ])("is the variable's %s", async (_, event, env) => {
    expect(await contextOf(event, env)).toMatchObject({ commit: merge, fork: false });
  });
});

describe("the rest of a run", () => {
  it("has the addresses of GitHub, or of a server of one's own", () => {
    expect(githubContext({})).toMatchObject({
      commit: undefined,
      runAttempt: 1,
      apiUrl: "https://api.github.com",
      serverUrl: "https://github.com",
    });
    const own = githubContext({
      GITHUB_API_URL: "https://ghe.example/api/v3/",
      GITHUB_SERVER_URL: "https://ghe.example",
      GITHUB_REPOSITORY: "a/b",
      GITHUB_RUN_ID: "7",
    });
    expect(own.apiUrl).toBe("https://ghe.example/api/v3");
    expect(runUrl(own)).toBe("https://ghe.example/a/b/actions/runs/7");
    expect(runUrl(githubContext({}))).toBeUndefined();
  });
});

describe("the commit of a batch", () => {
  it.each<[string, Record<string, string> | null, string | undefined]>([
    ["is in its metadata", { creation_id: `${head}/4b0e` }, head],
    ["is unknown of an older batch", { creation_id: "4b0e" }, undefined],
    ["is unknown of another's prefix", { creation_id: "nightly/4b0e" }, undefined],
    ["is unknown without metadata", null, undefined],
  ])("%s", (_, metadata, commit) => {
    expect(commitOf({ metadata })).toBe(commit);
  });
});
