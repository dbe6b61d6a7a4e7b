/** A part of the source that decides about money, and the tests that have to notice each change of it. */
export interface Room {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** Percent of the mutants that have to be noticed. */
  readonly least: number;
}

/**
 * Only a room's direct tests run for its mutants: what the long tests alone notice is noticed too late,
 * and each mutant costs as much time as the tests that reach it.
 */
export const rooms: Readonly<Record<string, Room>> = {
  rules: {
    mutate: ["src/batch/rules/*.ts", "src/batch/knowledge.ts"],
    // house.test.ts reads the sources themselves, which a mutation run rewrites.
    tests: ["test/batch/rules/!(house).test.ts"],
    least: 95,
  },
  create: {
    mutate: ["src/batch/create/*.ts"],
    tests: [
      "test/batch/create/**/*.test.ts",
      "test/batch/{create,parts}.test.ts",
      "test/batch/siblings/paid-once.test.ts",
    ],
    least: 90,
  },
  "look-up": {
    mutate: ["src/batch/look-up.ts", "src/batch/cancel.ts"],
    tests: ["test/batch/look-up.test.ts", "test/batch/cancel.test.ts"],
    least: 90,
  },
  follow: {
    mutate: ["src/batch/follow/*.ts"],
    tests: ["test/batch/follow/!(day).test.ts", "test/batch/wait.test.ts"],
    least: 90,
  },
  run: {
    mutate: ["src/batch/run/*.ts"],
    // Thousands of creates with each mutant would take a day.
    tests: ["test/batch/run/!(hourly-limit).test.ts", "test/batch/run.test.ts"],
    least: 90,
  },
  collect: {
    mutate: ["src/batch/collect.ts", "src/batch/results/{settle,fetch}.ts"],
    tests: [
      "test/batch/collect.test.ts",
      "test/batch/results/{fetch,file-lag,known,paid-once,quiet-cut,settle}.test.ts",
    ],
    least: 90,
  },
  action: {
    mutate: ["src/action/{cleanup,state,verdict}.ts", "src/action/cancellation/*.ts"],
    tests: ["test/action/{cleanup,state,verdict}.test.ts", "test/action/cancellation/**/*.test.ts"],
    least: 90,
  },
  retry: {
    mutate: ["src/api/retry.ts"],
    tests: ["test/api/{retry,with-retries}.test.ts"],
    least: 90,
  },
};
