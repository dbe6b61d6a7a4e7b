import { describe, expect, it } from "vitest";
import { type FaultRule, manualClock } from "../../src/simulator/index.ts";
import { errorsOf, eventually, type Job, KEY, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";
import type { MainResult, PostResult, Step } from "./runner.ts";

/** A batch that neither ends by itself nor is soon done with its cancel. */
const endless = { inProgress: Infinity, cancelling: Infinity };

/**
 * What follows SIGINT comes late: whether a step ends by itself should not depend on how busy the machine is. That it ends
 * within the runner's 7.5 seconds is a matter of its own clock.
 */
const patient = { signals: { terminate: 90_000, kill: 100_000 } };

function startRun(job: Job, inputs: Readonly<Record<string, string>> = {}, settings = {}): Step {
  const file = job.write("requests.jsonl", jsonl(chats(3)));
  const given = { operation: "run", "input-file": file, ...inputs };
  return job.start(given, { ...patient, ...settings });
}

/** Waits until a call such as `POST /batches` has come in so many times. */
async function called(job: Job, call: string | RegExp, times = 1): Promise<void> {
  await eventually(() => callsOf(job, call).length >= times);
}

function callsOf(job: Job, call: string | RegExp): readonly string[] {
  return job.calls().filter((made) => (typeof call === "string" ? made === call : call.test(made)));
}

/** Waits until a step has noticed that it should end: it saves that for post at once. */
async function noticed(step: Step): Promise<void> {
  await eventually(() => step.state()["interrupted"] !== undefined);
}

/** Holds the next such call; the function that is returned lets it go on. */
function hold(job: Job, rule: Omit<FaultRule, "fault">): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  job.simulator.addFault({ ...rule, fault: { kind: "delay", until: promise } });
  return () => {
    resolve(undefined);
  };
}

const cancels = /^POST \/batches\/[^/]+\/cancel$/;
const looks = /^GET \/batches\/batch_/;

/** Ends a step by signal, and asserts what holds for every step that is signalled. */
async function signalled(ending: () => Promise<MainResult>): Promise<MainResult> {
  const result = await ending();
  expect(result.signal).toBeNull();
  expect(result.exitCode).toBe(1);
  secretless(result);
  return result;
}

/** Runs the post step, and asserts what holds for every one. */
async function cleaned(step: Step, status?: "success" | "failure" | "cancelled") {
  const result = await step.post(status);
  expect(result).toMatchObject({ exitCode: 0, signal: null, conclusion: "success" });
  expect(errorsOf(result)).toEqual([]);
  secretless(result);
  return result;
}

function secretless({ raw, summary }: PostResult): void {
  expect(raw.replaceAll(/^::add-mask::.*$/gm, "") + summary).not.toContain(KEY);
}

/** What a step that has cancelled its batch leaves behind. */
function expectCancelled(job: Job, result: MainResult): void {
  const [batch, ...more] = job.simulator.batches;
  expect(more).toEqual([]);
  expect(batch?.status).toBe("cancelling");
  expect(result.outputs).toMatchObject({ "batch-id": batch?.id, status: "cancelling" });
  expect(result.summary).toContain(batch?.id);
  expect(result.summary).toContain("cancelling");
}

describe.concurrent("a signal before the create", () => {
  it("ends an upload that hangs, and there is nothing to clean up", async () => {
    await using job = await openJob({ phases: endless });
    job.simulator.addFault({ method: "POST", path: "/files", fault: { kind: "hang" } });
    const step = startRun(job);
    await called(job, "POST /files");
    const result = await signalled(step.cancel);
    expect(errorsOf(result).join()).toMatch(/cancelled/);
    const post = await cleaned(step);
    expect(post.log.join("\n")).toMatch(/[Nn]othing to clean up/);
    expect(callsOf(job, "POST /batches")).toEqual([]);
  });

  it("ends the look for an earlier batch that hangs, and nothing is created", async () => {
    await using job = await openJob({ phases: endless });
    job.simulator.addFault({ method: "GET", path: "/batches", fault: { kind: "hang" } });
    const step = startRun(job);
    await called(job, "GET /batches");
    await signalled(step.cancel);
    await cleaned(step);
    expect(job.calls()).toEqual(["GET /batches"]);
  });
});

describe.concurrent("a signal during the create", () => {
  it.each(["run", "create"])(
    "lets %s have its answer for a moment, then cancels the batch",
    async (operation) => {
      await using job = await openJob({ phases: endless });
      const answer = hold(job, { method: "POST", path: "/batches" });
      const step = startRun(job, { operation });
      await called(job, "POST /batches");
      const [result] = await Promise.all([signalled(step.cancel), noticed(step).then(answer)]);
      expectCancelled(job, result);
      expect(result.signalsSent).toEqual(["SIGINT"]);
      const before = job.calls().length;
      const post = await cleaned(step);
      expect(post.log.join("\n")).toContain("the step itself has cancelled");
      expect(job.calls()).toHaveLength(before);
    },
  );

  it("leaves a batch whose answer never comes to post, which finds it by its key", async () => {
    await using job = await openJob({ phases: endless });
    const fault = { kind: "hang", processed: true } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault });
    const step = startRun(job);
    await called(job, "POST /batches");
    const result = await signalled(step.cancel);
    expect(result.signalsSent).toEqual(["SIGINT"]);
    expect(result.outputs["input-file-id"]).toBe(job.simulator.files[0]?.id);
    expect(job.simulator.batches).toMatchObject([{ status: "in_progress" }]);
    const post = await cleaned(step);
    expect(post.log.join("\n")).toContain(
      `Cancelling ${job.simulator.batches[0]?.id ?? "none"}, because`,
    );
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
  });

  it("leaves a batch whose answer was dropped to post, also when the list lags", async () => {
    await using job = await openJob({ phases: endless, listLag: 1_500 });
    job.simulator.addFault({ method: "POST", path: "/batches", fault: { kind: "drop-after" } });
    const step = startRun(job, { "request-timeout": "1s" });
    await step.waitForLine(/Looking for it in the list/);
    await signalled(step.cancel);
    await cleaned(step);
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
    expect(callsOf(job, "POST /batches")).toHaveLength(1);
  });

  it("is not followed by another try of a create that was refused for the moment", async () => {
    await using job = await openJob({ phases: endless });
    const headers = { "retry-after": "60" };
    const fault = { kind: "status", status: 429, headers } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault });
    const step = startRun(job);
    await step.waitForLine(/POST \/batches: attempt 1 failed/);
    await signalled(step.cancel);
    expect(callsOf(job, "POST /batches")).toHaveLength(1);
    expect(job.simulator.batches).toEqual([]);
  });
});

describe.concurrent("a signal after the create (dbt-cloud-action#20)", () => {
  it.each<[string, RegExp]>([
    ["as soon as the batch is there", /^Created batch_/],
    ["while it is polled", /: in_progress/],
  ])("cancels the batch %s", async (_, line) => {
    await using job = await openJob({ phases: endless });
    const step = startRun(job);
    await step.waitForLine(line);
    const result = await signalled(step.cancel);
    expectCancelled(job, result);
    expect(result.signalsSent).toEqual(["SIGINT"]);
    expect(errorsOf(result).join()).toContain("interrupted");
    const before = job.calls().length;
    await cleaned(step);
    expect(job.calls()).toHaveLength(before);
  });

  it("cancels the batch while a poll hangs", async () => {
    await using job = await openJob({ phases: endless });
    job.simulator.addFault({ method: "GET", path: "/batches/*", skip: 1, fault: { kind: "hang" } });
    const step = startRun(job);
    await called(job, looks, 2);
    const result = await signalled(step.cancel);
    expectCancelled(job, result);
    expect(result.signalsSent).toEqual(["SIGINT"]);
  });

  it("cancels the batch within a long pause between two looks", async () => {
    await using job = await openJob({ phases: endless });
    const step = startRun(job, { "poll-interval": "5m", "max-poll-interval": "5m" });
    await called(job, looks);
    expectCancelled(job, await signalled(step.cancel));
  });

  it("leaves the batch to post when the cancel hangs, and says so", async () => {
    await using job = await openJob({ phases: endless });
    const hang = { kind: "hang" } as const;
    job.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault: hang });
    const step = startRun(job);
    await step.waitForLine(/: in_progress/);
    const result = await signalled(step.cancel);
    const id = job.simulator.batches[0]?.id ?? "none";
    expect(result.signalsSent).toEqual(["SIGINT"]);
    expect(result.outputs["batch-id"]).toBe(id);
    expect(result.summary).toContain(id);
    expect(errorsOf(result).join()).toContain(`${id} could not be cancelled yet`);
    job.simulator.clearFaults();
    await cleaned(step);
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
  });

  it("has the worst case in time: an answer after the signal, then a cancel that hangs", async () => {
    await using job = await openJob({ phases: endless });
    const answer = hold(job, { method: "POST", path: "/batches" });
    const hang = { kind: "hang" } as const;
    job.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault: hang });
    const step = startRun(job);
    await called(job, "POST /batches");
    const [result] = await Promise.all([signalled(step.cancel), noticed(step).then(answer)]);
    expect(result.signalsSent).toEqual(["SIGINT"]);
    expect(result.outputs["batch-id"]).toBe(job.simulator.batches[0]?.id);
    job.simulator.clearFaults();
    await cleaned(step);
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
  });

  it("tries a cancel again that fails for a moment", async () => {
    await using job = await openJob({ phases: endless });
    const fault = { kind: "status", status: 503, headers: { "retry-after-ms": "10" } } as const;
    job.simulator.addFault({ path: "/batches/*/cancel", fault });
    const step = startRun(job);
    await step.waitForLine(/: in_progress/);
    expectCancelled(job, await signalled(step.cancel));
  });

  it("is not hurried by a second SIGINT", async () => {
    await using job = await openJob({ phases: endless });
    const answer = hold(job, { path: "/batches/*/cancel" });
    const step = startRun(job);
    await step.waitForLine(/: in_progress/);
    const [result] = await Promise.all([
      signalled(step.cancel),
      called(job, cancels).then(() =>
        Promise.all([
          step.cancel(),
          eventually(() => step.signalsSent().length === 2).then(answer),
        ]),
      ),
    ]);
    expect(result.signalsSent).toEqual(["SIGINT", "SIGINT"]);
    expectCancelled(job, result);
    expect(callsOf(job, cancels)).toHaveLength(1);
  });

  it("is not killed by the SIGTERM that follows", async () => {
    await using job = await openJob({ phases: endless });
    const answer = hold(job, { path: "/batches/*/cancel" });
    const step = startRun(job, {}, { signals: { terminate: 100, kill: 100_000 } });
    await step.waitForLine(/: in_progress/);
    const [result] = await Promise.all([
      signalled(step.cancel),
      eventually(() => step.signalsSent().length === 2).then(answer),
    ]);
    expect(result.signalsSent).toEqual(["SIGINT", "SIGTERM"]);
    expectCancelled(job, result);
  });

  it("cancels the batches of another step that it waits for", async () => {
    await using job = await openJob({ phases: endless });
    const ids = [await job.submit(), await job.submit()];
    const bystander = await job.submit();
    const step = job.start({ operation: "wait", "batch-id": ids.join(",") }, patient);
    await called(job, looks, 3);
    const result = await signalled(step.cancel);
    expect(result.outputs).toMatchObject({ "batch-id": ids.join(","), status: "cancelling" });
    expect(job.simulator.batches.map(({ id, status }) => [id, status])).toEqual([
      [ids[0], "cancelling"],
      [ids[1], "cancelling"],
      [bystander, "in_progress"],
    ]);
  });

  it("cancels a batch that the step waits for, even before its first look was answered", async () => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    job.simulator.addFault({ method: "GET", path: "/batches/*", fault: { kind: "hang" } });
    const step = job.start({ operation: "wait", "batch-id": id }, patient);
    await called(job, looks);
    const result = await signalled(step.cancel);
    expect(result.outputs).toMatchObject({ "batch-id": id, status: "cancelling" });
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
  });

  it("leaves the batch running when cancel-on is never, as post does", async () => {
    await using job = await openJob({ phases: endless });
    const step = startRun(job, { "cancel-on": "never" });
    await step.waitForLine(/: in_progress/);
    const result = await signalled(step.cancel);
    const id = job.simulator.batches[0]?.id ?? "none";
    expect(errorsOf(result).join()).toMatch(new RegExp(`Not cancelled.*never.*${id}`));
    expect(result.outputs["batch-id"]).toBe(id);
    const post = await cleaned(step);
    expect(post.log.join("\n")).toMatch(new RegExp(`Not cancelled.*never.*${id}`));
    expect(job.simulator.batches).toMatchObject([{ status: "in_progress" }]);
    expect(callsOf(job, cancels)).toEqual([]);
  });

  it("touches no batch that has finished, even while its results are fetched", async () => {
    await using job = await openJob();
    const fault = { kind: "hang" } as const;
    job.simulator.addFault({ path: "/files/*/content", times: Infinity, fault });
    const step = startRun(job, { "output-file": "results.jsonl" });
    await called(job, /^GET \/files\/.*\/content$/);
    const result = await signalled(step.cancel);
    // An interrupted run does not know whether it would have sent more.
    expect(result.outputs).toMatchObject({ status: "completed", done: "false" });
    await cleaned(step);
    expect(callsOf(job, cancels)).toEqual([]);
  });

  it("tells of a batch that finished before the cancel came as it is", async () => {
    const clock = manualClock(Date.now());
    await using job = await openJob({ clock });
    const step = startRun(job, { "poll-interval": "5m", "max-poll-interval": "5m" });
    await step.waitForLine(/: validating/);
    clock.advance(1_000);
    const result = await signalled(step.cancel);
    // An interrupted run does not know whether it would have sent more.
    expect(result.outputs).toMatchObject({ status: "completed", done: "false" });
    await cleaned(step);
    expect(job.simulator.batches).toMatchObject([{ status: "completed" }]);
  });
});

describe.concurrent("the timeout-minutes of a step", () => {
  it("is a signal like any other for main, although the job has failed", async () => {
    await using job = await openJob({ phases: endless });
    const step = startRun(job);
    await step.waitForLine(/: in_progress/);
    const result = await signalled(step.timeout);
    expect(result.conclusion).toBe("failure");
    expectCancelled(job, result);
  });

  it("lets post cancel what main could not, although cancel-on names no failure", async () => {
    await using job = await openJob({ phases: endless });
    const fault = { kind: "status", status: 400 } as const;
    job.simulator.addFault({ path: "/batches/*/cancel", fault });
    const step = startRun(job);
    await step.waitForLine(/: in_progress/);
    const result = await signalled(step.timeout);
    expect(result.conclusion).toBe("failure");
    expect(job.simulator.batches).toMatchObject([{ status: "in_progress" }]);
    const post = await cleaned(step);
    expect(post.log.join("\n")).toContain("the step was interrupted");
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
  });
});

describe.concurrent("operations that are answerable for no batch", () => {
  it.each([
    ["retrieve", looks],
    ["list", "GET /batches"],
  ] as const)("%s leaves all batches alone when it is interrupted", async (operation, call) => {
    await using job = await openJob({ phases: endless });
    const id = await job.submit();
    job.simulator.addFault({ method: "GET", path: /^\/batches/, fault: { kind: "hang" } });
    const before = job.calls().length;
    const step = job.start({
      operation,
      ...(operation === "retrieve" && { "batch-id": id }),
      "cancel-on": "cancelled, failure",
    });
    await called(job, call);
    await signalled(step.cancel);
    const post = await cleaned(step);
    expect(post.log.join("\n")).toMatch(/[Nn]othing to clean up/);
    expect(job.calls()).toHaveLength(before + 1);
    expect(job.simulator.batches).toMatchObject([{ status: "in_progress" }]);
  });

  it.each(["retrieve", "list", "cancel"])(
    "%s leaves nothing to clean up, however the job ends",
    async (operation) => {
      await using job = await openJob({ phases: endless });
      const id = await job.submit();
      for (const status of ["success", "failure", "cancelled"] as const) {
        const step = job.start({
          operation,
          ...(operation !== "list" && { "batch-id": id }),
          "cancel-on": "cancelled, failure",
        });
        expect(await step.done).toMatchObject({ exitCode: 0 });
        const before = job.calls().length;
        const post = await cleaned(step, status);
        expect(post.log.join("\n")).toMatch(/[Nn]othing to clean up/);
        expect(job.calls()).toHaveLength(before);
      }
    },
  );
});
