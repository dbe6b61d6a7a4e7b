import { describe, expect, it } from "vitest";

import { openGitHub } from "../../src/action/github/api.ts";
import { githubContext } from "../../src/action/github/context.ts";
import { noReporter } from "../../src/action/github/status-reporter.ts";
import { InterruptError } from "../../src/action/runner/interrupt.ts";
import { handOver } from "../../src/action/operations/hand-over.ts";
import { createNarrator } from "../../src/action/narrate.ts";
import { createState, readState } from "../../src/action/state.ts";
import { clientFor } from "../support/account.ts";
import type { FakeGitHub, GitHubFault } from "../support/github.ts";
import { batchOf } from "./batch.ts";
import { openScene, runId, type Scene, token } from "./github/scene.ts";
import { recordingToolkit, type RecordingToolkit } from "./toolkit.ts";

const endless = { phases: { inProgress: Infinity } };
const dispatch = { "on-timeout": "dispatch", timeout: "0.3s" };

const waitFor = (scene: Scene, id: string, given: Readonly<Record<string, string>> = {}) =>
  scene.act({ ...dispatch, operation: "wait", "batch-id": id, ...given });

const stateOf = ({ toolkit }: RecordingToolkit) => readState(toolkit.getState);

describe("on-timeout: dispatch", () => {
  it("starts the workflow again with every batch of the step, and the step ends well", async () => {
    await using scene = await openScene(endless);
    const ids = [await scene.submit(), await scene.submit()];
    const step = await waitFor(scene, ids.join(","));
    expect(step.failures).toEqual([]);
    expect(step.outputs).toMatchObject({ done: "false", "batch-id": ids.join(",") });
    expect(scene.github.dispatches).toEqual([
      { ref: "main", inputs: { "batch-id": ids.join(",") } },
    ]);
    expect(step.said).toContainEqual(
      expect.stringMatching(/^notice: .*batch\.yml was started again/),
    );
    expect(stateOf(step).handOver).toMatchObject({ ids, done: true });
    expect(step.summary()).toContain("its new run goes on waiting for");
    expect(step.summary()).not.toContain("operation: wait");
  });

  it("of a run goes on with what the run has created", async () => {
    await using scene = await openScene(endless);
    const step = await scene.act({
      ...dispatch,
      timeout: "3s",
      operation: "run",
      "input-file": scene.requestFile(2),
      "max-requests-per-batch": "1",
      "commit-status": "nightly",
    });
    expect(step.failures).toEqual([]);
    const ids = scene.job.simulator.batches.map(({ id }) => id).join(",");
    expect(scene.github.dispatches).toEqual([{ ref: "main", inputs: { "batch-id": ids } }]);
    expect(scene.shown().at(-1)).toMatch(/^pending /);
    expect(step.summary()).toContain("its new run goes on waiting for");
  });

  it("does nothing when the batch ends in time", async () => {
    await using scene = await openScene();
    const step = await waitFor(scene, await scene.submit(), { timeout: "20s" });
    expect(step.failures).toEqual([]);
    expect(scene.github.requests).toEqual([]);
  });

  it("leaves it to the run that goes on to judge a batch that has ended badly", async () => {
    await using scene = await openScene(endless);
    scene.job.simulator.plan("failed");
    const ids = [await scene.submit(), await scene.submit()];
    const step = await waitFor(scene, ids.join(","));
    expect(step.failures).toEqual([]);
    expect(scene.github.dispatches).toHaveLength(1);
  });
});

describe("a dispatch that is refused", () => {
  it.each<[string, GitHubFault, RegExp]>([
    [
      "no permission",
      { status: 403, message: "Resource not accessible" },
      /lacks `actions: write`/,
    ],
    ["no workflow", { status: 404, message: "Not Found" }, /no workflow batch\.yml/],
    [
      "no input",
      { status: 422, message: 'Unexpected inputs provided: ["batch-id"]' },
      /an input `batch-id`/,
    ],
  ])("fails the step as a timeout does, and says what is missing: %s", async (_, fault, told) => {
    await using scene = await openScene(endless);
    scene.github.fail("dispatch", fault, 10);
    const id = await scene.submit();
    const step = await waitFor(scene, id);
    expect(step.failures).toEqual([expect.stringMatching(told)]);
    expect(step.failures[0]).toMatch(/`timeout`.*batch_\w+ was still running when last seen/s);
    expect(stateOf(step)).toMatchObject({
      handOver: undefined,
      batches: [{ id, open: true, left: true }],
    });
    expect(scene.github.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(scene.job.simulator.batches[0]?.status).toBe("in_progress");
  });

  it("is not sent for requests that only this run has", async () => {
    await using scene = await openScene(endless);
    const step = await scene.act({
      ...dispatch,
      timeout: "3s",
      operation: "run",
      "input-file": scene.requestFile(2),
      "max-requests-per-batch": "1",
      "max-active-batches": "1",
    });
    expect(step.failures).toEqual([expect.stringContaining("not all requests have been sent")]);
    expect(scene.github.requests).toEqual([]);
  });

  it.each([
    ["whose window is long over", -3_700, /window of .* is over/],
    ["just past its window", -3_500, undefined],
  ])("is sent only while the batch may still end: one %s", async (_, expires, told) => {
    await using scene = await openScene(endless);
    const id = await scene.submit();
    const now = Math.floor(Date.now() / 1000);
    answerWith(scene, id, { created_at: now - 90_000, expires_at: now + expires });
    const step = await waitFor(scene, id);
    expect(step.failures).toEqual(told === undefined ? [] : [expect.stringMatching(told)]);
    expect(scene.github.dispatches).toHaveLength(told === undefined ? 1 : 0);
  });

  it("is sent for a batch that no look has come through to, after one more", async () => {
    await using scene = await openScene(endless);
    const id = await scene.submit();
    scene.job.simulator.addFault({
      path: `/batches/${id}`,
      times: 1,
      fault: { kind: "status", status: 503, headers: { "retry-after": "60" } },
    });
    const step = await waitFor(scene, id);
    expect(step.failures).toEqual([]);
    expect(scene.github.dispatches).toHaveLength(1);
  });

  it("is not sent for a batch of which nothing tells when it ends: runs could follow for ever", async () => {
    await using scene = await openScene(endless);
    const id = await scene.submit();
    answerWith(scene, id, { created_at: 0 });
    const step = await waitFor(scene, id);
    expect(step.failures).toEqual([expect.stringContaining("might follow each other for ever")]);
    expect(scene.github.requests).toEqual([]);
  });
});

/** Lets the server say this of a batch from now on. */
function answerWith({ job }: Scene, id: string, fields: object): void {
  job.simulator.addFault({
    path: `/batches/${id}`,
    times: Infinity,
    fault: {
      kind: "status",
      status: 200,
      body: { id, object: "batch", status: "in_progress", completion_window: "24h", ...fields },
    },
  });
}

describe("a dispatch whose answer is lost", () => {
  it("starts no second run when the first one is there and names its batches", async () => {
    const runName = (inputs?: Record<string, unknown>) => `Batch ${String(inputs?.["batch-id"])}`;
    await using scene = await openScene(endless, { runName });
    scene.github.fail("dispatch", "lost");
    const step = await waitFor(scene, await scene.submit());
    expect(step.failures).toEqual([]);
    expect(scene.github.dispatches).toHaveLength(1);
    expect(step.said).toContainEqual(
      expect.stringContaining(scene.github.runs[0]?.html_url ?? "?"),
    );
    expect(stateOf(step).handOver).toMatchObject({ done: true });
  });

  it("is sent again where the runs cannot be told apart, or not be read: two runs do no harm", async () => {
    await using scene = await openScene(endless);
    scene.github.fail("dispatch", "lost");
    scene.github.fail("list-runs", { status: 403, message: "No." }, 2);
    const id = await scene.submit();
    const step = await waitFor(scene, id);
    expect(step.failures).toEqual([]);
    expect(scene.github.dispatches.map(({ inputs }) => inputs?.["batch-id"])).toEqual([id, id]);
    expect(stateOf(step).handOver).toMatchObject({ done: true });
  });

  it("may have started a run or not: where that cannot be found out, the post step looks again", async () => {
    await using scene = await openScene(endless);
    scene.github.fail("dispatch", "lost", 3);
    scene.github.fail("list-runs", { status: 403, message: "No." }, 4);
    const id = await scene.submit();
    const step = await waitFor(scene, id);
    expect(step.failures).toEqual([expect.stringContaining("is not known")]);
    expect(stateOf(step)).toMatchObject({
      batches: [{ id, open: true }],
      handOver: { ids: [id], done: false },
    });
  });
});

/** A hand-over on a virtual clock. */
async function handOverOnce(scene: Scene, signal = new AbortController().signal) {
  const { client, clock } = clientFor(scene.job.simulator.url);
  const recorded = recordingToolkit();
  const state = createState(recorded.toolkit.saveState);
  const batch = batchOf({
    status: "in_progress",
    created_at: clock.now() / 1000,
    expires_at: clock.now() / 1000 + 60,
  });
  state.batch(batch.id, { open: true });
  const github = githubContext(scene.env);
  const api = openGitHub({
    token,
    apiUrl: scene.github.url,
    repository: "octocat/hello-world",
    fork: false,
    clock,
  });
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
  const work = { ids: [batch.id], batches: [batch] };
  const why = await handOver(step, work, { file: "batch.yml", ref: "main" });
  return {
    why,
    clock,
    read: () => readState(recorded.toolkit.getState),
    unfinished: state.unfinished(),
  };
}

describe("a dispatch that never arrived", () => {
  it("is sent again once no run of it is found, by looks at a list that may lag", async () => {
    await using scene = await openScene();
    scene.github.fail("dispatch", "drop", 2);
    // This very run, and one before it, are no runs of this dispatch.
    for (const id of [runId - 1, runId]) scene.github.addRun(runOf(id));
    const { why, read, unfinished, clock } = await handOverOnce(scene);
    expect(why).toBeUndefined();
    expect(scene.github.dispatches).toHaveLength(1);
    expect(read().handOver).toMatchObject({ done: true });
    expect(unfinished).toEqual([]);
    expect(clock.pauses.filter((pause) => pause > 0)).toEqual([
      2_000, 4_000, 8_000, 2_000, 4_000, 8_000,
    ]);
  });

  it("is given up after three tries, and whether a run has started is left open", async () => {
    await using scene = await openScene();
    scene.github.fail("dispatch", "drop", 10);
    const { why, read } = await handOverOnce(scene);
    expect(why).toMatch(/is not known/);
    expect(read().handOver).toMatchObject({ done: false });
    expect(scene.github.requests.filter(({ method }) => method === "POST")).toHaveLength(3);
  });

  it("is not sent at all once the step is to end", async () => {
    await using scene = await openScene();
    const signal = AbortSignal.abort(new InterruptError("The workflow was cancelled."));
    await expect(handOverOnce(scene, signal)).rejects.toThrow("cancelled");
    expect(scene.github.requests).toEqual([]);
  });
});

function runOf(id: number): Parameters<FakeGitHub["addRun"]>[0] {
  return {
    id,
    html_url: `https://github.com/octocat/hello-world/actions/runs/${id}`,
    event: "workflow_dispatch",
    head_branch: "main",
    created_at: "2026-01-01T00:00:00Z",
  };
}
