import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { type CommandFiles, createCommandFiles, readCommandFiles } from "./command-files.ts";
import type { JobLog } from "./log.ts";
import type { PostResult, Variables } from "./types.ts";

/** One process of a step: its main or its post. */
export interface StepProcess {
  readonly child: ChildProcess;
  /** What it has written to its files so far. */
  readonly files: () => CommandFiles;
  readonly ended: Promise<{ readonly result: PostResult; readonly files: CommandFiles }>;
}

export function startProcess(phase: {
  readonly command: readonly [node: string, script: string];
  readonly env: Variables;
  readonly folder: string;
  readonly workspace: string;
  readonly log: JobLog;
}): StepProcess {
  const { log, folder } = phase;
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
      };
      fulfil({ result, files });
    });
  });
  return { child, files: () => readCommandFiles(folder).files, ended };
}

function readLines(stream: Readable, log: JobLog): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    log.raw += chunk;
    // A lone carriage return ends a line too; one at the end may be half of a line end.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) log.read(line);
  });
  stream.on("end", () => {
    if (rest !== "") log.read(rest.replace(/\r$/, ""));
  });
}
