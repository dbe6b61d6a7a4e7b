import fc from "fast-check";

/** What happens to one call on its way. */
export type CallFault =
  | "drop-before"
  | "drop-after"
  | "500"
  | "500-after"
  | "503-after"
  | "408"
  | "429"
  | "429-long"
  | "html"
  | "html-after"
  | "html-200-after"
  | "empty-after"
  | "cut-after"
  | "shape-after"
  | "hang"
  | "hang-after";

export const callFaults = [
  "drop-before",
  "drop-after",
  "500",
  "500-after",
  "503-after",
  "408",
  "429",
  "429-long",
  "html",
  "html-after",
  "html-200-after",
  "empty-after",
  "cut-after",
  "shape-after",
  "hang",
  "hang-after",
] as const satisfies readonly CallFault[];

/** A fault of one call or of several in a row. */
export interface FaultStreak {
  /** The number of the first call in its process, from 0. */
  readonly call: number;
  readonly length: number;
  readonly fault: CallFault;
}

/** `killed` is the process, before or after the run has started; it hears of neither. */
export type DispatchFault = "none" | "refused" | "drop" | "lost" | "killed-before" | "killed-after";

/** How a step, its clean-up and its re-run go wrong. */
export interface Schedule {
  readonly operation: "create" | "run";
  readonly cancelOn: "cancelled" | "failure" | "cancelled, failure" | "never";
  readonly ownKey: boolean;
  readonly reuseExisting: boolean;
  readonly onTimeout: "fail" | "continue" | "cancel" | "dispatch";
  /** What becomes of the start of another run: it is refused, does not arrive, or its answer does not. */
  readonly dispatchFault?: DispatchFault;
  readonly outcome: "completed" | "mixed" | "failed" | "expired";
  /** Milliseconds. */
  readonly inProgress: number;
  /** Milliseconds for which a batch is missing from the list. */
  readonly listLag: number;
  /** Milliseconds for which an uploaded file is not found. */
  readonly fileLag: number;
  readonly faults: readonly FaultStreak[];
  /** The await at which the runner asks the step to end, as a number from 1. */
  readonly signalAt: number | undefined;
  /** The await at which the process is killed. */
  readonly killAt: number | undefined;
  /** Whether the step's own time was up (`failure`) rather than the workflow cancelled. */
  readonly stepTimeout: boolean;
  /** Whether a later step of the job fails. */
  readonly laterFailure: boolean;
  /** Whether the workflow is cancelled without a signal for the step: in a later step, or in a container. */
  readonly laterCancel?: boolean;
  /** Whether the runner is lost, so that no post step runs. */
  readonly runnerLost: boolean;
  readonly postFaults: readonly FaultStreak[];
}

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
  fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  operation: fc.constantFrom("create", "run", "run"),
  cancelOn: fc.constantFrom("cancelled", "cancelled", "failure", "cancelled, failure", "never"),
  ownKey: fc.boolean(),
  reuseExisting: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
  onTimeout: fc.constantFrom("fail", "continue", "cancel", "dispatch", "dispatch"),
  dispatchFault: fc.constantFrom(
    "none",
    "refused",
    "drop",
    "lost",
    "killed-before",
    "killed-after",
  ),
  outcome: fc.constantFrom("completed", "completed", "mixed", "failed", "expired"),
  inProgress: fc.constantFrom(5_000, 60_000, 600_000, 7_200_000),
  listLag: fc.constantFrom(0, 0, 500, 3_000, 10_000),
  fileLag: fc.constantFrom(0, 0, 2_000, 20_000),
  faults: faultsUpTo(12, 5),
  signalAt: optionally(1, fc.integer({ min: 1, max: 40 })),
  killAt: optionally(1, fc.integer({ min: 1, max: 40 })),
  stepTimeout: fc.boolean(),
  laterFailure: fc.boolean(),
  laterCancel: fc.boolean(),
  runnerLost: fc.boolean(),
  postFaults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: faultsUpTo(6, 3) },
  ),
});
