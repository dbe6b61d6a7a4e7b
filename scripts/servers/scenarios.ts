import assert from "node:assert/strict";
import { join } from "node:path";

import type { Fault } from "./faulty-proxy.ts";
import {
  answered,
  batchesMade,
  CREATE,
  happened,
  type Inputs,
  reaches,
  succeeded,
  type World,
} from "./world.ts";

const RUN: Inputs = { operation: "run", "input-file": "requests.jsonl" };
const UPLOAD = /\/files(\?|$)/;
const CONTENT = /\/files\/[^/]+\/content(\?|$)/;
// Long enough that nothing looks at the batch before the step is interrupted; one server moves it on with each look.
const RARELY: Inputs = { "poll-interval": "30s", "max-poll-interval": "30s" };

/** What is checked with each server, in this order. */
export const scenarios = {
  run: async (world) => {
    const ids = world.write("requests.jsonl");
    const { outputs } = await world.run(RUN);
    assert.equal(outputs["conclusion"], "success");
    answered(world, ids);
    assert.equal(batchesMade(world), 1, "not exactly one batch was made");
  },
  steps,
  library,
  cancel,
  interrupt,
  "re-run": async (world) => {
    const ids = world.write("requests.jsonl");
    await world.run(RUN);
    const { outputs } = await world.run(RUN, 2);
    assert.equal(outputs["reused"], "true", "the second attempt did not adopt the batch");
    answered(world, ids);
    assert.equal(batchesMade(world), 1, "the second attempt made a batch of its own");
  },
  "lost create": (world) => faulty(world, "lost", "POST", CREATE),
  "cut create": (world) => faulty(world, "cut", "POST", CREATE),
  "refused create": (world) => faulty(world, "refused", "POST", CREATE),
  "lost upload": (world) => faulty(world, "lost", "POST", UPLOAD),
  "cut download": (world) => faulty(world, "cut", "GET", CONTENT),
  split: async (world) => {
    const ids = world.write("requests.jsonl", { count: 10 });
    const { outputs } = await world.run({ ...RUN, "max-requests-per-batch": "2" });
    assert.deepEqual([outputs["conclusion"], outputs["batch-count"]], ["success", "5"]);
    answered(world, ids);
    assert.equal(batchesMade(world), 5, "not exactly five batches were made");
  },
  expiry,
  embeddings: async (world) => {
    const ids = world.write("requests.jsonl", { kind: "embedding" });
    const { outputs } = await world.run(RUN);
    assert.equal(outputs["conclusion"], "success");
    answered(world, ids);
  },
} satisfies Readonly<Record<string, (world: World) => Promise<void>>>;

export type ScenarioName = keyof typeof scenarios;

async function steps(world: World): Promise<void> {
  const ids = world.write("requests.jsonl");
  const created = await world.run({ ...RUN, operation: "create" });
  const batch = { "batch-id": created.outputs["batch-id"] ?? "" };
  const waited = await world.run({ operation: "wait", ...batch });
  assert.equal(waited.outputs["done"], "true");
  const retrieved = await world.run({ operation: "retrieve", ...batch });
  assert.equal(retrieved.outputs["request-completed"], String(ids.length));
  answered(world, ids, "any");
  const listed = await world.run({ operation: "list", limit: "0" });
  assert.ok(listed.outputs["batches"]?.includes(batch["batch-id"]), "the list lacks the batch");
}

/** The built library, as a program of a user's has it. */
async function library(world: World): Promise<void> {
  const { BatchClient, runBatch } = await import("openai-batch-action");
  const ids = world.write("requests.jsonl");
  const client = new BatchClient({ apiKey: world.server.key, baseURL: world.proxy.url });
  const { done, results, failures } = await runBatch(client, {
    input: join(world.folder, "requests.jsonl"),
    outputFile: join(world.folder, "answers.jsonl"),
    idempotencyKey: `library-${ids.join("-")}`,
    pollInterval: 300,
    maxPollInterval: 1_000,
    timeout: 180_000,
  });
  assert.deepEqual([done, failures], [true, []]);
  assert.equal(results?.counts.completed, ids.length);
  answered(world, ids);
}

async function cancel(world: World): Promise<void> {
  world.write("requests.jsonl", { count: 400, slow: true });
  const { outputs } = await world.run({ ...RUN, operation: "create" });
  const id = outputs["batch-id"] ?? "";
  const cancelled = await world.run({ operation: "cancel", "batch-id": id });
  assert.match(cancelled.outputs["status"] ?? "", /^cancel/);
  await reaches(world, [id], ["cancelled"]);
  // Without result files: a server need not say which of a cancelled batch's requests ran.
  const noFiles = { "output-file": "", "error-file": "" };
  const wait = { operation: "wait", "batch-id": id, "fail-on": "never", ...noFiles };
  const waited = await world.run(wait);
  assert.equal(waited.outputs["conclusion"], "cancelled");
}

async function interrupt(world: World): Promise<void> {
  world.write("requests.jsonl", { count: 6, slow: true });
  const step = world.start({ ...RUN, ...RARELY });
  await step.waitForLine(/still|waiting|in_progress|validating|scheduling/i);
  const interrupted = await step.cancel();
  assert.deepEqual(interrupted.signalsSent, ["SIGINT"], "the step did not end in time");
  await step.post("cancelled");
  const id = interrupted.outputs["batch-id"] ?? "";
  assert.notEqual(id, "", "the interrupted step named no batch");
  await reaches(world, [id], ["cancelled"]);
  assert.equal(batchesMade(world), 1);
}

async function expiry(world: World): Promise<void> {
  world.write("requests.jsonl", { count: 4 });
  const result = await world.start({ ...RUN, ...world.server.expiring }).done;
  assert.equal(result.outputs["conclusion"], "expired");
  assert.equal(result.exitCode, 1, "the step took an expired batch for a success");
  const again = world.start({
    operation: "wait",
    "batch-id": result.outputs["batch-id"] ?? "",
    "fail-on": "never",
  });
  succeeded(await again.done);
}

async function faulty(world: World, fault: Fault, method: string, path: RegExp): Promise<void> {
  const ids = world.write("requests.jsonl");
  world.proxy.failNext({ method, path, fault });
  const { outputs } = await world.run(RUN);
  happened(world, fault);
  assert.equal(outputs["conclusion"], "success");
  answered(world, ids);
  assert.equal(batchesMade(world), 1, "not exactly one batch was made");
}
