import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { cleanUp } from "../../src/action/cleanup.ts";
import { KEY } from "../e2e/job.ts";
import { openScene, type Scene } from "./github/scene.ts";
import { recordingToolkit, type RecordingToolkit } from "./toolkit.ts";

const endless = { phases: { inProgress: Infinity, cancelling: 0 } };
const late = { timeout: "0.5s", "on-timeout": "cancel" };
const own = { "idempotency-key": "nightly" };

const run = (scene: Scene, more: Readonly<Record<string, string>>) =>
  scene.act({ operation: "run", "input-file": scene.requestFile(2), ...late, ...more });

const statusesOf = ({ job }: Scene) => job.simulator.batches.map(({ status }) => status);

/** The post step of a step, as the job ends. */
async function endJob(scene: Scene, step: RecordingToolkit, jobStatus: string) {
  const post = recordingToolkit({
    "api-key": KEY,
    "base-url": scene.job.simulator.url,
    "job-status": jobStatus,
    "cancel-on": "failure, cancelled",
  });
  await cleanUp({ ...post.toolkit, getState: step.toolkit.getState }, scene.env);
  return post.said.join("\n");
}

describe("on-timeout: cancel", () => {
  it("cancels what the run has created, and says which", async () => {
    await using scene = await openScene(endless);
    const step = await run(scene, { "max-requests-per-batch": "1" });
    const ids = scene.job.simulator.batches.map(({ id }) => id);
    expect(statusesOf(scene)).toEqual(["cancelled", "cancelled"]);
    expect(step.failures).toHaveLength(1);
    expect(step.failures[0]).toContain(`${ids.join(", ")} were cancelled, as \`on-timeout\` asks.`);
    expect(step.failures[0]).not.toMatch(/running|not sent/);
    expect(await endJob(scene, step, "failure")).toContain("Nothing to clean up");
  });

  it("leaves what was adopted from another run, which may still wait for it", async () => {
    await using scene = await openScene(endless);
    const create = { operation: "create", "input-file": scene.requestFile(2), ...own };
    await scene.act(create, { GITHUB_RUN_ID: "77" });
    const step = await run(scene, own);
    const id = scene.job.simulator.batches[0]?.id ?? "none";
    expect(statusesOf(scene)).toEqual(["in_progress"]);
    expect(step.outputs).toMatchObject({ "batch-id": id, reused: "true", done: "false" });
    expect(step.said).toContainEqual(
      expect.stringMatching(`^notice: ${id} is not cancelled: it was adopted from another run`),
    );
    expect(step.failures).toEqual([expect.stringContaining(`${id} was still running`)]);
    expect(step.failures.join()).not.toContain("cancelled");

    // Nor does the job's failure for the timeout cancel it; a cancelled workflow does.
    expect(await endJob(scene, step, "failure")).toContain("was not to cancel it");
    expect(statusesOf(scene)).toEqual(["in_progress"]);
    await endJob(scene, step, "cancelled");
    expect(statusesOf(scene)[0]).toMatch(/^cancel/);
  });

  it("names the requests that were not sent, which only a run with the same input sends", async () => {
    await using scene = await openScene(endless);
    const one = { "max-requests-per-batch": "1", "max-active-batches": "1" };
    const step = await run(scene, one);
    expect(statusesOf(scene)).toEqual(["cancelled"]);
    expect(step.outputs).toMatchObject({
      "request-unsent": "1",
      "batch-count": "1",
      done: "false",
    });
    expect(step.failures).toEqual([
      expect.stringContaining(
        "1 request of the input was not sent; run the step again with the same input to send it.",
      ),
    ]);
  });
});

describe("requests that never ran, beside others that were not sent", () => {
  it("count as failed once the lines of their batch are read, whatever the server counts", async () => {
    await using scene = await openScene(endless);
    const error = scene.path("errors.jsonl");
    const one = { "max-requests-per-batch": "1", "max-active-batches": "1", "error-file": error };
    const step = await run(scene, one);
    expect(step.outputs).toMatchObject({
      "request-total": "1",
      "request-completed": "0",
      "request-failed": "1",
      "request-unsent": "1",
    });
    expect(readFileSync(error, "utf8").trim().split("\n")).toHaveLength(2);
    expect(step.summary()).toContain("1 request · 0 answered · **1 failed** · **1 not sent**");
    // The other one has not failed, so these are not all failed requests.
    expect(step.said).toContain(`info: Wrote 2 lines to ${error}.`);
    expect(step.summary()).toContain("- 2 lines: ");
    expect(step.summary()).toContain("- 1 request of the input was not sent; run the step again");
  });
});

describe("a batch that the timeout leaves running", () => {
  it.each(["fail", "continue"])(
    "under %s is not cancelled because the job fails, but with the workflow",
    async (onTimeout) => {
      await using scene = await openScene(endless);
      const step = await run(scene, { "on-timeout": onTimeout });
      expect(step.failures).toHaveLength(onTimeout === "fail" ? 1 : 0);
      await endJob(scene, step, "failure");
      expect(statusesOf(scene)).toEqual(["in_progress"]);
      await endJob(scene, step, "cancelled");
      expect(statusesOf(scene)[0]).toMatch(/^cancel/);
    },
  );
});

it.each([
  ["continue", []],
  ["fail", [expect.stringContaining("2 requests of the input were not sent")]],
])(
  "a server that wants to be asked after the timeout is judged by it: %s",
  async (onTimeout, failures) => {
    await using scene = await openScene(endless);
    scene.job.simulator.addFault({
      method: "POST",
      path: "/files",
      times: Infinity,
      fault: { kind: "status", status: 429, headers: { "retry-after": "7200" } },
    });
    const step = await run(scene, { "on-timeout": onTimeout });
    expect(step.failures).toEqual(failures);
    expect(step.outputs).toMatchObject({ done: "false", "request-unsent": "2" });
    expect(step.said).toContainEqual(
      expect.stringMatching(/^warning: Batch 1 cannot be sent before/),
    );
  },
);
