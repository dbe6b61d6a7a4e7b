import { describe, expect, it } from "vitest";

import { atOnce, openScene, runId, type Scene, token } from "./scene.ts";
import { openGitHub } from "../../../src/action/github/api.ts";
import { githubContext } from "../../../src/action/github/context.ts";
import { noReporter } from "../../../src/action/github/status-reporter.ts";
import { InterruptError } from "../../../src/action/runner/interrupt.ts";
import { handOver } from "../../../src/action/operations/hand-over.ts";
import { createNarrator } from "../../../src/action/narrate.ts";
import { createState, readState } from "../../../src/action/state.ts";
import { clientFor } from "../../support/account.ts";
import { batchOf } from "../batch.ts";
import { recordingToolkit } from "../toolkit.ts";

describe("collect", () => {
  it("collects the batches of other commits where one commit takes no status any more", async () => {
    await using scene = await openScene(atOnce);
    const stuck = "b".repeat(40);
    await scene.submit({ creation_id: `${stuck}/1` });
    const good = await scene.submit();
    scene.github.before = (request) => {
      if (request.method === "POST" && request.url.includes(stuck)) {
        scene.github.fail("create-status", { status: 422, message: "No." });
      }
    };
    const step = await scene.act({ operation: "collect", "output-file": scene.path("r/a.jsonl") });
    expect(step.failures).toEqual([expect.stringContaining("bbbbbbb")]);
    expect(step.outputs["batch-id"]).toBe(good);
  });
});

async function handOverOnce(
  scene: Scene,
  signal = new AbortController().signal,
  onRequest?: () => void,
) {
  const { client, clock } = clientFor(scene.job.simulator.url);
  const recorded = recordingToolkit();
  const state = createState(recorded.toolkit.saveState);
  const batch = batchOf({
    status: "in_progress",
    created_at: clock.now() / 1000,
    expires_at: clock.now() / 1000 + 60,
  });
  state.batch(batch.id, { open: true });
  const api = openGitHub({
    token,
    apiUrl: scene.github.url,
    repository: "octocat/hello-world",
    fork: false,
    clock,
  });
  const github = githubContext(scene.env);
  const step = {
    client,
    toolkit: recorded.toolkit,
    state,
    signal,
    github,
    api,
    reporter: noReporter,
    narrator: createNarrator({
      toolkit: recorded.toolkit,
      state,
      reporter: noReporter,
      github,
      now: () => clock.now(),
    }),
  };
  const done = handOver(
    step,
    { ids: [batch.id], batches: [batch] },
    { file: "batch.yml", ref: "main" },
  );
  onRequest?.();
  const why = await done;
  return { why, clock, read: () => readState(recorded.toolkit.getState) };
}

describe("hand-over", () => {
  it("does not take the run that another job has started for its own", async () => {
    await using scene = await openScene();
    // A leg of the same matrix handed its own batch over half a minute ago.
    const { clock } = clientFor(scene.job.simulator.url);
    scene.github.addRun({
      id: runId + 1,
      html_url: "https://github.com/octocat/hello-world/actions/runs/1",
      event: "workflow_dispatch",
      head_branch: "main",
      created_at: new Date(clock.now() - 30_000).toISOString(),
    });
    scene.github.fail("dispatch", { status: 502, message: "Bad gateway" });
    const { why } = await handOverOnce(scene);
    // Either it is sent again, or the step says that it is not known; never a quiet success.
    expect([why, scene.github.dispatches.length]).not.toEqual([undefined, 0]);
  });

  it("starts no run once the step is to end, also while GitHub's client is being loaded", async () => {
    await using scene = await openScene();
    const controller = new AbortController();
    const handing = handOverOnce(scene, controller.signal, () => {
      queueMicrotask(() => {
        controller.abort(new InterruptError("The workflow was cancelled."));
      });
    });
    const outcome = await handing.catch((error: unknown) => error);
    expect(scene.github.dispatches).toEqual([]);
    expect(outcome).toBeInstanceOf(InterruptError);
  });
});
