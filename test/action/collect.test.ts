import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it, vi } from "vitest";

import { commit, openScene, type Scene, warningsOf } from "./github/scene.ts";

const endedStatuses = ["completed", "failed", "expired", "cancelled"];

async function allEnded({ job }: Scene): Promise<void> {
  await vi.waitFor(
    () => {
      expect(job.simulator.batches.every(({ status }) => endedStatuses.includes(status))).toBe(
        true,
      );
    },
    { interval: 5 },
  );
}

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

describe("collect", () => {
  it("writes the results of each finished batch to a file of its own, once", async () => {
    await using scene = await openScene();
    const ids = [await scene.submit(), await scene.submit()];
    await allEnded(scene);
    const { failures, outputs, summary } = await collect(scene);
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
    expect(scene.shown().at(-1)).toBe(`success ${ids[1] ?? ""}: 4 answers`);

    const before = downloads(scene);
    const again = await collect(scene);
    expect(again.failures).toEqual([]);
    expect(again.outputs).toMatchObject({ done: "true", conclusion: "success" });
    expect(again.outputs["batch-id"]).toBeUndefined();
    expect(again.said).toContainEqual(expect.stringMatching(/^notice: No finished batch/));
    expect(downloads(scene)).toBe(before);
  });

  it("takes only this repository's batches, only finished ones, and only those that match", async () => {
    await using scene = await openScene();
    const mine = await scene.submit({ team: "search" });
    await scene.submit({ team: "other" });
    await scene.submit({ github_repository: "octocat/other", team: "search" });
    await scene.job.submit();
    await allEnded(scene);
    scene.job.simulator.plan({ kind: "completed" });
    const { outputs } = await collect(scene, { "match-metadata": "team=search" });
    expect(outputs["batch-id"]).toBe(mine);
    const failed = await collect(scene, { "match-status": "failed" });
    expect(failed.outputs["batch-id"]).toBeUndefined();
  });

  it("leaves what a run has collected, and takes what a wait has only seen the end of", async () => {
    await using scene = await openScene();
    const status = { "commit-status": "openai-batch" };
    await scene.act({
      ...status,
      operation: "run",
      "input-file": scene.requestFile(),
      "output-file": scene.path("run.jsonl"),
    });
    const seen = await scene.submit();
    await scene.act({ ...status, operation: "wait", "batch-id": seen });
    const { outputs } = await collect(scene);
    expect(outputs["batch-id"]).toBe(seen);
  });

  it("records each batch on its own commit, and on the run's where it names none", async () => {
    await using scene = await openScene();
    const other = "b".repeat(40);
    const first = await scene.submit({ creation_id: `${other}/1` });
    const second = await scene.submit({ creation_id: "an-older-one" });
    await allEnded(scene);
    await collect(scene, { "commit-status": "mine" });
    expect(scene.shown(other).at(-1)).toBe(`success ${first}: 4 answers`);
    expect(scene.shown().at(-1)).toBe(`success ${second}: 4 answers`);
    expect(scene.github.statusesOf(other).map(({ context }) => context)).toEqual(["mine", "mine"]);
  });

  it("writes what a batch has that ended badly, fails once, and does not do it again", async () => {
    await using scene = await openScene({ outcome: "expired" });
    const id = await scene.submit();
    await allEnded(scene);
    const { failures } = await collect(scene, { "error-file": scene.path("results/errors.jsonl") });
    expect(failures).toEqual([expect.stringContaining(`${id} is expired`)]);
    expect(written(scene)).toHaveLength(2);
    expect(scene.shown().at(-1)).toMatch(/^failure .*: 2 answers, 2 failed/);
    expect((await collect(scene)).failures).toEqual([]);
  });

  it("keeps the input's order where that is asked for", async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await allEnded(scene);
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
    await using scene = await openScene();
    for (let count = 0; count < 4; count += 1) await scene.submit();
    await allEnded(scene);
    const both = await Promise.all([collect(scene), collect(scene)]);
    expect(both.flatMap(({ failures }) => failures)).toEqual([]);
    const ids = both.flatMap(({ outputs }) =>
      (outputs["batch-id"] ?? "").split(",").filter(Boolean),
    );
    expect(ids.sort()).toEqual(scene.job.simulator.batches.map(({ id }) => id).sort());
    expect(scene.shown().at(-1)).toMatch(/^success /);
  });

  it("leaves a batch to the run that was first, with a notice, and gives up its own claim", async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await allEnded(scene);
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

  it("takes over from a run that died an hour ago", async () => {
    let now = Date.now() - 3_700_000;
    await using scene = await openScene({}, { now: () => now });
    const id = await scene.submit();
    await allEnded(scene);
    scene.github.addStatus(commit, {
      state: "pending",
      context: "openai-batch",
      target_url: `https://github.com/octocat/hello-world/actions/runs/5#batch=${id}&phase=collecting&claim=other`,
    });
    now = Date.now();
    expect((await collect(scene)).outputs["batch-id"]).toBe(id);
  });
});

describe("collect that cannot go through", () => {
  it.each([
    [403, /lacks `statuses: write`/],
    [404, /no such commit/],
  ])("downloads nothing without its record (%i)", async (status, told) => {
    await using scene = await openScene();
    const id = await scene.submit();
    await allEnded(scene);
    scene.github.fail("create-status", { status, message: "No." }, 100);
    const { failures } = await collect(scene);
    expect(failures).toEqual([expect.stringMatching(told)]);
    expect(failures[0]).toContain(`Nothing of ${id} was downloaded`);
    expect(downloads(scene)).toBe(0);
    expect(written(scene)).toEqual([]);
  });

  it("collects again what was written and could not be recorded", async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await allEnded(scene);
    scene.github.before = ({ method, body }) => {
      if (method === "POST" && body.includes("phase=collected")) {
        scene.github.before = undefined;
        scene.github.fail("create-status", { status: 422, message: "No." });
      }
    };
    const { failures, outputs } = await collect(scene);
    expect(failures).toEqual([expect.stringContaining("did not set the commit status")]);
    expect(outputs["batch-id"]).toBe(id);
    expect(written(scene)).toHaveLength(1);
  });

  it("fails and lets the next run try again where results cannot be had", async () => {
    await using scene = await openScene({ now: anHourAgo });
    const [first, second] = [await scene.submit(), await scene.submit()];
    await allEnded(scene);
    const file = scene.job.simulator.batches[0]?.output_file_id ?? "";
    const clear = scene.job.simulator.addFault({
      path: `/files/${file}/content`,
      times: Infinity,
      fault: { kind: "status", status: 403, body: { error: { message: "No." } } },
    });
    const { failures, outputs } = await collect(scene);
    expect(failures).toEqual([
      expect.stringMatching(`${first} could not be had; the next collect`),
    ]);
    expect(outputs["batch-id"]).toBe(second);
    clear();
    expect((await collect(scene)).outputs["batch-id"]).toBe(first);
  });

  it("fails once, naming the batch, where results are gone for good", async () => {
    await using scene = await openScene({ now: anHourAgo });
    const id = await scene.submit();
    await allEnded(scene);
    for (const call of ["", "/content"]) {
      scene.job.simulator.addFault({
        path: `/files/${scene.job.simulator.batches[0]?.output_file_id ?? ""}${call}`,
        times: Infinity,
        fault: { kind: "status", status: 404, body: { error: { message: "No such File object" } } },
      });
    }
    const { failures } = await collect(scene);
    expect(failures).toEqual([expect.stringContaining(`The results of ${id} are gone`)]);
    expect(scene.shown().at(-1)).toBe(`failure ${id}: results are gone`);
    expect((await collect(scene)).failures).toEqual([]);
  });

  it("does not keep the claim where the files cannot be written", async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await allEnded(scene);
    // Too long for the temporary name beside it, which no look at the folder finds out.
    const path = scene.path(`results/${"a".repeat(215)}.jsonl`);
    const { failures } = await collect(scene, { "output-file": path });
    expect(failures).toEqual([expect.stringContaining(`The results of ${id} could not be had`)]);
    expect(scene.github.statusesOf(commit).at(-1)?.target_url).toContain("phase=released");
  });

  it("says what a history that cannot be read is missing, and warns of nothing else", async () => {
    await using scene = await openScene();
    await scene.submit();
    await allEnded(scene);
    scene.github.fail("list-statuses", { status: 403, message: "No." }, 100);
    const { failures, said } = await collect(scene);
    expect(failures).toEqual([expect.stringContaining("`statuses: write`")]);
    expect(warningsOf({ said })).toEqual([]);
  });
});
