import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { answers } from "./answers.ts";
import { cachedRuns } from "./cached.ts";
import { checks } from "./check.ts";
import { collects } from "./collect.ts";
import { ensureData } from "./data.ts";
import { flatness } from "./flat.ts";
import { rates } from "./rates.ts";
import { rowsToRequests } from "./rows.ts";
import type { Setting } from "./setting.ts";
import { startUp } from "./startup.ts";
import { type Row, table } from "./table.ts";
import { uploads } from "./upload.ts";
import { tenMillion, waits } from "./waiting.ts";

const sections: Readonly<Record<string, (setting: Setting) => Promise<readonly Row[]>>> = {
  startup: startUp,
  upload: uploads,
  rows: rowsToRequests,
  check: checks,
  collect: collects,
  answers,
  cached: cachedRuns,
  flat: flatness,
  wait: waits,
  million: tenMillion,
  rates,
};

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
});
const { quick, only } = values;
const chosen = Object.entries(sections).filter(([name]) => only === undefined || name === only);
if (chosen.length === 0) {
  throw new Error(
    `There is no section ${only ?? ""}; there are ${Object.keys(sections).join(", ")}.`,
  );
}
const sizes = quick ? (["20MB", "208MB"] as const) : (["20MB", "208MB", "2GB"] as const);
for (const size of sizes) ensureData(size);

const sink = spawn(process.execPath, [join(import.meta.dirname, "sink.ts")], {
  stdio: ["ignore", "pipe", "inherit"],
});
const rows: Row[] = [];
try {
  const printed: readonly unknown[] = await once(sink.stdout, "data");
  const baseURL = `http://127.0.0.1:${String(printed[0]).trim()}/v1`;
  for (const [name, section] of chosen) {
    console.error(`${name} …`);
    rows.push(...(await section({ baseURL, rounds: quick ? 3 : 5, sizes })));
  }
} finally {
  sink.kill();
  const memory = Math.round(totalmem() / 1024 ** 3);
  console.log(
    `Node ${process.version}, ${cpus().length} cores, ${memory} GiB. Times are medians.\n`,
  );
  console.log(table(rows));
}
