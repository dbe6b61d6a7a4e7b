import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { type Safeguard, safeguards } from "../test/campaign/safeguards.ts";

/**
 * Takes each safeguard out of a copy of the sources. Then the campaign must fail, or the tests that the
 * safeguard names: `npm run campaign:safeguards [-- text]`, with a text only those that it names.
 */
const root = resolve(import.meta.dirname, "..");
const copy = mkdtempSync(join(tmpdir(), "safeguards-"));
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const runs = process.env["CAMPAIGN_RUNS"] ?? "1500";
const seed = process.env["CAMPAIGN_SEED"] ?? "1";
const wanted = process.argv[2] ?? "";

/** Rules have tests of their own, which are asked where no schedule has noticed. */
function directTests(file: string): readonly string[] {
  const [, name] = /^src\/batch\/rules\/(.+)\.ts$/.exec(file) ?? [];
  return name === undefined ? [] : [`test/batch/rules/${name}.test.ts`];
}

/** What noticed that the sources are broken; `undefined` for nothing. */
function noticed({ file, tests = directTests(file) }: Safeguard): string | undefined {
  const options = { cwd: copy, encoding: "utf8", timeout: 300_000 } as const;
  const campaign = spawnSync(process.execPath, ["test/campaign/notice.ts", runs, seed], options);
  if (campaign.status === 1) return `campaign, schedule ${campaign.stdout.trim()}`;
  // A play that does not end is noticed too.
  if (campaign.status !== 0) return `campaign, ${campaign.error?.message ?? campaign.stderr}`;
  if (tests.length === 0) return undefined;
  const direct = spawnSync(process.execPath, [vitest, "run", ...tests], options);
  return direct.status === 0 ? undefined : tests.join(", ");
}

let missed = 0;
const chosen = safeguards.filter(({ what, file }) => `${file} ${what}`.includes(wanted));
try {
  for (const name of ["src", "test", "package.json", "vitest.config.ts", "tsconfig.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const safeguard of chosen) {
    const { what, file, code, without } = safeguard;
    const path = join(copy, file);
    const source = readFileSync(path, "utf8");
    if (!source.includes(code)) throw new Error(`${file} has no longer: ${code}`);
    writeFileSync(
      path,
      source.replace(code, () => without),
    );
    const by = noticed(safeguard);
    writeFileSync(path, source);
    if (by === undefined) missed += 1;
    console.log(
      `${by === undefined ? "NOT NOTICED" : "noticed    "}  without ${what} (${by ?? file})`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${chosen.length - missed} noticed, ${missed} not`);
if (missed > 0) process.exitCode = 1;
