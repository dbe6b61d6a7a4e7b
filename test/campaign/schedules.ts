import fc from "fast-check";

import {
  cacheFortunes,
  callFaults,
  contentFaults,
  fateNames,
  type Fortune,
  pageFaults,
  routes,
  type Schedule,
  type ServerPlan,
} from "./schedule.ts";

const faultsUpTo = (calls: number, maxLength: number) =>
  fc.uniqueArray(
    fc.record({
      call: fc.nat(calls - 1),
      length: fc.constantFrom(1, 1, 1, 2, 6),
      fault: fc.constantFrom(...callFaults),
    }),
    { selector: ({ call }) => call, maxLength },
  );

const optionally = (weight: number, value: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });

/** Mostly the first of the values. */
const rarely = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 7, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );

const mostlyNone = <T>(some: fc.Arbitrary<readonly T[]>): fc.Arbitrary<readonly T[]> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some });

const fortunes: fc.Arbitrary<Fortune> = fc.record({
  faults: faultsUpTo(16, 5),
  signalAt: optionally(1, fc.integer({ min: 1, max: 60 })),
  killAt: optionally(1, fc.integer({ min: 1, max: 60 })),
  stepTimeout: fc.boolean(),
  laterFailure: fc.boolean(),
  runnerLost: rarely(false, true),
  postFaults: mostlyNone(faultsUpTo(6, 3)),
});

const servers: fc.Arbitrary<ServerPlan> = fc.record({
  outcomes: fc.array(fc.constantFrom("completed", "completed", "expired", "full", "invalid"), {
    maxLength: 4,
  }),
  fates: mostlyNone(
    fc.array(fc.oneof(fc.constant("ok" as const), fc.constantFrom(...fateNames)), {
      maxLength: 8,
    }),
  ),
  inProgress: fc.constantFrom(5_000, 60_000, 600_000, 7_200_000),
  cancelling: fc.constantFrom(1_000, 30_000, 300_000),
  listLag: fc.constantFrom(0, 0, 0, 500, 3_000, 10_000, 45_000, 300_000),
  fileLag: rarely(0, 2_000, 20_000),
  resultLag: rarely(0, 3_000, 20_000, 600_000),
  processing: rarely(0, 10_000, 60_000),
  order: rarely("newest", "oldest", "id"),
  stale: rarely(false, true),
  after: rarely("honoured", "ignored", "refused"),
  pageSize: rarely(100, 1, 2),
  brokenEntries: rarely(0, 1),
  doubledEntries: rarely(false, true),
  noList: fc.oneof({ weight: 20, arbitrary: fc.constant(false) }, fc.constant(true)),
  words: rarely("openai", "others", "unknown"),
  counts: rarely("shown", "none", "zeros"),
  fileSizes: rarely(true, false),
  lengths: rarely(true, false),
  cancelEnded: rarely("refused", "unchanged", "cancelled"),
  foreign: fc.constantFrom(0, 0, 1, 3),
});

const rules = fc.oneof(
  fc.record({
    on: fc.constantFrom(...routes),
    skip: fc.nat(3),
    times: fc.constantFrom(1, 1, 2, 8, 200),
    fault: fc.constantFrom(...callFaults),
  }),
  fc.record({
    on: fc.constant("content" as const),
    skip: fc.nat(2),
    times: fc.constantFrom(1, 2, 6, 200),
    fault: fc.constantFrom(...contentFaults),
  }),
  fc.record({
    on: fc.constant("list" as const),
    skip: fc.nat(3),
    times: fc.constantFrom(1, 2, 8),
    fault: fc.constantFrom(...pageFaults),
  }),
);

const laterJobs = fc.record({
  work: fc.constantFrom(
    "again",
    "rerun",
    "rerun",
    "wait",
    "wait",
    "retrieve",
    "collect",
    "collect twice",
    "cancel",
  ),
  gap: fc.constantFrom(0, 60_000, 7_500_000),
  fortune: fortunes,
});

const others = fc.record({
  at: fc.constantFrom(0, 1_000, 5_000, 30_000, 90_000, 700_000),
  act: fc.constantFrom("cancel", "cancel", "remove batch", "remove results"),
  batch: fc.nat(3),
});

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  operation: fc.constantFrom("create", "run", "run"),
  cancelOn: fc.constantFrom("cancelled", "cancelled", "failure", "cancelled, failure", "never"),
  ownKey: fc.boolean(),
  reuseExisting: rarely(true, false),
  onTimeout: fc.constantFrom("fail", "continue", "cancel", "dispatch", "dispatch"),
  dispatchFault: rarely("none", "refused", "drop", "lost", "killed-before", "killed-after"),
  timeout: fc.constantFrom(15, 70, 600, 600, 9_000),
  maxRequests: fc.constantFrom(5, 5, 3, 2, 1),
  maxActive: rarely(0, 1, 2),
  retryFailed: fc.constantFrom(0, 0, 1, 2),
  outputFile: fc.boolean(),
  order: rarely("", "input", "completion"),
  server: servers,
  rules: mostlyNone(fc.array(rules, { maxLength: 3 })),
  fortune: fortunes,
  later: fc.array(laterJobs, { maxLength: 3 }),
  others: mostlyNone(fc.array(others, { maxLength: 2 })),
});

/** Schedules whose runs have a cache. */
export const cachedSchedules: fc.Arbitrary<Schedule> = fc
  .tuple(schedules, fc.array(fc.constantFrom(...cacheFortunes), { maxLength: 3 }))
  .map(([schedule, cache]) => ({ ...schedule, operation: "run", cache }));

/** Schedules with a server that has no room for all requests at once. */
export const roomlessSchedules: fc.Arbitrary<Schedule> = fc
  .tuple(schedules, fc.constantFrom(1, 2, 2, 3, 4), fc.boolean())
  .map(([schedule, enqueued, cached]) => ({
    ...schedule,
    operation: "run",
    server: { ...schedule.server, enqueued },
    ...(cached ? { cache: [] } : {}),
  }));

/** Schedules with a server that hides what batches are recognized by. */
export const namelessSchedules: fc.Arbitrary<Schedule> = fc
  .tuple(schedules, fc.constantFrom("unlisted" as const, "none" as const), fc.boolean())
  .map(([schedule, metadata, cached]) => ({
    ...schedule,
    server: { ...schedule.server, metadata },
    ...(cached ? { operation: "run" as const, cache: [] } : {}),
  }));

/** Schedules in which two jobs have one cache file at the same time. */
export const besideSchedules: fc.Arbitrary<Schedule> = fc
  .tuple(cachedSchedules, fortunes, fc.constantFrom("fail", "continue", "cancel"))
  .map(([schedule, beside, onTimeout]) => ({ ...schedule, beside, onTimeout }));
