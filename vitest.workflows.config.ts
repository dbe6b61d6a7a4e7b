import { defineConfig } from "vitest/config";

/** Where `.ci/run` wants the counts of the run. */
const report = process.env["TEST_REPORT"];

/** Whole workflows in a real engine: mostly waiting, so that several go at once. */
export default defineConfig({
  test: {
    include: ["test/workflows/**/*.test.ts"],
    globalSetup: "test/workflows/setup.ts",
    testTimeout: 120_000,
    maxConcurrency: 4,
    sequence: { concurrent: true },
    ...(report !== undefined && {
      reporters: ["default", "json"],
      outputFile: { json: report },
    }),
  },
});
