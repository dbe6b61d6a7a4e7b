import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { readActionMetadata } from "../../scripts/action-metadata.ts";
import { startSimulator, type SimulatorOptions } from "../../src/simulator/index.ts";
import { openFolder } from "../support/folder.ts";
import { cancels, count, creates, KEY } from "./calls.ts";
import { runWorkflow } from "./engine.ts";
import { standInsFor } from "./recipe.ts";
import { commitAll, copyFiles, root } from "./repository.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");

/** The block that begins with a line, as it stands on the page. */
function block(language: string, begin: string): string {
  const blocks = readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"));
  const found = [...blocks].map(([, text = ""]) => text).find((text) => text.startsWith(begin));
  if (found === undefined)
    throw new Error(`README.md has no ${language} that begins with ${begin}.`);
  return found;
}

/** Runs a workflow of the page in a repository that has what the page says, and the files given. */
async function follow(
  workflow: string,
  options: SimulatorOptions = {},
  files: Readonly<Record<string, string>> = {},
) {
  await using opened = new AsyncDisposableStack();
  const simulator = opened.use(await startSimulator(options));
  const folder = opened.use(await openFolder());
  for (const name of ["repository", "action", "keep"]) mkdirSync(folder.at(name));
  copyFiles(root, folder.at("action"), ["action.yml", "dist"]);
  const repository = folder.at("repository");
  const written = { "requests.jsonl": block("jsonl", '{"custom_id": "r1", "method"'), ...files };
  const path = ".github/workflows/batch.yml";
  for (const [name, text] of Object.entries({ ...written, [path]: workflow })) {
    mkdirSync(dirname(join(repository, name)), { recursive: true });
    writeFileSync(join(repository, name), text);
  }
  commitAll(repository);
  const run = await runWorkflow({
    repository,
    workflow: path,
    secrets: { OPENAI_API_KEY: KEY },
    actions: { ...standInsFor(workflow), "OWNER/openai-batch-action@v1": folder.at("action") },
    env: { OPENAI_BASE_URL: simulator.url, GITHUB_RUN_ID: "4711", KEEP: folder.at("keep") },
  });
  const kept = (name: string) => {
    const file = folder.at(`keep/artifacts/${name}`);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  return {
    run,
    kept: {
      "results/answers.jsonl": kept("results/answers.jsonl"),
      "answers/answers.jsonl": kept("answers/answers.jsonl"),
      "results/answers.csv": kept("results/answers.csv"),
    },
    creates: count(simulator, creates),
    cancels: count(simulator, cancels),
  };
}

it("the quick start answers the two requests of the page, and keeps the answers", async () => {
  const { run, kept, creates: created } = await follow(block("yaml", "name: Batch"));
  expect(run.exitCode).toBe(0);
  expect(created).toBe(1);
  const lines = kept["results/answers.jsonl"]?.trim().split("\n") ?? [];
  expect(lines.map((line) => (JSON.parse(line) as { custom_id: string }).custom_id)).toEqual([
    "r1",
    "r2",
  ]);
});

it("the workflow across jobs publishes once every request was answered", async () => {
  const { run, kept, cancels: cancelled } = await follow(block("yaml", "name: Publish"));
  expect(run.exitCode).toBe(0);
  expect(run.printed("publish")).toContain("Every request has its answer.");
  expect(kept["answers/answers.jsonl"]?.trim().split("\n")).toHaveLength(2);
  expect(cancelled).toBe(0);
});

it("the workflow across jobs publishes nothing, and cancels, where a job fails", async () => {
  const workflow = block("yaml", "name: Publish").replace(
    "          output-file: results/answers.jsonl\n",
    "$&          timeout: 3s\n",
  );
  const { run, cancels: cancelled } = await follow(workflow, { phases: { inProgress: Infinity } });
  expect(run.exitCode).toBe(1);
  expect(run.jobs).toMatchObject({ wait: ["failure"], cancel: ["success"] });
  expect(run.printed("publish")).toEqual([]);
  expect(cancelled).toBe(1);
});

it("a CSV and a prompt make a CSV with answers", async () => {
  const inputs = block("yaml", "input-file: reviews.csv").replaceAll(/^(?=.)/gm, " ".repeat(10));
  const workflow = block("yaml", "name: Batch").replace(
    /^ {10}input-file: .*\n {10}output-file: .*\n {10}error-file: .*\n/m,
    () => inputs,
  );
  expect(workflow).toContain("template: classify.prompt.yml");
  const {
    run,
    kept,
    creates: created,
  } = await follow(
    workflow,
    { shuffle: true },
    {
      "reviews.csv": block("csv", "id,review"),
      "classify.prompt.yml": block("yaml", "model: "),
    },
  );
  expect(run.exitCode).toBe(0);
  expect(created).toBe(1);
  const [head = "", first = "", ...rest] = kept["results/answers.csv"]?.trim().split(/\r?\n/) ?? [];
  expect(head).toMatch(/^id,review,custom_id,answer,problem,/);
  expect(first).toMatch(/^1,"Arrived late, works well\.",1,/);
  expect(rest).toHaveLength(1);
});

it("every input that the page shows is one of the action's", () => {
  const { inputs } = readActionMetadata(join(root, "action.yml"));
  const shown = [...readme.matchAll(/^```yaml\n(.*?)^```$/gms)]
    .flatMap(([, text = ""]) => [
      ...text.matchAll(
        /uses: OWNER\/[^\n]*\n(?: +id:[^\n]*\n)? +with:\n((?: {10}[^\n]*\n)+)|^with:\n((?: {2}[^\n]*\n)+)/g,
      ),
    ])
    .flatMap(([, step, alone]) => (step ?? alone ?? "").match(/^ +[\w-]+(?=:)/gm) ?? [])
    .map((name) => name.trim());
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter((name) => !inputs.has(name))).toEqual([]);
});
