import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { startSimulator, type SimulatorOptions } from "../../src/simulator/index.ts";
import { openFolder } from "../support/folder.ts";
import { requestLines } from "../support/account.ts";
import { cancels, count, creates, KEY } from "./calls.ts";
import { runWorkflow } from "./engine.ts";
import { standInsFor } from "./recipe.ts";
import { commitAll, copyFiles, root } from "./repository.ts";

const name = ".github/workflows/batch.yml";
const text = readFileSync(join(root, name), "utf8");

const caller = (inputs: string) => `
on: workflow_dispatch
jobs:
  batch:
    uses: ./${name}
    permissions:
      contents: read
    with:
      input-file: requests.jsonl
${inputs}
    secrets:
      api-key: \${{ secrets.OPENAI_API_KEY }}
  after:
    needs: batch
    runs-on: ubuntu-latest
    steps:
      - run: echo "$SAID"
        env:
          SAID: \${{ needs.batch.outputs.conclusion }} of \${{ needs.batch.outputs.batch-id }}
`;

/** Calls the workflow from a workflow of somebody who uses it. */
async function call(
  options: SimulatorOptions,
  inputs = "",
  more: Readonly<Record<string, string>> = {},
) {
  await using opened = new AsyncDisposableStack();
  const simulator = opened.use(await startSimulator(options));
  const folder = opened.use(await openFolder());
  const repository = folder.at("repository");
  const files = {
    [name]: text,
    ".github/workflows/caller.yml": caller(inputs),
    "requests.jsonl": requestLines(3),
    ...more,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), content);
  }
  commitAll(repository);
  mkdirSync(folder.at("action"));
  mkdirSync(folder.at("keep"));
  copyFiles(root, folder.at("action"), ["action.yml", "dist"]);
  const run = await runWorkflow({
    repository,
    workflow: ".github/workflows/caller.yml",
    secrets: { OPENAI_API_KEY: KEY },
    actions: { ...standInsFor(text), "OWNER/openai-batch-action@v1": folder.at("action") },
    env: { OPENAI_BASE_URL: simulator.url, GITHUB_RUN_ID: "4711", KEEP: folder.at("keep") },
  });
  const kept = (file: string) => {
    const path = folder.at(`keep/artifacts/batch-results/${file}`);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  };
  const answers = kept("answers.jsonl").length;
  const calls = { creates: count(simulator, creates), cancels: count(simulator, cancels) };
  return {
    run,
    answers,
    table: kept("answers.csv"),
    ...calls,
    ids: simulator.batches.map(({ id }) => id),
  };
}

describe("the reusable workflow", () => {
  it("creates a batch, collects it and hands its results on", async () => {
    const { run, answers, creates: created, cancels: cancelled, ids } = await call({});
    expect(run.exitCode).toBe(0);
    expect([created, cancelled, answers]).toEqual([1, 0, 3]);
    expect(run.shown.join("\n")).toContain(`success of ${ids.join()}`);
  });

  it("waits in job after job where one is not enough, and for the same batch", async () => {
    // An hour passes once the batch was looked at more often than one job looks in its three seconds.
    let looks = 0;
    const rewrite = (batch: unknown) => {
      looks += 1;
      return batch;
    };
    const {
      run,
      answers,
      creates: created,
    } = await call(
      {
        now: () => Date.now() + (looks > 4 ? 3_600_000 : 0),
        phases: { inProgress: 1_800_000 },
        faults: [{ path: "/batches/*", times: Infinity, fault: { kind: "rewrite", rewrite } }],
      },
      "      timeout: 3s\n",
    );
    const began = run.steps.filter(({ stage }) => stage === "Main").map(({ job }) => job);
    expect(began.some((job) => job.includes("wait-2"))).toBe(true);
    expect([created, answers]).toEqual([1, 3]);
  });

  it("fails with the batch, with what there is kept", async () => {
    const { run, answers } = await call({ outcome: { kind: "expired", completedShare: 0.5 } });
    expect(run.exitCode).toBe(1);
    expect(answers).toBeGreaterThan(0);
  });

  it("makes a table of rows and a template", async () => {
    const inputs = "      template: ask.prompt.yml\n      answers-file: results/answers.csv\n";
    const {
      run,
      table,
      creates: created,
    } = await call({}, inputs, {
      "requests.jsonl": '{"id":"q1","question":"Capital of France?"}\n',
      "ask.prompt.yml": 'model: gpt-6-luna\nmessages: [{ role: user, content: "{{question}}" }]\n',
    });
    expect(run.exitCode).toBe(0);
    expect(created).toBe(1);
    expect(table[0]).toMatch(/^id,question,custom_id,answer,problem/);
    expect(table[1]).toMatch(/^q1,Capital of France\?,q1,/);
  });
});
