import { Stryker } from "@stryker-mutator/core";

import { rooms } from "./mutation-rooms.ts";

/**
 * Mutates the rooms that are named, or all of them, and fails where too few mutants are noticed.
 * `npm run mutation -- rules retry`
 */
async function mutateRoom(name: string): Promise<void> {
  const room = rooms[name];
  if (room === undefined) {
    throw new Error(`There is no room "${name}". Rooms: ${Object.keys(rooms).join(", ")}.`);
  }
  // The Vitest of the mutation run is another process, and picks the tests by it.
  process.env["MUTATION_ROOM"] = name;
  const stryker = new Stryker({
    mutate: [...room.mutate],
    incrementalFile: `reports/mutation/${name}.incremental.json`,
    jsonReporter: { fileName: `reports/mutation/${name}.json` },
    // It sets the exit code.
    thresholds: { high: room.least, low: room.least, break: room.least },
  });
  await stryker.runMutationTest();
}

const named = process.argv.slice(2);
for (const name of named.length === 0 ? Object.keys(rooms) : named) await mutateRoom(name);
