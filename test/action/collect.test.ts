import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";

import { claimLife } from "../../src/action/github/record.ts";
import { readState } from "../../src/action/state.ts";
import { atOnce, commit, openScene, type Scene, warningsOf } from "./github/scene.ts";

/** Results that a batch has just got may only not be readable yet; those of an hour ago are. */
const anHourAgo = () => Date.now() - 3_600_000;

const collect = (scene: Scene, given: Readonly<Record<string, string>> = {}) =>
  scene.act({ operation: "collect", "output-file": scene.path("results/answers.jsonl"), ...given });

function written(scene: Scene): readonly string[] {
  const folder = scene.path("results");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

const downloads = (scene: Scene) =>
  scene.job.calls().filter((call) => call.endsWith("/content")).length;

describe("collect with answers-file", () => {
  it("writes a table for each batch, and needs no output-file beside it", async () => {
    await using scene = await openScene({ ...atOnce, outcome: "unusable" });
    const ids = [await scene.submit(), await scene.submit()];
    const { failures, outputs } = await collect(scene, {
      "output-file": "",
      "answers-file": scene.path("results/table.csv"),
      "reject-answers": "truncated",
    });
    expect(failures).toEqual([]);
    expect(written(scene)).toEqual(ids.map((id) => `table-${id}.csv`).sort());
    expect((outputs["answers-file"] ?? "").split("\n").map((path) => basename(path))).toEqual(
      ids.map((id) => `table-${id}.csv`),
    );
    expect(outputs).toMatchObject({
      "request-total": "8",
      "request-failed": "2",
      // Of four requests: cut off, refused, filtered and empty.
      "request-unusable": "8",
      "output-file": "",
      conclusion: "partial",
    });
  });
});

describe("collect", () => {
  it("writes the results of each finished batch to a file of its own, once", async () => {
    await using scene = await openScene(atOnce);
    const ids = [await scene.submit(), await scene.submit()];
    const step = await collect(scene);
    const { failures, outputs, summary } = step;
    expect(failures).toEqual([]);
    expect(written(scene)).toEqual(ids.map((id) => `answers-${id}.jsonl`).sort());
    expect(outputs).toMatchObject({
      "batch-id": ids.join(","),
      status: "completed",
      done: "true",
      conclusion: "success",
      "request-total": "8",
      "request-completed": "8",
    });
    expect((outputs["output-file"] ?? "").split("\n").map((path) => basename(path))).toEqual(
      ids.map((id) => `answers-${id}.jsonl`),
    );
    expect(summary()).toContain(ids[1]);
    expect(scene.shown().at(-1)).toBe(`pending ${ids[1] ?? ""}: being collected`);
    await scene.endJob(step);
    expect(scene.shown().at(-1)).toBe("success 2 batches: 8 answers");

    const before = downloads(scene);
    const again = await collect(scene);
    expect(again.failures).toEqual([]);
    expect(again.outputs).toMatchObject({ done: "true", conclusion: "success" });
    expect(again.outputs["batch-id"]).toBeUndefined();
    expect(again.said).toContainEqual(expect.stringMatching(/^notice: No finished batch/));
    expect(downloads(scene)).toBe(before);
  });

  it("takes only this repository's batches, only finished ones, and only those that match", async () => {
    await using scene = await openScene(atOnce);
    const mine = await scene.submit({ team: "search" });
    await scene.submit({ team: "other" });
    await scene.submit({ github_repository: "octocat/other", team: "search" });
    await scene.job.submit();
    scene.job.simulator.plan({ kind: "completed" });
    const { outputs } = await collect(scene, { "match-metadata": "team=search" });
    expect(outputs["batch-id"]).toBe(mine);
    const failed = await collect(scene, { "match-status": "failed" });
    expect(failed.outputs["batch-id"]).toBeUndefined();
  });

  it("leaves what a run has collected, and takes what a wait has only seen the end of", async () => {
    await using scene = await openScene(atOnce);
    const status = { "commit-status": "openai-batch" };
    const run = await scene.act({
      ...status,
      operation: "run",
      "input-file": scene.requestFile(),
      "output-file": scene.path("run.jsonl"),
    });
    await scene.endJob(run, "success", { ...status, operation: "run" });
    const seen = await scene.submit();
    await scene.act({ ...status, operation: "wait", "batch-id": seen });
    const { outputs } = await collect(scene);
    expect(outputs["batch-id"]).toBe(seen);
  });

  it("records each batch on its own commit, and on the run's where it names none", async () => {
    await using scene = await openScene(atOnce);
    const other = "b".repeat(40);
    const first = await scene.submit({ creation_id: `${other}/1` });
    const second = await scene.submit({ creation_id: "an-older-one" });
    const mine = { operation: "collect", "commit-status": "mine" };
    await scene.endJob(await collect(scene, mine), "success", mine);
    expect(scene.shown(other).at(-1)).toBe(`success ${first}: 4 answers`);
    expect(scene.shown().at(-1)).toBe(`success ${second}: 4 answers`);
    expect(scene.github.statusesOf(other).map(({ context }) => context)).toEqual(["mine", "mine"]);
  });

  it("writes what a batch has that ended badly, and fails once for it, until a job could take it", async () => {
    await using scene = await openScene({ ...atOnce, outcome: "expired" });
    const id = await scene.submit();
    const first = await collect(scene, { "error-file": scene.path("results/errors.jsonl") });
    expect(first.failures).toEqual([expect.stringContaining(`${id} is expired`)]);
    expect(written(scene)).toHaveLength(2);
    // The job has failed by this very step, so nobody knows whether another one has kept the files.
    await scene.endJob(first, "failure");
    const second = await collect(scene);
    expect(second.failures).toEqual([]);
    expect(second.outputs["batch-id"]).toBe(id);
    expect(warningsOf(second)).toEqual([expect.stringMatching(/is expired.*An earlier run/)]);
    await scene.endJob(second);
    expect(scene.shown().at(-1)).toMatch(/^failure .*: 2 answers, 2 failed/);
    expect((await collect(scene)).outputs["batch-id"]).toBeUndefined();
  });

  it("keeps the input's order where that is asked for", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    await collect(scene, { "output-order": "input" });
    const lines = readFileSync(scene.path(`results/answers-${id}.jsonl`), "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => /"custom_id":"(r\d)"/.exec(line)?.[1])).toEqual([
      "r1",
      "r2",
      "r3",
      "r4",
    ]);
  });
});

describe("collect twice at once", () => {
  it("collects each batch once", async () => {
    await using scene = await openScene(atOnce);
    for (let count = 0; count < 4; count += 1) await scene.submit();
    const both = await Promise.all([collect(scene), collect(scene)]);
    expect(both.flatMap(({ failures }) => failures)).toEqual([]);
    const ids = both.flatMap(({ outputs }) =>
      (outputs["batch-id"] ?? "").split(",").filter(Boolean),
    );
    expect(ids.sort()).toEqual(scene.job.simulator.batches.map(({ id }) => id).sort());
    for (const step of both) await scene.endJob(step);
    expect(scene.shown().at(-1)).toMatch(/^success /);
  });

  it("leaves a batch to the run that was first, with a notice, and gives up its own claim", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    scene.github.addStatus(commit, {
      state: "pending",
      context: "openai-batch",
      target_url: `https://github.com/octocat/hello-world/actions/runs/5#batch=${id}&phase=collecting&claim=other`,
    });
    const { failures, said, outputs } = await collect(scene);
    expect(failures).toEqual([]);
    expect(outputs["batch-id"]).toBeUndefined();
    expect(said).toContainEqual(expect.stringContaining("being collected by another run"));
    expect(downloads(scene)).toBe(0);
    expect(scene.github.statusesOf(commit).at(-1)?.target_url).toContain("phase=released");
  });

  it("takes over from a run that was lost with its runner, once no job can be as old", async () => {
    let now = Date.now() - claimLife - 1_000;
    await using scene = await openScene(atOnce, { now: () => now });
    const id = await scene.submit();
    scene.github.addStatus(commit, {
      state: "pending",
      context: "openai-batch",
      target_url: `https://github.com/octocat/hello-world/actions/runs/5#batch=${id}&phase=collecting&claim=other`,
    });
    now = Date.now();
    expect((await collect(scene)).outputs["batch-id"]).toBe(id);
  });
});

describe("the end of the job", () => {
  it.each(["failure", "cancelled", ""])(
    "of status %j gives the batches back, and the next collect brings them at once",
    async (jobStatus) => {
      await using scene = await openScene(atOnce);
      const ids = [await scene.submit(), await scene.submit()];
      const post = await scene.endJob(await collect(scene), jobStatus);
      expect(post.said).toEqual([expect.stringMatching(/^info: Not recorded as collected/)]);
      expect(scene.shown().at(-1)).toBe("pending 2 batches: not collected yet");
      const next = await collect(scene);
      expect(next.outputs["batch-id"]).toBe(ids.join(","));
      await scene.endJob(next);
      expect((await collect(scene)).outputs["batch-id"]).toBeUndefined();
    },
  );

  it("gives back what a step had claimed that was cut short", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    const step = await collect(scene);
    const interrupted = { ...step, toolkit: { ...step.toolkit } };
    interrupted.toolkit.getState = (name) =>
      name === "interrupted" ? "true" : step.toolkit.getState(name);
    await scene.endJob(interrupted);
    expect((await collect(scene)).outputs["batch-id"]).toBe(id);
  });

  it("records a batch without results however the job ended: nothing of it can be lost", async () => {
    await using scene = await openScene(atOnce);
    scene.job.simulator.plan("failed");
    const id = await scene.submit();
    const step = await collect(scene);
    expect(step.failures).toEqual([expect.stringContaining(id)]);
    await scene.endJob(step, "failure");
    expect((await collect(scene)).outputs["batch-id"]).toBeUndefined();
  });

  it("records what a run has written; after a failed job a collect brings it", async () => {
    await using scene = await openScene(atOnce);
    const inputs = { operation: "run", "commit-status": "openai-batch" };
    const files = {
      "input-file": scene.requestFile(),
      "output-file": scene.path("run.jsonl"),
    };
    const run = await scene.act({ ...inputs, ...files });
    // Until the job's end the batch is the run's.
    expect((await collect(scene)).outputs["batch-id"]).toBeUndefined();
    await scene.endJob(run, "failure", inputs);
    expect((await collect(scene)).outputs["batch-id"]).toBe(run.outputs["batch-id"]);
  });

  it("asks GitHub for nothing where nothing was claimed", async () => {
    await using scene = await openScene(atOnce);
    const { said } = await scene.endJob(await scene.act({ operation: "list" }));
    expect(said).toEqual([]);
    expect(scene.github.requests).toEqual([]);
  });
});

describe("collect asks GitHub", () => {
  it.each([
    [10, 24],
    [60, 130],
  ])("for %i batches of a commit %i times at most", async (batches, calls) => {
    await using scene = await openScene(atOnce);
    for (let count = 0; count < batches; count += 1) await scene.submit();
    const step = await collect(scene);
    expect(readState(step.toolkit.getState).held).toHaveLength(batches);
    await scene.endJob(step);
    expect(scene.github.requests.length).toBeLessThanOrEqual(calls);
    expect(scene.shown().at(-1)).toMatch(/^success /);
  });

  it("for a long history once, and from then on only for what is new", async () => {
    await using scene = await openScene(atOnce);
    for (let count = 0; count < 950; count += 1) {
      scene.github.addStatus(commit, { state: "success", context: "ci" });
    }
    for (let count = 0; count < 10; count += 1) await scene.submit();
    const step = await collect(scene);
    // Ten pages, then for each batch its claim and a page that shows it.
    expect(scene.github.requests.length).toBe(10 + 10 * 2);
    await scene.endJob(step);
    expect(scene.github.requests.length).toBe(30 + 10 + 2);
  });
});

describe("collect of a commit that takes no status", () => {
  const other = "b".repeat(40);
  it.each([
    ["gone", { goneCommits: [other] }, /no longer in the repository.*`match-metadata`/],
    ["full", { fullCommits: [other] }, /1,000 statuses.*another name/],
  ])("keeps the record at the run's own: one that is %s", async (_, options, told) => {
    await using scene = await openScene(atOnce, options);
    const id = await scene.submit({ creation_id: `${other}/1` });
    const step = await collect(scene);
    expect(step.failures).toEqual([]);
    expect(step.outputs["batch-id"]).toBe(id);
    expect(warningsOf(step)).toEqual([expect.stringMatching(told)]);
    await scene.endJob(step);
    expect(scene.shown().at(-1)).toBe(`success ${id}: 4 answers`);
    const again = await collect(scene);
    expect(again.failures).toEqual([]);
    expect(again.outputs["batch-id"]).toBeUndefined();
  });
});

describe("collect that cannot go through", () => {
  it.each([
    [403, /lacks `statuses: write`/],
    [404, /no such commit/],
  ])("downloads nothing without its record (%i)", async (status, told) => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    scene.github.fail("create-status", { status, message: "No." }, 100);
    const { failures } = await collect(scene);
    expect(failures).toEqual([expect.stringMatching(told)]);
    expect(failures[0]).toContain(`Nothing of ${id} was downloaded`);
    expect(downloads(scene)).toBe(0);
    expect(written(scene)).toEqual([]);
  });

  it("collects again what was written and could not be recorded", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    const step = await collect(scene);
    scene.github.fail("create-status", { status: 422, message: "No." });
    const { said } = await scene.endJob(step);
    expect(warningsOf({ said })).toEqual([
      expect.stringMatching(`${id} could not be recorded.*did not set the commit status`),
    ]);
    expect(step.outputs["batch-id"]).toBe(id);
    expect(written(scene)).toHaveLength(1);
  });

  it("fails and lets the next run try again where results cannot be downloaded", async () => {
    await using scene = await openScene({ ...atOnce, now: anHourAgo });
    const [first, second] = [await scene.submit(), await scene.submit()];
    const file = scene.job.simulator.batches[0]?.output_file_id ?? "";
    const clear = scene.job.simulator.addFault({
      path: `/files/${file}/content`,
      times: Infinity,
      fault: { kind: "status", status: 403, body: { error: { message: "No." } } },
    });
    const { failures, outputs } = await collect(scene);
    expect(failures).toEqual([
      expect.stringMatching(`${first} could not be collected; the next collect`),
    ]);
    expect(outputs["batch-id"]).toBe(second);
    clear();
    expect((await collect(scene)).outputs["batch-id"]).toBe(first);
  });

  it("fails once, naming the batch, where results are gone for good", async () => {
    await using scene = await openScene({ ...atOnce, now: anHourAgo });
    const id = await scene.submit();
    for (const call of ["", "/content"]) {
      scene.job.simulator.addFault({
        path: `/files/${scene.job.simulator.batches[0]?.output_file_id ?? ""}${call}`,
        times: Infinity,
        fault: { kind: "status", status: 404, body: { error: { message: "No such File object" } } },
      });
    }
    const step = await collect(scene);
    expect(step.failures).toEqual([expect.stringContaining(`The results of ${id} are gone`)]);
    await scene.endJob(step, "failure");
    expect(scene.shown().at(-1)).toBe(`failure ${id}: results are gone`);
    expect((await collect(scene)).failures).toEqual([]);
  });

  it("does not keep the claim where the files cannot be written", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    // Too long for the temporary name beside it, which no look at the folder finds out.
    const path = scene.path(`results/${"a".repeat(215)}.jsonl`);
    const { failures } = await collect(scene, { "output-file": path });
    expect(failures).toEqual([
      expect.stringContaining(`The results of ${id} could not be collected`),
    ]);
    expect(scene.github.statusesOf(commit).at(-1)?.target_url).toContain("phase=released");
  });

  it("says what a history that cannot be read is missing, and warns of nothing else", async () => {
    await using scene = await openScene(atOnce);
    await scene.submit();
    scene.github.fail("list-statuses", { status: 403, message: "No." }, 100);
    const { failures, said } = await collect(scene);
    expect(failures).toEqual([expect.stringContaining("`statuses: write`")]);
    expect(warningsOf({ said })).toEqual([]);
  });
});
