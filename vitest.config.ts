import { fileURLToPath } from "node:url";

import { configDefaults, defineConfig } from "vitest/config";

/** Where `.ci/run` wants the counts of the run. */
const report = process.env["TEST_REPORT"];

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // What documents say to users is run against the sources.
    alias: [
      { find: /^openai-batch-action$/, replacement: source("index.ts") },
      { find: /^openai-batch-action\/(\w+)$/, replacement: source("$1/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // They need act, which npm does not install: `npm run test:workflows`.
    exclude: [...configDefaults.exclude, "test/workflows/**"],
    // Only what hangs is to end by it: a loaded machine may take many times as long as a quiet one.
    testTimeout: 120_000,
    // Vitest leaves one core to itself; most of these tests wait for a process or a pause.
    maxWorkers: "100%",
    ...(report !== undefined && {
      reporters: ["default", "json"],
      outputFile: { json: report },
    }),
    coverage: {
      provider: "v8",
      include: ["src/**"],
      thresholds: { lines: 95 },
    },
  },
});
