import { execSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleAction } from "./bundle-action.ts";
import { differences } from "./compare-folders.ts";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
const lib = join(root, "lib");

const fresh = mkdtempSync(join(tmpdir(), "dist-"));
try {
  // In place and not in a temporary folder, because the bundler finds dependencies from there.
  execSync("npm run --silent build:lib", { cwd: root, stdio: "inherit" });
  bundleAction(lib, fresh);
  const problems = differences("dist", dist, fresh);
  if (problems.length > 0) {
    console.error("dist is not what the sources give:");
    for (const problem of problems) console.error(`  ${problem}`);
    console.error('Run "npm run build" and commit dist.');
    process.exitCode = 1;
  } else {
    console.log("dist is what the sources give.");
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
