import { rmSync } from "node:fs";

import fc from "fast-check";

import { corners, onceFailed, scheduleOf } from "./once-failed.ts";
import { play } from "./play.ts";
import { schedules } from "./schedules.ts";
import { playground } from "./world.ts";

/**
 * Plays the campaign up to its first violation, which is printed: `node test/campaign/notice.ts [runs] [seed]`.
 * Ends with 1 where there is one.
 */
const [runs = 1_500, seed = 1] = process.argv.slice(2).map(Number);
process.env["RUNNER_TEMP"] = playground;
// As in the tests: a schedule has to go the same way each time.
Math.random = () => 0.5;

process.exitCode = 0;
try {
  const all = [
    ...[...corners, ...onceFailed].map(scheduleOf),
    ...fc.sample(schedules, { numRuns: runs, seed }),
  ];
  for (const [number, schedule] of all.entries()) {
    const [violation] = await play(schedule).catch((error: unknown) => [String(error)]);
    if (violation === undefined) continue;
    process.stdout.write(`${number}: ${violation.split("\n")[0]?.slice(0, 160) ?? ""}\n`);
    process.exitCode = 1;
    break;
  }
} finally {
  rmSync(playground, { recursive: true, force: true });
}
// Processes that were killed in a play wait for ever.
process.exit();
