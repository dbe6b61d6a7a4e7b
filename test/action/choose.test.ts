import { describe, expect, it } from "vitest";

import { textLike } from "../support/matching.ts";
import { until } from "../support/until.ts";
import { openScene, type Scene, warningsOf } from "./github/scene.ts";

const endless = { phases: { inProgress: Infinity, cancelling: Infinity } };
const team = { "match-metadata": "team=search" };

async function allEnded({ job }: Scene): Promise<void> {
  await until(() => job.simulator.batches.every(({ status }) => status === "completed"));
}

const retrieves = (scene: Scene) =>
  scene.job.calls().filter((call) => call.startsWith("GET /batches/batch_")).length;

describe("batches chosen by what they are", () => {
  it("are cancelled, all that still run and no others", async () => {
    await using scene = await openScene(endless);
    scene.job.simulator.plan("failed");
    await scene.submit({ team: "search" });
    const running = [
      await scene.submit({ team: "search" }),
      await scene.submit({ team: "search" }),
    ];
    const gone = await scene.submit({ team: "search" });
    await scene.submit({ team: "other" });
    await scene.act({ operation: "cancel", "batch-id": gone });
    const { failures, outputs } = await scene.act({ ...team, operation: "cancel" });
    expect(failures).toEqual([]);
    expect((outputs["batch-id"] ?? "").split(",").sort()).toEqual([...running].sort());
    const cancels = scene.job.calls().filter((call) => call.endsWith("/cancel"));
    expect(cancels).toHaveLength(3);
  });

  it("are all cancelled but the one that cannot be, which is named", async () => {
    await using scene = await openScene(endless);
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) ids.push(await scene.submit({ team: "search" }));
    const stubborn = ids[7] ?? "";
    scene.job.simulator.addFault({
      path: `/batches/${stubborn}/cancel`,
      times: Infinity,
      fault: { kind: "status", status: 403, body: { error: { message: "No." } } },
    });
    const { failures, outputs } = await scene.act({ ...team, operation: "cancel" });
    expect(failures).toEqual([expect.stringContaining(stubborn)]);
    // A later step may try again with them.
    expect(outputs["batch-id"]?.split(",")).toHaveLength(20);
    expect(outputs).toMatchObject({ done: "false", "batch-count": "20" });
  });

  it("are read without another call for each", async () => {
    await using scene = await openScene();
    const id = await scene.submit({ team: "search" });
    await scene.submit({ team: "other" });
    await allEnded(scene);
    const { failures, outputs } = await scene.act({
      ...team,
      operation: "retrieve",
      "output-file": scene.path("results.jsonl"),
    });
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({
      "batch-id": id,
      status: "completed",
      "request-completed": "4",
    });
    expect(retrieves(scene)).toBe(0);
  });

  it("are waited for, and their results written", async () => {
    await using scene = await openScene();
    const ids = [await scene.submit({ team: "search" }), await scene.submit({ team: "search" })];
    const { failures, outputs } = await scene.act({
      "match-metadata": "team=search",
      operation: "wait",
      "match-status": "validating, in_progress, finalizing, completed",
      "output-file": scene.path("results.jsonl"),
    });
    expect(failures).toEqual([]);
    expect(outputs["batch-id"]?.split(",").sort()).toEqual([...ids].sort());
  });
});

describe("a choice that picks nothing", () => {
  it.each(["cancel", "retrieve"])(
    "is a notice and no failure for %s: sweeps must pass",
    async (operation) => {
      await using scene = await openScene();
      const { failures, outputs, said } = await scene.act({ ...team, operation });
      expect(failures).toEqual([]);
      expect(outputs).toMatchObject({ done: "true", conclusion: "success", batches: "[]" });
      expect(said).toContainEqual(expect.stringMatching(/^notice: No batch/));
    },
  );

  it("fails a wait, which has nothing to wait for", async () => {
    await using scene = await openScene();
    const { failures } = await scene.act({ ...team, operation: "wait" });
    expect(failures).toEqual([expect.stringMatching(/No batch of the last 30 days matches/)]);
  });

  it.each([
    ["cancel", "false"],
    ["retrieve", "false"],
    ["wait", undefined],
  ])(
    "on a list that was not read to its end fails a %s: what matches may be there",
    async (operation, done) => {
      await using scene = await openScene();
      let page = 0;
      scene.job.simulator.addFault({
        path: "/batches",
        method: "GET",
        times: Infinity,
        fault: {
          kind: "status",
          status: 200,
          get body() {
            page += 1;
            const now = Math.floor(Date.now() / 1000);
            const data = [
              { id: `batch_${page}`, object: "batch", status: "in_progress", created_at: now },
            ];
            return { object: "list", data, has_more: true, last_id: `batch_${page}` };
          },
        },
      });
      const { failures, said, outputs } = await scene.act({ ...team, operation });
      expect(outputs["done"]).toBe(done);
      const missed = textLike("only the newest 2,000 batches were read");
      expect(failures).toEqual([missed]);
      expect(warningsOf({ said })).toEqual([missed]);
    },
  );
});
