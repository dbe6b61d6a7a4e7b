import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

export interface Tarball {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Paths in the package. */
  readonly files: readonly string[];
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs into a folder what would be published; `prepack` builds it from the sources first. */
export function pack(folder: string): Tarball {
  const command = ["pack", "--json", "--silent", "--pack-destination", folder];
  const root = resolve(import.meta.dirname, "..");
  const output = execFileSync("npm", command, { cwd: root, encoding: "utf8" });
  // npm writes what `prepack` prints before its own JSON.
  const [packed] = JSON.parse(output.slice(output.indexOf("[\n"))) as readonly Packed[];
  if (packed === undefined) throw new Error("npm pack packed nothing.");
  const { filename, size, files } = packed;
  return { path: join(folder, filename), size, files: files.map(({ path }) => path) };
}

/** Installs packages into a folder of a user, with nothing of ours around it. */
export function install(folder: string, ...packages: readonly string[]): void {
  const options = ["--no-save", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  execFileSync("npm", ["install", ...options, ...packages], { cwd: folder, stdio: "inherit" });
}
