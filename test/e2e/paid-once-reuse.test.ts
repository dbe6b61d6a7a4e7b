import { describe, expect, it } from "vitest";
import type { BatchStatus } from "../../src/simulator/index.ts";
import { hurried } from "./hurry.ts";
import { errorsOf, eventually, type Job, openJob } from "./job.ts";
import { chat, chats, ENDPOINT, jsonl } from "./requests.ts";
import type { MainResult, PostResult, StepOptions } from "./runner.ts";

/** A batch that stays as it is unless it is cancelled. */
const endless = { inProgress: Infinity, cancelling: Infinity };

type Inputs = Readonly<Record<string, string | undefined>>;
type Settings = Pick<StepOptions, "context" | "env">;

async function create(job: Job, inputs: Inputs = {}, settings: Settings = {}): Promise<MainResult> {
  const given =
    "input-file" in inputs ? {} : { "input-file": job.write("requests.jsonl", jsonl(chats(3))) };
  const result = await job.run({ operation: "create", ...given, ...inputs }, settings);
  expect(errorsOf(result)).toEqual([]);
  expect(result.exitCode).toBe(0);
  return result;
}

const rerun: Settings = { context: { runAttempt: "2" } };
const laterRun: Settings = { context: { runId: "2" } };

const count = (job: Job, call: string) => job.calls().filter((made) => made === call).length;

async function becomes(job: Job, status: BatchStatus): Promise<void> {
  await eventually(() => job.simulator.batches[0]?.status === status);
}

function warningsOf({ annotations }: PostResult): string {
  return annotations
    .filter(({ kind }) => kind === "warning")
    .map(({ message }) => message)
    .join("\n");
}

function expectAdopted(job: Job, again: MainResult): void {
  const [batch, ...more] = job.simulator.batches;
  expect(more).toEqual([]);
  expect(again.outputs).toMatchObject({
    "batch-id": batch?.id,
    "input-file-id": batch?.input_file_id,
    reused: "true",
  });
  expect(again.log.join("\n")).toContain(`Adopted ${batch?.id ?? "none"}`);
  expect(count(job, "POST /files")).toBe(1);
  expect(count(job, "POST /batches")).toBe(1);
}

describe.concurrent("a re-run", () => {
  it("under a key of one's own with other requests fails, since the batch answers others", async () => {
    await using job = await openJob();
    const run = (requests: number) =>
      job.run({
        operation: "run",
        "input-file": job.write("requests.jsonl", jsonl(chats(3, `v${requests}-`))),
        "output-file": "answers.jsonl",
        "idempotency-key": "nightly",
      });
    expect((await run(1)).exitCode).toBe(0);
    const again = await run(2);
    expect(again.exitCode).toBe(1);
    expect(errorsOf(again).join()).toContain("made of other requests");
  });

  it("adopts a batch that runs, and uploads nothing", async () => {
    await using job = await openJob({ phases: endless });
    const first = await create(job);
    expect(first.outputs).toMatchObject({ reused: "false" });
    expectAdopted(job, await create(job, {}, rerun));
  });

  it("adopts a batch that has completed, and brings its results", async () => {
    await using job = await openJob();
    await create(job, { operation: "run" });
    const again = await create(job, { operation: "run", "output-file": "out.jsonl" }, rerun);
    expectAdopted(job, again);
    expect(again.outputs).toMatchObject({ status: "completed", "request-completed": "3" });
    expect(job.results("out.jsonl")).toHaveLength(3);
  });

  it("adopts a batch that is behind many others in the list", async () => {
    await using job = await openJob({ phases: endless });
    const first = await create(job);
    for (let made = 0; made < 120; made += 1) await job.submit({ lines: [chat("other")] });
    const again = await create(job, {}, rerun);
    expect(again.outputs).toMatchObject({
      "batch-id": first.outputs["batch-id"],
      reused: "true",
    });
    expect(job.simulator.batches).toHaveLength(121);
  });

  it("uses the file that is uploaded already where there is no batch", async () => {
    await using job = await openJob({ phases: endless });
    const refused = { kind: "status", status: 400 } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault: refused });
    const file = job.write("requests.jsonl", jsonl(chats(3)));
    await job.run({ operation: "create", "input-file": file });
    const again = await create(job, {}, rerun);
    const [uploaded, ...more] = job.simulator.files;
    expect(more).toEqual([]);
    expect(count(job, "POST /files")).toBe(1);
    expect(again.outputs).toMatchObject({ "input-file-id": uploaded?.id, reused: "false" });
    expect(job.simulator.batches).toMatchObject([{ input_file_id: uploaded?.id }]);
  });

  it("uploads a file of its own when the requests have changed", async () => {
    await using job = await openJob({ phases: endless });
    await create(job);
    const other = job.write("requests.jsonl", jsonl(chats(3, "q")));
    const again = await job.run({ operation: "create", "input-file": other }, rerun);
    expect(again.outputs).toMatchObject({ reused: "false" });
    expect(new Set(job.simulator.batches.map((batch) => batch.input_file_id)).size).toBe(2);
  });

  it.each<[BatchStatus, "failed" | "expired" | "completed"]>([
    ["failed", "failed"],
    ["expired", "expired"],
    ["cancelled", "completed"],
  ])("does not adopt a batch that is %s, but uses its file", async (status, outcome) => {
    const stopped = status === "cancelled";
    await using job = await openJob({
      outcome,
      phases: { inProgress: stopped ? Infinity : 5, cancelling: 5 },
    });
    const first = await create(job);
    if (stopped) await job.run({ operation: "cancel", "batch-id": first.outputs["batch-id"] });
    await becomes(job, status);
    const again = await create(job, {}, rerun);
    expect(again.outputs).toMatchObject({
      "batch-id": job.simulator.batches[1]?.id,
      reused: "false",
    });
    expect(count(job, "POST /files")).toBe(1);
  });

  it("waits for a batch that is being cancelled to end, and then creates one from its file", async () => {
    await using job = await openJob({ phases: { inProgress: Infinity, cancelling: 1_500 } });
    const first = await create(job);
    await job.run({ operation: "cancel", "batch-id": first.outputs["batch-id"] });
    const again = await create(job, {}, rerun);
    expect(job.simulator.batches).toMatchObject([
      { status: "cancelled" },
      { id: again.outputs["batch-id"], status: "in_progress" },
    ]);
    expect(again.outputs).toMatchObject({ reused: "false" });
    expect(count(job, "POST /files")).toBe(1);
  });

  it("creates anew with reuse-existing off, but never after a lost answer", async () => {
    await using job = await openJob({ phases: endless });
    const off = { "reuse-existing": "false" };
    const first = await create(job, off);
    const fault = { kind: "status-after", status: 500 } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault });
    const again = await create(job, off, rerun);
    expect(job.simulator.batches.map(({ id }) => id)).toEqual([
      first.outputs["batch-id"],
      again.outputs["batch-id"],
    ]);
    expect(count(job, "POST /batches")).toBe(2);
    expect(count(job, "POST /files")).toBe(2);
  });

  it("of another run is other work", async () => {
    await using job = await openJob({ phases: endless });
    await create(job);
    const other = await create(job, {}, { context: { runId: "2", runAttempt: "2" } });
    expect(other.outputs).toMatchObject({ reused: "false" });
    expect(job.simulator.batches).toHaveLength(2);
  });
});

describe.concurrent("an idempotency-key of the user's own", () => {
  const own = { "idempotency-key": "nightly-2026-01-01" };

  it("adopts across runs, with the first attempt of each", async () => {
    await using job = await openJob({ phases: endless });
    await create(job, own);
    expectAdopted(job, await create(job, own, laterRun));
    expect(job.simulator.batches[0]?.metadata).toMatchObject({
      idempotency_key: own["idempotency-key"],
    });
  });

  it("uses the file of an earlier run whose create was refused", async () => {
    await using job = await openJob({ phases: endless });
    const refused = { kind: "status", status: 400 } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", fault: refused });
    const file = job.write("requests.jsonl", jsonl(chats(3)));
    await job.run({ operation: "create", "input-file": file, ...own });
    await create(job, own, laterRun);
    expect(count(job, "POST /files")).toBe(1);
    expect(job.simulator.batches).toHaveLength(1);
  });

  it("adopts nothing with another key, and nothing with reuse-existing off", async () => {
    await using job = await openJob({ phases: endless });
    await create(job, own);
    await create(job, { "idempotency-key": "nightly-2026-01-02" }, laterRun);
    await create(job, { ...own, "reuse-existing": "false" }, laterRun);
    expect(job.simulator.batches).toHaveLength(3);
  });
});

describe.concurrent("the legs of a matrix", () => {
  it("with different inputs have batches of their own, each adopted by its own re-run", async () => {
    await using job = await openJob({ phases: endless });
    // Written once: a leg that writes it again changes it while another one reads it.
    const input = { "input-file": job.write("requests.jsonl", jsonl(chats(3))) };
    const legs = [
      input,
      { "input-file": job.write("other.jsonl", jsonl(chats(3, "q"))) },
      { ...input, metadata: "leg=a" },
      { ...input, metadata: "leg=b" },
      { ...input, "output-expires-after": "2h" },
      { ...input, "input-expires-after": "3d" },
    ];
    const first = await Promise.all(legs.map((leg) => create(job, leg)));
    const ids = first.map(({ outputs }) => outputs["batch-id"]);
    const keys = job.simulator.batches.map(({ metadata }) => metadata?.["idempotency_key"]);
    expect(new Set(ids).size).toBe(legs.length);
    expect(new Set(keys).size).toBe(legs.length);
    const again = await Promise.all(legs.map((leg) => create(job, leg, rerun)));
    expect(again.map(({ outputs }) => outputs["batch-id"])).toEqual(ids);
    expect(job.simulator.batches).toHaveLength(legs.length);
  });

  it("with the same file for different endpoints have batches of their own", async () => {
    await using job = await openJob({ phases: endless });
    await job.submit();
    const fileId = job.simulator.files[0]?.id;
    const input = { "input-file": undefined, "input-file-id": fileId };
    await create(job, { ...input, endpoint: ENDPOINT });
    const other = await create(job, { ...input, endpoint: "/v1/responses" });
    expect(other.outputs).toMatchObject({ reused: "false" });
    expect(job.simulator.batches).toHaveLength(3);
  });
});

describe.concurrent("a server that has no list", () => {
  it.each([404, 405])("of batches (%i) still gets its create, with a warning", async (status) => {
    await using job = await openJob({ phases: endless });
    const fault = { kind: "status", status } as const;
    job.simulator.addFault({ method: "GET", path: "/batches", times: Infinity, fault });
    const result = await create(job, {}, { env: hurried(10) });
    expect(result.outputs).toMatchObject({ reused: "false" });
    expect(warningsOf(result)).toContain("no list of batches");
    expect(job.simulator.batches).toHaveLength(1);
  });

  it("of files still gets its create in a re-run, with another upload", async () => {
    await using job = await openJob({ phases: endless });
    await job.submit({ lines: chats(3) });
    const fault = { kind: "status", status: 404 } as const;
    job.simulator.addFault({ method: "GET", path: "/files", times: Infinity, fault });
    const result = await create(job, {}, rerun);
    expect(result.outputs).toMatchObject({ reused: "false" });
    expect(count(job, "POST /files")).toBe(2);
    expect(job.simulator.batches).toHaveLength(2);
  });

  it("of batches fails a re-run: the first attempt may have paid already", async () => {
    await using job = await openJob({ phases: endless });
    const fault = { kind: "status", status: 404 } as const;
    job.simulator.addFault({ method: "GET", path: "/batches", times: Infinity, fault });
    const file = job.write("requests.jsonl", jsonl(chats(3)));
    const settings = { ...rerun, env: hurried(10) };
    const result = await job.run({ operation: "create", "input-file": file }, settings);
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join()).toContain("no list of batches");
    expect(count(job, "POST /batches")).toBe(0);
  });
});
