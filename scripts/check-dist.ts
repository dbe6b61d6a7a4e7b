import { execSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleAction } from "./bundle-action.ts";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
const lib = join(root, "lib");

const fresh = mkdtempSync(join(tmpdir(), "dist-"));
try {
  // In place and not in a temporary folder, because the bundler finds dependencies from there.
  execSync("npm run --silent build:lib", { cwd: root, stdio: "inherit" });
  bundleAction(lib, fresh);
  const problems = differences(dist, fresh);
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

function differences(committed: string, built: string): readonly string[] {
  const paths = new Set([...files(committed), ...files(built)]);
  return [...paths].sort().flatMap((path) => {
    const [left, right] = [join(committed, path), join(built, path)];
    if (!existsSync(left)) return [`dist/${path} is missing`];
    if (!existsSync(right)) return [`dist/${path} is no longer built`];
    return content(left) === content(right) ? [] : [`dist/${path} differs`];
  });
}

function files(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** A checkout may have other line ends than a build. */
function content(path: string): string {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}
