import { beforeEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { operationNames } from "../../src/action/inputs.ts";
import { action } from "../action/toolkit.ts";
import { rawServer } from "../support/raw-server.ts";
import { deliver, eventBody, SECRET, type Sent, TOKEN } from "./deliveries.ts";

const recipes = resolve(import.meta.dirname, "../../docs/recipes");

/** What the host keeps for the worker, and loses never. */
function keyValueStore() {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
    put: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
  };
}

const now = (id: string): Sent => ({
  id,
  timestamp: Math.floor(Date.now() / 1000),
  body: eventBody(),
});

/** The worker as a host starts it anew. */
async function startWorker() {
  vi.resetModules();
  return (await import("../../docs/recipes/webhook/worker.ts")).default;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockReset();
});

test("the worker of the recipe starts the workflow once, however often the host forgets it", async () => {
  await using github = await rawServer((_, response) => response.writeHead(204).end());
  const deliveries = keyValueStore();
  const env = {
    REPOSITORY: "octo-org/evaluations",
    OPENAI_WEBHOOK_SECRET: SECRET,
    GITHUB_TOKEN: TOKEN,
    GITHUB_API_URL: github.origin,
    DELIVERIES: deliveries,
  };
  const first = await startWorker();
  const both = await Promise.all([
    first.fetch(deliver(now("wh_1")), env),
    first.fetch(deliver(now("wh_1")), env),
  ]);
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  const second = await startWorker();
  expect(await (await second.fetch(deliver(now("wh_1")), env)).text()).toBe("repeated\n");
  expect([...deliveries.kept.keys()]).toEqual(["wh_1"]);
  expect(github.requests.map(({ url }) => url)).toEqual(["/repos/octo-org/evaluations/dispatches"]);
  expect((await second.fetch(deliver(now("wh_2"), {}, "GET"), env)).status).toBe(405);
});

test("the worker writes to its log why GitHub refused, without the token", async () => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  await using github = await rawServer((_, response) => response.writeHead(403).end());
  const worker = await startWorker();
  const answer = await worker.fetch(deliver(now("wh_1")), {
    REPOSITORY: "octo-org/evaluations",
    OPENAI_WEBHOOK_SECRET: SECRET,
    GITHUB_TOKEN: TOKEN,
    GITHUB_API_URL: github.origin,
    DELIVERIES: keyValueStore(),
  });
  expect(answer.status).toBe(502);
  expect(log.mock.calls.flat().join()).toContain("Contents: write");
  expect(log.mock.calls.flat().join()).not.toContain(TOKEN);
});

test("the workflow of the recipe listens to what the handler sends, with inputs that exist", () => {
  const workflow: unknown = parse(readFileSync(resolve(recipes, "webhook.yml"), "utf8"));
  expect(workflow).toMatchObject({
    on: { repository_dispatch: { types: ["openai-batch"] } },
    jobs: {
      collect: {
        permissions: { statuses: "write" },
        steps: [
          {
            with: {
              operation: "wait",
              "batch-id": "${{ github.event.client_payload.batch_id }}",
              // The status that create-on-push.yml leaves pending.
              "commit-status": "openai-batch",
            },
          },
          {},
        ],
      },
    },
  });
  const text = readFileSync(resolve(recipes, "webhook.yml"), "utf8");
  const given = [...text.matchAll(/^ {10}([a-z-]+):/gm)].map(([, name]) => name);
  expect(given.filter((name) => name !== undefined && action.inputs.has(name))).toEqual([
    "operation",
    "api-key",
    "batch-id",
    "timeout",
    "commit-status",
    "output-file",
    "error-file",
  ]);
  expect(operationNames).toContain("wait");
});
