import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../src/simulator/index.ts";
import { openFolder } from "../support/folder.ts";
import { asSoonAs, until } from "../support/until.ts";
import { cancels, count, creates, downloads, KEY } from "./calls.ts";
import { runWorkflow, type WorkflowRun } from "./engine.ts";
import { copyRepository } from "./repository.ts";

interface Example extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly run: (name: string, cancel?: AbortSignal) => Promise<WorkflowRun>;
}

async function openExample(options: SimulatorOptions = {}): Promise<Example> {
  await using opened = new AsyncDisposableStack();
  const simulator = opened.use(await startSimulator(options));
  const folder = opened.use(await openFolder());
  copyRepository(folder.path);
  const owned = opened.move();
  return {
    simulator,
    run: async (name, cancel) =>
      runWorkflow({
        repository: folder.path,
        workflow: join(".github/workflows", name),
        vars: { OPENAI_BASE_URL: simulator.url },
        secrets: { OPENAI_API_KEY: KEY },
        env: { GITHUB_RUN_ID: "4711" },
        ...(cancel !== undefined && { cancel }),
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const never = { phases: { inProgress: Infinity } };

async function allCancelled({ simulator }: Example): Promise<void> {
  await until(() => simulator.batches.every(({ status }) => status === "cancelled"));
}

describe("example-run.yml", () => {
  it("carries a batch to its end in one step", async () => {
    await using example = await openExample();
    const run = await example.run("example-run.yml");
    expect(run.jobs).toEqual({ run: ["success"] });
    expect(run.exitCode).toBe(0);
    expect(run.outputs("run", "batch")).toMatchObject({
      "batch-id": example.simulator.batches[0]?.id,
      status: "completed",
      done: "true",
      conclusion: "success",
      "request-total": "120",
      "request-failed": "0",
      reused: "false",
    });
    expect([count(example.simulator, creates), count(example.simulator, cancels)]).toEqual([1, 0]);
    expect(count(example.simulator, downloads)).toBe(1);
    expect(example.simulator.batches).toMatchObject([
      { metadata: { github_repository: "owner/repository", github_run_id: "4711" } },
    ]);
  });

  it("fails when the batch does, and shows the key to nobody", async () => {
    await using example = await openExample({ outcome: "failed" });
    const run = await example.run("example-run.yml");
    expect(run.exitCode).not.toBe(0);
    expect(run.jobs).toEqual({ run: ["failure"] });
    expect(run.outputs("run", "batch")).toMatchObject({ status: "failed", conclusion: "failure" });
    expect(run.shown.join("\n")).not.toContain(KEY);
  });

  it("pays nothing twice when it is run again (act has no attempts: the run keeps its id)", async () => {
    await using example = await openExample();
    const first = await example.run("example-run.yml");
    const again = await example.run("example-run.yml");
    expect([first.exitCode, again.exitCode]).toEqual([0, 0]);
    expect(again.outputs("run", "batch")).toMatchObject({
      reused: "true",
      "batch-id": first.outputs("run", "batch")["batch-id"],
    });
    expect(count(example.simulator, creates)).toBe(1);
  });

  it("is cleaned up by the post step when the run is cancelled (act kills main at once)", async () => {
    await using example = await openExample(never);
    const cancel = new AbortController();
    asSoonAs(
      () => example.simulator.batches.length === 1,
      () => {
        cancel.abort();
      },
    );
    const run = await example.run("example-run.yml", cancel.signal);
    expect(run.exitCode).not.toBe(0);
    expect(run.steps).toContainEqual({
      job: "run",
      id: "batch",
      stage: "Post",
      result: "success",
    });
    expect(count(example.simulator, cancels)).toBe(1);
    await allCancelled(example);
  });
});

describe("example-chain.yml", () => {
  it("hands batch-id and status from job to job", async () => {
    await using example = await openExample();
    const run = await example.run("example-chain.yml");
    const [batch] = example.simulator.batches;
    expect(run.exitCode).toBe(0);
    expect(run.jobs).toEqual({
      create: ["success"],
      announce: ["success"],
      wait: ["success"],
      publish: ["success"],
    });
    expect(run.outputs("create", "batch")).toMatchObject({
      "batch-id": batch?.id,
      status: "validating",
      done: "false",
    });
    expect(run.outputs("wait", "batch")).toMatchObject({
      "batch-id": batch?.id,
      status: "completed",
      "request-total": "120",
    });
    expect(run.printed("publish")).toContain(`Publishing the answers of ${batch?.id}.`);
    expect([count(example.simulator, creates), count(example.simulator, cancels)]).toEqual([1, 0]);
    expect(count(example.simulator, downloads)).toBe(1);
  });

  it("takes the other way when the batch fails", async () => {
    await using example = await openExample({ outcome: "failed" });
    const run = await example.run("example-chain.yml");
    expect(run.exitCode).not.toBe(0);
    expect(run.jobs).toEqual({
      create: ["success"],
      announce: ["success"],
      wait: ["failure"],
      report: ["success"],
    });
    expect(run.printed("report")).toContain(`${example.simulator.batches[0]?.id} is failed.`);
  });
});

describe("example-cancel.yml", () => {
  it("cancels the batch of a job that failed, by cancel-on and by a step", async () => {
    await using example = await openExample(never);
    const run = await example.run("example-cancel.yml");
    expect(run.exitCode).not.toBe(0);
    expect(run.jobs).toEqual({ "by-cancel-on": ["failure"], "by-step": ["failure"] });
    expect([count(example.simulator, creates), count(example.simulator, cancels)]).toEqual([2, 2]);
    await allCancelled(example);
  });

  it("tells each job.status to its post step, also after a failure", async () => {
    await using example = await openExample(never);
    const run = await example.run("example-cancel.yml");
    const said = (job: string) => run.printed(job).join("\n");
    expect(said("by-cancel-on")).toMatch(
      /Cancelling batch_\w+, because the job's status is failure/,
    );
    expect(said("by-step")).toMatch(/batch_\w+: cancel|Not cancelled, because/);
  });
});

describe("example-matrix.yml", () => {
  it("makes one batch a leg and collects them all", async () => {
    await using example = await openExample();
    const run = await example.run("example-matrix.yml");
    expect(run.exitCode).toBe(0);
    expect(run.jobs).toEqual({ create: ["success", "success", "success"], collect: ["success"] });
    const ids = example.simulator.batches.map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(run.outputs("collect", "results")["batch-id"]?.split(",").sort()).toEqual(ids.sort());
    expect(run.outputs("collect", "results")).toMatchObject({
      status: "completed",
      "request-total": "66",
      "request-completed": "66",
    });
    expect(example.simulator.batches.map(({ metadata }) => metadata?.["kind"]).sort()).toEqual([
      "classify",
      "extract",
      "translate",
    ]);
    expect([count(example.simulator, creates), count(example.simulator, cancels)]).toEqual([3, 0]);
    expect(count(example.simulator, downloads)).toBe(3);
  });
});
