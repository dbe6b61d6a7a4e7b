import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { differences } from "./compare-folders.ts";

const root = resolve(import.meta.dirname, "..");
const committed = join(root, "docs/library");
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

if (!values.check) {
  process.exitCode = writeReference(committed);
} else {
  const fresh = mkdtempSync(join(tmpdir(), "docs-"));
  try {
    process.exitCode = writeReference(fresh);
    const problems = process.exitCode === 0 ? differences("docs/library", committed, fresh) : [];
    if (problems.length > 0) {
      console.error("The library's reference is not what the doc comments say:");
      for (const problem of problems) console.error(`  ${problem}`);
      console.error('Run "npm run docs" and commit docs/library.');
      process.exitCode = 1;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Its settings are in typedoc.json; an export without a doc comment, or a link to nothing, fails. */
function writeReference(out: string): number {
  // The path and not the bin link, so that Windows needs no shell.
  const typedoc = join(root, "node_modules/typedoc/bin/typedoc");
  const command = [typedoc, "--out", out, "--logLevel", "Warn"];
  return spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" }).status ?? 1;
}
