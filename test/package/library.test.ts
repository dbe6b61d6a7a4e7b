import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import type * as webhook from "../../src/webhook/index.ts";
import { type Folder, openFolder } from "../support/folder.ts";
import { rawServer } from "../support/raw-server.ts";
import { deliver, eventBody, SECRET, TOKEN } from "../webhook/deliveries.ts";
import { buildPackage } from "./build.ts";
import { dependenciesOf, reach, withDependencies } from "./graph.ts";
import { loadInWebHost } from "./host.ts";

const entries = ["index.js", "simulator/index.js", "webhook/index.js"];
let built: Folder;

beforeAll(async () => {
  built = await openFolder();
  buildPackage(built.path);
}, 120_000);

afterAll(() => built[Symbol.asyncDispose]());

describe("what the library reaches", () => {
  it.each(entries)("from %s is no part of the action and none of its toolkit", (entry) => {
    const { files, packages } = reach(built.at("lib", entry));
    expect(files.size).toBeGreaterThan(3);
    expect([...files].filter((file) => file.startsWith(built.at("lib/action")))).toEqual([]);
    const all = [...withDependencies(packages)];
    expect(all.filter((name) => name.startsWith("@actions/"))).toEqual([]);
  });

  it("is seen through dynamic imports and re-exports too", async () => {
    await using folder = await openFolder();
    writeFileSync(folder.at("entry.js"), 'export * from "./other.js";');
    writeFileSync(folder.at("other.js"), 'const load = () => import("@actions/core/lib/x.js");');
    expect([...reach(folder.at("entry.js")).packages]).toEqual(["@actions/core"]);
  });

  it("is what package.json has users install, no more and no less", () => {
    const needed = entries.flatMap((entry) => [...reach(built.at("lib", entry)).packages]);
    expect(dependenciesOf(built.at("package.json"))).toEqual([...new Set(needed)].sort());
  });

  it("from the webhook is nothing of Node.js", () => {
    const { builtins, packages } = reach(built.at("lib/webhook/index.js"));
    expect([...builtins]).toEqual([]);
    expect([...packages]).toEqual(["standardwebhooks"]);
  });

  it("from the simulator is a reader of multipart forms, and Node.js", () => {
    const { packages } = reach(built.at("lib/simulator/index.js"));
    expect([...packages]).toEqual(["@fastify/busboy"]);
  });
});

test("the webhook runs on a host that has the Web's APIs only", async () => {
  await using github = await rawServer((_, response) => response.writeHead(204).end());
  // The module is the one that the types beside it describe.
  const { createWebhookHandler } = loadInWebHost(
    built.at("lib/webhook/index.js"),
  ) as typeof webhook;
  const handle = createWebhookHandler({
    secret: SECRET,
    repository: "octo-org/evaluations",
    githubToken: TOKEN,
    githubApiUrl: github.origin,
  });
  const sent = { id: "wh_1", timestamp: Math.floor(Date.now() / 1000), body: eventBody() };
  expect((await handle(deliver(sent))).status).toBe(200);
  expect((await handle(deliver(sent, { "webhook-signature": "v1,AAAA" }))).status).toBe(401);
  expect(github.requests).toHaveLength(1);
});

describe("the packed library, installed into an empty folder", () => {
  let user: Folder;

  beforeAll(async () => {
    user = await openFolder();
    const npm = (...command: string[]) =>
      execFileSync("npm", command, { cwd: user.path, encoding: "utf8" });
    const [tarball = ""] = npm("pack", built.path, "--ignore-scripts", "--silent").split("\n");
    writeFileSync(user.at("package.json"), '{ "type": "module", "private": true }');
    npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--silent", `./${tarball}`);
  }, 120_000);

  afterAll(() => user[Symbol.asyncDispose]());

  it("brings what users need and nothing else", () => {
    const home = user.at("node_modules/openai-batch-action");
    expect(readdirSync(home).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "lib",
      "package.json",
    ]);
    expect(readdirSync(join(home, "lib")).sort()).toEqual([
      "api",
      "batch",
      "index.d.ts",
      "index.js",
      "simulator",
      "webhook",
    ]);
    expect(readdirSync(user.at("node_modules"))).not.toContain("@actions");
  });

  it("runs a batch from plain JavaScript", () => {
    writeFileSync(user.at("main.js"), program);
    const output = execFileSync(process.execPath, ["main.js"], {
      cwd: user.path,
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual({ total: 1, completed: 1, failed: 0, webhook: 405 });
  });
});

const program = `
import { writeFile } from "node:fs/promises";
import { BatchClient, runBatch } from "openai-batch-action";
import { startSimulator } from "openai-batch-action/simulator";
import { createWebhookHandler } from "openai-batch-action/webhook";

await using simulator = await startSimulator({ phases: { validating: 1, inProgress: 1, finalizing: 1 } });
const client = new BatchClient({ apiKey: "any", baseURL: simulator.url });
const body = { model: "gpt-5-nano", messages: [{ role: "user", content: "Hello" }] };
const line = { custom_id: "r1", method: "POST", url: "/v1/chat/completions", body };
await writeFile("requests.jsonl", JSON.stringify(line));
const { results } = await runBatch(client, { input: "requests.jsonl", outputFile: "answers.jsonl", pollInterval: 10 });
const handle = createWebhookHandler({ secret: "whsec_AAAA", repository: "a/b", githubToken: "t" });
const { status: webhook } = await handle(new Request("http://localhost/"));
console.log(JSON.stringify({ ...results?.counts, webhook }));
`;
