import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { startSimulator } from "../src/simulator/index.ts";
import { install, pack } from "./pack.ts";

/**
 * Runs a batch with the packed library on every runtime that it is for, against the simulator on
 * this Node and against the simulator on that runtime.
 */
const program = resolve(import.meta.dirname, "../test/package/user/program.ts");
const runtimes = [
  { package: "node@22.23.3", command: ["./node_modules/node/bin/node", "--no-warnings"] },
  { package: "deno@2.9.6", command: ["./node_modules/.bin/deno", "run", "--allow-all"] },
  { package: "bun@1.4.5", command: ["./node_modules/.bin/bun", "run"] },
] as const;
const expected = JSON.stringify({
  done: true,
  total: 50,
  completed: 50,
  failed: 0,
  answers: 50,
  cached: [0, 20],
});

const folder = mkdtempSync(join(tmpdir(), "runtimes-"));
const simulator = await startSimulator({
  phases: { validating: 20, inProgress: 50, finalizing: 20 },
});
try {
  const { path } = pack(folder);
  const allowScripts = { node: true, deno: true, bun: true };
  const manifest = { type: "module", private: true, allowScripts };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  install(folder, path, ...runtimes.map((runtime) => runtime.package));
  cpSync(program, join(folder, "program.ts"));
  for (const { package: name, command } of runtimes) {
    await check(`${name}, simulator on Node ${process.version}`, [
      ...command,
      "program.ts",
      simulator.url,
    ]);
    await check(`${name}, simulator on it too`, [...command, "program.ts"]);
  }
} finally {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
}

async function check(what: string, [file, ...args]: readonly [string, ...string[]]): Promise<void> {
  try {
    const { stdout } = await promisify(execFile)(file, args, { cwd: folder, timeout: 60_000 });
    if (stdout.trim() !== expected) throw new Error(`It printed ${stdout}instead of ${expected}.`);
    console.log(`${what}: ${stdout.trim()}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
