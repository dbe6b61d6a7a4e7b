import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { finish } from "./programs.ts";

const INSTALL_TIMEOUT = 20 * 60_000;

/** Where installed servers and clients stay between two runs. */
export const CACHE = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "openai-batch-action/servers",
);

/** Installs Python packages at pinned versions into an environment of their own, once; returns its `bin`. */
export async function pythonEnvironment(
  name: string,
  packages: readonly string[],
): Promise<string> {
  const folder = join(CACHE, name);
  const bin = join(folder, "bin");
  await installOnce(folder, async () => {
    const python = await newPython();
    await finish({ file: python, args: ["-m", "venv", folder], cwd: CACHE }, INSTALL_TIMEOUT);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages];
    await finish({ file: join(bin, "python"), args: pip, cwd: CACHE }, INSTALL_TIMEOUT);
  });
  return bin;
}

/** Fills a folder of the cache once. An installation that was cut short leaves no mark, and is done again. */
export async function installOnce(folder: string, install: () => Promise<void>): Promise<void> {
  const mark = join(folder, ".installed");
  if (existsSync(mark)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install();
  writeFileSync(mark, "");
}

/** The servers need Python 3.12 or 3.13, which need not be the system's own. */
async function newPython(): Promise<string> {
  const pyenv = join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions");
  const versions = existsSync(pyenv) ? readdirSync(pyenv) : [];
  const candidates = [
    "python3.12",
    "python3.13",
    "python3",
    ...versions.map((version) => join(pyenv, version, "bin/python3")),
  ];
  const check = "import sys, venv; sys.exit(not (3, 12) <= sys.version_info < (3, 14))";
  for (const file of candidates) {
    if (await runs(file, ["-c", check])) return file;
  }
  throw new Error("Python 3.12 or 3.13 with its module venv was not found. Install it.");
}

async function runs(file: string, args: readonly string[]): Promise<boolean> {
  try {
    await finish({ file, args, cwd: CACHE }, 30_000);
    return true;
  } catch {
    // Not there, or another version; the caller tries the next and says so when none is left.
    return false;
  }
}
