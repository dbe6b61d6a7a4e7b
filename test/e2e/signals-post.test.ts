import { describe, expect, it } from "vitest";
import { hurried } from "./hurry.ts";
import { ended, errorsOf, eventually, type Job, KEY, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";
import type { JobStatus, PostResult, Step } from "./runner.ts";

/** A batch that neither ends by itself nor is soon done with its cancel. */
const endless = { inProgress: Infinity, cancelling: Infinity };

function start(job: Job, inputs: Readonly<Record<string, string>> = {}, settings = {}): Step {
  const file = job.write("requests.jsonl", jsonl(chats(3)));
  return job.start({ operation: "run", "input-file": file, ...inputs }, settings);
}

async function called(job: Job, call: RegExp): Promise<void> {
  await eventually(() => call.test(job.calls().join("\n")));
}

/** Runs the post step, and asserts what holds for every one: it never fails a job and prints no secret. */
async function cleaned(step: Step, status?: JobStatus): Promise<PostResult> {
  const result = await step.post(status);
  expect(result).toMatchObject({ exitCode: 0, signal: null, conclusion: "success" });
  expect(errorsOf(result)).toEqual([]);
  expect(result.raw.replaceAll(/^::add-mask::.*$/gm, "") + result.summary).not.toContain(KEY);
  return result;
}

function warningsOf({ annotations }: PostResult): string {
  return annotations
    .filter(({ kind }) => kind === "warning")
    .map(({ message }) => message)
    .join("\n");
}

const cancelCalls = (job: Job) => job.calls().filter((call) => call.endsWith("/cancel"));
const statusesOf = (job: Job) => job.simulator.batches.map(({ status }) => status);

describe.concurrent("main was killed", () => {
  it("while polling, and post cancels the batch", async () => {
    await using job = await openJob({ phases: endless });
    const step = start(job);
    await step.waitForLine(/: in_progress/);
    const killed = await step.kill();
    const [batch] = job.simulator.batches;
    expect(killed).toMatchObject({ signal: "SIGKILL", outputs: { "batch-id": batch?.id } });
    const post = await cleaned(step, "cancelled");
    expect(post.log.join("\n")).toMatch(
      new RegExp(`Cancelling ${batch?.id ?? "none"}, because the job's status is cancelled`),
    );
    expect(statusesOf(job)).toEqual(["cancelling"]);
  });

  it("during the create, and post finds the batch by its key", async () => {
    await using job = await openJob({ phases: endless, listLag: 600 });
    const other = await job.submit();
    const fault = { kind: "hang", processed: true } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault });
    const step = start(job);
    await eventually(() => job.simulator.batches.length === 2);
    const killed = await step.kill();
    expect(killed.outputs["batch-id"]).toBeUndefined();
    await cleaned(step, "cancelled");
    expect(job.simulator.batches).toMatchObject([
      { id: other, status: "in_progress" },
      { status: "cancelling" },
    ]);
  });

  it("in a job that failed and was not cancelled: the batch runs on, as cancel-on says, and is named", async () => {
    await using job = await openJob({ phases: endless });
    const step = start(job);
    await step.waitForLine(/: in_progress/);
    await step.kill();
    const post = await cleaned(step, "failure");
    const id = job.simulator.batches[0]?.id ?? "none";
    expect(post.log.join("\n")).toContain(
      `Not cancelled, because the job's status is failure: ${id}.`,
    );
    expect(statusesOf(job)).toEqual(["in_progress"]);
  });

  it("during a create that never came to be, and post warns that it cannot know", async () => {
    await using job = await openJob({ phases: endless });
    job.simulator.addFault({ method: "POST", path: "/batches", fault: { kind: "hang" } });
    const step = start(job, {}, { env: hurried(10) });
    await called(job, /^POST \/batches$/m);
    await step.kill();
    const before = job.calls().length;
    const post = await cleaned(step);
    expect(warningsOf(post)).toMatch(
      /whether a batch of it runs is not known: the list of batches does not show it.*creation_id/,
    );
    // The list may lag, so that one look is not enough.
    expect(job.calls().length - before).toBeGreaterThan(2);
  });

  it("before anything was sent, and there is nothing to do", async () => {
    await using job = await openJob({ phases: endless });
    job.simulator.addFault({ method: "POST", path: "/files", fault: { kind: "hang" } });
    const step = start(job);
    await called(job, /^POST \/files$/m);
    await step.kill();
    const before = job.calls().length;
    const post = await cleaned(step);
    expect(post.log.join("\n")).toMatch(/[Nn]othing to clean up/);
    expect(job.calls()).toHaveLength(before);
  });

  it("without any signal as in a container, and the cancelled job's post cancels the batch", async () => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    const step = job.start({ operation: "wait", "batch-id": id });
    await step.waitForLine(/: in_progress/);
    await step.kill();
    await cleaned(step, "cancelled");
    expect(statusesOf(job)).toEqual(["cancelling"]);
  });

  it("but cancel-on is never: a batch that was not reported yet is reported, and left alone", async () => {
    await using job = await openJob({ phases: endless });
    const fault = { kind: "hang", processed: true } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault });
    const step = start(job, { "cancel-on": "never" });
    await eventually(() => job.simulator.batches.length === 1);
    await step.kill();
    const post = await cleaned(step, "cancelled");
    expect(warningsOf(post)).toContain(job.simulator.batches[0]?.id);
    expect(warningsOf(post)).toContain("never");
    expect(statusesOf(job)).toEqual(["in_progress"]);
  });
});

describe.concurrent("no signal came, and the job ended", () => {
  const left = "left running";
  const cancelled = "cancelled";

  // One step, then the post step as each ending of the job would run it.
  it.each<[string, JobStatus, string]>([
    ["cancelled", "success", left],
    ["cancelled", "failure", left],
    ["cancelled", "cancelled", cancelled],
    ["failure", "success", left],
    ["failure", "failure", cancelled],
    ["failure", "cancelled", left],
    ["cancelled, failure", "success", left],
    ["cancelled, failure", "failure", cancelled],
    ["cancelled, failure", "cancelled", cancelled],
    ["never", "success", left],
    ["never", "failure", left],
    ["never", "cancelled", left],
  ])("cancel-on %s and a job that is %s: the batch is %s", async (cancelOn, status, fate) => {
    await using job = await openJob({ phases: endless });
    const step = start(job, { operation: "create", "cancel-on": cancelOn });
    expect(await step.done).toMatchObject({ exitCode: 0 });
    const before = job.calls().length;
    const post = await cleaned(step, status);
    const id = job.simulator.batches[0]?.id ?? "none";
    if (fate === cancelled) {
      expect(statusesOf(job)).toEqual(["cancelling"]);
      expect(post.log.join("\n")).toMatch(
        new RegExp(`Cancelling ${id}, because the job's status is ${status}`),
      );
    } else {
      expect(job.calls()).toHaveLength(before);
      expect(post.log.join("\n")).toMatch(
        new RegExp(`Not cancelled, because .*${cancelOn === "never" ? "never" : status}.*: ${id}`),
      );
      expect(warningsOf(post)).toBe("");
    }
  });

  it("a batch that this step has adopted is cancelled as one that it made", async () => {
    await using job = await openJob({ phases: endless });
    const own = { operation: "create", "idempotency-key": "nightly", "cancel-on": "failure" };
    await start(job, own).done;
    const step = start(job, own, { context: { runId: "2" } });
    expect(await step.done).toMatchObject({ outputs: { reused: "true" } });
    await cleaned(step, "failure");
    expect(statusesOf(job)).toEqual(["cancelling"]);
  });

  it.each(["success", "failure", "cancelled"] as const)(
    "a batch that main has seen to its end costs no call when the job is %s",
    async (status) => {
      await using job = await openJob();
      const step = start(job, { "cancel-on": "cancelled, failure" });
      expect(await step.done).toMatchObject({ exitCode: 0, outputs: { status: "completed" } });
      const before = job.calls().length;
      const post = await cleaned(step, status);
      expect(post.log.join("\n")).toMatch(/[Nn]othing to clean up/);
      expect(job.calls()).toHaveLength(before);
    },
  );

  it("a batch that finished after main is not touched", async () => {
    await using job = await openJob();
    const step = start(job, { operation: "create", "cancel-on": "failure" });
    await step.done;
    await ended(job);
    const post = await cleaned(step, "failure");
    expect(post.log.join("\n")).toMatch(/^batch_\w+: completed/m);
    expect(statusesOf(job)).toEqual(["completed"]);
    expect(cancelCalls(job)).toEqual([]);
  });

  it("a timeout that was told to let the batch run does so when the job succeeds", async () => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    const inputs = { operation: "wait", "batch-id": id, "on-timeout": "continue" };
    const step = job.start({ ...inputs, timeout: "1s", "cancel-on": "cancelled, failure" });
    expect(await step.done).toMatchObject({ exitCode: 0, outputs: { done: "false" } });
    await cleaned(step, "success");
    expect(statusesOf(job)).toEqual(["in_progress"]);
  });

  it.each<[string, number, unknown, string]>([
    ["a wrong request", 400, undefined, "400"],
    [
      "a used-up quota",
      429,
      { error: { message: "You exceeded your quota.", code: "insufficient_quota" } },
      "insufficient_quota",
    ],
  ])(
    "a create that was refused for good (%s) leaves post nothing to look for",
    async (_, status, body, told) => {
      await using job = await openJob();
      const fault = { kind: "status", status, ...(body !== undefined && { body }) } as const;
      job.simulator.addFault({ method: "POST", path: "/batches", fault });
      const step = start(job);
      const result = await step.done;
      expect(errorsOf(result).join()).toContain(told);
      const before = job.calls().length;
      await cleaned(step, "cancelled");
      expect(job.calls()).toHaveLength(before);
    },
  );
});

describe.concurrent("post cannot cancel", () => {
  it("because nobody listens, and warns with the id", async () => {
    await using job = await openJob({ phases: endless });
    // The post step tries for four minutes.
    const step = start(job, {}, { env: hurried(50) });
    await step.waitForLine(/: in_progress/);
    await step.kill();
    const id = job.simulator.batches[0]?.id;
    await job.simulator.close();
    const post = await cleaned(step, "cancelled");
    expect(warningsOf(post)).toContain(id);
    expect(warningsOf(post)).toMatch(/may be running and billed.*operation: cancel/);
  });

  it("because the server stays silent, and warns with the id before its request timeout", async () => {
    await using job = await openJob({ phases: endless });
    const settings = { env: hurried(50) };
    const step = start(job, { "max-retries": "0", "request-timeout": "10m" }, settings);
    await step.waitForLine(/: in_progress/);
    await step.kill();
    job.simulator.addFault({ times: Infinity, fault: { kind: "hang" } });
    const post = await cleaned(step, "cancelled");
    expect(warningsOf(post)).toContain(job.simulator.batches[0]?.id);
  });

  it("because the key is refused, and warns at once without printing it", async () => {
    await using job = await openJob({ phases: endless });
    const step = start(job);
    await step.waitForLine(/: in_progress/);
    await step.kill();
    const body = { error: { message: `Incorrect API key: ${KEY}`, code: "invalid_api_key" } };
    job.simulator.addFault({ times: Infinity, fault: { kind: "status", status: 401, body } });
    const post = await cleaned(step, "cancelled");
    expect(warningsOf(post)).toContain(job.simulator.batches[0]?.id);
    expect(warningsOf(post)).toContain("invalid_api_key");
  });

  it("because the server asks for minutes, and does not wait for them", async () => {
    await using job = await openJob({ phases: endless });
    const step = start(job);
    await step.waitForLine(/: in_progress/);
    await step.kill();
    const headers = { "retry-after": "300" };
    const fault = { kind: "status", status: 429, headers } as const;
    job.simulator.addFault({ times: Infinity, fault });
    const post = await cleaned(step, "cancelled");
    expect(warningsOf(post)).toContain(job.simulator.batches[0]?.id);
  });

  it("as the list cannot be read, and warns with what to look for", async () => {
    await using job = await openJob({ phases: endless });
    const fault = { kind: "hang", processed: true } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault });
    const step = start(job, {}, { env: hurried(10) });
    await eventually(() => job.simulator.batches.length === 1);
    await step.kill();
    const refused = { kind: "status", status: 403 } as const;
    job.simulator.addFault({ path: "/batches", times: Infinity, fault: refused });
    const post = await cleaned(step, "cancelled");
    const { creation_id: creation } = job.simulator.batches[0]?.metadata ?? {};
    expect(warningsOf(post)).toContain(`creation_id ${creation ?? "none"}`);
  });

  it("a batch that is being cancelled already, and is content", async () => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    const step = job.start({ operation: "wait", "batch-id": id });
    await step.waitForLine(/: in_progress/);
    await step.kill();
    await job.run({ operation: "cancel", "batch-id": id });
    const post = await cleaned(step, "cancelled");
    expect(warningsOf(post)).toBe("");
    expect(statusesOf(job)).toEqual(["cancelling"]);
  });
});
