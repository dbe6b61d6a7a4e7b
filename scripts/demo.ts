import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { startSimulator } from "../src/simulator/index.ts";
import { type MainResult, startStep } from "../test/e2e/runner.ts";

const root = resolve(import.meta.dirname, "..");
const folder = join(root, ".demo");
const { values } = parseArgs({ options: { live: { type: "boolean", default: false } } });
const key = process.env["OPENAI_API_KEY"] ?? "";

if (values.live && key === "") {
  console.error("npm start -- --live needs OPENAI_API_KEY, and the requests cost money.");
  process.exitCode = 1;
} else if (!existsSync(join(root, "dist/main/index.js"))) {
  console.error('The action is not built. Run "npm run build" first.');
  process.exitCode = 1;
} else {
  process.exitCode = values.live ? await live(key) : await simulated();
}

async function simulated(): Promise<number> {
  const code = await table();
  return code === 0 ? await requestFile() : code;
}

/** Rows and a prompt go in, a table of answers comes out. */
async function table(): Promise<number> {
  const [rows, prompt] = ["examples/reviews.csv", "examples/reviews.prompt.yml"];
  console.log("A simulated Batch API stands in for OpenAI's. Nothing leaves this machine.");
  title(`Rows: ${rows}`);
  console.log(readFileSync(join(root, rows), "utf8").trim());
  title(`A prompt for each: ${prompt}`);
  console.log(readFileSync(join(root, prompt), "utf8").trim());
  title("operation: run");
  const phases = { validating: 300, inProgress: 1_000, finalizing: 300 };
  await using simulator = await startSimulator({ phases });
  await using step = startStep({
    inputs: {
      ...simulatedAccess(simulator.url),
      operation: "run",
      "input-file": rows,
      template: prompt,
      "answers-file": join(folder, "answers.csv"),
    },
    workspace: root,
    onLine: (line) => {
      console.log(line);
    },
  });
  const { exitCode, outputs } = await step.done;
  if (exitCode !== 0) return exitCode ?? 1;
  title("A table of answers (the simulator makes them up)");
  showTable(outputs["answers-file"] ?? "");
  title("The same with a request file: examples/requests.jsonl");
  return 0;
}

function showTable(path: string): void {
  const answers: readonly Readonly<Record<string, string>>[] = parse(readFileSync(path), {
    columns: true,
    bom: true,
  });
  const shown = ["id", "product", "answer", "input_tokens", "output_tokens"];
  console.table(
    answers.map((row) => Object.fromEntries(shown.map((name) => [name, short(row[name] ?? "")]))),
  );
  console.log(path);
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function simulatedAccess(url: string): Readonly<Record<string, string>> {
  return {
    "api-key": "sk-simulated",
    "base-url": url,
    "poll-interval": "1s",
    "max-poll-interval": "1s",
  };
}

/** Requests go in as they are, some fail, and result lines come out. */
async function requestFile(): Promise<number> {
  const phases = { validating: 1_000, inProgress: 4_000, finalizing: 1_000, cancelling: 500 };
  const simulator = await startSimulator({
    phases,
    outcome: { kind: "mixed", failedShare: 0.05 },
  });
  try {
    return await run(simulatedAccess(simulator.url));
  } finally {
    await simulator.close();
  }
}

async function live(apiKey: string): Promise<number> {
  console.log("Requests go to OpenAI's server. This may take up to 24 hours and costs money.\n");
  return await run({ "api-key": apiKey, "max-poll-interval": "30s" });
}

async function run(inputs: Readonly<Record<string, string>>): Promise<number> {
  const interruption = new AbortController();
  // A terminal interrupts the action by itself; the demo must only outlive it, to clean up as a runner does.
  process.once("SIGINT", () => {
    interruption.abort();
  });
  await using step = startStep({
    inputs: {
      operation: "run",
      "input-file": "examples/requests.jsonl",
      "output-file": join(folder, "results.jsonl"),
      "error-file": join(folder, "errors.jsonl"),
      ...inputs,
    },
    workspace: root,
    onLine: (line) => {
      console.log(line);
    },
  });
  const result = await step.done;
  if (step.hasPost) await step.post(interruption.signal.aborted ? "cancelled" : result.conclusion);
  title("Job summary");
  console.log(result.summary);
  title("Outputs");
  for (const [name, value] of Object.entries(result.outputs)) {
    console.log(`${name}: ${value.length > 200 ? `${value.slice(0, 200)}…` : value}`);
  }
  title("Results");
  showFiles(result);
  showNextSteps(inputs["base-url"] !== undefined);
  return result.exitCode ?? 1;
}

function showFiles({ outputs }: MainResult): void {
  const paths = [outputs["output-file"], outputs["error-file"]];
  const written = paths.filter((path) => path !== undefined && existsSync(path));
  if (written.length === 0) console.log("No results were written.");
  for (const path of written) {
    if (path !== undefined) console.log(`${path} (${lineCount(path)} lines)`);
  }
}

function showNextSteps(simulatedRun: boolean): void {
  title("Next");
  console.log(`Read a result:  head -1 ${join(folder, "results.jsonl")}`);
  if (simulatedRun) console.log("Ask OpenAI:     OPENAI_API_KEY=… npm start -- --live");
  console.log("In a workflow:  see README.md");
}

function lineCount(path: string): number {
  return readFileSync(path, "utf8").split("\n").filter(Boolean).length;
}

function title(text: string): void {
  console.log(`\n${"─".repeat(72)}\n${text}\n`);
}
