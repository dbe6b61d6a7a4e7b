import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { readActionMetadata } from "./action-metadata.ts";

/**
 * Bundles the compiled entries in `lib` into a folder each, with the licences of what went in. What is
 * imported dynamically is a file of its own there. Nothing is minified: it starts no faster so
 * (bundled functions lose the parentheses that tell the engine to compile them at once), and people read it.
 */
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
    deferListFormats(target);
  }
}

/**
 * The type checks that got is built on make two `Intl.ListFormat`s as they are loaded, for an error
 * message that is never told. The first of them loads locale data for some 15 ms, a sixth of the
 * time of a short step; so they are made when they are used.
 */
function deferListFormats(folder: string): void {
  const eager = /= new Intl\.ListFormat\(([^)]*)\);/g;
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".js"));
  let deferred = 0;
  for (const name of scripts) {
    const path = join(folder, name);
    const code = readFileSync(path, "utf8");
    const patched = code.replaceAll(eager, (_, options: string) => {
      deferred += 1;
      return `= { format: (list) => new Intl.ListFormat(${options}).format(list) };`;
    });
    if (patched !== code) writeFileSync(path, patched);
  }
  if (deferred !== 2)
    throw new Error(`${folder} makes ${deferred} list formats and not 2: look again.`);
}
