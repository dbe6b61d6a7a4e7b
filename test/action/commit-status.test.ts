import { describe, expect, it } from "vitest";

import { openScene, warningsOf } from "./github/scene.ts";

const followed = { "commit-status": "nightly" };
const endless = { phases: { inProgress: Infinity } };

describe("a commit status", () => {
  it("is pending from the create on, under the name that was given", async () => {
    await using scene = await openScene(endless);
    const { failures, outputs } = await scene.act({
      ...followed,
      operation: "create",
      "input-file": scene.requestFile(),
    });
    expect(failures).toEqual([]);
    const id = outputs["batch-id"] ?? "";
    expect(scene.shown()).toEqual([`pending ${id}: waiting for its results`]);
    const [status] = scene.github.statusesOf(
      scene.job.simulator.batches[0]?.metadata?.["creation_id"]?.split("/")[0] ?? "",
    );
    expect(status).toMatchObject({
      context: "nightly",
      target_url: `https://github.com/octocat/hello-world/actions/runs/1234567890#batch=${id}&phase=created`,
    });
  });

  it.each([
    ["success", {}, {}, "3 answers"],
    ["failure", { outcome: "expired" }, {}, "1 answer, 2 failed"],
    ["success", { outcome: "expired" }, { "fail-on": "never" }, "1 answer, 2 failed"],
    ["failure", { outcome: "all_failed" }, { "max-request-failures": "1" }, "0 answers, 3 failed"],
  ] as const)("turns to %s with the end of a run (%j, %j)", async (state, account, given, text) => {
    await using scene = await openScene(account);
    const inputs = { ...followed, ...given, operation: "run" };
    const step = await scene.act({
      ...inputs,
      "input-file": scene.requestFile(),
      "output-file": scene.path("results.jsonl"),
    });
    const id = step.outputs["batch-id"] ?? "";
    const shown = [`pending ${id}: waiting for its results`, `${state} ${id}: ${text}`];
    expect(scene.shown()).toEqual(shown);
    const last = () => scene.github.statusesOf(commitOf(scene)).at(-1)?.target_url;
    expect(last()).toContain("phase=ended");
    // The files are safe once the job has succeeded.
    await scene.endJob(step, "success", inputs);
    expect(scene.shown()).toEqual([...shown, `${state} ${id}: ${text}`]);
    expect(last()).toContain("phase=collected");
  });

  it("of several batches is pending until all have ended, and tells of them together", async () => {
    await using scene = await openScene();
    const { failures } = await scene.act({
      ...followed,
      operation: "run",
      "input-file": scene.requestFile(25),
      "max-requests-per-batch": "1",
      "output-file": scene.path("results.jsonl"),
    });
    expect(failures).toEqual([]);
    const shown = scene.shown();
    expect(shown.at(-1)).toMatch(/^success 5 batches: 5 answers/);
    expect(shown.slice(0, -1).every((line) => line.startsWith("pending "))).toBe(true);
    // Twenty-five batches are not fifty entries: what comes meanwhile is told together.
    expect(shown.length).toBeLessThan(15);
    expect(shown).toContainEqual(expect.stringMatching(/^pending 10 batches/));
  });

  it("of a wait without files says how the batch ended, and leaves its results to be collected", async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.act({ ...followed, operation: "wait", "batch-id": id });
    expect(scene.shown()).toEqual([`success ${id}: 4 answers`]);
    expect(scene.github.statusesOf(commitOf(scene))[0]?.target_url).toContain("phase=ended");
  });

  it("is of the batch's own commit, wherever the wait runs", async () => {
    await using scene = await openScene();
    const other = "a".repeat(40);
    const id = await scene.submit({ creation_id: `${other}/1` });
    await scene.act({ ...followed, operation: "wait", "batch-id": id });
    expect(scene.shown(other)).toEqual([`success ${id}: 4 answers`]);
    expect(scene.shown()).toEqual([]);
  });

  it("is of the run's commit for a batch that names none", async () => {
    await using scene = await openScene();
    const id = await scene.job.submit();
    await scene.act({ ...followed, operation: "wait", "batch-id": id });
    expect(scene.shown()).toEqual([`success ${id}: 4 answers`]);
  });

  it("stays pending where a timeout leaves the batch running", async () => {
    await using scene = await openScene(endless);
    await scene.act({
      ...followed,
      operation: "run",
      "input-file": scene.requestFile(),
      timeout: "3s",
      "on-timeout": "continue",
    });
    expect(scene.shown()).toEqual([expect.stringMatching(/^pending /)]);
  });

  it("is a failure of a batch that is cancelled, and none of one that had completed", async () => {
    await using scene = await openScene(endless);
    const id = await scene.submit();
    await scene.act({ ...followed, operation: "cancel", "batch-id": id });
    expect(scene.shown()).toEqual([expect.stringMatching(/^failure .*: cancell/)]);
  });

  it("does not go back to pending for an adopted batch that was collected before", async () => {
    await using scene = await openScene();
    const inputs = {
      ...followed,
      operation: "run",
      "input-file": scene.requestFile(),
      "output-file": scene.path("results.jsonl"),
      "idempotency-key": "nightly",
    };
    await scene.act(inputs);
    const { outputs } = await scene.act({ ...inputs, operation: "create" });
    expect(outputs["reused"]).toBe("true");
    expect(scene.shown()).toHaveLength(2);
    expect(scene.shown().at(-1)).toMatch(/^success /);
  });

  it("is corrected when somebody else wrote at the same time", async () => {
    await using scene = await openScene();
    const { github } = scene;
    const id = await scene.submit();
    const page = "https://github.com/octocat/hello-world/actions/runs/5#";
    github.addStatus(commitOf(scene), {
      state: "pending",
      context: "nightly",
      target_url: `${page}batch=batch_other&phase=created`,
    });
    let done = false;
    github.before = ({ method }) => {
      // The other one ends between our read and our write, and has not seen ours either.
      if (method !== "POST" || done) return;
      done = true;
      github.addStatus(commitOf(scene), {
        state: "pending",
        context: "nightly",
        target_url: `${page}batch=batch_other&phase=collected`,
      });
    };
    await scene.act({ ...followed, operation: "wait", "batch-id": id });
    expect(scene.shown().at(-1)).toBe(`success ${id}: 4 answers`);
  });
});

describe("a commit status that cannot be set", () => {
  it.each([
    [403, /lacks `statuses: write`/],
    [404, /no such commit/],
    [422, /1,000 statuses/],
  ])("is a warning and no more (%i)", async (status, told) => {
    await using scene = await openScene();
    scene.github.fail("create-status", { status, message: "No." }, 100);
    const { failures, outputs, said } = await scene.act({
      ...followed,
      operation: "run",
      "input-file": scene.requestFile(),
    });
    expect(failures).toEqual([]);
    expect(outputs["status"]).toBe("completed");
    expect(warningsOf({ said })).toEqual([expect.stringMatching(told)]);
    expect(scene.github.requests).toHaveLength(1);
  });

  it("is a warning where there is no token", async () => {
    await using scene = await openScene();
    const { failures, said } = await scene.act({
      ...followed,
      operation: "create",
      "input-file": scene.requestFile(),
      "github-token": "",
    });
    expect(failures).toEqual([]);
    expect(warningsOf({ said })).toEqual([expect.stringContaining("`github-token` is empty")]);
  });

  it("is a warning where GitHub is not there, within seconds", async () => {
    await using scene = await openScene();
    const { failures, said, outputs } = await scene.act(
      { ...followed, operation: "create", "input-file": scene.requestFile() },
      { GITHUB_API_URL: "http://127.0.0.1:9" },
    );
    expect(failures).toEqual([]);
    expect(outputs["batch-id"]).toMatch(/^batch_/);
    expect(warningsOf({ said })).toEqual([expect.stringContaining("could not be asked")]);
  });
});

describe("a step without a commit status", () => {
  it("does not call GitHub", async () => {
    await using scene = await openScene();
    await scene.act({ operation: "run", "input-file": scene.requestFile() });
    expect(scene.github.requests).toEqual([]);
  });
});

function commitOf({ env }: { readonly env: Readonly<Record<string, string>> }): string {
  return env["GITHUB_SHA"] ?? "";
}
