import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { aibrix } from "./aibrix.ts";
import { aimock } from "./aimock.ts";
import { CACHE } from "./cache.ts";
import { checkClient, clients } from "./clients.ts";
import { litellm } from "./litellm.ts";
import { ogx } from "./ogx.ts";
import { scenarios, type ScenarioName } from "./scenarios.ts";
import type { RunningServer, Server } from "./server.ts";
import { openWorld } from "./world.ts";

/**
 * Checks the built action and library against batch servers that others wrote, and others' clients
 * against the simulator: one line for each scenario, exit code 1 when one fails.
 */
const servers: readonly Server[] = [aimock, ogx, litellm, aibrix];
const names = [...servers.map(({ name }) => name), "clients"];
const { values } = parseArgs({
  options: { only: { type: "string" }, scenario: { type: "string" } },
});
const { only } = values;
if (only !== undefined && !names.includes(only)) {
  throw new Error(`There is no "${only}"; there are ${names.join(", ")}.`);
}

const folder = mkdtempSync(join(tmpdir(), "servers-"));
mkdirSync(CACHE, { recursive: true });
let failed = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
}
try {
  for (const server of servers) {
    if (only === undefined || only === server.name) await checkServer(server);
  }
  if (only === undefined || only === "clients") {
    for (const client of clients) {
      await report(`${client.name} ${client.version} with the simulator`, () =>
        checkClient(client, join(folder, client.name)),
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? "Every scenario is ok." : `${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;

async function checkServer(server: Server): Promise<void> {
  const title = `${server.name} ${server.version}`;
  await report(`${title}: install, start and stop`, async () => {
    await server.install();
    const home = join(folder, server.name);
    mkdirSync(home);
    await using running = await server.start(home);
    for (const name of Object.keys(scenarios).filter(isScenario)) {
      if (values.scenario === undefined || values.scenario === name) {
        await checkScenario(server, running, name);
      }
    }
  });
}

async function checkScenario(
  server: Server,
  running: RunningServer,
  name: ScenarioName,
): Promise<void> {
  const title = `${server.name} ${server.version}: ${name}`;
  const why = server.impossible[name];
  if (why !== undefined) {
    console.log(`-    ${title} (not possible: ${why})`);
    return;
  }
  await report(title, async () => {
    const place = join(folder, `${server.name}-${name.replaceAll(" ", "-")}`);
    await using world = await openWorld(running, place);
    await scenarios[name](world);
  });
}

async function report(title: string, check: () => Promise<void>): Promise<void> {
  const start = performance.now();
  try {
    await check();
    console.log(`ok   ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    const message = error instanceof Error ? error.message : String(error);
    console.log(`FAIL ${title}: ${message}`);
  }
}

function isScenario(name: string): name is ScenarioName {
  return name in scenarios;
}
