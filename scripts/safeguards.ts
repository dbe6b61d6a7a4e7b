import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { safeguards } from "../test/campaign/safeguards.ts";

/** Takes each safeguard out of a copy of the sources and plays the campaign, which must then fail. */
const root = resolve(import.meta.dirname, "..");
const copy = mkdtempSync(join(tmpdir(), "safeguards-"));
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const env = { ...process.env, CAMPAIGN_RUNS: "3000", CAMPAIGN_SEED: "1" };
let missed = 0;
try {
  for (const name of ["src", "test", "package.json", "vitest.config.ts", "tsconfig.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const { what, file, code, without } of safeguards) {
    const path = join(copy, file);
    const source = readFileSync(path, "utf8");
    if (!source.includes(code)) throw new Error(`${file} has no longer: ${code}`);
    writeFileSync(path, source.replace(code, without));
    const { status } = spawnSync(process.execPath, [vitest, "run", "test/campaign"], {
      cwd: copy,
      env,
      stdio: "ignore",
    });
    writeFileSync(path, source);
    if (status === 0) missed += 1;
    console.log(`${status === 0 ? "NOT NOTICED" : "noticed    "}  without ${what}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${safeguards.length - missed} passed, ${missed} failed`);
if (missed > 0) process.exitCode = 1;
