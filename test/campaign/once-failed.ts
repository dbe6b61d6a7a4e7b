import type { Schedule } from "./schedule.ts";

/** Every schedule that ever failed, shrunk. */
export const onceFailed: readonly Schedule[] = [
  // The cancel at the deadline was told to wait for five minutes and did not hear the signal.
  {
    operation: "run",
    cancelOn: "cancelled",
    ownKey: false,
    reuseExisting: false,
    onTimeout: "cancel",
    outcome: "completed",
    inProgress: 5_000,
    listLag: 0,
    fileLag: 0,
    faults: [{ call: 2, length: 6, fault: "429-long" }],
    signalAt: 14,
    killAt: undefined,
    stepTimeout: false,
    laterFailure: false,
    runnerLost: false,
    postFaults: [],
  },
  // Results that nobody had asked for were downloaded, past the deadline.
  {
    operation: "run",
    cancelOn: "cancelled",
    ownKey: false,
    reuseExisting: false,
    onTimeout: "fail",
    outcome: "completed",
    inProgress: 60_000,
    listLag: 0,
    fileLag: 0,
    faults: [
      { call: 1, length: 1, fault: "drop-before" },
      { call: 0, length: 1, fault: "drop-before" },
      { call: 8, length: 6, fault: "429-long" },
      { call: 5, length: 1, fault: "hang" },
    ],
    signalAt: undefined,
    killAt: undefined,
    stepTimeout: false,
    laterFailure: false,
    runnerLost: false,
    postFaults: [],
  },
];
