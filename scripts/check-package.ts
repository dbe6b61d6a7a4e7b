import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "package-"));
try {
  const tarball = pack();
  if (!run("publint", "run", tarball, "--strict")) process.exitCode = 1;
  if (!run("attw", tarball, "--profile", "esm-only", "--no-emoji", "--format", "ascii"))
    process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Packs what would be published; `prepack` builds it from the sources first. */
function pack(): string {
  const command = ["pack", "--json", "--silent", "--pack-destination", folder];
  const output = execFileSync("npm", command, { cwd: root, encoding: "utf8" });
  // npm writes what `prepack` prints before its own JSON.
  const [packed] = JSON.parse(output.slice(output.indexOf("[\n"))) as readonly Packed[];
  if (packed === undefined) throw new Error("npm pack packed nothing.");
  console.log(`${packed.filename}: ${packed.files.length} files, ${packed.size} bytes`);
  const strangers = packed.files
    .map(({ path }) => path)
    .filter((path) => !/^(README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(path))
    .filter((path) => !/^lib\/(?!action\/)[\w/-]+\.(js|d\.ts)$/.test(path));
  if (strangers.length > 0) {
    console.error(`Nobody who uses the library needs ${strangers.join(", ")}.`);
    process.exitCode = 1;
  }
  return join(folder, packed.filename);
}

function run(tool: string, ...options: readonly string[]): boolean {
  const bin = join(root, "node_modules/.bin", tool);
  return spawnSync(bin, options, { cwd: root, stdio: "inherit" }).status === 0;
}
