import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { type ActionMetadata, readActionMetadata } from "../../scripts/action-metadata.ts";

export type JobStatus = "success" | "failure" | "cancelled";

/** What `github.*` expressions and `GITHUB_*` variables are made of: `runId` is `github.run_id` and `GITHUB_RUN_ID`. */
export type GithubContext = Readonly<Record<string, string>>;

export interface StepOptions {
  /** The folder with action.yml; the repository itself unless given. */
  readonly root?: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What `${{ job.status }}` is while main runs. */
  readonly jobStatus?: JobStatus;
  readonly context?: GithubContext;
  /** Milliseconds after a cancel (or timeout) at which each signal is sent. */
  readonly signals?: Partial<SignalTimes>;
  /** Called with every line of the visible log. */
  readonly onLine?: (line: string) => void;
  readonly nodePath?: string;
  readonly workspace?: string;
}

export interface SignalTimes {
  readonly interrupt: number;
  readonly terminate: number;
  readonly kill: number;
}

export interface Annotation {
  readonly kind: "error" | "warning" | "notice";
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface PostResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly conclusion: JobStatus;
  /** Markdown as the action wrote it, not masked, so that a test can see a leak; empty when GitHub would refuse it. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** The lines a reader of the job's log sees. */
  readonly log: readonly string[];
  /** Everything the process printed, workflow commands and unmasked secrets included. */
  readonly raw: string;
  readonly durationMs: number;
}

export interface MainResult extends PostResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** Signals that were sent, in order. */
  readonly signalsSent: readonly NodeJS.Signals[];
}

export interface Step extends AsyncDisposable {
  readonly done: Promise<MainResult>;
  /** The workflow is cancelled. */
  cancel(): Promise<MainResult>;
  /** The step's `timeout-minutes` are over: the same signals, but the job has failed. */
  timeout(): Promise<MainResult>;
  /** The process is gone at once. */
  kill(): Promise<MainResult>;
  /** The first line of the visible log that matches, also one already printed. */
  waitForLine(pattern: RegExp): Promise<string>;
  /** Whether the action has a post step. */
  readonly hasPost: boolean;
  /** Runs the post step after main; the job's status is main's conclusion unless given. */
  post(jobStatus?: JobStatus): Promise<PostResult>;
}

type Variables = Readonly<Record<string, string>>;

const SIGNAL_TIMES: SignalTimes = { interrupt: 0, terminate: 7_500, kill: 10_000 };
const SUMMARY_LIMIT_BYTES = 1_024 * 1_024;
const REPOSITORY_ROOT = resolve(import.meta.dirname, "../..");

const DEFAULT_CONTEXT: GithubContext = {
  token: "ghs_0123456789abcdefghijklmnopqrstuvwxyz",
  actor: "octocat",
  apiUrl: "https://api.github.com",
  eventName: "workflow_dispatch",
  graphqlUrl: "https://api.github.com/graphql",
  job: "batch",
  ref: "refs/heads/main",
  refName: "main",
  refType: "branch",
  repository: "octocat/hello-world",
  repositoryOwner: "octocat",
  repositoryId: "1296269",
  runAttempt: "1",
  runId: "1234567890",
  runNumber: "42",
  serverUrl: "https://github.com",
  sha: "ffac537e6cbbf934b08745a378932722df287a53",
  triggeringActor: "octocat",
  workflow: "Batch",
  workflowRef: "octocat/hello-world/.github/workflows/batch.yml@refs/heads/main",
};

export async function runAction(options: StepOptions): Promise<MainResult> {
  await using step = startStep(options);
  return await step.done;
}

export function startStep(options: StepOptions): Step {
  const root = options.root ?? REPOSITORY_ROOT;
  const action = readActionMetadata(join(root, "action.yml"));
  const context = { ...DEFAULT_CONTEXT, ...options.context };
  const folder = mkdtempSync(join(tmpdir(), "runner-"));
  const workspace = options.workspace ?? join(folder, "workspace");
  mkdirSync(workspace, { recursive: true });

  const variables = (jobStatus: JobStatus) => ({
    ...runnerVariables(context, folder, workspace),
    ...options.env,
    ...inputVariables(action, options.inputs, { ...context, jobStatus }),
  });
  const begin = (name: "main" | "post", script: string, env: Variables, log: JobLog) =>
    startProcess({
      command: [options.nodePath ?? process.execPath, resolve(root, script)],
      env,
      folder: join(folder, name),
      workspace,
      log,
    });
  const newLog = () =>
    new JobLog(context["token"] ?? "", options.env?.["RUNNER_DEBUG"] === "1", options.onLine);

  const log = newLog();
  warnOfUnknownInputs(action, options.inputs, log);
  const main = begin("main", action.runs.main, variables(options.jobStatus ?? "success"), log);
  let post: StepProcess | undefined;
  let imposed: JobStatus | undefined;
  const signalsSent: NodeJS.Signals[] = [];
  const done = main.ended.then(({ result, files }): MainResult => ({
    ...result,
    conclusion: imposed ?? result.conclusion,
    outputs: files.outputs,
    state: files.state,
    signalsSent,
  }));

  const send = (signal: NodeJS.Signals) => {
    if (main.child.kill(signal)) signalsSent.push(signal);
  };
  const stop = async (status: JobStatus): Promise<MainResult> => {
    imposed ??= status;
    const times = { ...SIGNAL_TIMES, ...options.signals };
    const timers = [
      setTimeout(send, times.interrupt, "SIGINT"),
      setTimeout(send, times.terminate, "SIGTERM"),
      setTimeout(send, times.kill, "SIGKILL"),
    ];
    try {
      return await done;
    } finally {
      timers.forEach(clearTimeout);
    }
  };

  return {
    done,
    cancel: () => stop("cancelled"),
    timeout: () => stop("failure"),
    async kill() {
      imposed ??= "failure";
      send("SIGKILL");
      return await done;
    },
    waitForLine: (pattern) => log.waitFor(pattern),
    hasPost: action.runs.post !== undefined,
    async post(jobStatus) {
      const script = action.runs.post;
      if (script === undefined) throw new Error("This action has no runs.post.");
      const { conclusion, state } = await done;
      const { files } = await main.ended;
      const env = {
        ...variables(jobStatus ?? conclusion),
        ...files.env,
        ...prefixed("STATE_", state),
      };
      const path = [...files.path, env["PATH"] ?? ""].join(delimiter);
      post = begin("post", script, { ...env, PATH: path }, newLog());
      return (await post.ended).result;
    },
    async [Symbol.asyncDispose]() {
      for (const process of [main, post]) {
        process?.child.kill("SIGKILL");
        await process?.ended.catch(() => undefined);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// Inputs and environment

function inputVariables(
  action: ActionMetadata,
  given: Readonly<Record<string, string>>,
  context: GithubContext,
): Variables {
  const values = new Map<string, string>();
  for (const [name, input] of action.inputs) values.set(name.toLowerCase(), input.default ?? "");
  for (const [name, value] of Object.entries(given)) values.set(name.toLowerCase(), value);
  return Object.fromEntries(
    [...values].map(([name, value]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      evaluate(value, context),
    ]),
  );
}

function warnOfUnknownInputs(
  action: ActionMetadata,
  given: Readonly<Record<string, string>>,
  log: JobLog,
): void {
  const known = [...action.inputs.keys()];
  const lowerCase = new Set(known.map((name) => name.toLowerCase()));
  const unknown = Object.keys(given).filter((name) => !lowerCase.has(name.toLowerCase()));
  if (unknown.length === 0) return;
  const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(", ");
  log.annotate({
    kind: "warning",
    message: `Unexpected input(s) ${quoted(unknown)}, valid inputs are [${quoted(known)}]`,
  });
}

function evaluate(template: string, { jobStatus, ...github }: GithubContext): string {
  const known = new Map(Object.entries(github).map(([k, v]) => [`github.${snakeCase(k)}`, v]));
  if (jobStatus !== undefined) known.set("job.status", jobStatus);
  return template.replaceAll(/\$\{\{(.*?)\}\}/gs, (expression, inner: string) => {
    const value = known.get(inner.trim());
    if (value === undefined) throw new Error(`The runner cannot evaluate ${expression}.`);
    return value;
  });
}

function runnerVariables(context: GithubContext, folder: string, workspace: string): Variables {
  const temp = join(folder, "temp");
  const event = join(folder, "event.json");
  mkdirSync(temp, { recursive: true });
  writeFileSync(event, "{}");
  const shared = Object.entries(context).filter(([name]) => name !== "token");
  return {
    ...inherited("PATH", "HOME", "SystemRoot"),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION: "batch",
    GITHUB_EVENT_PATH: event,
    GITHUB_WORKSPACE: workspace,
    ...Object.fromEntries(
      shared.map(([name, value]) => [`GITHUB_${snakeCase(name).toUpperCase()}`, value]),
    ),
    RUNNER_ARCH: "X64",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_NAME: "runner",
    RUNNER_OS: "Linux",
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(folder, "tools"),
  };
}

function inherited(...names: readonly string[]): Variables {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function prefixed(prefix: string, values: Variables): Variables {
  return Object.fromEntries(Object.entries(values).map(([k, v]) => [`${prefix}${k}`, v]));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

// The process

interface StepProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly result: PostResult; readonly files: CommandFiles }>;
}

function startProcess(phase: {
  readonly command: readonly [node: string, script: string];
  readonly env: Variables;
  readonly folder: string;
  readonly workspace: string;
  readonly log: JobLog;
}): StepProcess {
  const { log, folder } = phase;
  const began = performance.now();
  const [node, script] = phase.command;
  const child = spawn(node, [script], {
    cwd: phase.workspace,
    env: { ...phase.env, ...createCommandFiles(folder) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) readLines(stream, log);
  const ended = new Promise<Awaited<StepProcess["ended"]>>((fulfil, reject) => {
    child.on("error", (error) => {
      log.end();
      reject(error);
    });
    child.on("close", (exitCode, signal) => {
      const { files, problems } = readCommandFiles(folder);
      for (const message of problems) log.annotate({ kind: "error", message });
      log.end();
      const result: PostResult = {
        exitCode,
        signal,
        conclusion: exitCode === 0 && !files.malformed ? "success" : "failure",
        summary: files.summary,
        annotations: log.annotations,
        log: log.lines,
        raw: log.raw,
        durationMs: performance.now() - began,
      };
      fulfil({ result, files });
    });
  });
  return { child, ended };
}

function readLines(stream: Readable, log: JobLog): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    log.raw += chunk;
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) log.read(line);
  });
  stream.on("end", () => {
    if (rest !== "") log.read(rest);
  });
}

// Command files

interface CommandFiles {
  readonly outputs: Variables;
  readonly state: Variables;
  readonly env: Variables;
  readonly path: readonly string[];
  readonly summary: string;
  readonly malformed: boolean;
}

const COMMAND_FILES = ["OUTPUT", "STATE", "STEP_SUMMARY", "ENV", "PATH"] as const;

function createCommandFiles(folder: string): Variables {
  mkdirSync(folder);
  return Object.fromEntries(
    COMMAND_FILES.map((name) => {
      const path = join(folder, name);
      writeFileSync(path, "");
      return [`GITHUB_${name}`, path];
    }),
  );
}

function readCommandFiles(folder: string): { files: CommandFiles; problems: readonly string[] } {
  const content = (name: (typeof COMMAND_FILES)[number]) =>
    readFileSync(join(folder, name), "utf8");
  const problems: string[] = [];
  const pairs = (name: (typeof COMMAND_FILES)[number]): Variables => {
    const { values, problem } = parsePairs(content(name));
    if (problem !== undefined) {
      const command = name.toLowerCase();
      problems.push(`Unable to process file command '${command}' successfully.`, problem);
    }
    return values;
  };
  const [outputs, state, env] = [pairs("OUTPUT"), pairs("STATE"), pairs("ENV")];
  const malformed = problems.length > 0;
  let summary = content("STEP_SUMMARY");
  const summaryBytes = Buffer.byteLength(summary);
  if (summaryBytes > SUMMARY_LIMIT_BYTES) {
    const size = `${Math.ceil(summaryBytes / 1_024)}k`;
    problems.push(
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${size}.`,
    );
    summary = "";
  }
  const path = content("PATH").split(/\r?\n/).filter(Boolean).reverse();
  return { files: { outputs, state, env, path, summary, malformed }, problems };
}

/** `name=value` lines and `name<<delimiter` blocks; what precedes a fault is kept, as on GitHub. */
function parsePairs(text: string): { values: Variables; problem?: string } {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const [, name, operator, rest] = /^(.+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      return { values, problem: `Invalid format '${line}'` };
    }
    if (operator === "=") {
      values[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, index + 1);
    if (rest === "" || end === -1) {
      return { values, problem: `Invalid value. Matching delimiter not found '${rest}'` };
    }
    values[name] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return { values };
}

// Workflow commands and the log

interface WorkflowCommand {
  readonly name: string;
  readonly properties: Variables;
  readonly data: string;
}

class JobLog {
  readonly annotations: Annotation[] = [];
  readonly lines: string[] = [];
  raw = "";
  readonly #masks = new Set<string>();
  readonly #debug: boolean;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #changed = new EventEmitter();
  #ended = false;
  #resumeToken: string | undefined;

  constructor(secret: string, debug: boolean, onLine?: (line: string) => void) {
    this.#debug = debug;
    this.#onLine = onLine;
    this.#mask(secret);
  }

  read(line: string): void {
    const command = parseCommand(line);
    if (this.#resumeToken !== undefined) {
      if (command?.name === this.#resumeToken) this.#resumeToken = undefined;
      else this.#show(line);
    } else if (command === undefined || !this.#obey(command)) {
      this.#show(line);
    }
  }

  annotate(annotation: Annotation): void {
    const message = this.#masked(annotation.message);
    this.annotations.push({ ...annotation, message });
    const label = { error: "Error", warning: "Warning", notice: "Notice" }[annotation.kind];
    this.#show(`${label}: ${message}`);
  }

  end(): void {
    this.#ended = true;
    this.#changed.emit("change");
  }

  async waitFor(pattern: RegExp): Promise<string> {
    for (let index = 0; ; index += 1) {
      while (index === this.lines.length && !this.#ended) await once(this.#changed, "change");
      const line = this.lines[index];
      if (line === undefined) {
        throw new Error(`No line matches ${String(pattern)} in:\n${this.lines.join("\n")}`);
      }
      if (line.search(pattern) !== -1) return line;
    }
  }

  #obey({ name, properties, data }: WorkflowCommand): boolean {
    switch (name) {
      case "error":
      case "warning":
      case "notice":
        this.annotate({ kind: name, message: data, ...place(properties) });
        return true;
      case "add-mask":
        this.#mask(data);
        return true;
      case "debug":
        if (this.#debug) this.#show(`##[debug]${data}`);
        return true;
      case "group":
        this.#show(`▼ ${data}`);
        return true;
      case "endgroup":
        return true;
      case "stop-commands":
        this.#resumeToken = data;
        return true;
      default:
        return false;
    }
  }

  #mask(value: string): void {
    for (const secret of [value, ...value.split(/\r?\n/)]) {
      if (secret.trim() !== "") this.#masks.add(secret);
    }
  }

  #masked(text: string): string {
    const longestFirst = [...this.#masks].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
  }

  #show(text: string): void {
    for (const line of this.#masked(text).split(/\r?\n/)) {
      this.lines.push(line);
      this.#onLine?.(line);
    }
    this.#changed.emit("change");
  }
}

function parseCommand(line: string): WorkflowCommand | undefined {
  const [, name, properties = "", data = ""] =
    /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/s.exec(line) ?? [];
  if (name === undefined) return undefined;
  const values: Record<string, string> = {};
  for (const property of properties.split(",")) {
    const [, key, value] = /^\s*([^=]+)=(.+)$/s.exec(property) ?? [];
    if (key !== undefined && value !== undefined) values[key] = decode(value);
  }
  return { name: name.toLowerCase(), properties: values, data: decode(data) };
}

function place(properties: Variables): Pick<Annotation, "title" | "file" | "line"> {
  const { title, file, line } = properties;
  return {
    ...(title !== undefined && { title }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line: Number(line) }),
  };
}

const ESCAPES: Variables = { "%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": "," };

function decode(text: string): string {
  return text.replaceAll(/%(?:25|0D|0A|3A|2C)/g, (escape) => ESCAPES[escape] ?? escape);
}
