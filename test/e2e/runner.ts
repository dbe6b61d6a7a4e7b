import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { readActionMetadata } from "../../scripts/action-metadata.ts";
import { DEFAULT_CONTEXT, prefixed, runnerVariables } from "./runner/environment.ts";
import { inputVariables, warnOfUnknownInputs } from "./runner/inputs.ts";
import { JobLog } from "./runner/log.ts";
import { startProcess, type StepProcess } from "./runner/process.ts";
import type {
  JobStatus,
  MainResult,
  SignalTimes,
  Step,
  StepOptions,
  Variables,
} from "./runner/types.ts";

export type {
  Annotation,
  GithubContext,
  JobStatus,
  MainResult,
  PostResult,
  SignalTimes,
  Step,
  StepOptions,
} from "./runner/types.ts";

const SIGNAL_TIMES: SignalTimes = { interrupt: 0, terminate: 7_500, kill: 10_000 };
const REPOSITORY_ROOT = resolve(import.meta.dirname, "../..");

/** Runs the main of an action as a step of a job. */
export async function runAction(options: StepOptions): Promise<MainResult> {
  await using step = startStep(options);
  return await step.done;
}

/** Starts a step; dispose of it to end what still runs and to remove its folder. */
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
    outputs: () => main.files().outputs,
    state: () => main.files().state,
    signalsSent: () => signalsSent,
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
