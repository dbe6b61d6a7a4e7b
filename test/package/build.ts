import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

const typescript = join(root, "node_modules/typescript/bin/tsc");
export const nodeModules = join(root, "node_modules");

/** Builds the library into a folder as it is packed from the repository. */
export function buildPackage(folder: string): void {
  const out = join(folder, "lib");
  execFileSync(process.execPath, [typescript, "-p", "tsconfig.build.json", "--outDir", out], {
    cwd: root,
  });
  for (const file of ["package.json", "README.md", "LICENSE", "CHANGELOG.md"]) {
    cpSync(join(root, file), join(folder, file));
  }
}

/** What the compiler says; nothing when all is well. */
export function compile(folder: string): string {
  try {
    return execFileSync(process.execPath, [typescript, "-p", folder], { encoding: "utf8" });
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}
