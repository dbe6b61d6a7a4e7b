import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const root = resolve(import.meta.dirname, "../..");

/** What one child process took. */
export interface Usage {
  /** All times in milliseconds. */
  readonly wall: number;
  /** Of user and system; `NaN` for a program that is not Node. */
  readonly cpu: number;
  /** MiB at its peak; `NaN` for a program that is not Node. */
  readonly memory: number;
  readonly stdout: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

const folder = mkdtempSync(join(tmpdir(), "bench-"));
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
// A copy, so that a build during the bench changes nothing of it.
export const built = join(folder, "built");
for (const name of ["dist", "lib", "package.json"]) {
  cpSync(join(root, name), join(built, name), { recursive: true });
}
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});

export const newFolder = (): string => mkdtempSync(join(folder, "step-"));

/** Plain JavaScript, and tiny: it is part of every start-up that is measured. */
const hook = join(folder, "usage.cjs");
// What the system calls the maximum counts the parent that was forked; the process's own does not.
writeFileSync(
  hook,
  `process.on("exit", () => {
  const fs = require("node:fs");
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  let memory = maxRSS;
  try {
    memory = Number(/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]);
  } catch {}
  fs.writeFileSync(process.env.BENCH_USAGE, JSON.stringify([userCPUTime + systemCPUTime, memory]));
});
`,
);

/** A peer as plain JavaScript, so that no start-up pays for its types; `src` becomes the built `lib`. */
export function peer(name: string): string {
  const source = readFileSync(join(import.meta.dirname, "peers", `${name}.ts`), "utf8");
  const lib = pathToFileURL(join(built, "lib")).href;
  const target = join(folder, `${basename(name)}.mjs`);
  writeFileSync(
    target,
    stripTypeScriptTypes(source).replaceAll(
      /"\.\.\/\.\.\/\.\.\/src\/(.*?)\.ts"/g,
      (_, path: string) => `"${lib}/${path}.js"`,
    ),
  );
  return target;
}

/** A script under this Node. */
export function nodeCommand(
  script: string,
  args: readonly string[] = [],
  options: Pick<Command, "env" | "cwd"> & { readonly flags?: readonly string[] } = {},
): Command {
  const { flags = [], ...rest } = options;
  return { program: process.execPath, args: [...flags, "-r", hook, script, ...args], ...rest };
}

/** Runs a command to its end. A failure of it is a failure of the bench. */
export async function measure({ program, args, env = {}, cwd = root }: Command): Promise<Usage> {
  const report = join(folder, "usage.json");
  rmSync(report, { force: true });
  const started = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env, BENCH_USAGE: report },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", resolve);
    }),
  ]);
  const wall = performance.now() - started;
  if (code !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  }
  const [cpu, memory] = readUsage(report);
  return { wall, cpu: cpu / 1_000, memory: memory / 1_024, stdout };
}

function readUsage(path: string): readonly [number, number] {
  try {
    // The hook above has written two numbers.
    return JSON.parse(readFileSync(path, "utf8")) as [number, number];
  } catch {
    return [Number.NaN, Number.NaN];
  }
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
