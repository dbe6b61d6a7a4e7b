import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SimulatorOptions } from "../../src/simulator/index.ts";
import { type FakeGitHub, fakeGitHub, type FakeGitHubOptions } from "../support/github.ts";
import { errorsOf, type Job, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";
import type { MainResult } from "./runner.ts";

const commit = "ffac537e6cbbf934b08745a378932722df287a53";

/** A job whose repository is on a GitHub of its own. */
async function openWorkflow(options: SimulatorOptions = {}, onGitHub: FakeGitHubOptions = {}) {
  const job = await openJob(options);
  const github = await fakeGitHub(onGitHub);
  return {
    job,
    github,
    settings: { context: { apiUrl: github.url } },
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
    },
  };
}

const shown = (github: FakeGitHub, of = commit) => github.statusesOf(of).map(({ state }) => state);

function fileOf(job: Job): string {
  return job.write("requests.jsonl", jsonl(chats(3)));
}

function warningsOf({ annotations }: Pick<MainResult, "annotations">): readonly string[] {
  return annotations.filter(({ kind }) => kind === "warning").map(({ message }) => message);
}

describe.concurrent("the built action on GitHub", () => {
  it("creates in one job and collects in another, each batch once", async () => {
    const atOnce = { phases: { validating: 0, inProgress: 0, finalizing: 0 } };
    await using workflow = await openWorkflow(atOnce);
    const { job, github, settings } = workflow;
    const created = await job.run(
      { operation: "create", "input-file": fileOf(job), "commit-status": "openai-batch" },
      settings,
    );
    expect(errorsOf(created)).toEqual([]);
    expect(shown(github)).toEqual(["pending"]);
    const collect = { operation: "collect", "output-file": "results/{batch-id}.jsonl" };
    const step = job.start(collect, settings);
    const first = await step.done;
    expect(errorsOf(first)).toEqual([]);
    expect(first.outputs["batch-id"]).toBe(created.outputs["batch-id"]);
    expect(shown(github)).toEqual(["pending", "pending"]);
    const post = await step.post("success");
    expect(post).toMatchObject({ exitCode: 0 });
    expect(post.log.join()).toContain("Recorded as collected");
    expect(readdirSync(join(job.workspace, "results"))).toEqual([
      `${created.outputs["batch-id"] ?? ""}.jsonl`,
    ]);
    expect(shown(github)).toEqual(["pending", "pending", "success"]);
    const second = await job.run(collect, settings);
    expect(second).toMatchObject({ exitCode: 0, outputs: { done: "true" } });
    expect(shown(github)).toHaveLength(3);
    // The token is the job's own, and no log has it.
    expect(first.log.join()).not.toContain("ghs_");
  });

  it("does not count as collected what a job has lost that failed after it", async () => {
    const atOnce = { phases: { validating: 0, inProgress: 0, finalizing: 0 } };
    await using workflow = await openWorkflow(atOnce);
    const { job, settings } = workflow;
    const id = await job.submit({
      metadata: {
        github_repository: "octocat/hello-world",
        creation_id: `${commit}/1`,
      },
    });
    const collect = { operation: "collect", "output-file": "results/{batch-id}.jsonl" };
    const step = job.start(collect, settings);
    expect((await step.done).outputs["batch-id"]).toBe(id);
    await step.post("failure");
    expect((await job.run(collect, settings)).outputs["batch-id"]).toBe(id);
  });

  it("sets the status of a pull request's head, and warns where a fork's token may not", async () => {
    await using workflow = await openWorkflow();
    const { job, github } = workflow;
    const head = "a".repeat(40);
    const event = job.write(
      "event.json",
      JSON.stringify({ pull_request: { head: { sha: head, repo: { full_name: "mona/hello" } } } }),
    );
    const settings = {
      context: { apiUrl: github.url, eventName: "pull_request", ref: "refs/pull/7/merge" },
      env: { GITHUB_EVENT_PATH: join(job.workspace, event) },
    };
    const inputs = { operation: "create", "commit-status": "batch", "input-file": fileOf(job) };
    const allowed = await job.run(inputs, settings);
    expect(errorsOf(allowed)).toEqual([]);
    expect(shown(github, head)).toEqual(["pending"]);
    github.fail("create-status", {
      status: 403,
      message: "Resource not accessible by integration",
    });
    const refused = await job.run({ ...inputs, "idempotency-key": "another" }, settings);
    expect(refused.exitCode).toBe(0);
    expect(warningsOf(refused).join()).toContain("a pull request from a fork never gets it");
  });

  it("starts its workflow again at the timeout, and the post step leaves the batch alone", async () => {
    await using workflow = await openWorkflow({ phases: { inProgress: Infinity } });
    const { job, github, settings } = workflow;
    const id = await job.submit();
    const inputs = {
      operation: "wait",
      "batch-id": id,
      timeout: "0.2s",
      "on-timeout": "dispatch",
      "cancel-on": "failure, cancelled",
    };
    const step = job.start(inputs, settings);
    const main = await step.done;
    expect(errorsOf(main)).toEqual([]);
    expect(main).toMatchObject({ exitCode: 0, outputs: { "batch-id": id, done: "false" } });
    expect(github.dispatches).toEqual([{ ref: "main", inputs: { "batch-id": id } }]);
    const post = await step.post("failure");
    expect(post.exitCode).toBe(0);
    expect(job.simulator.batches[0]?.status).toBe("in_progress");
  });

  it("does not start it under a signal, and cancels as without it", async () => {
    await using workflow = await openWorkflow({ phases: { inProgress: Infinity } });
    const { job, github, settings } = workflow;
    const id = await job.submit();
    const inputs = { operation: "wait", "batch-id": id, "on-timeout": "dispatch" };
    const step = job.start(inputs, settings);
    await step.waitForLine(/in_progress/);
    await step.cancel();
    expect(github.requests).toEqual([]);
    expect(["cancelling", "cancelled"]).toContain(job.simulator.batches[0]?.status);
  });

  it("keeps a run that has just been started when the signal comes before GitHub's answer", async () => {
    await using workflow = await openWorkflow({ phases: { inProgress: Infinity } });
    const { job, github, settings } = workflow;
    const id = await job.submit();
    const arrived = Promise.withResolvers<undefined>();
    github.hold("dispatch", 1_000, () => {
      arrived.resolve(undefined);
    });
    const step = job.start(
      { operation: "wait", "batch-id": id, timeout: "0.2s", "on-timeout": "dispatch" },
      settings,
    );
    await arrived.promise;
    const main = await step.cancel();
    expect(main.signalsSent).toEqual(["SIGINT"]);
    const post = await step.post();
    expect(post.exitCode).toBe(0);
    expect(github.dispatches).toHaveLength(1);
    expect(job.simulator.batches[0]?.status).toBe("in_progress");
  });

  it("finds the run that names its batch when it was killed before GitHub's answer", async () => {
    const runName = (inputs?: Record<string, unknown>) => `Batch ${String(inputs?.["batch-id"])}`;
    await using workflow = await openWorkflow({ phases: { inProgress: Infinity } }, { runName });
    const { job, github, settings } = workflow;
    const id = await job.submit();
    const arrived = Promise.withResolvers<undefined>();
    github.hold("dispatch", 1_000, () => {
      arrived.resolve(undefined);
    });
    const step = job.start(
      { operation: "wait", "batch-id": id, timeout: "0.2s", "on-timeout": "dispatch" },
      settings,
    );
    await arrived.promise;
    await step.kill();
    const post = await step.post("cancelled");
    expect(post.exitCode).toBe(0);
    expect(job.simulator.batches[0]?.status).toBe("in_progress");
    expect(post.log.join()).toContain("which was started for them");
  });
});
