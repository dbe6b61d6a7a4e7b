import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";

import { readActionMetadata } from "./action-metadata.ts";

/**
 * Bundles the compiled entries in `lib` into a folder of `dist` each, with the licences of what went
 * in. What is imported dynamically is a file of its own there. Nothing is minified: it starts no faster so
 * (bundled functions lose the parentheses that tell the engine to compile them at once), and people read it.
 */
const root = resolve(import.meta.dirname, "..");
const packages = join(root, "lib/node_modules");

copyToolkit();
try {
  const { main, post } = readActionMetadata(join(root, "action.yml")).runs;
  for (const script of [main, post]) {
    if (script !== undefined) bundle(basename(dirname(script)));
  }
} finally {
  rmSync(packages, { recursive: true, force: true });
}

/**
 * Puts a copy of `@actions/core` where the bundler looks first. The package does not say that its
 * modules have no side effects, so the bundler would keep all of them, with a whole HTTP client for
 * the one function that calls a server, and loading that takes a third of the time of a short step.
 * The copy says so; the installed package stays as it is.
 */
function copyToolkit(): void {
  const copy = join(packages, "@actions/core");
  cpSync(join(root, "node_modules/@actions/core"), copy, { recursive: true });
  const manifest = join(copy, "package.json");
  const content: unknown = JSON.parse(readFileSync(manifest, "utf8"));
  writeFileSync(manifest, JSON.stringify(Object.assign({}, content, { sideEffects: false })));
}

function bundle(entry: string): void {
  const source = join(root, "lib/action", `${entry}.js`);
  if (!existsSync(source)) throw new Error(`${source} does not exist. Run "npm run build:lib".`);
  const target = join(root, "dist", entry);
  rmSync(target, { recursive: true, force: true });
  // The path and not the bin link, so that Windows needs no shell.
  const ncc = createRequire(import.meta.url).resolve("@vercel/ncc/dist/ncc/cli.js");
  const build = ["build", source, "--out", target, "--license", "licenses.txt"];
  const options = ["--target", "es2022", "--no-cache", "--quiet"];
  const { status, error } = spawnSync(process.execPath, [ncc, ...build, ...options], {
    stdio: "inherit",
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`ncc could not bundle ${source}.`);
}
