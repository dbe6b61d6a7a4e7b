import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { actBinary } from "./act-binary.ts";
import { readLog, type RunLog } from "./log.ts";

type Pairs = Readonly<Record<string, string>>;

export interface WorkflowOptions {
  /** The repository that the workflow runs in; each job gets a copy of it. */
  readonly repository: string;
  /** Path of the workflow file. */
  readonly workflow: string;
  readonly event?: string;
  /** The event's payload. */
  readonly payload?: object;
  readonly vars?: Pairs;
  readonly secrets?: Pairs;
  /** Variables of every step. */
  readonly env?: Pairs;
  /** Local folders in the place of actions, by `owner/name@ref`. */
  readonly actions?: Pairs;
  /** A folder of programs that steps find before all others. */
  readonly programs?: string;
  /** Ends the run as a user does who cancels it. */
  readonly cancel?: AbortSignal;
}

export interface WorkflowRun extends RunLog {
  /** 0 when every job went well. */
  readonly exitCode: number | null;
}

/** Longer than any of these workflows takes; what hangs is ended, with its steps. */
const timeLimit = 90_000;
const timeToEnd = 20_000;

/**
 * Runs a workflow file in act, on this machine and without a container or the network.
 *
 * What act does otherwise than GitHub, and what follows for these tests:
 * - `permissions`, `concurrency` and `environment` mean nothing to it; actionlint and zizmor look at them.
 * - `actions/checkout` is done by act itself: the job's workspace is a copy of the repository, and
 *   the action's inputs (`persist-credentials`) go unseen.
 * - The steps see the variables of act's own process, so that it is given hardly any.
 * - It tells steps `GITHUB_RUN_ID=1` and attempt 1 by default.
 * - Legs of a matrix run side by side, as many as there are processors; the last one's outputs are the job's, as on GitHub.
 * - A job's outputs are not dropped when they hold a masked text.
 * - With `--json` the log repeats the `::add-mask::` commands as they are; only `msg` is what a user sees.
 * - A cancelled step is killed at once instead of getting SIGINT and 7.5 seconds; its post step
 *   runs as on GitHub.
 */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowRun> {
  const { repository, workflow, event = "workflow_dispatch", env = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), "act-"));
  try {
    const home = join(folder, "home");
    mkdirSync(home);
    const eventFile = join(folder, "event.json");
    writeFileSync(eventFile, JSON.stringify(options.payload ?? {}));
    const child = spawn(
      actBinary(),
      [
        event,
        "--json",
        ...["--workflows", workflow],
        ...["--eventpath", eventFile],
        ...["--platform", "ubuntu-latest=-self-hosted"],
        ...["--action-cache-path", join(home, "actions")],
        "--action-offline-mode",
        "--no-cache-server",
        // Files of the developer's own must not find their way in.
        ...["--env-file", "/dev/null", "--secret-file", "/dev/null"],
        ...["--var-file", "/dev/null", "--input-file", "/dev/null"],
        ...flags("--env", { GITHUB_REPOSITORY: "owner/repository", ...env }),
        ...flags("--var", options.vars),
        ...flags("--secret", options.secrets),
        ...flags("--local-repository", options.actions),
      ],
      {
        cwd: repository,
        env: {
          PATH: searchPath(options.programs),
          HOME: home,
          XDG_CACHE_HOME: join(home, ".cache"),
          XDG_CONFIG_HOME: join(home, ".config"),
          TMPDIR: folder,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const interrupt = () => child.kill("SIGINT");
    options.cancel?.addEventListener("abort", interrupt);
    const watches = [
      setTimeout(interrupt, timeLimit),
      setTimeout(() => child.kill("SIGKILL"), timeLimit + timeToEnd),
    ];
    const [log, complaints] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    watches.forEach(clearTimeout);
    options.cancel?.removeEventListener("abort", interrupt);
    const run = { ...readLog(log), exitCode: child.exitCode };
    if (run.exitCode !== 0 && Object.keys(run.jobs).length === 0) {
      throw new Error(`act could not run ${workflow}.\n${complaints}\n${log}`);
    }
    return run;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `using: node24` is whatever `node` is found first. */
function searchPath(programs: string | undefined): string {
  const own = programs === undefined ? [] : [programs];
  return [...own, dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
}

function flags(name: string, pairs: Pairs = {}): readonly string[] {
  return Object.entries(pairs).flatMap(([key, value]) => [name, `${key}=${value}`]);
}
