import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { readActionMetadata } from "./action-metadata.ts";

/** Bundles the compiled entries in `lib` into one file each, with the licences of what went in. */
export function bundleAction(lib: string, out: string): void {
  // The path and not the bin link, so that Windows needs no shell.
  const ncc = createRequire(import.meta.url).resolve("@vercel/ncc/dist/ncc/cli.js");
  const { runs } = readActionMetadata(resolve(import.meta.dirname, "../action.yml"));
  for (const script of [runs.main, runs.post]) {
    if (script === undefined) continue;
    const entry = basename(dirname(script));
    const source = join(lib, "action", `${entry}.js`);
    if (!existsSync(source)) throw new Error(`${source} does not exist. Run "npm run build:lib".`);
    const target = join(out, entry);
    rmSync(target, { recursive: true, force: true });
    const build = ["build", source, "--out", target, "--license", "licenses.txt"];
    const options = ["--target", "es2022", "--no-cache", "--quiet"];
    const { status, error } = spawnSync(process.execPath, [ncc, ...build, ...options], {
      stdio: "inherit",
    });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`ncc could not bundle ${source}.`);
  }
}
