import assert from "node:assert/strict";
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";

import { startSimulator } from "../../src/simulator/index.ts";
import { chats, jsonl } from "../../test/e2e/requests.ts";
import { pythonEnvironment } from "./cache.ts";
import { finish } from "./programs.ts";

/** A client of others' that takes a batch of the simulator from upload to answers. */
export interface Client {
  readonly name: string;
  readonly version: string;
  /** Runs in an empty folder; returns what the client says at the end. */
  readonly run: (job: ClientJob) => Promise<string>;
}

interface ClientJob {
  readonly url: string;
  readonly folder: string;
  /** The path of a request file. */
  readonly requests: string;
}

const COUNT = 5;
const TIMEOUT = 180_000;
const PROGRAMS = resolve(import.meta.dirname, "clients");

export const clients: readonly Client[] = [
  // The dev dependency of package.json.
  { name: "openai-node", version: "7.57.0", run: openaiNode },
  { name: "openai-python", version: "3.57.0", run: openaiPython },
  { name: "openai-go", version: "3.98.0", run: openaiGo },
  { name: "curator", version: "0.1.31", run: curator },
];

/** Fails unless the client got every answer, and the simulator made one batch for it. */
export async function checkClient(client: Client, folder: string): Promise<void> {
  await using simulator = await startSimulator({
    phases: { validating: 50, inProgress: 200, finalizing: 50 },
  });
  mkdirSync(folder);
  const requests = join(folder, "requests.jsonl");
  writeFileSync(requests, jsonl(chats(COUNT)));
  const printed = await client.run({ url: simulator.url, folder, requests });
  assert.equal(printed.trim().split("\n").at(-1), `${COUNT} of ${COUNT} answers`);
  assert.equal(simulator.batches.length, 1, "not exactly one batch was made");
}

async function openaiNode({ url, requests }: ClientJob): Promise<string> {
  const client = new OpenAI({ apiKey: "sk-node", baseURL: url, maxRetries: 0 });
  const file = await client.files.create({ file: createReadStream(requests), purpose: "batch" });
  let batch = await client.batches.create({
    input_file_id: file.id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  const end = performance.now() + TIMEOUT;
  while (batch.status !== "completed") {
    assert.ok(performance.now() < end, `batch ${batch.id} is still ${batch.status}`);
    await sleep(50);
    batch = await client.batches.retrieve(batch.id);
  }
  const content = await client.files.content(batch.output_file_id ?? "");
  const answers = (await content.text()).trimEnd().split("\n").length;
  return `${answers} of ${batch.request_counts?.completed ?? 0} answers`;
}

async function openaiPython({ url, folder, requests }: ClientJob): Promise<string> {
  const bin = await pythonEnvironment("openai-python-3.57.0", ["openai==3.57.0"]);
  const args = [join(PROGRAMS, "openai_python.py"), url, requests];
  return await finish({ file: join(bin, "python"), args, cwd: folder }, TIMEOUT);
}

async function openaiGo({ url, folder, requests }: ClientJob): Promise<string> {
  // Modules and compiled packages stay in Go's own caches.
  const file = join(folder, "client");
  const build = ["build", "-mod=readonly", "-o", file, "."];
  await finish({ file: "go", args: build, cwd: join(PROGRAMS, "go") }, 20 * 60_000);
  return await finish({ file, args: [url, requests], cwd: folder }, TIMEOUT);
}

async function curator({ url, folder }: ClientJob): Promise<string> {
  const bin = await pythonEnvironment("curator-0.1.31", ["bespokelabs-curator==0.1.31"]);
  const args = [join(PROGRAMS, "curator.py"), url, String(COUNT)];
  const env = { TELEMETRY_ENABLED: "false", CURATOR_CACHE_DIR: join(folder, "cache") };
  return await finish({ file: join(bin, "python"), args, cwd: folder, env }, TIMEOUT);
}
