import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { install, pack, type Tarball } from "./pack.ts";

/** Packs the library, and looks at what is in it, how it resolves, and whether users' compilers take it. */
const root = resolve(import.meta.dirname, "..");
const compilers = ["5.9.3", "6.0.3", "7.0.2"];
const nodeTypes = "@types/node@22.20.5";

const folder = mkdtempSync(join(tmpdir(), "package-"));
try {
  const tarball = pack(folder);
  checkFiles(tarball);
  run(bin("publint"), "run", tarball.path, "--strict");
  run(bin("attw"), tarball.path, "--profile", "esm-only", "--no-emoji", "--format", "ascii");
  checkTypes(tarball);
  checkCommand();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function checkFiles({ path, size, files }: Tarball): void {
  console.log(`${path}: ${files.length} files, ${size} bytes`);
  const strangers = files
    .filter((file) => !/^(README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(file))
    .filter((file) => !/^lib\/(?!action\/)[\w/-]+\.(js|d\.ts)$/.test(file));
  if (strangers.length === 0) return;
  console.error(`Nobody who uses the library needs ${strangers.join(", ")}.`);
  process.exitCode = 1;
}

/**
 * Compiles a user's program under the strictest settings, without types that happen to be global and
 * with the types of dependencies checked as well.
 */
function checkTypes({ path }: Tarball): void {
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
  const aliases = compilers.map((version) => `typescript-${version}@npm:typescript@${version}`);
  install(folder, path, nodeTypes, ...aliases);
  cpSync(join(root, "test/package/user"), join(folder, "user"), { recursive: true });
  for (const moduleResolution of ["nodenext", "bundler"]) {
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      target: "es2024",
      lib: ["es2024"],
      module: moduleResolution === "bundler" ? "esnext" : moduleResolution,
      moduleResolution,
      types: [],
    };
    const config = { compilerOptions, include: ["user"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    for (const version of compilers) {
      console.log(`TypeScript ${version}, ${moduleResolution}`);
      run(process.execPath, `node_modules/typescript-${version}/bin/tsc`, "-p", ".");
    }
  }
}

/** Runs the package's command as its users do, from the package that `checkTypes` has installed. */
function checkCommand(): void {
  console.log("openai-batch-action-simulator --help");
  run("npx", "--no-install", "openai-batch-action-simulator", "--help");
}

function bin(tool: string): string {
  return join(root, "node_modules/.bin", tool);
}

function run(program: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { cwd: folder, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exitCode = 1;
}
