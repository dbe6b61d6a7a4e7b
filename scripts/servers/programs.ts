import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** What a program is started with. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end and returns what it printed; rejects with the end of its error output. */
export async function finish({ file, args, cwd, env }: Command, timeout: number): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(file, args, {
      cwd,
      env: environment(env),
      timeout,
      maxBuffer: 64_000_000,
    });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new Error(`"${file} ${args.join(" ")}" failed: ${lastLines(said)}`, { cause: error });
  }
}

/** How one sees that a server serves, where its output goes, and how many milliseconds it may take. */
export interface Start {
  readonly ready: () => Promise<boolean>;
  readonly log: string;
  readonly timeout: number;
}

/** Starts a server and waits until it serves; disposing of it stops it. */
export async function serve(
  command: Command,
  { ready, log, timeout }: Start,
): Promise<AsyncDisposable> {
  const output = openSync(log, "w");
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: environment(command.env),
    stdio: ["ignore", output, output],
    // A group of its own, since some servers start workers that outlive them.
    detached: true,
  });
  closeSync(output);
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  // Also when the check is interrupted, and nothing is disposed of.
  const atExit = () => {
    if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
  };
  process.once("exit", atExit);
  const stop = async () => {
    await stopGroup(child);
    process.off("exit", atExit);
  };
  try {
    await Promise.race([failed, untilReady(child, ready, timeout)]);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason} Its log ends with: ${lastLines(readFileSync(log, "utf8"))}`, {
      cause: error,
    });
  }
  return { [Symbol.asyncDispose]: stop };
}

/** Whether a URL is answered with a success. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    // It does not listen yet; the caller asks again and gives up in time.
    return false;
  }
}

/** Whether something listens on a port of 127.0.0.1. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Not yet; the caller asks again and gives up in time.
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function untilReady(
  child: ChildProcess,
  ready: Start["ready"],
  timeout: number,
): Promise<void> {
  const end = performance.now() + timeout;
  while (performance.now() < end) {
    if (hasEnded(child)) throw new Error(`${child.spawnfile} ended before it served.`);
    if (await ready()) return;
    await sleep(200);
  }
  throw new Error(`${child.spawnfile} did not serve within ${timeout / 1000} seconds.`);
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    signalGroup(child.pid, signal);
    if (!hasEnded(child)) await Promise.race([once(child, "exit"), sleep(5_000)]);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Every process of the group is gone already.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function environment(extra: Command["env"]): NodeJS.ProcessEnv {
  // The servers are to find neither a key nor another server of the user's.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("OPENAI_"));
  return { ...Object.fromEntries(own), ...extra };
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-8).join("\n");
}
