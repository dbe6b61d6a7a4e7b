import { describe, expect, it } from "vitest";

import { dispatchTarget } from "../../../src/action/github/target.ts";
import { textLike } from "../../support/matching.ts";

const targetOf = (workflow: string, ref = "refs/heads/main") =>
  dispatchTarget({
    GITHUB_REPOSITORY: "octocat/hello-world",
    GITHUB_WORKFLOW_REF: workflow,
    GITHUB_REF: ref,
  });
const path = "octocat/hello-world/.github/workflows";

describe("the workflow that is started again", () => {
  it.each([
    ["batch.yml", "refs/heads/main", "main"],
    ["batch@night.yml", "refs/heads/main", "main"],
    ["batch@night.yml", "refs/heads/feature@2", "feature@2"],
    ["batch.yml", "refs/tags/v1", "v1"],
  ])("is %s on %s", (file, ref, name) => {
    expect(targetOf(`${path}/${file}@${ref}`, ref)).toEqual({ file, ref: name });
  });

  it.each([
    ["a pull request", "refs/pull/7/merge", /pull request.*`operation: collect`/],
    [
      "a merge queue",
      "refs/heads/gh-readonly-queue/main/pr-7-0123456789abcdef",
      /merge queue.*deleted.*`operation: collect`/,
    ],
    ["something else", "refs/notes/x", /no branch or tag/],
  ])("is none for a run of %s", (_, ref, told) => {
    expect(targetOf(`${path}/batch.yml@${ref}`, ref)).toEqual({
      problem: textLike(told),
    });
  });

  it("is none of another repository, or outside of GitHub", () => {
    expect(targetOf("other/repo/.github/workflows/batch.yml@refs/heads/main")).toEqual({
      problem: textLike("not one of octocat/hello-world"),
    });
    expect(dispatchTarget({})).toEqual({ problem: textLike("GitHub Actions") });
  });
});
