import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { type MainResult, startStep, type Step } from "../../test/e2e/runner.ts";
import { SLOW } from "./backend.ts";
import { type Fault, type FaultyProxy, startFaultyProxy } from "./faulty-proxy.ts";
import type { RunningServer } from "./server.ts";

export type Inputs = Readonly<Record<string, string>>;

/** One scenario's workflow run against one server, with a proxy of its own in between. */
export interface World extends AsyncDisposable {
  readonly server: RunningServer;
  readonly proxy: FaultyProxy;
  readonly folder: string;
  /** Starts a step of the built action; `attempt` is the run's. */
  readonly start: (inputs: Inputs, attempt?: number) => Step;
  /** Runs a step to its end, and fails if it fails. */
  readonly run: (inputs: Inputs, attempt?: number) => Promise<MainResult>;
  /** Writes a request file that no other scenario wrote, and returns the ids of its requests. */
  readonly write: (file: string, order?: Order) => readonly string[];
}

interface Order {
  readonly count?: number;
  /** A batch that takes long enough to be interrupted, where the server runs its requests on our backend. */
  readonly slow?: boolean;
  readonly kind?: "chat" | "embedding";
}

const FILES = { "output-file": "answers.jsonl", "error-file": "errors.jsonl" };
const INTERVALS = { "poll-interval": "0.3s", "max-poll-interval": "1s", timeout: "3m" };
const TAKES_FILES = ["run", "wait", "retrieve"];
const WAITS = ["run", "wait"];

export async function openWorld(server: RunningServer, folder: string): Promise<World> {
  const proxy = await startFaultyProxy(server.url);
  const runId = String(Math.floor(Math.random() * 1e9));
  const steps: Step[] = [];
  mkdirSync(folder, { recursive: true });
  const start: World["start"] = (inputs, attempt = 1) => {
    const operation = inputs["operation"] ?? "";
    const step = startStep({
      workspace: folder,
      context: { runId, runAttempt: String(attempt) },
      inputs: {
        "api-key": server.key,
        "base-url": proxy.url,
        ...(TAKES_FILES.includes(operation) && FILES),
        ...(WAITS.includes(operation) && INTERVALS),
        ...inputs,
      },
    });
    steps.push(step);
    return step;
  };
  return {
    server,
    proxy,
    folder,
    start,
    async run(inputs, attempt) {
      const result = await start(inputs, attempt).done;
      succeeded(result);
      return result;
    },
    write: (file, order) => writeRequests(join(folder, file), server.model, order),
    async [Symbol.asyncDispose]() {
      for (const step of steps) await step[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** Fails with what the step itself said when it did not succeed. */
export function succeeded({ exitCode, annotations }: MainResult): void {
  const errors = annotations.filter(({ kind }) => kind === "error").map(({ message }) => message);
  assert.equal(exitCode, 0, `the step failed: ${errors.join(" ")}`);
}

/** How many batches the server made. */
export function batchesMade({ proxy }: World): number {
  const made = proxy.exchanges.filter(
    ({ method, path, status = 503 }) => method === "POST" && CREATE.test(path) && status < 300,
  );
  return made.length;
}

/** Fails unless every request has its answer in the file, once and in this order, and was run once. */
export function answered(
  { folder, server }: World,
  ids: readonly string[],
  order: "input" | "any" = "input",
): void {
  const lines = readFileSync(join(folder, FILES["output-file"]), "utf8").trim().split("\n");
  // The action wrote these lines, each with an id of ours.
  const found = lines.map((line) => (JSON.parse(line) as { readonly custom_id: string }).custom_id);
  if (order === "any") found.sort((a, b) => ids.indexOf(a) - ids.indexOf(b));
  assert.deepEqual(found, ids, "the file does not have the answer of each request");
  if (server.runs === undefined) return;
  const runs = ids.map((id) => server.runs?.get(prompt(id)) ?? server.runs?.get(prompt(id, SLOW)));
  assert.ok(
    runs.every((times) => times === 1),
    `requests were run ${runs.join(", ")} times`,
  );
}

/** Fails unless the fault that the scenario is about took place. */
export function happened({ proxy }: World, fault: Fault): void {
  assert.ok(
    proxy.exchanges.some((exchange) => exchange.fault === fault),
    "the fault did not take place",
  );
}

export const CREATE = /\/batches(\?|$)/;

/** Reads batches from the server itself until each has a status that is one of these. */
export async function reaches(
  { server }: World,
  ids: readonly string[],
  statuses: readonly string[],
): Promise<void> {
  const end = performance.now() + 60_000;
  for (const id of ids) {
    let status = await statusOf(server, id);
    while (!statuses.includes(status)) {
      assert.ok(performance.now() < end, `batch ${id} is still ${status}`);
      await sleep(500);
      status = await statusOf(server, id);
    }
  }
}

async function statusOf({ url, key }: RunningServer, id: string): Promise<string> {
  const response = await fetch(`${url}/batches/${id}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.ok(response.ok, `the server answered ${response.status} when batch ${id} was read`);
  // Every server that is checked writes a batch's status so.
  const { status } = (await response.json()) as { readonly status: string };
  return status;
}

function writeRequests(
  path: string,
  model: string,
  { count = 3, slow = false, kind = "chat" }: Order = {},
): readonly string[] {
  const mark = randomUUID().slice(0, 8);
  const ids = Array.from({ length: count }, (_, index) => `${mark}-${index + 1}`);
  const lines = ids.map((id) => {
    const text = prompt(id, slow ? SLOW : undefined);
    const chat = kind === "chat";
    const body = chat ? { model, messages: [{ role: "user", content: text }] } : { input: text };
    return JSON.stringify({
      custom_id: id,
      method: "POST",
      url: chat ? "/v1/chat/completions" : "/v1/embeddings",
      body: chat ? body : { model: `${model}-embedding`, ...body },
    });
  });
  writeFileSync(path, `${lines.join("\n")}\n`);
  return ids;
}

function prompt(id: string, manner = "as you like"): string {
  return `Tell me about ${id}, ${manner}.`;
}
