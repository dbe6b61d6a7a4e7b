import { writeFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { problemsOf } from "./problems.ts";
import { atOnce, openScene, type Scene } from "./github/scene.ts";

const never = { phases: { inProgress: Infinity } };

/** The environment of a run that was started by hand, or by another one, with these inputs. */
function startedWith(scene: Scene, inputs: object, event = "workflow_dispatch") {
  const path = scene.path("event.json");
  writeFileSync(path, JSON.stringify({ inputs }));
  return { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path };
}

const run = (scene: Scene) => ({ operation: "run", "input-file": scene.requestFile(3) });

describe("run with batch-id", () => {
  it("creates nothing, waits for these and writes their results", async () => {
    await using scene = await openScene(atOnce);
    const ids = [await scene.submit(), await scene.submit()];
    const step = await scene.act({
      ...run(scene),
      "batch-id": ids.join(","),
      "output-file": scene.path("out.jsonl"),
      "output-order": "completion",
    });
    expect(step.failures).toEqual([]);
    expect(step.outputs).toMatchObject({ "batch-id": ids.join(","), done: "true" });
    expect(scene.job.simulator.batches).toHaveLength(2);
  });

  it("needs no input file", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    const step = await scene.act({ operation: "run", "batch-id": id });
    expect(step.failures).toEqual([]);
    expect(step.outputs).toMatchObject({ "batch-id": id, status: "completed", done: "true" });
  });

  it("warns that retry-failed sends nothing again", async () => {
    await using scene = await openScene(atOnce);
    const step = await scene.act({
      operation: "run",
      "batch-id": await scene.submit(),
      "retry-failed": "1",
    });
    expect(step.failures).toEqual([]);
    expect(step.said).toContainEqual(
      expect.stringMatching(/^warning: `retry-failed` does nothing/),
    );
  });

  it("that is empty creates, so that one workflow serves the first run and those that follow", async () => {
    await using scene = await openScene(atOnce);
    const step = await scene.act({ ...run(scene), "batch-id": " " });
    expect(step.failures).toEqual([]);
    expect(scene.job.simulator.batches).toHaveLength(1);
  });

  it("that holds white space is a problem", async () => {
    const given = { operation: "run", "api-key": "sk-1", "batch-id": "batch_1 batch_2" };
    expect(await problemsOf(given)).toEqual([
      expect.stringContaining("`batch_1 batch_2` is no id"),
    ]);
  });
});

describe("a run that on-timeout: dispatch has started", () => {
  const dispatch = { "on-timeout": "dispatch", timeout: "0.3s" };

  it("goes on with the batch of the run before, also where the workflow does not pass its input on", async () => {
    await using scene = await openScene(never);
    const first = await scene.act({ ...run(scene), ...dispatch, timeout: "3s" });
    expect(first.failures).toEqual([]);
    const [batch] = scene.job.simulator.batches;
    expect(scene.github.dispatches).toMatchObject([{ inputs: { "batch-id": batch?.id } }]);

    const env = startedWith(scene, scene.github.dispatches[0]?.inputs ?? {});
    const again = { ...env, GITHUB_RUN_ID: "1234567891" };
    const second = await scene.act({ ...run(scene), ...dispatch }, again);
    expect(second.failures).toEqual([]);
    expect(second.outputs).toMatchObject({ "batch-id": batch?.id, done: "false" });
    expect(scene.job.simulator.batches).toHaveLength(1);
    expect(scene.github.dispatches).toHaveLength(2);
  });

  it.each<[string, object, string, Readonly<Record<string, string>>]>([
    ["started by hand with an empty id", { "batch-id": "" }, "workflow_dispatch", dispatch],
    ["of another event", { "batch-id": "batch_9" }, "repository_dispatch", dispatch],
    ["of a job without dispatch", { "batch-id": "batch_9" }, "workflow_dispatch", {}],
    ["whose id is no text", { "batch-id": 9 }, "workflow_dispatch", dispatch],
  ])("is none that is %s: it creates", async (_, inputs, event, more) => {
    await using scene = await openScene(atOnce);
    const env = startedWith(scene, inputs, event);
    const step = await scene.act({ ...run(scene), ...more, timeout: "20s" }, env);
    expect(step.failures).toEqual([]);
    expect(scene.job.simulator.batches).toHaveLength(1);
  });
});
