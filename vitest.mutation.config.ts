import { defineConfig } from "vitest/config";

import { rooms } from "./scripts/mutation-rooms.ts";

const room = rooms[process.env["MUTATION_ROOM"] ?? ""];
if (room === undefined) throw new Error("Mutation runs are started by `npm run mutation`.");

/** The direct tests of the room that is mutated, and nothing else. */
export default defineConfig({
  test: {
    include: [...room.tests],
    testTimeout: 20_000,
  },
});
