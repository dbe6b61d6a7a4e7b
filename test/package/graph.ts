import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

import { nodeModules } from "./build.ts";

/** Everything that a module loads, at once or later. */
export interface Reached {
  readonly files: ReadonlySet<string>;
  /** `node:fs`. */
  readonly builtins: ReadonlySet<string>;
  /** Names of packages that are imported. */
  readonly packages: ReadonlySet<string>;
}

/** Follows the static and dynamic imports of a compiled module. */
export function reach(entry: string): Reached {
  const files = new Set<string>();
  const builtins = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
    for (const { fileName: name } of importedFiles) {
      if (name.startsWith(".")) visit(resolve(dirname(file), name));
      else if (name.startsWith("node:")) builtins.add(name);
      else packages.add(packageOf(name));
    }
  };
  visit(entry);
  return { files, builtins, packages };
}

/** These packages and all that they need in turn. */
export function withDependencies(packages: Iterable<string>): ReadonlySet<string> {
  const all = new Set<string>();
  const visit = (name: string) => {
    if (all.has(name)) return;
    all.add(name);
    const path = join(nodeModules, name, "package.json");
    if (!existsSync(path)) throw new Error(`${name} is not installed.`);
    dependenciesOf(path).forEach(visit);
  };
  for (const name of packages) visit(name);
  return all;
}

/** The names under `dependencies` of a package.json. */
export function dependenciesOf(path: string): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  const listed =
    typeof manifest === "object" && manifest !== null && "dependencies" in manifest
      ? manifest.dependencies
      : {};
  return Object.keys(listed ?? {});
}

function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}
