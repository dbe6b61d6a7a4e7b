import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI, { toFile } from "openai";
import { vi } from "vitest";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../src/simulator/index.ts";
import { chats, ENDPOINT, jsonl, type ResultLine, resultLines } from "./requests.ts";
import {
  type MainResult,
  type PostResult,
  startStep,
  type Step,
  type StepOptions,
} from "./runner.ts";

type Inputs = Readonly<Record<string, string>>;
type Settings = Omit<StepOptions, "inputs" | "workspace">;

/** A job of a workflow: a workspace, a simulated account, and steps of the built action against it. */
export interface Job extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly workspace: string;
  /** Runs the action to its end. An input of `undefined` is not given at all. */
  readonly run: (inputs: GivenInputs, settings?: Settings) => Promise<MainResult>;
  /** Starts the action; the step is disposed of with the job. */
  readonly start: (inputs: GivenInputs, settings?: Settings) => Step;
  /** Makes a batch without the action and returns its id. */
  readonly submit: (order?: {
    readonly lines?: readonly (object | string)[];
    readonly metadata?: Readonly<Record<string, string>>;
  }) => Promise<string>;
  /** Writes a file of the workspace and returns its name. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly read: (name: string) => string;
  /** The lines of a result file, in the order of their ids. */
  readonly results: (name: string) => readonly ResultLine[];
  /** `METHOD /path` of every call so far. */
  readonly calls: () => readonly string[];
}

type GivenInputs = Readonly<Record<string, string | undefined>>;

// Many processes start at the same time, on machines that do other things as well.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

export const KEY = "sk-test-0123456789";

export async function openJob(options: SimulatorOptions = {}): Promise<Job> {
  const simulator = await startSimulator({
    ...options,
    phases: { validating: 5, inProgress: 20, finalizing: 5, cancelling: 5, ...options.phases },
  });
  const workspace = mkdtempSync(join(tmpdir(), "workspace-"));
  const steps: Step[] = [];
  const client = new OpenAI({ apiKey: KEY, baseURL: simulator.url, maxRetries: 0 });
  const path = (name: string) => join(workspace, name);

  const start: Job["start"] = (inputs, settings) => {
    const given = {
      "api-key": KEY,
      "base-url": simulator.url,
      ...intervalsFor(inputs, "0.02s", "0.05s"),
      ...inputs,
    };
    const step = startStep({ ...settings, workspace, inputs: present(given) });
    steps.push(step);
    return step;
  };

  return {
    simulator,
    workspace,
    start,
    run: (inputs, settings) => start(inputs, settings).done,
    async submit({ lines = chats(4), metadata } = {}) {
      const file = await toFile(Buffer.from(jsonl(lines)), "requests.jsonl");
      const { id } = await client.files.create({ purpose: "batch", file });
      const batch = await client.batches.create({
        input_file_id: id,
        endpoint: ENDPOINT,
        completion_window: "24h",
        ...(metadata !== undefined && { metadata }),
      });
      return batch.id;
    },
    write(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return name;
    },
    read: (name) => readFileSync(path(name), "utf8"),
    results: (name) =>
      [...resultLines(readFileSync(path(name), "utf8"))].sort((a, b) =>
        a.custom_id.localeCompare(b.custom_id, "en", { numeric: true }),
      ),
    calls: () => simulator.calls.map(({ method, path }) => `${method} ${path.replace("/v1", "")}`),
    async [Symbol.asyncDispose]() {
      for (const step of steps) await step[Symbol.asyncDispose]();
      await simulator.close();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

/** How often an operation that waits looks; the others have no use for it, and say so. */
export function intervalsFor(
  { operation = "" }: GivenInputs,
  shortest: string,
  longest: string,
): GivenInputs {
  if (operation !== "wait" && operation !== "run") return {};
  return { "poll-interval": shortest, "max-poll-interval": longest };
}

function present(inputs: GivenInputs): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Resolves once something holds of the simulator or a process. Nothing but the test's own timeout limits how long it takes. */
export async function eventually(holds: () => boolean): Promise<void> {
  const end = performance.now() + 110_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It never came true: ${holds.toString()}`);
    await sleep(5);
  }
}

/** Resolves once every batch of a job has ended. */
export async function ended({ simulator }: Job): Promise<void> {
  await eventually(() => simulator.ledger().running.length === 0);
}

/** The error messages of a step, as annotations show them. */
export function errorsOf({ annotations }: Pick<MainResult, "annotations">): readonly string[] {
  return annotations.filter(({ kind }) => kind === "error").map(({ message }) => message);
}

/** All that leaves a process but the results, without the commands that mask. */
export function said(result: MainResult | PostResult): string {
  const unmasked = result.raw.replaceAll(/^::add-mask::.*$/gm, "");
  const files = "outputs" in result ? [result.outputs, result.state] : [];
  return [unmasked, result.summary, ...files.map((file) => JSON.stringify(file))].join("\n");
}
