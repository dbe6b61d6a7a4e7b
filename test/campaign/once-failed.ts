import type { Fortune, LaterJob, Schedule, ServerPlan } from "./schedule.ts";

/** A process without any fault. */
export const calm: Fortune = {
  faults: [],
  signalAt: undefined,
  killAt: undefined,
  stepTimeout: false,
  laterFailure: false,
  runnerLost: false,
  postFaults: [],
};

/** OpenAI's server, with batches that take seconds. */
export const plainServer: ServerPlan = {
  outcomes: [],
  fates: [],
  inProgress: 5_000,
  cancelling: 1_000,
  listLag: 0,
  fileLag: 0,
  resultLag: 0,
  processing: 0,
  order: "newest",
  stale: false,
  after: "honoured",
  pageSize: 100,
  brokenEntries: 0,
  doubledEntries: false,
  noList: false,
  words: "openai",
  counts: "shown",
  fileSizes: true,
  lengths: true,
  cancelEnded: "refused",
  foreign: 0,
};

const plainSchedule: Schedule = {
  operation: "run",
  cancelOn: "cancelled",
  ownKey: false,
  reuseExisting: true,
  onTimeout: "fail",
  dispatchFault: "none",
  timeout: 600,
  maxRequests: 5,
  maxActive: 0,
  retryFailed: 0,
  outputFile: false,
  order: "",
  server: plainServer,
  rules: [],
  fortune: calm,
  later: [],
  others: [],
};

/** What is out of the ordinary in a schedule. */
export type Oddities = Partial<Omit<Schedule, "server" | "fortune" | "later">> & {
  readonly server?: Partial<ServerPlan>;
  readonly fortune?: Partial<Fortune>;
  readonly later?: readonly (Pick<LaterJob, "work"> &
    Partial<Omit<LaterJob, "fortune">> & { readonly fortune?: Partial<Fortune> })[];
};

export function scheduleOf({ server, fortune, later = [], ...rest }: Oddities): Schedule {
  return {
    ...plainSchedule,
    ...rest,
    server: { ...plainServer, ...server },
    fortune: { ...calm, ...fortune },
    later: later.map((job) => ({ gap: 0, ...job, fortune: { ...calm, ...job.fortune } })),
  };
}

const fault = (call: number, name: Fortune["faults"][number]["fault"], length = 1) => ({
  call,
  length,
  fault: name,
});

/** Every schedule that ever failed, shrunk, and what was wrong. */
export const onceFailed: readonly (Oddities & { readonly wrong: string })[] = [
  {
    wrong: "the cancel at the deadline waited for five minutes and did not hear the signal",
    onTimeout: "cancel",
    cancelOn: "cancelled",
    fortune: { faults: [fault(2, "429-long", 6)], signalAt: 14 },
  },
  {
    wrong: "results that nobody had asked for were downloaded, past the deadline",
    server: { inProgress: 60_000 },
    fortune: {
      faults: [
        fault(1, "drop-before"),
        fault(0, "drop-before"),
        fault(8, "429-long", 6),
        fault(5, "hang"),
      ],
    },
  },
  {
    wrong: "the batch expired between a look and the re-run's, and was to be adopted",
    operation: "create",
    server: { outcomes: ["expired"], inProgress: 60_000 },
    fortune: { faults: [fault(2, "hang-after")], signalAt: 9, runnerLost: true },
  },
  {
    wrong:
      "a first page of one old batch counted as the end of the list, and a create was repeated",
    operation: "create",
    server: { order: "oldest", pageSize: 1, foreign: 1 },
    fortune: { faults: [fault(2, "500-after")] },
  },
  {
    wrong: "a create followed a cancelled batch although the list could not be read to its end",
    operation: "create",
    maxRequests: 2,
    server: { fileLag: 2_000, stale: true, brokenEntries: 1 },
    fortune: {
      faults: [fault(5, "html-200-after"), fault(0, "empty-after"), fault(1, "404", 6)],
      signalAt: 55,
    },
  },
  {
    wrong: "requests of a batch that had failed were said to be in no batch",
    ownKey: true,
    timeout: 70,
    retryFailed: 1,
    server: { outcomes: ["full"], processing: 10_000 },
    fortune: { killAt: 10 },
    later: [{ work: "again", fortune: { faults: [fault(5, "html-200-after")] } }],
  },
  {
    wrong: "a batch was adopted as it stood on a list that does not move",
    operation: "create",
    server: { stale: true },
    rules: [{ on: "retrieve", skip: 0, times: 8, fault: "429-hours" }],
    later: [{ work: "cancel", gap: 7_500_000 }],
  },
  {
    wrong:
      "a wait that was interrupted at once counted no batch, and took ended ones for cancelled",
    operation: "create",
    later: [{ work: "wait", gap: 7_500_000, fortune: { signalAt: 4 } }],
  },
  {
    wrong:
      "a line that could not be read counted as one for a request that the input does not have",
    outputFile: true,
    server: { fates: ["unreadable"] },
  },
  {
    wrong: "a run that ended early was done, with requests that no batch held",
    maxRequests: 3,
    maxActive: 1,
    fortune: { signalAt: 24 },
  },
  {
    wrong: "a re-run paid again for what an earlier round had sent in another mix",
    maxRequests: 3,
    retryFailed: 2,
    server: { outcomes: ["expired", "full", "invalid"] },
  },
  {
    wrong: "a re-run paid again for what a cancelled round had answered",
    timeout: 70,
    retryFailed: 2,
    server: { outcomes: ["expired"], fates: ["status-0"], inProgress: 60_000 },
    fortune: { faults: [fault(12, "500", 6)] },
    later: [
      { work: "rerun", fortune: { faults: [fault(2, "empty-after"), fault(4, "html-after", 6)] } },
      { work: "cancel" },
    ],
  },
  {
    wrong: "another run's batch was taken for one's own lost one, which ran on unseen",
    operation: "create",
    maxRequests: 1,
    server: { inProgress: 60_000, listLag: 45_000 },
    fortune: { killAt: 17 },
    later: [{ work: "rerun", fortune: { faults: [fault(2, "empty-after")] } }],
  },
  {
    wrong: "results were given up, and recorded, while the server knew nothing for a moment",
    operation: "create",
    maxRequests: 2,
    later: [{ work: "collect", gap: 7_500_000, fortune: { faults: [fault(3, "404", 6)] } }],
  },
  {
    wrong: "a re-run paid again for what a later round had answered",
    retryFailed: 2,
    server: { outcomes: ["expired", "invalid"] },
  },
  {
    wrong: "a batch that was never looked at was said to be running",
    operation: "create",
    later: [{ work: "wait", gap: 7_500_000, fortune: { killAt: 1 } }],
  },
  {
    wrong:
      "an input that came empty made answers those of nobody, and a wait ended well without them",
    maxRequests: 1,
    outputFile: true,
    order: "input",
    later: [{ work: "wait", fortune: { faults: [fault(3, "empty-after")] } }],
  },
  {
    wrong: "a second batch of a create ran on, because the list showed the first one",
    maxRequests: 1,
    server: { inProgress: 60_000, listLag: 45_000 },
    rules: [{ on: "create", skip: 1, times: 8, fault: "drop-after" }],
    fortune: { signalAt: 51 },
  },
  {
    wrong: "what a timeout had left running by `continue` was expected to be cancelled",
    cancelOn: "failure",
    onTimeout: "continue",
    server: { inProgress: 7_200_000 },
    fortune: { laterFailure: true },
  },
  {
    wrong: "a step that was killed was expected to be a workflow that was cancelled",
    fortune: { killAt: 27 },
    server: { inProgress: 60_000 },
  },
  {
    wrong: "results that somebody had removed were expected to be collected",
    maxRequests: 1,
    later: [{ work: "collect", gap: 60_000 }],
    others: [{ at: 30_000, act: "remove results", batch: 1 }],
  },
  {
    wrong: "the extra batch of a create counted as the one that was to be kept",
    ownKey: true,
    retryFailed: 1,
    server: { outcomes: ["expired", "full"], listLag: 45_000 },
    fortune: { faults: [fault(3, "empty-after")] },
  },
  {
    wrong: "a server that tells nothing of a file counted as one that has lost its content",
    rules: [{ on: "file", skip: 0, times: 200, fault: "404" }],
    later: [{ work: "rerun" }],
  },
  {
    wrong: "results that were not found for a moment, long after the end, were recorded as gone",
    later: [
      { work: "rerun", gap: 7_500_000 },
      { work: "collect twice", fortune: { faults: [fault(1, "404", 2)] } },
    ],
  },
  {
    wrong:
      "a re-run that was to cancel what it had adopted was expected to leave it to another run",
    cancelOn: "failure",
    onTimeout: "dispatch",
    timeout: 15,
    server: { inProgress: 7_200_000 },
    later: [{ work: "rerun", fortune: { signalAt: 12, stepTimeout: true } }],
  },
  {
    wrong:
      "a first page that did not say whether there is more counted as the whole list, being short",
    operation: "create",
    maxRequests: 1,
    server: { pageSize: 1 },
    rules: [{ on: "list", skip: 0, times: 8, fault: "page-without-more" }],
    later: [{ work: "again" }],
  },
  {
    wrong:
      "an answer of the cache that a batch held as well counted twice, and a sentence ended twice",
    onTimeout: "cancel",
    maxRequests: 2,
    retryFailed: 1,
    server: { inProgress: 600_000, after: "ignored", pageSize: 2 },
    cache: [],
  },
  {
    wrong: "two batches of the same requests were to give one line for each of them",
    ownKey: true,
    timeout: 9_000,
    maxRequests: 2,
    maxActive: 1,
    order: "input",
    server: { outcomes: ["completed", "full"], listLag: 45_000 },
    fortune: { runnerLost: true },
    later: [{ work: "again", fortune: { signalAt: 23 } }],
    cache: ["lost"],
  },
  {
    wrong: "of two batches that had ended early the newer one was taken, which had no answers",
    timeout: 9_000,
    maxActive: 1,
    retryFailed: 1,
    server: {
      outcomes: ["expired"],
      listLag: 500,
      processing: 10_000,
      order: "oldest",
      fileSizes: false,
    },
    fortune: { faults: [fault(4, "drop-before")], killAt: 52, runnerLost: true },
    later: [{ work: "again", fortune: { signalAt: 27 } }],
  },
  {
    wrong: "the download of an input, for the order of its results, went on past every deadline",
    operation: "create",
    timeout: 15,
    outputFile: true,
    order: "input",
    server: { resultLag: 3_000 },
    fortune: { signalAt: 9 },
    later: [
      {
        work: "wait",
        gap: 7_500_000,
        fortune: { faults: [fault(1, "429-long", 6)], runnerLost: true },
      },
    ],
  },
  {
    wrong: "a batch of a later round was not looked for where an earlier one had left nothing",
    timeout: 15,
    maxRequests: 3,
    retryFailed: 2,
    server: { outcomes: ["completed", "expired", "invalid"] },
    fortune: { runnerLost: true },
    cache: [],
  },
  {
    wrong: "batches were said to run on the word of a list that had never moved",
    timeout: 9_000,
    maxRequests: 1,
    server: { inProgress: 7_200_000, listLag: 45_000, stale: true },
  },
  {
    wrong:
      "the answers of two batches that a list had hidden from each other were all to be taken over",
    onTimeout: "cancel",
    timeout: 15,
    retryFailed: 1,
    server: { inProgress: 60_000, listLag: 300_000 },
    later: [
      { work: "again" },
      { work: "again", gap: 60_000 },
      { work: "again", gap: 60_000, fortune: { faults: [fault(3, "hang-after", 6)] } },
    ],
  },
  {
    wrong: "a page that nothing tells from a whole list was to be known for one",
    operation: "create",
    timeout: 15,
    maxRequests: 3,
    server: { after: "ignored", pageSize: 1, words: "others", counts: "none" },
    rules: [{ on: "list", skip: 1, times: 2, fault: "page-without-more" }],
    fortune: { signalAt: 17, runnerLost: true },
    later: [{ work: "again", fortune: { runnerLost: true } }],
  },
  {
    wrong: "a cancel by somebody else, just as the post step began, counted as the step's",
    timeout: 15,
    maxActive: 1,
    dispatchFault: "refused",
    server: { inProgress: 600_000, stale: true, fileSizes: false },
    later: [{ work: "again" }],
    others: [{ at: 30_000, act: "cancel", batch: 0 }],
  },
  {
    wrong: "the results of a batch were removed twice, and the play never ended",
    others: [
      { at: 30_000, act: "remove results", batch: 0 },
      { at: 90_000, act: "remove results", batch: 0 },
    ],
    later: [{ work: "rerun", gap: 7_500_000 }],
  },
  {
    wrong:
      "a second round paid again for what an earlier attempt's first round had sent and answered",
    cancelOn: "never",
    maxRequests: 2,
    retryFailed: 1,
    outputFile: true,
    timeout: 600,
    server: {
      outcomes: ["completed", "completed", "completed", "full"],
      fates: ["ok", "limited", "never-ran", "ok", "ok", "doubled", "nameless", "ok"],
      inProgress: 600_000,
      cancelling: 300_000,
      order: "oldest",
      stale: true,
      fileSizes: false,
    },
    fortune: {
      faults: [
        { call: 13, length: 1, fault: "html-200-after" },
        { call: 10, length: 1, fault: "drop-after" },
      ],
    },
    later: [
      { work: "again", gap: 0, fortune: { stepTimeout: true, laterFailure: true } },
      {
        work: "again",
        gap: 60_000,
        fortune: {
          faults: [
            { call: 9, length: 6, fault: "503-after" },
            { call: 7, length: 1, fault: "408" },
            { call: 2, length: 1, fault: "429-hours" },
            { call: 1, length: 2, fault: "404" },
            { call: 13, length: 1, fault: "shape-after" },
          ],
        },
      },
    ],
  },
  {
    wrong:
      "a batch was said to run on the word of a list that lags, since its own look was not answered",
    operation: "run",
    timeout: 15,
    maxRequests: 5,
    server: { inProgress: 60_000, stale: true },
    later: [{ work: "rerun", gap: 7_500_000, fortune: { faults: [fault(1, "hang-after", 6)] } }],
  },
  {
    wrong: "a batch that a list still showed as running hid the one behind it, which ran",
    operation: "create",
    server: {
      outcomes: ["expired", "invalid", "expired", "expired"],
      inProgress: 600_000,
      cancelling: 300_000,
      listLag: 300_000,
      stale: true,
      pageSize: 1,
    },
    later: [{ work: "rerun" }],
  },
  {
    wrong: "a batch was said to be reused that the server had turned away since",
    ownKey: true,
    maxRequests: 3,
    server: { outcomes: ["full", "completed", "completed"], processing: 60_000 },
    fortune: { faults: [fault(15, "500-after"), fault(3, "503-after", 6)] },
    later: [{ work: "again", fortune: { killAt: 21, runnerLost: true } }, { work: "rerun" }],
  },
  {
    wrong:
      "of two whole batches of one create the one with fewer answers was taken, and the rest paid again",
    retryFailed: 2,
    server: { fates: ["never-ran", "status-0"], cancelling: 300_000, listLag: 300_000 },
    fortune: { faults: [fault(2, "503-after")] },
  },
  {
    wrong:
      "with a cache, two generations of cancelled batches that a list still showed were both made anew",
    ownKey: true,
    onTimeout: "cancel",
    maxRequests: 1,
    server: { inProgress: 7_200_000, cancelling: 300_000, listLag: 300_000, stale: true },
    fortune: { faults: [fault(15, "hang"), fault(5, "hang", 6)] },
    later: [{ work: "rerun" }],
    cache: [],
  },
  {
    wrong: "a batch was said to be reused after its part had been divided and sent anew",
    ownKey: true,
    maxRequests: 3,
    server: { enqueued: 1 },
    fortune: { killAt: 36 },
    later: [
      {
        work: "rerun",
        fortune: { faults: [fault(8, "500-after"), fault(4, "empty-after")], signalAt: 45 },
      },
    ],
    cache: [],
  },
  {
    wrong:
      "requests that the cache had answered were counted as unsent with the batch that held them too",
    timeout: 70,
    server: { fates: ["ok", "status-0", "ok"], cancelling: 300_000 },
    fortune: { signalAt: 13 },
    later: [{ work: "rerun", gap: 60_000 }],
    cache: [],
    beside: { ...calm, faults: [fault(3, "429", 2)] },
  },
  {
    wrong: "a result file that came twice with nothing in it was collected as one without answers",
    server: { outcomes: ["expired", "invalid", "completed", "invalid"], counts: "zeros" },
    later: [
      {
        work: "collect twice",
        gap: 60_000,
        fortune: {
          faults: [
            fault(6, "empty-after", 6),
            fault(1, "html-403", 6),
            fault(11, "empty-after", 6),
          ],
        },
      },
    ],
  },
  {
    wrong:
      "a batch that had been made again for want of room, and then divided, stayed in the outputs",
    ownKey: true,
    maxRequests: 2,
    maxActive: 2,
    server: { processing: 60_000, enqueued: 1 },
    fortune: { faults: [fault(2, "500-after"), fault(12, "hang-after", 6)] },
    cache: [],
  },
  {
    wrong:
      "a result file counted as gone after one look that did not find it, as those before had other trouble",
    maxRequests: 2,
    order: "input",
    server: { fileSizes: false },
    later: [
      { work: "wait", gap: 7_500_000 },
      {
        work: "collect twice",
        gap: 60_000,
        fortune: {
          faults: [
            fault(15, "404", 2),
            fault(2, "html-200-after"),
            fault(6, "shape-after"),
            fault(12, "500-after"),
          ],
        },
      },
    ],
  },
  {
    wrong:
      "a batch that had been turned away was adopted from a list that was cut before the one that had been made since",
    maxRequests: 3,
    retryFailed: 2,
    server: {
      outcomes: ["full", "expired", "completed", "invalid"],
      inProgress: 600_000,
      order: "oldest",
      pageSize: 1,
      foreign: 1,
    },
    later: [{ work: "again", gap: 60_000, fortune: { faults: [fault(3, "html", 6)] } }],
  },
  {
    wrong:
      "a batch whose results were gone hid the one made in its stead, which was paid for each time again",
    ownKey: true,
    server: { fates: ["ok", "ok", "ok", "ok", "ok", "limited"], inProgress: 60_000 },
    others: [{ at: 90_000, act: "remove results", batch: 0 }],
    later: [{ work: "again", gap: 60_000 }],
  },
  {
    wrong:
      "a batch whose results were gone was taken for that of a lost create, which was cancelled",
    ownKey: true,
    server: { listLag: 3_000 },
    others: [{ at: 30_000, act: "remove results", batch: 0 }],
    rules: [{ on: "create", skip: 1, times: 1, fault: "500-after" }],
    later: [{ work: "again", gap: 60_000 }],
  },
  {
    wrong: "a batch that was turned away before its lost create was found was not made again",
    timeout: 9_000,
    maxRequests: 3,
    server: { outcomes: ["full"], listLag: 3_000 },
    rules: [{ on: "create", skip: 0, times: 1, fault: "500-after" }],
  },
  {
    wrong:
      "a part that was turned away and had not gone again when the time was up counted as done",
    onTimeout: "continue",
    timeout: 70,
    maxRequests: 3,
    server: { outcomes: ["completed", "full", "full"], inProgress: 20_000 },
  },
  {
    wrong:
      "the second batch of a create whose first was found late ran on, and was paid for as well",
    timeout: 9_000,
    maxRequests: 3,
    server: { listLag: 300_000, inProgress: 600_000 },
    rules: [{ on: "create", skip: 1, times: 2, fault: "500-after" }],
  },
  {
    wrong: "parts that only the cancel at the timeout saw turned away counted as done",
    onTimeout: "cancel",
    timeout: 70,
    maxRequests: 2,
    server: { enqueued: 1 },
    fortune: { faults: [fault(4, "500-after", 6), fault(14, "drop-before")] },
  },
  {
    wrong:
      "without metadata and file sizes a re-run took an input file for a new one, and paid again",
    ownKey: true,
    server: { metadata: "none", fileSizes: false },
    later: [{ work: "again", gap: 60_000 }],
  },
  {
    wrong:
      "without metadata an upload that lost its answer was found as an earlier one, whose batch was taken for a lost one",
    reuseExisting: false,
    server: { metadata: "none" },
    rules: [
      { on: "upload", skip: 1, times: 1, fault: "408" },
      { on: "create", skip: 1, times: 1, fault: "408" },
    ],
    later: [{ work: "again", gap: 60_000 }],
  },
  {
    wrong:
      "where the list shows no metadata the post step cancelled what was made of a file for want of room",
    timeout: 600,
    onTimeout: "continue",
    maxRequests: 3,
    server: {
      outcomes: ["completed", "full"],
      metadata: "unlisted",
      listLag: 45_000,
      inProgress: 600_000,
    },
    rules: [{ on: "create", skip: 1, times: 1, fault: "drop-before" }],
  },
  {
    wrong:
      "without metadata a re-run paid again for what a retry round had answered, whose file has another name",
    retryFailed: 1,
    server: { outcomes: ["full"], metadata: "none" },
  },
  {
    wrong:
      "a cancelled batch was adopted beside the halves that had been made since, and all of it was paid for again",
    retryFailed: 1,
    server: { listLag: 3_000, order: "oldest", enqueued: 3 },
    fortune: { signalAt: 16 },
    later: [{ work: "rerun", gap: 0 }],
  },
  {
    wrong:
      "a request whose line could not be read was sent again because an earlier batch had failed it",
    retryFailed: 1,
    server: {
      outcomes: ["full", "invalid", "expired", "completed"],
      fates: ["status-0", "ok", "unreadable", "ok", "status-0", "ok"],
      cancelling: 300_000,
      listLag: 300_000,
    },
    later: [{ work: "again", gap: 60_000, fortune: { killAt: 22 } }],
    cache: [],
    beside: { ...calm, faults: [fault(1, "500-after")], laterFailure: true, runnerLost: true },
  },
  {
    wrong:
      "a batch of a lost create that was found turned away was not made again, and called unknown",
    reuseExisting: false,
    maxRequests: 3,
    server: { inProgress: 60_000, listLag: 45_000, enqueued: 3 },
    fortune: { faults: [fault(15, "429-hours"), fault(3, "drop-after", 6)] },
  },
];

/** Places that chance comes to too seldom. */
export const corners: readonly (Oddities & { readonly where: string })[] = [
  {
    where: "a lost create shows on the list only after it was sent again",
    operation: "create",
    server: { listLag: 45_000, inProgress: 600_000 },
    fortune: { faults: [fault(2, "500-after")] },
  },
  {
    where: "every answer of a create is lost, and the list shows none of the batches in time",
    operation: "create",
    server: { listLag: 300_000, inProgress: 600_000 },
    rules: [{ on: "create", skip: 0, times: 4, fault: "500-after" }],
  },
  {
    where: "two batches of a job are cancelled by somebody else while it would send the rest again",
    maxRequests: 3,
    retryFailed: 2,
    server: { inProgress: 60_000 },
    others: [
      { at: 30_000, act: "cancel", batch: 0 },
      { at: 30_000, act: "cancel", batch: 1 },
    ],
  },
  {
    where: "five batches are followed on a list that does not move",
    maxRequests: 1,
    server: { stale: true, inProgress: 60_000 },
  },
  {
    where: "a step is signalled while its create is on the wire",
    operation: "create",
    server: { inProgress: 600_000 },
    fortune: { signalAt: 10 },
  },
];
